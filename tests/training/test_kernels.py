"""Gradients by hand equal numeric ones, both ways to attend agree, dropout drops its share."""

from __future__ import annotations

from functools import partial

import pytest
import torch
from torch.autograd import gradcheck
from torch.nn import functional as F

from gentap.training.attention import attend_each, attend_together
from gentap.training.kernels import (
    add_dropped,
    cross_entropy,
    dropout,
    gated_gelu,
    gelu,
    root_mean_square_norm,
)

LENGTHS, SEEN = (3, 1, 5), (2, 6, 4)


def attention_inputs(*, crossed, heads, dtype=torch.float64):
    """Return projections of nine queries, a memory of twelve keys if crossed, and a bias."""
    draw = partial(
        torch.randn, generator=torch.Generator().manual_seed(0), dtype=dtype, requires_grad=True
    )
    memory = draw(12, 2, 2, 4) if crossed else None
    return draw(9, 1 if crossed else 3, 2, 4), memory, draw(heads, 6, 6) if heads else None


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("tokens", [0, 1, 70])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_cross_entropy_is_torchs_in_value_and_gradient(smoothing, tokens, dtype):
    draw = torch.Generator().manual_seed(0)
    logits = torch.randn(tokens, 11, generator=draw).mul(3).to(dtype).requires_grad_()
    target = torch.randint(11, (tokens,), generator=draw)
    found = []
    for values in (
        cross_entropy(logits, target, smoothing),
        F.cross_entropy(logits.float(), target, reduction="sum", label_smoothing=smoothing),
    ):
        (gradient,) = torch.autograd.grad(values * 0.5, logits)
        found.append((values, gradient))
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("crossed", [False, True])
@pytest.mark.parametrize("heads", [0, 1, 2])
def test_the_gradients_of_attention_are_numerically_right(crossed, heads):
    own, memory, bias = attention_inputs(crossed=crossed, heads=heads)
    seen = SEEN if crossed else LENGTHS
    assert gradcheck(lambda *x: attend_each(x[0], x[1], LENGTHS, seen, x[2], 0.7),
                     (own, memory, bias))  # fmt: skip


@pytest.mark.parametrize("crossed", [False, True])
@pytest.mark.parametrize("heads", [0, 1, 2])
def test_both_ways_to_attend_are_equal(crossed, heads):
    found = []
    for attend in (attend_each, attend_together):
        own, memory, bias = attention_inputs(crossed=crossed, heads=heads, dtype=torch.float32)
        inputs = [part for part in (own, memory, bias) if part is not None]
        context = attend(own, memory, LENGTHS, SEEN if crossed else LENGTHS, bias, 0.7)
        context.square().sum().backward()
        found.append([context, *(part.grad for part in inputs)])
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-4)


def test_a_causal_mask_lets_no_gradient_through():
    own, _, _ = attention_inputs(crossed=False, heads=0)
    causal = torch.full((1, 5, 5), float("-inf"), dtype=torch.float64).triu(1)
    attend_each(own, None, LENGTHS, LENGTHS, causal, 1.0)[0].sum().backward()
    assert own.grad is not None
    assert own.grad[0].any()
    assert not own.grad[1:].any()


def test_the_norm_is_the_root_mean_squares_with_the_right_gradient():
    draw = torch.Generator().manual_seed(0)
    hidden = torch.randn(5, 8, generator=draw, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(8, generator=draw, dtype=torch.float64, requires_grad=True)
    expected = F.rms_norm(hidden, (8,), weight, 1e-3)
    torch.testing.assert_close(root_mean_square_norm(hidden, weight, 1e-3), expected)
    assert gradcheck(lambda *x: root_mean_square_norm(*x, 1e-3), (hidden, weight))


@pytest.mark.parametrize("probability", [0.1, 0.5])
def test_dropout_drops_its_share_and_keeps_the_mean(probability):
    torch.manual_seed(0)
    hidden = torch.ones(301, 333, requires_grad=True)
    dropped = dropout(hidden, probability)
    values = dropped.detach()
    assert values.eq(0).float().mean() == pytest.approx(probability, abs=0.005)
    assert values.max() == pytest.approx(1 / (1 - probability), rel=1e-3)
    assert values.mean() == pytest.approx(1, abs=0.01)
    dropped.sum().backward()
    torch.testing.assert_close(hidden.grad, values)


def test_dropout_repeats_with_its_seed_and_is_free_at_zero():
    hidden = torch.rand(7, 9)
    draws = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        draws.append(dropout(hidden, 0.5))
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])
    assert dropout(hidden, 0.0) is hidden


@pytest.mark.parametrize("tokens", [0, 1, 300])
@pytest.mark.parametrize(("dtype", "close"), [(torch.float32, 1e-5), (torch.bfloat16, 0.02)])
def test_a_gate_is_torchs_in_value_and_gradient(tokens, dtype, close):
    draw = torch.Generator().manual_seed(0)
    inner = torch.randn(tokens, 10, generator=draw).mul(3).to(dtype).requires_grad_()
    above = torch.randn(tokens, 5, generator=draw).to(dtype)
    gate, opened = (part.contiguous() for part in inner.chunk(2, -1))
    found = [
        (values, *torch.autograd.grad(values, inner, above))
        for values in (gated_gelu(gate, opened, 0.0), gelu(gate) * opened)
    ]
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other, rtol=close, atol=close)


def test_a_gate_drops_as_dropout_does():
    gate, opened = torch.randn(2, 300, 5, dtype=torch.float64, requires_grad=True).unbind()
    found = [
        seeded(gated_gelu)(gate, opened, 0.3),
        seeded(dropout)(gelu(gate) * opened, 0.3),
    ]
    assert found[0].eq(0).any()
    torch.testing.assert_close(*found)
    assert gradcheck(lambda *x: seeded(gated_gelu)(*x, 0.3), (gate[:20], opened[:20]))


def test_an_update_is_dropped_and_added_as_by_two_steps():
    hidden = torch.randn(300, 5, requires_grad=True)
    update = torch.randn(300, 5).bfloat16().requires_grad_()
    above, found = torch.randn(300, 5), []
    for summed in (seeded(add_dropped), lambda *x: x[0] + seeded(dropout)(x[1].float(), x[2])):
        values = summed(hidden, update, 0.3)
        found.append((values, *torch.autograd.grad(values, (hidden, update), above)))
    assert found[0][2].eq(0).any()
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other)


def seeded(function):
    """Return the function, drawing alike each time it is called."""

    def alike(*inputs):
        torch.manual_seed(3)
        return function(*inputs)

    return alike
