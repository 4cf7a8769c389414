"""One encoder, two decoders: what is stored, what is shared, and what each loss reaches."""

from __future__ import annotations

import json

import pytest
import torch
from transformers import AutoModelForSeq2SeqLM

from gentap.errors import CheckpointError
from gentap.training import backbone
from gentap.training.batch import Batch, Encoded
from gentap.training.model import TwoDecoderModel
from tests.tiny import tiny_bart, tiny_checkpoint, tiny_t5

EXAMPLES = [
    Encoded([7, 8, 9, 10, 11, 1], [12, 13, 14, 1], "sentence"),
    Encoded([15, 16, 1], [17, 1], "cell"),
    Encoded([9, 9, 9, 20, 21, 22, 23, 1], [7, 1], "sentence"),
    Encoded([30, 31, 32, 1], [33, 34, 35, 36, 1], "cell"),
]


@pytest.mark.parametrize(("kind", "other"), [("sentence", "cell"), ("cell", "sentence")])
def test_a_loss_reaches_only_its_own_decoder(tmp_path, kind, other):
    model = TwoDecoderModel.start(tiny_t5(tmp_path / "stock"), cell_layers=1, budget=64)
    batch = Batch.of([example for example in EXAMPLES if example.kind == kind])
    model(batch).total.backward()

    def touched(module):
        return [
            value.grad is not None and bool(value.grad.abs().sum() > 0)
            for name, value in module.named_parameters()
            if "embed_tokens" not in name
        ]

    assert any(touched(model.decoder(kind)))
    assert not any(touched(model.decoder(other)))
    assert any(touched(backbone.encoder_of(model.seq2seq)))


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("rounds", [1, 2])
def test_stock_transformers_loads_what_is_saved(tmp_path, tied, rounds):
    model = TwoDecoderModel.start(tiny_t5(tmp_path / "0", tied=tied), cell_layers=1, budget=64)
    with torch.no_grad():
        for value in model.parameters():
            value.add_(torch.randn_like(value) * 0.01)
    ids, start = torch.tensor([EXAMPLES[0].source]), torch.tensor([[0, 12, 13]])
    expected = model.seq2seq(input_ids=ids, decoder_input_ids=start).logits
    for number in range(rounds):
        model.save(tmp_path / f"saved{number}")
        model = TwoDecoderModel.load(tmp_path / f"saved{number}")
    stock = AutoModelForSeq2SeqLM.from_pretrained(tmp_path / f"saved{rounds - 1}")
    logits = stock(input_ids=ids, decoder_input_ids=start).logits
    torch.testing.assert_close(logits, expected, atol=1e-5, rtol=0)
    assert backbone.is_tied(stock) is tied
    assert backbone.is_tied(model.seq2seq) is tied
    config = json.loads((tmp_path / f"saved{rounds - 1}" / "config.json").read_text())
    assert config["tie_word_embeddings"] is tied


def test_bart_survives_saving_too(tmp_path):
    model = TwoDecoderModel.start(tiny_bart(tmp_path / "0"), cell_layers=1, budget=64)
    model.save(tmp_path / "1")
    again = TwoDecoderModel.load(tmp_path / "1")
    batch = Batch.of(EXAMPLES)
    torch.testing.assert_close(again(batch).total, model(batch).total)


def test_both_decoders_survive_and_shared_tensors_are_stored_once(tmp_path):
    model = TwoDecoderModel.load(tiny_checkpoint(tmp_path / "m", cell_layers=2))
    model.save(tmp_path / "again")
    again = TwoDecoderModel.load(tmp_path / "again")
    batch = Batch.of(EXAMPLES)
    before, after = (m(batch) for m in (model, again))
    torch.testing.assert_close(before.cell, after.cell)
    assert before.cell != before.sentence
    embedding = again.seq2seq.get_input_embeddings().weight
    assert again.decoder("cell").embed_tokens.weight is embedding
    from safetensors import safe_open

    with safe_open(tmp_path / "again" / "cell_decoder.safetensors", "pt") as file:
        assert not [key for key in file.keys() if "embed" in key]


def test_clear_errors(tmp_path):
    with pytest.raises(CheckpointError, match="no encoder-decoder checkpoint"):
        TwoDecoderModel.start(tmp_path, cell_layers=1, budget=64)
    with pytest.raises(CheckpointError, match="3 layers asked for; the decoder has 2"):
        TwoDecoderModel.start(tiny_t5(tmp_path / "t5"), cell_layers=3, budget=64)
    with pytest.raises(CheckpointError, match=r"gentap\.json"):
        TwoDecoderModel.load(tmp_path / "t5")
    made = tiny_checkpoint(tmp_path / "m", cell_layers=0)
    with pytest.raises(CheckpointError, match="no cell decoder"):
        TwoDecoderModel.load(made).decoder("cell")
    (made / "gentap.json").write_text('{"format": 99}')
    with pytest.raises(CheckpointError, match="format 99"):
        TwoDecoderModel.load(made)
    damaged = tiny_checkpoint(tmp_path / "d", cell_layers=1)
    (damaged / "cell_decoder.safetensors").write_bytes(b"")
    with pytest.raises(CheckpointError, match="cell_decoder"):
        TwoDecoderModel.load(damaged)
