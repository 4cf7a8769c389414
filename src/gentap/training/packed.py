"""Transformer stacks over concatenated sequences: nothing is padded, so nothing is wasted.

Equal to Transformers in value and gradient, but for one choice: dropout falls on hidden states
(embeddings, what each part adds, and inside the feed-forward), not on attention weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gentap.errors import InputError
from gentap.training.attention import attend_each, attend_together
from gentap.training.kernels import add_dropped, dropout, gated_gelu, gelu, root_mean_square_norm
from gentap.training.stack import Attention, FeedForward, Norm, Stack


@dataclass(frozen=True, slots=True)
class Packed:
    """Sequences laid end to end.

    Attributes:
        hidden: *Shape:* (tokens, d_model)
        lengths: Length of each sequence; they sum to tokens.
    """

    hidden: Tensor
    lengths: Sequence[int]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How to compute.

    Attributes:
        dtype: Type of the matrix products; the residual stream and the weights stay float32.
        dropout: Probability that a hidden value is dropped.
    """

    dtype: torch.dtype = torch.float32
    dropout: float = 0.0

    def encode(self, stack: Stack, ids: Tensor, lengths: Sequence[int]) -> Packed:
        """Run an encoder.

        Args:
            stack: The encoder.
            ids: Token ids. *Shape:* (tokens,)
            lengths: Length of each sequence.
        """
        return self._run(stack, ids, lengths, self._distances(stack, max(lengths)), None)

    def decode(self, stack: Stack, ids: Tensor, lengths: Sequence[int], memory: Packed) -> Packed:
        """Run a decoder over the encoder's states of the same sequences.

        Args:
            stack: The decoder.
            ids: Decoder input ids. *Shape:* (tokens,)
            lengths: Length of each decoder sequence.
            memory: Encoder states, as many sequences.
        """
        size = max(lengths)
        causal = torch.full((1, size, size), float("-inf"), device=ids.device).triu(1)
        bias = causal.to(self.dtype)
        if (learnt := self._distances(stack, size)) is not None:
            bias = bias + learnt
        return self._run(stack, ids, lengths, bias, memory)

    def linear(self, inputs: Tensor, *layers: nn.Linear) -> Tensor:
        """Multiply by one weight, or by several stacked, in the compute type."""
        weights: list[Tensor] = [layer.weight for layer in layers]
        weight = torch.cat(weights) if layers[1:] else weights[0]
        biases: list[Tensor] = [layer.bias for layer in layers if layer.bias is not None]
        bias = torch.cat(biases).to(self.dtype) if biases else None
        return F.linear(inputs.to(self.dtype), weight.to(self.dtype), bias)

    def _run(
        self,
        stack: Stack,
        ids: Tensor,
        lengths: Sequence[int],
        bias: Tensor | None,
        memory: Packed | None,
    ) -> Packed:
        hidden = self._embed(stack, ids, lengths)
        for layer in stack.layers:
            hidden = self._attention(stack, layer.attention, Packed(hidden, lengths), None, bias)
            if layer.cross is not None:
                hidden = self._attention(stack, layer.cross, Packed(hidden, lengths), memory, None)
            hidden = self._feed_forward(stack, layer.feed, hidden)
        if stack.closing is not None:
            hidden = self._drop(self._normed(stack.closing, hidden))
        return Packed(hidden, lengths)

    def _embed(self, stack: Stack, ids: Tensor, lengths: Sequence[int]) -> Tensor:
        hidden = stack.embed(ids)
        if stack.positions is not None:
            if (size := max(lengths)) > len(stack.positions):
                raise InputError(
                    f"a sequence of {size} tokens; this backbone has {len(stack.positions)} "
                    "positions: lower the budget"
                )
            places = torch.cat([torch.arange(length) for length in lengths]).to(ids.device)
            hidden = hidden + F.embedding(places, stack.positions)
        if stack.opening is not None:
            hidden = self._normed(stack.opening, hidden)
        return self._drop(hidden)

    def _attention(
        self,
        stack: Stack,
        parts: Attention,
        given: Packed,
        memory: Packed | None,
        bias: Tensor | None,
    ) -> Tensor:
        inputs = self._normed(parts.norm, given.hidden) if stack.norm_first else given.hidden
        pairs = None
        if memory is None:
            own = self.linear(inputs, parts.query, parts.key, parts.value)
        else:
            own = self.linear(inputs, parts.query)
            pairs = self.linear(memory.hidden, parts.key, parts.value)
            pairs = pairs.view(len(pairs), 2, stack.heads, -1)
        own = own.view(len(own), 3 if memory is None else 1, stack.heads, -1)
        seen = given.lengths if memory is None else memory.lengths
        attend = attend_each if own.device.type == "cpu" else attend_together
        context = attend(own, pairs, given.lengths, seen, bias, parts.scale).flatten(1)
        return self._add(stack, parts.norm, given.hidden, self.linear(context, parts.out))

    def _feed_forward(self, stack: Stack, parts: FeedForward, hidden: Tensor) -> Tensor:
        inputs = self._normed(parts.norm, hidden) if stack.norm_first else hidden
        first, *opened = (self.linear(inputs, layer) for layer in parts.inner)
        if parts.activation is gelu and opened:
            inner = gated_gelu(first, opened[0], self.dropout)
        else:
            inner = parts.activation(first)
            inner = self._drop(inner * opened[0] if opened else inner)
        return self._add(stack, parts.norm, hidden, self.linear(inner, parts.outer))

    def _add(self, stack: Stack, norm: Norm, hidden: Tensor, update: Tensor) -> Tensor:
        hidden = add_dropped(hidden, update, self.dropout)
        return hidden if stack.norm_first else self._normed(norm, hidden)

    def _normed(self, norm: Norm, hidden: Tensor) -> Tensor:
        """Normalise in float32; a branch's input may then be of the compute type."""
        if norm.bias is not None:
            return F.layer_norm(hidden, norm.weight.shape, norm.weight, norm.bias, norm.epsilon)
        return root_mean_square_norm(hidden, norm.weight, norm.epsilon).to(self.dtype)

    def _distances(self, stack: Stack, size: int) -> Tensor | None:
        if stack.distances is None:
            return None
        # Its heads lie innermost as a backbone computes it: to add slices of that costs tenfold.
        return stack.distances(size).to(self.dtype).contiguous()

    def _drop(self, hidden: Tensor) -> Tensor:
        return dropout(hidden, self.dropout)
