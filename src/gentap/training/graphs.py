"""T5 as four small graphs, rewritten plainly so that they export to ONNX.

Positions enter as biases and past keys and values as tensors, so that one decoder graph
serves greedy search, beams and the walk along a trie alike.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers.models.t5.modeling_t5 import T5Attention

BLOCKED = -1e9


def distance_bias(stack: Any, *, two_sided: bool) -> Tensor:  # noqa: ANN401 - a T5Stack
    """Return the learnt position bias by distance.

    Args:
        stack: The stack; its first layer holds the bias.
        two_sided: Whether keys may lie behind the query as well (an encoder).

    Returns:
        Bias of key position minus query position. *Shape:* (heads, distances), from
        ``-limit`` to ``limit`` if two-sided, else of 0 to ``limit`` positions before.
    """
    attention = stack.block[0].layer[0].SelfAttention
    limit = int(attention.relative_attention_max_distance)
    number = int(attention.relative_attention_num_buckets)
    buckets = distance_buckets(limit, number, two_sided=two_sided)
    bias: Tensor = attention.relative_attention_bias.weight[buckets].T
    return bias.detach().contiguous()


def distance_buckets(limit: int, number: int, *, two_sided: bool) -> Tensor:
    """Return the bucket whose bias each distance shares. *Shape:* (distances,).

    Args:
        limit: Distance from which on all share one.
        number: How many buckets there are.
        two_sided: See `distance_bias`, whose distances these are.
    """
    positions = torch.arange(-limit, limit + 1) if two_sided else -torch.arange(limit + 1)
    buckets: Tensor = T5Attention._relative_position_bucket(
        positions, bidirectional=two_sided, num_buckets=number, max_distance=limit
    )
    return buckets


class _Norm(nn.Module):
    def __init__(self, norm: Any) -> None:  # noqa: ANN401
        super().__init__()
        self.weight = _fixed(norm.weight)
        self.epsilon = float(norm.variance_epsilon)

    def forward(self, hidden: Tensor) -> Tensor:
        variance = hidden.pow(2).mean(-1, keepdim=True)
        return hidden * torch.rsqrt(variance + self.epsilon) * self.weight


class _SelfAttention(nn.Module):
    def __init__(self, layer: Any, heads: int) -> None:  # noqa: ANN401
        super().__init__()
        parts = layer.SelfAttention
        self.heads = heads
        self.norm = _Norm(layer.layer_norm)
        self.mix = _fixed(torch.cat([parts.q.weight, parts.k.weight, parts.v.weight]).T)
        self.out = _fixed(parts.o.weight.T)

    def project(self, hidden: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        rows, size, _ = hidden.shape
        mixed = (self.norm(hidden) @ self.mix).reshape(rows, size, 3, self.heads, -1)
        q, k, v = mixed.permute(2, 0, 3, 1, 4).unbind(0)
        return q, k, v

    def finish(self, hidden: Tensor, context: Tensor) -> Tensor:
        return hidden + context.transpose(1, 2).flatten(2) @ self.out


class _CrossAttention(nn.Module):
    def __init__(self, layer: Any, heads: int) -> None:  # noqa: ANN401
        super().__init__()
        parts = layer.EncDecAttention
        self.heads = heads
        self.norm = _Norm(layer.layer_norm)
        self.query = _fixed(parts.q.weight.T)
        self.out = _fixed(parts.o.weight.T)

    def forward(self, hidden: Tensor, keys: Tensor, values: Tensor, mask: Tensor) -> Tensor:
        rows, size, _ = hidden.shape
        # All beams of an input look at its one memory together.
        groups = keys.shape[0]
        q = (self.norm(hidden) @ self.query).reshape(groups, -1, self.heads, keys.shape[-1])
        scores = q.transpose(1, 2) @ keys.transpose(-1, -2) + mask
        context = (scores.softmax(-1) @ values).transpose(1, 2).reshape(rows, size, -1)
        out: Tensor = hidden + context @ self.out
        return out


class _FeedForward(nn.Module):
    def __init__(self, layer: Any, config: Any) -> None:  # noqa: ANN401
        super().__init__()
        parts = layer.DenseReluDense
        self.norm = _Norm(layer.layer_norm)
        self.gated = bool(config.is_gated_act)
        self.gelu = "gelu" in config.dense_act_fn
        inner = [parts.wi_0.weight, parts.wi_1.weight] if self.gated else [parts.wi.weight]
        self.inner = _fixed(torch.cat(inner).T)
        self.out = _fixed(parts.wo.weight.T)

    def forward(self, hidden: Tensor) -> Tensor:
        inner = self.norm(hidden) @ self.inner
        if not self.gated:
            return self._finish(hidden, self._activate(inner))
        gate, value = inner.chunk(2, -1)
        return self._finish(hidden, self._activate(gate) * value)

    def _finish(self, hidden: Tensor, inner: Tensor) -> Tensor:
        return hidden + inner @ self.out

    def _activate(self, inputs: Tensor) -> Tensor:
        return F.gelu(inputs, approximate="tanh") if self.gelu else F.relu(inputs)


class Encoder(nn.Module):
    """Embeddings to hidden states."""

    def __init__(self, stack: Any, config: Any) -> None:  # noqa: ANN401
        """Take a T5 encoder stack."""
        super().__init__()
        self.attention = nn.ModuleList(
            _SelfAttention(block.layer[0], config.num_heads) for block in stack.block
        )
        self.feed = nn.ModuleList(_FeedForward(block.layer[1], config) for block in stack.block)
        self.norm = _Norm(stack.final_layer_norm)
        self.bias = _fixed(distance_bias(stack, two_sided=True))
        self.limit = self.bias.shape[1] // 2

    def forward(self, embedded: Tensor, mask: Tensor) -> Tensor:
        """Encode.

        Args:
            embedded: *Shape:* (batch, tokens, d_model)
            mask: 0 for tokens, -1e9 for padding. *Shape:* (batch, 1, 1, tokens)
        """
        positions = torch.arange(embedded.shape[1])
        distance = (positions[None] - positions[:, None]).clamp(-self.limit, self.limit)
        bias = self.bias[:, distance + self.limit][None] + mask
        hidden = embedded
        attention: Any
        for attention, feed in zip(self.attention, self.feed, strict=True):
            q, k, v = attention.project(hidden)
            context = (q @ k.transpose(-1, -2) + bias).softmax(-1) @ v
            hidden = feed(attention.finish(hidden, context))
        return self.norm(hidden)  # type: ignore[no-any-return]


class Memory(nn.Module):
    """Hidden states of the encoder to the keys and values of every decoder layer."""

    def __init__(self, stack: Any, config: Any) -> None:  # noqa: ANN401
        """Take a T5 decoder stack."""
        super().__init__()
        self.heads = int(config.num_heads)
        weights = [
            weight
            for block in stack.block
            for weight in (block.layer[1].EncDecAttention.k, block.layer[1].EncDecAttention.v)
        ]
        self.parts = len(weights)
        self.mix = _fixed(torch.cat([weight.weight for weight in weights]).T)

    def forward(self, hidden: Tensor) -> Tensor:
        """Project. *Shape:* (batch, tokens, d_model) -> (2 layers, batch, heads, tokens, d_kv)."""
        batch, size, _ = hidden.shape
        mixed = (hidden @ self.mix).reshape(batch, size, self.parts, self.heads, -1)
        return mixed.permute(2, 0, 3, 1, 4)


class DecoderStep(nn.Module):
    """A few new tokens of every row, given what came before."""

    def __init__(self, stack: Any, config: Any) -> None:  # noqa: ANN401
        """Take a T5 decoder stack."""
        super().__init__()
        heads = int(config.num_heads)
        blocks = stack.block
        self.attention = nn.ModuleList(_SelfAttention(block.layer[0], heads) for block in blocks)
        self.cross = nn.ModuleList(_CrossAttention(block.layer[1], heads) for block in blocks)
        self.feed = nn.ModuleList(_FeedForward(block.layer[2], config) for block in blocks)
        self.norm = _Norm(stack.final_layer_norm)

    def forward(
        self, embedded: Tensor, bias: Tensor, mask: Tensor, past: Tensor, memory: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Decode.

        Args:
            embedded: New tokens. *Shape:* (rows, new, d_model)
            bias: Position bias, -1e9 where a key is not to be seen.
                *Shape:* (1, heads, new, past + new)
            mask: 0 for tokens, -1e9 for padding. *Shape:* (batch, 1, 1, tokens)
            past: Keys and values so far. *Shape:* (2 layers, rows, heads, past, d_kv)
            memory: What `Memory` gave. *Shape:* (2 layers, batch, heads, tokens, d_kv)

        Returns:
            Hidden states, *Shape:* (rows, new, d_model), and the new tokens' keys and values,
            *Shape:* (2 layers, rows, heads, new, d_kv).
        """
        hidden, fresh = embedded, []
        attention: Any
        layers = zip(self.attention, self.cross, self.feed, strict=True)
        for number, (attention, cross, feed) in enumerate(layers):
            q, k, v = attention.project(hidden)
            fresh += [k, v]
            keys = torch.cat([past[2 * number], k], 2)
            values = torch.cat([past[2 * number + 1], v], 2)
            context = (q @ keys.transpose(-1, -2) + bias).softmax(-1) @ values
            hidden = attention.finish(hidden, context)
            hidden = feed(cross(hidden, memory[2 * number], memory[2 * number + 1], mask))
        return self.norm(hidden), torch.stack(fresh)


class Head(nn.Module):
    """Hidden states to logits; both decoders share it."""

    def __init__(self, weight: Tensor, scale: float) -> None:
        """Take the head's weight, *Shape:* (vocabulary, d_model), and a factor for it."""
        super().__init__()
        self.weight = _fixed(weight.T * scale)

    def forward(self, hidden: Tensor) -> Tensor:
        """Project. *Shape:* (rows, d_model) -> (rows, vocabulary)."""
        return hidden @ self.weight


def _fixed(weight: Tensor) -> nn.Parameter:
    return nn.Parameter(weight.detach().clone().contiguous(), requires_grad=False)
