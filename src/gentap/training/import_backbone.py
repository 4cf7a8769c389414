"""Int8 ONNX weights of a PyPI wheel into a stock T5 folder, for places that reach no model hub."""

from __future__ import annotations

import hashlib
import logging
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer as Backend
from transformers import T5Config, T5ForConditionalGeneration

from gentap.errors import CheckpointError, InputError, require
from gentap.storage.files import read_json, write_json
from gentap.training import backbone

PACKAGE = "traceforge-title-model==0.2.0"
WHEEL_SHA256 = "41e051205c01f724a0d12ad65a52ca4e90661de3fd959e6ce2efab4919024d31"
FILES_SHA256 = {
    "encoder.onnx": "b82bef1400cec815c3e5addd04dc451ec31491ac6598b166bbc6594656823787",
    "decoder.onnx": "76b40328b8a6bd8b8fc029d80006284c6d644d6e0938c18339bc05fb31a927bc",
    "tokenizer.json": "3550c5f922922567115f702e0543b57276366fc321cf1f088859c71491656cf6",
}
RECORD = "import.json"
TOLERANCE = 1e-3

_FETCH = f"get it with: pip download --no-deps {PACKAGE}"
_INSIDE = "traceforge_title_model/data/span"
# The graphs' name of the stack, and the stock name that takes its place.
_STACKS = {"encoder.onnx": ("enc.", "encoder."), "decoder.onnx": ("m.", "")}
_SENTENCES = (
    ("Who won the race in 1998?", "Anna Berg won the race in 1998, 3.5 seconds ahead of Li Wei."),
    ("translate English to German: The house is small.", "Das Haus ist klein."),
    # Longer than 128 tokens: beyond that distance all positions share one bias.
    ("year: 1998 | city: Oslo | medals: 12 | rank: 3; " * 12, "Oslo took 12 medals in 1998."),
)
_README = """\
---
license: apache-2.0
base_model: google/flan-t5-small
---
# A FLAN-T5 small backbone, out of int8 ONNX files

A stock Transformers T5 checkpoint: the weights of the PyPI wheel `{package}`, made float32
again. They are google/flan-t5-small tuned to write titles, rounded to 8 bits.

- Wheel: {package}, MIT, sha256 `{sha256}`
- Base model: google/flan-t5-small, Apache-2.0
- Check: largest logit difference to the float form of the wheel's own graphs
  {logit_difference:.1e} over {positions} positions; logits reach {largest_logit:.1f}
"""
_log = logging.getLogger(__name__)
_Array = NDArray[Any]


def import_backbone(source: Path, directory: Path) -> dict[str, Any]:
    """Turn the wheel's int8 ONNX graphs into a stock T5 folder and check its logits.

    The folder appears complete and checked, or not at all. A finished import is left as it is.

    Args:
        source: The wheel; or a folder it was unpacked to, or the one with ``encoder.onnx``.
        directory: The folder to write.

    Returns:
        What ``import.json`` there says: source, licences, parameters, the check's figures.

    Raises:
        CheckpointError: The source is another file than the one this import knows, or the
            written checkpoint computes other logits than its graphs.
        InputError: There is no such source, or something else is in the folder.
        MissingExtraError: onnx is not installed.
    """
    if (directory / RECORD).is_file():
        _log.warning("%s: imported before; nothing to do", directory)
        return read_json(directory / RECORD)
    if directory.exists() and not (directory.is_dir() and not any(directory.iterdir())):
        raise InputError(f"{directory}: exists and is no finished import; name another folder")
    onnx = require("onnx", extra="train")
    files = _read(source)
    weights: dict[str, _Array] = {}
    graphs = {}
    for name, (prefix, stock) in _STACKS.items():
        graphs[name] = onnx.load_model_from_string(files[name])
        for key, value in dequantise(graphs[name].graph).items():
            weights[stock + key.removeprefix(prefix)] = value
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent, prefix=f".{directory.name}.") as scratch:
        folder = Path(scratch) / "model"
        folder.mkdir()
        tokenizer = Backend.from_str(files["tokenizer.json"].decode())
        parameters = _write(weights, tokenizer, folder)
        record: dict[str, Any] = {
            "package": PACKAGE,
            "sha256": WHEEL_SHA256,
            "license": "MIT",
            "base": "google/flan-t5-small",
            "base_license": "Apache-2.0",
            "parameters": parameters,
            **_check(folder, graphs, tokenizer),
        }
        (folder / "README.md").write_text(_README.format(**record), encoding="utf-8", newline="\n")
        write_json(folder / RECORD, record)
        shutil.rmtree(directory, ignore_errors=True)
        folder.rename(directory)
    return record


def dequantise(graph: Any) -> dict[str, _Array]:  # noqa: ANN401 - onnx is optional
    """Make the int8 matrix products of a graph float ones, in place.

    Args:
        graph: A graph of ``onnxruntime.quantization.quantize_dynamic``.

    Returns:
        The weights, named by the modules they belong to, float32. *Shape:* matrices as in
        PyTorch, (out, in).
    """
    helper = require("onnx.numpy_helper", extra="train")
    values = {tensor.name: helper.to_array(tensor) for tensor in graph.initializer}
    readers = {name: node for node in graph.node for name in node.input}
    writers = {name: node for node in graph.node for name in node.output}
    weights: dict[str, _Array] = {}
    for name, value in values.items():
        if name.endswith("layer_norm.weight"):
            weights[name] = value
        elif name.endswith(".weight_quantized"):
            name = name.removesuffix("_quantized")
            weights[name] = _float(values, name)
    for product in [node for node in graph.node if node.op_type == "MatMulInteger"]:
        name = product.name.removesuffix("/MatMul_quant").strip("/").replace("/", ".") + ".weight"
        matrix = _float(values, product.input[1].removesuffix("_quantized"))
        weights[name] = np.ascontiguousarray(matrix.T)
        graph.initializer.append(helper.from_array(matrix, name))
        # int8 product -> cast to float -> times both scales: one float product instead.
        cast = readers[product.output[0]]
        scaled = readers[cast.output[0]]
        hidden = writers[product.input[0]].input[0]
        product.op_type = "MatMul"
        product.ClearField("input")
        product.input.extend([hidden, name])
        product.output[0] = scaled.output[0]
        graph.node.remove(cast)
        graph.node.remove(scaled)
    return weights


def _float(values: dict[str, _Array], name: str) -> _Array:
    quantized, zero = values[f"{name}_quantized"], values[f"{name}_zero_point"]
    scale: _Array = values[f"{name}_scale"].astype(np.float32)
    return (quantized.astype(np.float32) - zero.astype(np.float32)) * scale


def _read(source: Path) -> dict[str, bytes]:
    if source.is_file():
        _verify(source, source.read_bytes(), WHEEL_SHA256)
        with zipfile.ZipFile(source) as wheel:
            return {name: wheel.read(f"{_INSIDE}/{name}") for name in FILES_SHA256}
    for folder in (source, source / _INSIDE):
        if all((folder / name).is_file() for name in FILES_SHA256):
            files = {name: (folder / name).read_bytes() for name in FILES_SHA256}
            for name, content in files.items():
                _verify(folder / name, content, FILES_SHA256[name])
            return files
    raise InputError(f"{source}: neither the wheel of {PACKAGE} nor its folder; {_FETCH}")


def _verify(path: Path, content: bytes, expected: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise CheckpointError(
            f"{path}: not the file of {PACKAGE} (sha256 {found}, not {expected}); {_FETCH}"
        )


def _config(weights: dict[str, _Array]) -> T5Config:
    first = "encoder.block.0.layer"
    vocabulary, width = weights["shared.weight"].shape
    buckets, heads = weights[f"{first}.0.SelfAttention.relative_attention_bias.weight"].shape
    layers = [
        len({key.split(".")[2] for key in weights if key.startswith(f"{stack}.block.")})
        for stack in ("encoder", "decoder")
    ]
    return T5Config(
        vocab_size=vocabulary,
        d_model=width,
        d_kv=weights[f"{first}.0.SelfAttention.q.weight"].shape[0] // heads,
        d_ff=weights[f"{first}.1.DenseReluDense.wi_0.weight"].shape[0],
        num_layers=layers[0],
        num_decoder_layers=layers[1],
        num_heads=heads,
        relative_attention_num_buckets=buckets,
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=False,
        decoder_start_token_id=0,
    )
