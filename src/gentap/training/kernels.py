"""Parts of the arithmetic with gradients by hand: the same values in fewer passes over memory.

On a CPU half of a training step goes into everything but matrix products. Autograd's way through
the root mean square norm takes a dozen passes; the loss makes five arrays of a vocabulary a token;
dropout draws one number a value; and a gate computes its hyperbolic tangent twice, and slowly where
it is of bfloat16.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

_BITS = 16
_ROWS = 32  # as many rows of logits as a core's cache holds
_BLOCK = 128  # as many rows of hidden values
_STEEP, _CUBIC = math.sqrt(8 / math.pi), 0.044715


def gelu(values: Tensor) -> Tensor:
    """Return the Gaussian error linear unit by its hyperbolic tangent (Hendrycks and Gimpel, 2016).

    Args:
        values: *Shape:* any.

    Returns:
        *Shape:* as values.
    """
    return F.gelu(values, approximate="tanh")


def gated_gelu(gate: Tensor, opened: Tensor, probability: float) -> Tensor:
    """Open a gate as far as `gelu` of it says (Shazeer, 2020), then drop as `dropout` does.

    Args:
        gate: *Shape:* (tokens, d_ff)
        opened: What the gate opens. *Shape:* as gate.
        probability: That a value is dropped.

    Returns:
        *Shape:* as gate.
    """
    if gate.device.type != "cpu":
        return dropout(gelu(gate) * opened, probability)
    values: Tensor = _GatedGelu.apply(gate, opened, probability)  # type: ignore[no-untyped-call]
    return values


def dropout(hidden: Tensor, probability: float) -> Tensor:
    """Drop values, and scale the others so that the mean stays.

    On a CPU the probability is rounded to 1/65536: a draw of 64 bits decides four values.

    Args:
        hidden: *Shape:* any.
        probability: That a value is dropped.

    Returns:
        *Shape:* as hidden.
    """
    if not probability:
        return hidden
    if hidden.device.type != "cpu":
        return F.dropout(hidden, probability)
    return hidden * _Drawn.of(hidden.shape, probability).mask(slice(None), hidden.dtype)


def add_dropped(hidden: Tensor, update: Tensor, probability: float) -> Tensor:
    """Add an update of which `dropout` drops its share.

    Args:
        hidden: *Shape:* (tokens, d_model)
        update: Of the same type, or a narrower one. *Shape:* as hidden.
        probability: That a value of the update is dropped.

    Returns:
        *Shape:* as hidden.
    """
    if not probability or hidden.device.type != "cpu":
        return hidden + dropout(update, probability)
    values: Tensor = _AddDropped.apply(hidden, update, probability)  # type: ignore[no-untyped-call]
    return values


def root_mean_square_norm(hidden: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    """Normalise by the root mean square (Zhang and Sennrich, 2019).

    Args:
        hidden: *Shape:* (tokens, d_model)
        weight: *Shape:* (d_model,)
        epsilon: Added to the mean square.

    Returns:
        *Shape:* (tokens, d_model)
    """
    normed: Tensor = _Norm.apply(hidden, weight, epsilon)  # type: ignore[no-untyped-call]
    return normed


def cross_entropy(logits: Tensor, target: Tensor, smoothing: float = 0.0) -> Tensor:
    """Sum the cross-entropy of rows, as torch does, with nothing of the logits' size in float32.

    Args:
        logits: *Shape:* (tokens, vocabulary)
        target: What each row should have named. *Shape:* (tokens,)
        smoothing: Share of the target's probability that goes to all tokens alike.

    Returns:
        The sum, in float32. *Shape:* ()
    """
    if logits.device.type != "cpu":
        return F.cross_entropy(logits.float(), target, reduction="sum", label_smoothing=smoothing)
    loss: Tensor = _CrossEntropy.apply(logits, target, smoothing)  # type: ignore[no-untyped-call]
    return loss


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What decides which values are kept."""

    draws: Tensor
    least: int
    factor: float

    @classmethod
    def of(cls, shape: torch.Size, probability: float) -> _Drawn:
        """Draw an int16 for every value; those from a least one on are kept, and scaled."""
        dropped = round(probability * 2**_BITS)
        # Seeded by torch, drawn by a generator that is several times faster than its own.
        seed = int(torch.empty((), dtype=torch.int64).random_())
        generator = np.random.Generator(np.random.SFC64(seed))
        size = shape.numel()
        draws = generator.integers(-(2**63), 2**63 - 1, -(-size // 4), endpoint=True)
        factor = 1 / (1 - dropped / 2**_BITS)
        drawn = torch.from_numpy(draws.view(np.int16)[:size]).view(shape)
        return cls(drawn, dropped - 2 ** (_BITS - 1), factor)

    def mask(self, rows: slice, dtype: torch.dtype) -> Tensor:
        """Return what to multiply some rows by."""
        drawn = self.draws[rows]
        mask = torch.empty(drawn.shape, dtype=dtype)
        torch.ge(drawn, self.least, out=mask)
        return mask.mul_(self.factor)


class _AddDropped(Function):
    @staticmethod
    def forward(ctx: Any, hidden: Tensor, update: Tensor, probability: float) -> Tensor:  # noqa: ANN401
        drawn, out = _Drawn.of(update.shape, probability), torch.empty_like(hidden)
        for rows in _blocks(hidden):
            mask = drawn.mask(rows, hidden.dtype)
            torch.addcmul(hidden[rows], update[rows].to(hidden.dtype), mask, out=out[rows])
        ctx.drawn, ctx.narrow = drawn, update.dtype
        return out

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None]:  # noqa: ANN401
        to_update = torch.empty_like(gradient, dtype=ctx.narrow)
        for rows in _blocks(gradient):
            to_update[rows] = ctx.drawn.mask(rows, gradient.dtype).mul_(gradient[rows])
        return gradient, to_update, None


class _GatedGelu(Function):
    @staticmethod
    def forward(ctx: Any, gate: Tensor, opened: Tensor, probability: float) -> Tensor:  # noqa: ANN401
        out, to_gate, to_opened = (torch.empty_like(gate) for _ in range(3))
        drawn = _Drawn.of(gate.shape, probability) if probability else None
        # Wide enough for the tangent, and no wider than a cache while it is.
        wide = torch.promote_types(gate.dtype, torch.float32)
        for rows in _blocks(gate):
            value, slope = _gelu_and_slope(gate[rows].to(wide))
            if drawn is not None:
                mask = drawn.mask(rows, wide)
                value.mul_(mask)
                slope.mul_(mask)
            other = opened[rows].to(wide)
            to_gate[rows] = slope.mul_(other)
            to_opened[rows] = value
            out[rows] = value.mul_(other)
        ctx.save_for_backward(to_gate, to_opened)
        return out

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None]:  # noqa: ANN401
        to_gate, to_opened = ctx.saved_tensors
        return gradient * to_gate, gradient * to_opened, None


def _blocks(hidden: Tensor) -> Iterator[slice]:
    return (slice(start, start + _BLOCK) for start in range(0, len(hidden), _BLOCK))


def _gelu_and_slope(gate: Tensor) -> tuple[Tensor, Tensor]:
    """Return gelu(x) = x sigmoid(z(x)), the same as by the tangent, and its derivative."""
    square = gate.square()
    share = (square * (_STEEP * _CUBIC)).add_(_STEEP).mul_(gate).sigmoid_()
    value = gate * share
    rise = square.mul_(3 * _STEEP * _CUBIC).add_(_STEEP).mul_(value)
    return value, rise.addcmul_(rise, share, value=-1).add_(share)


class _Norm(Function):
    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, epsilon: float) -> Tensor:  # noqa: ANN401
        square = torch.linalg.vector_norm(hidden, dim=-1, keepdim=True).square_()
        scale = square.div_(hidden.shape[-1]).add_(epsilon).rsqrt_()
        ctx.save_for_backward(hidden, weight, scale)
        normed: Tensor = hidden * scale
        return normed.mul_(weight)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None]:  # noqa: ANN401
        hidden, weight, scale = ctx.saved_tensors
        normed = hidden * scale
        both = gradient * normed
        mean = (both @ weight).div_(len(weight)).unsqueeze_(-1)
        to_hidden = (gradient * weight).addcmul_(normed, mean, value=-1).mul_(scale)
        return to_hidden, both.sum(0), None


class _CrossEntropy(Function):
    @staticmethod
    def forward(ctx: Any, logits: Tensor, target: Tensor, smoothing: float) -> Tensor:  # noqa: ANN401
        loss, norms = logits.new_zeros((), dtype=torch.float32), []
        for part, wanted in zip(logits.split(_ROWS), target.split(_ROWS), strict=True):
            rows = part.float()
            norms.append(rows.logsumexp(-1, keepdim=True))
            named = rows.gather(1, wanted.unsqueeze(1)) * (1 - smoothing)
            if smoothing:
                named += rows.mean(-1, keepdim=True) * smoothing
            loss += (norms[-1] - named).sum()
        ctx.save_for_backward(logits, target, *norms)
        ctx.smoothing = smoothing
        return loss

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:  # noqa: ANN401
        logits, target, *norms = ctx.saved_tensors
        to_logits = torch.empty_like(logits)
        parts = (values.split(_ROWS) for values in (logits, target, to_logits))
        for part, wanted, out, norm in zip(*parts, norms, strict=True):
            rows = part.float().sub_(norm).exp_()
            if ctx.smoothing:
                rows -= ctx.smoothing / logits.shape[1]
            own = rows.new_full((len(rows), 1), ctx.smoothing - 1)
            out.copy_(rows.scatter_add_(1, wanted.unsqueeze(1), own).mul_(gradient))
        return to_logits, None, None
