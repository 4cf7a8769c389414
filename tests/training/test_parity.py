"""The arithmetic equals stock Transformers' for every family: logits, loss, gradients, search."""

from __future__ import annotations

from functools import partial

import pytest
import torch
from torch.nn.utils.rnn import pad_sequence
from transformers import AutoModelForSeq2SeqLM

from gentap.runtime.engine import Decoding
from gentap.runtime.torch import TorchEngine
from gentap.training import backbone
from gentap.training.batch import Batch, Encoded
from gentap.training.model import TwoDecoderModel
from tests.tiny import tiny_bart, tiny_t5

BACKBONES = {
    "t5-v1.0": partial(tiny_t5, tied=True, gated=False),
    "t5-v1.1-tied": partial(tiny_t5, tied=True, gated=True),
    "flan-t5": partial(tiny_t5, tied=False, gated=True),
    "mt5": partial(tiny_t5, multilingual=True),
    "bart": tiny_bart,
    "mbart": partial(tiny_bart, multilingual=True),
}
RAGGED = [
    Encoded([7, 8, 9, 10, 11, 1], [12, 13, 14, 1], "sentence"),
    Encoded([15, 16, 1], [17, 1], "cell"),
    Encoded([9, 9, 9, 20, 21, 22, 23, 1], [7, 1], "sentence"),
    Encoded([30, 31, 32, 1], [33, 34, 35, 36, 1], "cell"),
]
EVEN = [
    Encoded([7, 8, 9, 10, 1], [12, 13, 1], kind)
    for kind in ("sentence", "cell", "cell", "sentence")
]


@pytest.fixture(params=BACKBONES)
def stock(request, tmp_path):
    return BACKBONES[request.param](tmp_path / "stock")


def padded(sequences, fill=0):
    rows = [torch.tensor(list(row)) for row in sequences]
    return pad_sequence(rows, batch_first=True, padding_value=fill)


def stock_outputs(model, examples):
    """Run stock Transformers over a padded batch: mean loss, and the logits of real tokens."""
    sources = padded([example.source for example in examples])
    mask = padded([[1] * len(example.source) for example in examples])
    labels = padded([example.target for example in examples], fill=-100)
    start = backbone.start_token(model)
    inputs = padded([[start, *example.target[:-1]] for example in examples])
    result = model(input_ids=sources, attention_mask=mask, decoder_input_ids=inputs, labels=labels)
    return result.loss, result.logits[labels != -100]


def with_cell_decoder(folder):
    """Load the stock model once more, the same two layers' first as its only decoder layers."""
    model = AutoModelForSeq2SeqLM.from_pretrained(folder)
    inner = model if model.config.model_type in ("t5", "mt5") else model.model
    inner.decoder = backbone.new_cell_decoder(model, 1)
    return model


@pytest.mark.parametrize("examples", [RAGGED, EVEN], ids=["padded", "unpadded"])
def test_logits_losses_and_gradients_equal_stock_transformers(stock, examples):
    ours = TwoDecoderModel.start(stock, cell_layers=1, budget=64)
    batch = Batch.of(examples)
    logits, losses = ours.logits(batch), ours(batch)
    losses.total.backward()
    gradients = {}
    for kind, model in (
        ("sentence", AutoModelForSeq2SeqLM.from_pretrained(stock)),
        ("cell", with_cell_decoder(stock)),
    ):
        model.eval()
        loss, expected = stock_outputs(model, [e for e in examples if e.kind == kind])
        torch.testing.assert_close(getattr(logits, kind), expected, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(getattr(losses, kind), loss, atol=1e-5, rtol=0)
        loss.backward()
        for name, value in model.named_parameters():
            name = f"seq2seq.{name}"
            if kind == "cell" and "decoder." in name:
                name = "cell_decoder." + name.partition("decoder.")[2]
            if value.grad is not None:
                gradients[name] = gradients.get(name, 0) + value.grad
    for name, value in ours.named_parameters():
        torch.testing.assert_close(value.grad, gradients[name], atol=1e-5, rtol=1e-4, msg=name)


def test_the_stock_loss_from_labels_alone_is_ours(stock):
    model = AutoModelForSeq2SeqLM.from_pretrained(stock)
    sentences = [example for example in RAGGED if example.kind == "sentence"]
    loss, _ = stock_outputs(model, sentences)
    labels = padded([example.target for example in sentences], fill=-100)
    sources = padded([example.source for example in sentences])
    alone = model(input_ids=sources, attention_mask=(sources != 0).long(), labels=labels)
    torch.testing.assert_close(alone.loss, loss, atol=1e-6, rtol=0)


@pytest.mark.parametrize("beams", [1, 3])
def test_the_search_writes_what_generate_writes(stock, beams):
    ours = TwoDecoderModel.start(stock, cell_layers=1, budget=64)
    inputs = [list(example.source) for example in RAGGED]
    outputs = TorchEngine(ours, "tiny").run(inputs, decoding=Decoding(beams=beams, max_tokens=9))
    model = AutoModelForSeq2SeqLM.from_pretrained(stock)
    sources = padded(inputs)
    expected = model.generate(
        sources,
        attention_mask=(sources != 0).long(),
        num_beams=beams,
        do_sample=False,
        max_new_tokens=9,
        decoder_start_token_id=backbone.start_token(model),
        early_stopping=False,
    )
    written = [[token for token in row if token > 1] for row in expected.tolist()]
    assert [list(output.sentence.ids) for output in outputs] == written
