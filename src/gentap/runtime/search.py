"""Greedy and beam search in numpy, scored as Transformers scores them."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gentap.runtime.engine import Decoding, Sentence

Array = NDArray[np.float32]
Ids = NDArray[np.int64]
NEVER = np.float32(-1e9)
_FULL_ENOUGH = 0.75


class Stepper(Protocol):
    """A decoder that is fed step by step; see `gentap.runtime.onnx.Decoder`."""

    start: int
    end: int

    def empty(self, rows: int) -> Array:
        """Return the past of rows that have none."""
        ...

    def step(self, tokens: Ids, past: Array, memory: Array, mask: Array) -> tuple[Array, Array]:
        """Return logits of what may follow, and the grown past."""
        ...


def log_softmax(logits: Array) -> Array:
    """Normalise along the last axis."""
    normal: Array = logits - _log_sum_exp(logits)[..., None]
    return normal


def _log_sum_exp(logits: Array) -> Array:
    most = logits.max(-1)
    total: Array = most + np.log(np.exp(logits - most[..., None]).sum(-1))
    return total


def greedy_search(
    decoder: Stepper, memory: Array, mask: Array, decoding: Decoding
) -> list[Sentence]:
    """Take the likeliest token at every step.

    Args:
        decoder: The decoder.
        memory: Its keys and values of the inputs. *Shape:* (parts, batch, heads, tokens, d_kv)
        mask: 0 for tokens, -1e9 for padding. *Shape:* (batch, 1, 1, tokens)
        decoding: Length and repetition.
    """
    rows = np.arange(mask.shape[0])
    written: list[list[int]] = [[] for _ in rows]
    totals = np.zeros(rows.size)
    tokens = np.full((rows.size, 1), decoder.start, np.int64)
    past = decoder.empty(rows.size)
    going = np.ones(rows.size, bool)
    for _ in range(decoding.max_tokens):
        logits, past = decoder.step(tokens, past, memory, mask)
        normal = _log_sum_exp(logits)
        for place, row in enumerate(rows.tolist()):
            _block_repeats(logits[place], [decoder.start, *written[row]], decoding.no_repeat)
        best = logits.argmax(-1)
        scores = logits[np.arange(rows.size), best] - normal
        totals[rows] += np.where(going, scores, 0)
        going &= best != decoder.end
        for place in np.flatnonzero(going).tolist():
            written[rows[place]].append(int(best[place]))
        if not going.any():
            break
        # Rows that have ended are dropped, though not one by one: that copies what stays.
        if going.sum() <= _FULL_ENOUGH * rows.size:
            rows, best, mask = rows[going], best[going], mask[going]
            past, memory, going = past[:, going], memory[:, going], going[going]
        tokens = best[:, None].astype(np.int64)
    return [Sentence(ids, float(total)) for ids, total in zip(written, totals, strict=True)]


class _Beams:
    """The beams of one input, and what they have finished."""

    def __init__(self, decoding: Decoding) -> None:
        self._decoding = decoding
        # All begin alike, so at first one of them counts.
        self.totals = np.array([0.0] + [NEVER] * (decoding.beams - 1))
        self.written: list[list[int]] = [[] for _ in range(decoding.beams)]
        self.over = False
        self._finished: list[tuple[float, Sentence]] = []

    def advance(self, logits: Array, start: int, end: int) -> list[int]:
        """Write a token to each beam; return the beams that each goes on from.

        Args:
            logits: Of what may follow each beam; forbidden tokens are blocked in place.
            start: Id that every output begins with.
            end: Id that ends one.
        """
        size = self._decoding.beams
        normal = _log_sum_exp(logits)
        for row, ids in zip(logits, self.written, strict=True):
            _block_repeats(row, [start, *ids], self._decoding.no_repeat)
        chosen: list[tuple[float, int, int]] = []
        # A token that ends its beam takes no place, so twice as many are looked at.
        ranked = _best(self.totals - normal, logits, 2 * size)
        for rank, (total, beam, token) in enumerate(ranked):
            if token != end:
                chosen.append((total, beam, token))
            elif rank < size:
                ids = self.written[beam]
                self._finish(total, ids, len(ids) + 1)
        del chosen[size:]
        self.totals = np.array([total for total, _, _ in chosen])
        self.written = [[*self.written[beam], token] for _, beam, token in chosen]
        self.over = self._is_beaten()
        return [beam for _, beam, _ in chosen]

    def result(self) -> Sentence:
        """Return the best sentence; beams that still go on count as they are."""
        if not self.over:
            for total, ids in zip(self.totals.tolist(), self.written, strict=True):
                self._finish(total, ids, len(ids))
        return self._finished[0][1]

    def _finish(self, total: float, ids: list[int], length: int) -> None:
        score = total / length**self._decoding.length_penalty
        self._finished.append((score, Sentence(ids, total)))
        self._finished.sort(key=lambda entry: -entry[0])
        del self._finished[self._decoding.beams :]

    def _is_beaten(self) -> bool:
        """Tell whether nothing that still goes on can be better than what is finished."""
        best = self.totals.max() / len(self.written[0]) ** self._decoding.length_penalty
        full = len(self._finished) == self._decoding.beams
        return full and self._finished[-1][0] >= float(best)


def beam_search(decoder: Stepper, memory: Array, mask: Array, decoding: Decoding) -> list[Sentence]:
    """Keep the best beginnings; arguments as in `greedy_search`."""
    size = decoding.beams
    inputs = [_Beams(decoding) for _ in range(mask.shape[0])]
    going = inputs
    tokens = np.full((len(going) * size, 1), decoder.start, np.int64)
    past = decoder.empty(len(going) * size)
    for _ in range(decoding.max_tokens):
        logits, past = decoder.step(tokens, past, memory, mask)
        rows = np.arange(len(going) * size)
        for place, one in enumerate(going):
            own = slice(place * size, (place + 1) * size)
            if not one.over:
                rows[own] = rows[own][one.advance(logits[own], decoder.start, decoder.end)]
        alive = [place for place, one in enumerate(going) if not one.over]
        if not alive:
            break
        if len(alive) <= _FULL_ENOUGH * len(going):
            rows, mask, memory = (
                rows.reshape(-1, size)[alive].ravel(),
                mask[alive],
                memory[:, alive],
            )
            going = [going[place] for place in alive]
        past = past[:, rows]
        tokens = np.array([[ids[-1]] for one in going for ids in one.written], np.int64)
    return [one.result() for one in inputs]


def _best(before: NDArray[np.float64], logits: Array, count: int) -> list[tuple[float, int, int]]:
    """Return the likeliest sums of totals and logits, likeliest first, with row and token."""
    each = min(count, logits.shape[1])
    found = [
        (float(total + row[token]), beam, token)
        for beam, (total, row) in enumerate(zip(before, logits, strict=True))
        for token in np.argpartition(row, -each)[-each:].tolist()
    ]
    found.sort(key=lambda entry: -entry[0])
    return found[:count]


def _block_repeats(scores: Array, ids: list[int], size: int) -> None:
    """Forbid, in place, every token that would write a run of this size a second time."""
    if not size or len(ids) < size:
        return
    tail = ids[len(ids) - size + 1 :]
    for start in range(len(ids) - size + 1):
        if ids[start : start + size - 1] == tail:
            scores[ids[start + size - 1]] = -np.inf
