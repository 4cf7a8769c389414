"""A miniature of the wheel: a T5 exported and quantised as the wheel's authors did."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import sys
import zipfile

import numpy as np
import onnx
import pytest
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from tokenizers import Tokenizer as Backend
from torch import nn
from transformers import AutoTokenizer

from gentap.errors import CheckpointError, InputError, MissingExtraError
from gentap.training import backbone, import_backbone
from gentap.training.import_backbone import _config as stock_config
from gentap.training.int8_onnx import ReferenceT5, dequantise
from tests.tiny import tiny_t5, tiny_tokenizer

INSIDE = "traceforge_title_model/data/span"


class Encoder(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.enc = model.encoder

    def forward(self, ids, mask):
        return self.enc(input_ids=ids, attention_mask=mask).last_hidden_state


class Decoder(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.m = model
        self.m.decoder.embed_tokens = model.shared

    def forward(self, ids, hidden, mask):
        given = {"encoder_outputs": (hidden,), "attention_mask": mask, "use_cache": False}
        return self.m(decoder_input_ids=ids, **given).logits


def export(module, inputs, output, folder, name):
    """Export a module with dynamic lengths and quantise it to int8."""
    stored = io.BytesIO()
    torch.onnx.export(
        module,
        tuple(inputs.values()),
        stored,
        dynamo=False,  # the exporter that names nodes by their modules
        opset_version=18,
        input_names=list(inputs),
        output_names=[output],
        dynamic_axes={key: {1: f"{key}_length"} for key in inputs},
    )
    model = onnx.load_model_from_string(stored.getvalue())
    quantize_dynamic(model, folder / name, weight_type=QuantType.QInt8)


@pytest.fixture(scope="session")
def original(tmp_path_factory):
    """The float model that the miniature wheel was made of."""
    model = backbone.load_seq2seq(tiny_t5(tmp_path_factory.mktemp("stock")))
    torch.manual_seed(3)
    for value in model.parameters():  # equal layer norms would be stored once
        value.data.add_(torch.randn_like(value) * 0.1)
    return model


@pytest.fixture(scope="session")
def exported(original, tmp_path_factory):
    """The miniature wheel's folder."""
    folder = tmp_path_factory.mktemp("wheel") / INSIDE
    folder.mkdir(parents=True)
    ids = torch.ones(1, 5, dtype=torch.long)
    inputs = {"input_ids": ids, "attention_mask": ids}
    export(Encoder(original), inputs, "last_hidden_state", folder, "encoder.onnx")
    inputs = {
        "input_ids": ids[:, :3],
        "encoder_hidden_states": torch.randn(1, 5, original.config.d_model),
        "encoder_attention_mask": ids,
    }
    export(Decoder(original), inputs, "logits", folder, "decoder.onnx")
    tokenizer = tiny_tokenizer()
    tokenizer.enable_truncation(8)
    tokenizer.enable_padding(length=8)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture
def known(exported, monkeypatch):
    """Make the miniature the wheel that the import knows; return its files."""
    digests = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in exported.iterdir()
    }
    monkeypatch.setattr(import_backbone, "FILES_SHA256", digests)
    return exported


def test_weights_and_logits_survive(known, original, tmp_path):
    record = import_backbone.import_backbone(known, tmp_path / "new" / "backbone")
    folder = tmp_path / "new" / "backbone"
    assert record == json.loads((folder / "import.json").read_text())
    assert 0 < record["logit_difference"] < 1e-4 < record["largest_logit"]
    assert record["license"] == "MIT"
    assert "Apache-2.0" in (folder / "README.md").read_text()
    assert [path.name for path in folder.parent.iterdir()] == ["backbone"]
    weights, expected = load_file(folder / "model.safetensors"), original.state_dict()
    assert weights.keys() <= expected.keys()
    for name, value in weights.items():
        step = (expected[name].max() - expected[name].min()) / 250
        torch.testing.assert_close(value, expected[name], rtol=0, atol=float(step))


def test_imported_folder_is_stock(known, tmp_path):
    import_backbone.import_backbone(known.parents[2], tmp_path / "backbone")
    model = backbone.load_seq2seq(tmp_path / "backbone")
    assert not backbone.is_tied(model)
    assert not model.config.scale_decoder_outputs
    assert (
        json.loads((tmp_path / "backbone/config.json").read_text())["tie_word_embeddings"] is False
    )
    backend = Backend.from_file(str(tmp_path / "backbone/tokenizer.json"))
    assert backend.truncation is None
    assert backend.padding is None
    text = "who won what in which film ?"
    assert AutoTokenizer.from_pretrained(tmp_path / "backbone")(text).input_ids == (
        backend.encode(text).ids
    )


def test_wheel_is_read_without_unpacking(known, tmp_path, monkeypatch):
    wheel = tmp_path / "small.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        for path in known.iterdir():
            file.write(path, f"{INSIDE}/{path.name}")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    monkeypatch.setattr(import_backbone, "WHEEL_SHA256", digest)
    (tmp_path / "backbone").mkdir()
    record = import_backbone.import_backbone(wheel, tmp_path / "backbone")
    assert record["sha256"] == digest


def test_finished_import_is_left_as_it_is(tmp_path, caplog):
    (tmp_path / "import.json").write_text('{"package": "before"}')
    with caplog.at_level(logging.WARNING):
        record = import_backbone.import_backbone(tmp_path / "no source", tmp_path)
    assert record == {"package": "before"}
    assert "nothing to do" in caplog.text


def test_other_folder_is_refused(exported, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    for directory in (tmp_path, tmp_path / "thesis.txt"):
        with pytest.raises(InputError, match="no finished import"):
            import_backbone.import_backbone(exported, directory)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("kind", ["wheel", "folder"])
def test_unknown_file_is_refused(kind, exported, tmp_path):
    source = exported
    if kind == "wheel":
        source = tmp_path / "other.whl"
        source.write_bytes(b"PK")
    with pytest.raises(CheckpointError, match=r"not the file of .*pip download"):
        import_backbone.import_backbone(source, tmp_path / "backbone")
    assert not (tmp_path / "backbone").exists()


def test_missing_source_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere: neither .* pip download --no-deps"):
        import_backbone.import_backbone(tmp_path / "nowhere", tmp_path / "backbone")


@pytest.mark.parametrize(
    "change",
    [
        {"scale_decoder_outputs": True},
        {"relative_attention_max_distance": 64},
        {"dense_act_fn": "relu"},
        {"layer_norm_epsilon": float("nan")},
    ],
)
def test_other_logits_are_refused(change, known, tmp_path, monkeypatch):
    def config(weights):
        changed = stock_config(weights)
        for name, value in change.items():
            setattr(changed, name, value)
        return changed

    monkeypatch.setattr(import_backbone, "_config", config)
    with pytest.raises(CheckpointError, match="off the graphs'"):
        import_backbone.import_backbone(known, tmp_path / "backbone")
    assert list(tmp_path.iterdir()) == []


def test_missing_onnx_is_named(known, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(MissingExtraError, match=r"gentap\[train\]"):
        import_backbone.import_backbone(known, tmp_path / "backbone")
    assert list(tmp_path.iterdir()) == []


def test_dequantise_subtracts_the_zero_point():
    tensors = {
        "enc.embed.weight_quantized": np.array([[0, 128, 255]], np.uint8),
        "enc.embed.weight_scale": np.array(0.5, np.float32),
        "enc.embed.weight_zero_point": np.array(128, np.uint8),
        "enc.final_layer_norm.weight": np.array([2.0], np.float32),
        "onnx::MatMul_7_quantized": np.array([[-128, 127]], np.int8),
        "onnx::MatMul_7_scale": np.array(0.25, np.float32),
        "onnx::MatMul_7_zero_point": np.array(-1, np.int8),
    }
    nodes = [
        helper.make_node("DynamicQuantizeLinear", ["x"], ["x8", "x_scale", "x_zero"]),
        helper.make_node(
            "MatMulInteger",
            ["x8", "onnx::MatMul_7_quantized", "x_zero", "onnx::MatMul_7_zero_point"],
            ["product"],
            name="/enc/q/MatMul_quant",
        ),
        helper.make_node("Cast", ["product"], ["cast"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Mul", ["x_scale", "onnx::MatMul_7_scale"], ["scales"]),
        helper.make_node("Mul", ["cast", "scales"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes, "g", [], [], [numpy_helper.from_array(value, key) for key, value in tensors.items()]
    )
    weights = dequantise(graph)
    assert {name: value.tolist() for name, value in weights.items()} == {
        "enc.embed.weight": [[-64.0, 0.0, 63.5]],
        "enc.final_layer_norm.weight": [2.0],
        "enc.q.weight": [[-31.75], [32.0]],
    }
    (product,) = (node for node in graph.node if node.op_type == "MatMul")
    assert (list(product.input), list(product.output)) == (["x", "enc.q.weight"], ["y"])


def test_float_graphs_are_nearer_to_the_original_than_int8(exported, original):
    source, target = [7, 8, 9, 1], [0, 12, 13]
    with torch.inference_mode():
        expected = original(
            input_ids=torch.tensor([source]), decoder_input_ids=torch.tensor([target])
        ).logits[0]
    models = [(exported / name).read_bytes() for name in ("encoder.onnx", "decoder.onnx")]
    int8 = ReferenceT5(*models).logits(source, target)
    loaded = [onnx.load_model_from_string(model) for model in models]
    for model in loaded:
        dequantise(model.graph)
    floats = ReferenceT5(*(model.SerializeToString() for model in loaded)).logits(source, target)
    assert floats.shape == tuple(expected.shape)
    assert abs(floats - expected.numpy()).mean() < abs(int8 - expected.numpy()).mean()
