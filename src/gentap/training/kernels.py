"""Parts of the arithmetic with gradients by hand: the same values in fewer passes over memory.

On a CPU half of a training step goes into everything but matrix products. Autograd's way through
attention writes zeros for every slice of the bias and copies what it splits; through the root
mean square norm it takes a dozen passes; the loss makes five arrays of a vocabulary a token; and
dropout draws one number a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

_BITS = 16
_ROWS = 32  # as many rows of logits as a core's cache holds


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
        return torch.nn.functional.dropout(hidden, probability)
    dropped = round(probability * 2**_BITS)
    size, shape = hidden.numel(), hidden.shape
    # Seeded by torch, drawn by a generator that is several times faster than its own.
    seed = int(torch.empty((), dtype=torch.int64).random_())
    generator = np.random.Generator(np.random.SFC64(seed))
    draws = generator.integers(-(2**63), 2**63 - 1, -(-size // 4), endpoint=True)
    drawn = torch.from_numpy(draws.view(np.int16)[:size]).view(shape)
    mask = torch.empty(shape, dtype=hidden.dtype)
    # From the lowest of 2**16 numbers up, so many are dropped.
    torch.ge(drawn, dropped - 2 ** (_BITS - 1), out=mask)
    return hidden * mask.div_(1 - dropped / 2**_BITS)


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
        return torch.nn.functional.cross_entropy(
            logits.float(), target, reduction="sum", label_smoothing=smoothing
        )
    loss: Tensor = _CrossEntropy.apply(logits, target, smoothing)  # type: ignore[no-untyped-call]
    return loss


def attend_each(
    own: Tensor,
    memory: Tensor | None,
    lengths: Sequence[int],
    seen: Sequence[int],
    bias: Tensor | None,
    scale: float,
) -> Tensor:
    """Attend sequence by sequence: no arithmetic is wasted, and each fits a core's cache.

    Args:
        own: Queries, keys and values; with a memory, queries alone.
            *Shape:* (tokens, 3 or 1, heads, d_kv)
        memory: Keys and values. *Shape:* (seen_tokens, 2, heads, d_kv)
        lengths: Queries of each sequence.
        seen: Keys of each sequence.
        bias: Added to the scores. *Shape:* (heads or 1, size, size), size at least the longest
        scale: Factor of the scores.

    Returns:
        *Shape:* (tokens, heads, d_kv)
    """
    context: Tensor = _Attention.apply(  # type: ignore[no-untyped-call]
        own, memory, tuple(lengths), tuple(seen), bias, scale
    )
    return context


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


class _Attention(Function):
    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401
        own: Tensor,
        memory: Tensor | None,
        lengths: tuple[int, ...],
        seen: tuple[int, ...],
        bias: Tensor | None,
        scale: float,
    ) -> Tensor:
        query, key, value = _heads(own, memory)
        context = torch.empty_like(query.transpose(0, 1), memory_format=torch.contiguous_format)
        shares = []
        for mine, theirs in _spans(lengths, seen):
            scores = torch.bmm(query[:, mine], key[:, theirs].mT)
            scores = scores.mul_(scale) if scale != 1 else scores
            if bias is not None:
                scores += bias[:, : scores.shape[1], : scores.shape[2]]
            share = scores.softmax(-1)
            context[mine] = torch.bmm(share, value[:, theirs]).transpose(0, 1)
            shares.append(share)
        ctx.save_for_backward(own, memory, bias, context, *shares)
        ctx.lengths, ctx.seen, ctx.scale = lengths, seen, scale
        return context

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:  # noqa: ANN401
        own, memory, bias, context, *shares = ctx.saved_tensors
        query, key, value = _heads(own, memory)
        to_own = torch.empty_like(own)
        to_memory = None if memory is None else torch.empty_like(memory)
        to_query, to_key, to_value = _heads(to_own, to_memory)
        to_bias = torch.zeros_like(bias) if ctx.needs_input_grad[4] else None
        # What the softmax takes off: each query's gradient times its output.
        mean = (gradient * context).sum(-1, keepdim=True).transpose(0, 1)
        above = gradient.transpose(0, 1)
        for (mine, theirs), share in zip(_spans(ctx.lengths, ctx.seen), shares, strict=True):
            to_value[:, theirs] = torch.bmm(share.mT, above[:, mine])
            to_scores = torch.bmm(above[:, mine], value[:, theirs].mT)
            to_scores.sub_(mean[:, mine]).mul_(share)
            if to_bias is not None:
                part = to_bias[:, : share.shape[1], : share.shape[2]]
                part += to_scores if len(to_bias) > 1 else to_scores.sum(0, keepdim=True)
            to_scores = to_scores.mul_(ctx.scale) if ctx.scale != 1 else to_scores
            to_query[:, mine] = torch.bmm(to_scores, key[:, theirs])
            to_key[:, theirs] = torch.bmm(to_scores.mT, query[:, mine])
        return to_own, to_memory, None, None, to_bias, None


def _heads(own: Tensor, memory: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
    """Return views of queries, keys and values, each (heads, tokens, d_kv)."""
    parts = [*own.unbind(1), *(() if memory is None else memory.unbind(1))]
    query, key, value = (part.transpose(0, 1) for part in parts)
    return query, key, value


def _spans(lengths: Sequence[int], seen: Sequence[int]) -> Iterator[tuple[slice, slice]]:
    ends = (accumulate(sizes, initial=0) for sizes in (lengths, seen))
    mine, theirs = ([slice(a, b) for a, b in pairwise(places)] for places in ends)
    return zip(mine, theirs, strict=True)
