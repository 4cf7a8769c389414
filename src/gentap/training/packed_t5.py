"""T5 over concatenated sequences: the arithmetic of Transformers' modules, without padding.

It walks the stock modules and uses their parameters, so that what is trained is what is
saved. Equal to Transformers in value and gradient, but for one choice: dropout falls on
hidden states and not on attention weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F


class PackedT5:
    """Runs T5 stacks over concatenated sequences.

    Attributes:
        dtype: Type of the matrix products; the residual stream and the weights stay float32.
        dropout: Probability that a hidden value is dropped.
    """

    def __init__(self, config: Any, *, dtype: torch.dtype, dropout: float) -> None:  # noqa: ANN401
        """Take what is needed of a T5 configuration."""
        self.heads = int(config.num_heads)
        self.gated = bool(config.is_gated_act)
        self.gelu = "gelu" in config.dense_act_fn
        self.dtype = dtype
        self.dropout = dropout

    def encode(self, stack: Any, ids: Tensor, lengths: Sequence[int]) -> Tensor:  # noqa: ANN401
        """Run the encoder.

        Args:
            stack: A T5Stack.
            ids: Token ids. *Shape:* (tokens,)
            lengths: Length of each sequence; they sum to tokens.

        Returns:
            Hidden states in the compute type. *Shape:* (tokens, d_model)
        """
        bias = self._bias(stack, max(lengths))
        hidden = self._drop(stack.embed_tokens(ids))
        for block in stack.block:
            hidden = self._self_attention(block.layer[0], hidden, lengths, bias)
            hidden = self._feed_forward(block.layer[1], hidden)
        return self._drop(self._norm(stack.final_layer_norm, hidden))

    def decode(
        self,
        stack: Any,  # noqa: ANN401 - a T5Stack
        ids: Tensor,
        lengths: Sequence[int],
        memory: Tensor,
        memory_lengths: Sequence[int],
    ) -> Tensor:
        """Run a decoder over the encoder's states of the same sequences.

        Args:
            stack: A T5Stack with cross-attention.
            ids: Decoder input ids. *Shape:* (tokens,)
            lengths: Length of each decoder sequence.
            memory: Encoder states. *Shape:* (memory_tokens, d_model)
            memory_lengths: Length of each encoder sequence.

        Returns:
            Hidden states in the compute type. *Shape:* (tokens, d_model)
        """
        size = max(lengths)
        causal = torch.full((size, size), float("-inf"), device=ids.device).triu(1)
        bias = self._bias(stack, size) + causal.to(self.dtype)
        hidden = self._drop(stack.embed_tokens(ids))
        for block in stack.block:
            hidden = self._self_attention(block.layer[0], hidden, lengths, bias)
            hidden = self._cross_attention(block.layer[1], hidden, lengths, memory, memory_lengths)
            hidden = self._feed_forward(block.layer[2], hidden)
        return self._drop(self._norm(stack.final_layer_norm, hidden))

    def linear(self, inputs: Tensor, *weights: Tensor) -> Tensor:
        """Multiply by one weight, or by several stacked, in the compute type."""
        weight = weights[0] if len(weights) == 1 else torch.cat(weights)
        return F.linear(inputs, weight.to(self.dtype))

    def _self_attention(
        self,
        layer: Any,  # noqa: ANN401
        hidden: Tensor,
        lengths: Sequence[int],
        bias: Tensor,
    ) -> Tensor:
        parts = layer.SelfAttention
        normed = self._norm(layer.layer_norm, hidden)
        mixed = self.linear(normed, parts.q.weight, parts.k.weight, parts.v.weight)
        out = []
        for piece in mixed.split(list(lengths)):
            size = piece.shape[0]
            q, k, v = piece.view(size, 3, self.heads, -1).permute(1, 2, 0, 3).unbind(0)
            out.append(_attend(q, k, v, bias[:, :size, :size]))
        return hidden + self._drop(self.linear(torch.cat(out), parts.o.weight))

    def _cross_attention(
        self,
        layer: Any,  # noqa: ANN401
        hidden: Tensor,
        lengths: Sequence[int],
        memory: Tensor,
        memory_lengths: Sequence[int],
    ) -> Tensor:
        parts = layer.EncDecAttention
        queries = self.linear(self._norm(layer.layer_norm, hidden), parts.q.weight)
        pairs = self.linear(memory, parts.k.weight, parts.v.weight)
        out = []
        for query, pair in zip(
            queries.split(list(lengths)), pairs.split(list(memory_lengths)), strict=True
        ):
            q = query.view(query.shape[0], self.heads, -1).transpose(0, 1)
            k, v = pair.view(pair.shape[0], 2, self.heads, -1).permute(1, 2, 0, 3).unbind(0)
            out.append(_attend(q, k, v, None))
        return hidden + self._drop(self.linear(torch.cat(out), parts.o.weight))

    def _feed_forward(self, layer: Any, hidden: Tensor) -> Tensor:  # noqa: ANN401
        parts = layer.DenseReluDense
        normed = self._norm(layer.layer_norm, hidden)
        if self.gated:
            gate, value = self.linear(normed, parts.wi_0.weight, parts.wi_1.weight).chunk(2, -1)
            inner = self._activate(gate) * value
        else:
            inner = self._activate(self.linear(normed, parts.wi.weight))
        return hidden + self._drop(self.linear(self._drop(inner), parts.wo.weight))

    def _activate(self, inputs: Tensor) -> Tensor:
        return F.gelu(inputs, approximate="tanh") if self.gelu else F.relu(inputs)

    def _norm(self, norm: Any, hidden: Tensor) -> Tensor:  # noqa: ANN401
        scale = torch.rsqrt(hidden.pow(2).mean(-1, keepdim=True) + norm.variance_epsilon)
        normed: Tensor = (hidden * scale * norm.weight).to(self.dtype)
        return normed

    def _bias(self, stack: Any, size: int) -> Tensor:  # noqa: ANN401
        attention = stack.block[0].layer[0].SelfAttention
        bias: Tensor = attention.compute_bias(size, size, device=stack.embed_tokens.weight.device)
        return bias[0].to(self.dtype)

    def _drop(self, hidden: Tensor) -> Tensor:
        return F.dropout(hidden, self.dropout) if self.dropout else hidden


def _attend(q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None) -> Tensor:
    """Attend within one sequence; T5 does not scale. *Shape:* (heads, tokens, d_kv) each."""
    scores = q @ k.transpose(-1, -2)
    if bias is not None:
        scores = scores + bias
    return (scores.softmax(-1) @ v).transpose(0, 1).flatten(1)
