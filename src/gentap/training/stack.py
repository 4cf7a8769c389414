"""A transformer stack in neutral terms: what the arithmetic needs, and no library's names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor, nn

Activation = Callable[[Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class Norm:
    """A normalisation of hidden states.

    Attributes:
        weight: *Shape:* (d_model,)
        bias: *Shape:* (d_model,); None: by the root mean square, neither centred nor shifted.
        epsilon: Added to the variance.
    """

    weight: Tensor
    bias: Tensor | None
    epsilon: float


@dataclass(frozen=True, slots=True)
class Attention:
    """Multi-head attention and the norm that belongs to it.

    Attributes:
        query: Its weight, as of all four. *Shape:* (heads * d_kv, d_model)
        key: Of what is attended to.
        value: Of what is attended to.
        out: *Shape:* (d_model, heads * d_kv)
        norm: Before or after, see `Stack.norm_first`.
        scale: Factor of the scores.
    """

    query: nn.Linear
    key: nn.Linear
    value: nn.Linear
    out: nn.Linear
    norm: Norm
    scale: float


@dataclass(frozen=True, slots=True)
class FeedForward:
    """A feed-forward part and the norm that belongs to it.

    Attributes:
        inner: One projection, or a gate and what it opens. *Shape:* (d_ff, d_model) each.
        outer: *Shape:* (d_model, d_ff)
        activation: Of the first inner projection.
        norm: Before or after, see `Stack.norm_first`.
    """

    inner: tuple[nn.Linear, ...]
    outer: nn.Linear
    activation: Activation
    norm: Norm


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer; an encoder's attends to no memory.

    Attributes:
        attention: To the sequence itself.
        cross: To the encoder's states, in a decoder.
        feed: Feed-forward.
    """

    attention: Attention
    cross: Attention | None
    feed: FeedForward


@dataclass(frozen=True, slots=True)
class Stack:
    """An encoder or a decoder.

    Attributes:
        embed: Token ids to vectors, scaled where the model scales them.
        layers: From the bottom up.
        heads: Attention heads.
        norm_first: Whether norms stand before the parts, inside the residual branch, or after.
        opening: Norm of the embeddings.
        closing: Norm of the last layer's output.
        positions: Learnt vectors of absolute positions. *Shape:* (positions, d_model)
        distances: Gives the learnt bias of so many positions on each other.
            *Shape:* (heads, size, size)
    """

    embed: Callable[[Tensor], Tensor]
    layers: tuple[Layer, ...]
    heads: int
    norm_first: bool
    opening: Norm | None = None
    closing: Norm | None = None
    positions: Tensor | None = None
    distances: Callable[[int], Tensor] | None = None
