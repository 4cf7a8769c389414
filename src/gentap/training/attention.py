"""Attention over concatenated sequences, where nothing is padded: two ways, equal in value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence


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


def attend_together(
    own: Tensor,
    memory: Tensor | None,
    lengths: Sequence[int],
    seen: Sequence[int],
    bias: Tensor | None,
    scale: float,
) -> Tensor:
    """Attend as `attend_each` does, in one padded call.

    On a GPU many small calls cost more than the padding.
    """
    queries, *others = own.unbind(1)
    keys, values = others if memory is None else memory.unbind(1)
    query, key, value = (
        pad_sequence(list(part.split(list(sizes))), batch_first=True).transpose(1, 2)
        for part, sizes in ((queries, lengths), (keys, seen), (values, seen))
    )
    places = torch.arange(key.shape[2], device=own.device)
    hidden = places >= torch.tensor(seen, device=own.device)[:, None]
    mask = torch.zeros_like(hidden, dtype=own.dtype).masked_fill(hidden, float("-inf"))
    mask = mask[:, None, None]
    if bias is not None:
        mask = mask + bias[None, :, : query.shape[2], : key.shape[2]]
    out = F.scaled_dot_product_attention(query, key, value, mask, scale=scale)
    rows = out.transpose(1, 2)
    return torch.cat([row[:length] for row, length in zip(rows, lengths, strict=True)])


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
