"""Cell answers: a greedy walk along the trie of the table's cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gentap.runtime.engine import Choice
from gentap.runtime.search import Stepper, log_softmax

Array = NDArray[np.float32]


@dataclass(slots=True)
class Node:
    """A beginning that some cells share.

    Attributes:
        following: The nodes by next token; the end token leads to a leaf.
        index: Which candidate ends here, at a leaf.
    """

    following: dict[int, Node] = field(default_factory=dict)
    index: int = -1


def build(candidates: Sequence[list[int]], end: int) -> Node:
    """Make the trie of candidates; of equal ones the first counts."""
    root = Node()
    for index, candidate in enumerate(candidates):
        node = root
        for token in [*candidate, end]:
            node = node.following.setdefault(token, Node())
        if node.index < 0:
            node.index = index
    return root


def walk(decoder: Stepper, memory: Array, mask: Array, candidates: Sequence[list[int]]) -> Choice:
    """Choose one of the candidates, token by token; forced tokens cost no step.

    Args:
        decoder: The cell decoder.
        memory: Its keys and values of one input. *Shape:* (parts, 1, heads, tokens, d_kv)
        mask: 0 for tokens, -1e9 for padding. *Shape:* (1, 1, 1, tokens)
        candidates: Token ids of each, at least one.
    """
    node = build(candidates, decoder.end)
    past = decoder.empty(1)
    pending, total = [decoder.start], 0.0
    while node.index < 0:
        allowed = list(node.following)
        token = allowed[0]
        if len(allowed) > 1:
            logits, past = decoder.step(np.array([pending], np.int64), past, memory, mask)
            scores = log_softmax(logits[0, allowed])
            best = int(scores.argmax())
            token, pending = allowed[best], []
            total += float(scores[best])
        pending.append(token)
        node = node.following[token]
    return Choice(node.index, total)
