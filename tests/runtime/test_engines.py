"""Both engines: the light one equals Transformers, and the two agree with each other."""

from __future__ import annotations

import random
import shutil

import numpy as np
import pytest
import torch
from transformers import AutoModelForSeq2SeqLM

from gentap.answering.models import open_engine
from gentap.errors import CheckpointError
from gentap.runtime.engine import Decoding
from gentap.runtime.onnx import OnnxEngine
from gentap.runtime.torch import TorchEngine
from gentap.training import backbone
from gentap.training.export import export
from gentap.training.model import TwoDecoderModel
from tests.tiny import tiny_bart, tiny_checkpoint

RNG = random.Random(4)
INPUTS = [[RNG.randrange(7, 90) for _ in range(size)] + [1] for size in (12, 5, 30)]
CELLS = [[40, 41], [40, 41, 42], [50], [61, 62, 63, 64]]


def real(ids):
    """Leave out start and padding, which a random model writes like any other token."""
    return [token for token in ids if token > 1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_checkpoint(tmp_path_factory.mktemp("engines") / "m", cell_layers=2)


@pytest.fixture(scope="module")
def light(folder):
    export(folder, folder.with_name("light"), bits=32)
    return OnnxEngine.from_folder(folder.with_name("light"))


@pytest.mark.parametrize("beams", [1, 4])
@pytest.mark.parametrize("penalty", [0.0, 1.0, 2.0])
@pytest.mark.parametrize("no_repeat", [0, 2])
def test_search_equals_transformers(folder, light, beams, penalty, no_repeat):
    stock = AutoModelForSeq2SeqLM.from_pretrained(folder)
    decoding = Decoding(beams=beams, max_tokens=12, length_penalty=penalty, no_repeat=no_repeat)
    for ids, output in zip(INPUTS, light.run(INPUTS, decoding=decoding), strict=True):
        expected = stock.generate(
            torch.tensor([ids]),
            num_beams=beams,
            do_sample=False,
            max_new_tokens=12,
            length_penalty=penalty,
            no_repeat_ngram_size=no_repeat,
            early_stopping=False,
        )
        assert real(output.sentence.ids) == real(expected[0].tolist())
        assert output.choice is None


@pytest.mark.parametrize("beams", [1, 4])
def test_engines_agree_on_sentences_and_their_probability(folder, light, beams):
    decoding = Decoding(beams=beams, max_tokens=12)
    slow = TorchEngine.from_folder(folder, device="cpu")
    for one, other in zip(
        light.run(INPUTS, decoding=decoding), slow.run(INPUTS, decoding=decoding), strict=True
    ):
        assert real(one.sentence.ids) == real(other.sentence.ids)
        assert one.sentence.log_probability == pytest.approx(
            other.sentence.log_probability, abs=1e-3
        )


def test_log_probability_is_the_models_own(folder, light):
    model = TwoDecoderModel.load(folder)
    sentence = light.run(INPUTS[:1], decoding=Decoding(max_tokens=40))[0].sentence
    labels = torch.tensor([[*sentence.ids, 1][:40]])
    with torch.no_grad():
        logits = model.seq2seq(input_ids=torch.tensor(INPUTS[:1]), labels=labels).logits
    scores = logits.log_softmax(-1).gather(-1, labels[..., None]).sum()
    assert sentence.log_probability == pytest.approx(float(scores), abs=1e-3)


def test_the_chosen_cell_is_one_of_the_cells(folder, light):
    choices = [CELLS, [], CELLS[:1]]
    first, second, third = light.run(INPUTS, choices=choices)
    assert 0 <= first.choice.index < len(CELLS)
    assert first.sentence is None
    assert first.choice.log_probability < 0
    assert second.choice is None
    assert third.choice.index == 0
    assert third.choice.log_probability == 0


def test_cells_that_differ_at_once_are_chosen_alike(folder, light):
    cells = [[40], [50], [60], [70]]
    slow = TorchEngine.from_folder(folder, device="cpu").run(INPUTS, choices=[cells] * 3)
    for one, other in zip(light.run(INPUTS, choices=[cells] * 3), slow, strict=True):
        assert one.choice.index == other.choice.index


def test_batches_change_nothing(light):
    decoding = Decoding(beams=3, max_tokens=10)
    together = light.run(INPUTS, decoding=decoding)
    alone = [light.run([ids], decoding=decoding)[0] for ids in INPUTS]
    assert [output.sentence.ids for output in together] == [o.sentence.ids for o in alone]


@pytest.mark.parametrize(("tied", "gated"), [(True, False), (True, True), (False, False)])
def test_every_kind_of_t5_exports(tmp_path, tied, gated):
    checkpoint = tiny_checkpoint(tmp_path / "m", tied=tied, gated=gated)
    export(checkpoint, tmp_path / "light", bits=32)
    decoding = Decoding(max_tokens=8)
    one = OnnxEngine.from_folder(tmp_path / "light").run(INPUTS, decoding=decoding)
    other = TorchEngine.from_folder(checkpoint, device="cpu").run(INPUTS, decoding=decoding)
    for a, b in zip(one, other, strict=True):
        assert a.sentence.log_probability == pytest.approx(b.sentence.log_probability, abs=1e-3)


def test_eight_bits_stay_close_and_are_small(folder, light):
    export(folder, folder.with_name("small"), bits=8)
    small = OnnxEngine.from_folder(folder.with_name("small"))
    exact, _ = light._encode(INPUTS)
    close, _ = small._encode(INPUTS)
    cosine = (exact * close).sum() / np.sqrt((exact**2).sum() * (close**2).sum())
    assert cosine > 0.999
    weights = [f.with_name(n) / "head.onnx" for f, n in ((folder, "small"), (folder, "light"))]
    assert weights[0].stat().st_size < weights[1].stat().st_size / 2


def test_what_two_models_share_is_stored_once(folder, light, tmp_path):
    other = TwoDecoderModel.load(folder)
    other.cell_decoder = None
    other.card |= {"cell_layers": 0}
    with torch.no_grad():
        for weight in backbone.decoder_of(other.seq2seq).block.parameters():
            weight += 0.1
    other.save(tmp_path / "other")
    export(tmp_path / "other", tmp_path / "whole", bits=32)
    shutil.copytree(folder.with_name("light"), tmp_path / "both" / "light")
    export(tmp_path / "other", tmp_path / "both" / "part", bits=32, beside=tmp_path / "both/light")
    names = {path.name for path in (tmp_path / "both" / "part").iterdir()}
    assert names.isdisjoint({"encoder.onnx", "head.onnx", "tokenizer.json"})
    (tmp_path / "both").rename(tmp_path / "moved")
    whole = OnnxEngine.from_folder(tmp_path / "whole")
    part = open_engine(tmp_path / "moved" / "part")
    decoding = Decoding(max_tokens=12)
    said = part.run(INPUTS, decoding=decoding)
    assert said == whole.run(INPUTS, decoding=decoding) != light.run(INPUTS, decoding=decoding)


def test_what_differs_is_not_shared(folder, light, tmp_path):
    other = TwoDecoderModel.load(folder)
    with torch.no_grad():
        other.seq2seq.get_input_embeddings().weight *= 2
    other.save(tmp_path / "other")
    with pytest.raises(CheckpointError, match=r"embedding differ; .* --freeze-encoder"):
        export(tmp_path / "other", tmp_path / "x", bits=32, beside=folder.with_name("light"))
    with pytest.raises(CheckpointError, match="not an exported model"):
        export(folder, tmp_path / "x", bits=32, beside=folder)
    assert not (tmp_path / "x").exists()


def test_only_whole_models_open(folder, light, tmp_path):
    with pytest.raises(CheckpointError, match="exists; export to a new folder"):
        export(folder, folder.with_name("light"))
    with pytest.raises(CheckpointError, match="not a whole exported model"):
        OnnxEngine.from_folder(tmp_path)
    damaged = tmp_path / "damaged"
    export(folder, damaged, bits=32)
    (damaged / "head.onnx").write_bytes(b"nonsense")
    with pytest.raises(CheckpointError, match="export it again"):
        OnnxEngine.from_folder(damaged)


def test_bart_runs_on_torch_and_says_so_on_export(tmp_path):
    model = TwoDecoderModel.start(tiny_bart(tmp_path / "bart"), cell_layers=1, budget=64)
    model.save(tmp_path / "m")
    engine = TorchEngine.from_folder(tmp_path / "m", device="cpu")
    output = engine.run(INPUTS, decoding=Decoding(beams=2, max_tokens=6), choices=[CELLS] * 3)
    assert all(o.sentence and o.choice for o in output)
    with pytest.raises(CheckpointError, match="this is bart"):
        export(tmp_path / "m", tmp_path / "light")


def test_nothing_in_nothing_out(folder, light):
    assert light.run([]) == []
    assert TorchEngine.from_folder(folder, device="cpu").run([]) == []
