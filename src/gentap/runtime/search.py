"""Greedy and beam search in numpy, scored as Transformers scores them."""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass(slots=True)
class _Finished:
    """The finished sentences of one input, best first: divided score, log-probability, ids."""

    room: int
    found: list[tuple[float, float, list[int]]] = field(default_factory=list)

    def add(self, total: float, ids: list[int], length: int, penalty: float) -> None:
        self.found.append((total / length**penalty, total, ids))
        self.found.sort(key=lambda entry: -entry[0])
        del self.found[self.room :]

    def beaten(self, best: float, length: int, penalty: float) -> bool:
        """Tell whether nothing that still goes on can be better than what is finished."""
        full = len(self.found) == self.room
        return full and self.found[-1][0] >= best / length**penalty


def beam_search(decoder: Stepper, memory: Array, mask: Array, decoding: Decoding) -> list[Sentence]:
    """Keep the best beginnings; arguments as in `greedy_search`."""
    inputs, beams = mask.shape[0], decoding.beams
    finished = [_Finished(beams) for _ in range(inputs)]
    over = [False] * inputs
    written: list[list[int]] = [[] for _ in range(inputs * beams)]
    totals = np.full((inputs, beams), NEVER, np.float64)
    totals[:, 0] = 0
    tokens = np.full((inputs * beams, 1), decoder.start, np.int64)
    past = decoder.empty(inputs * beams)
    for length in range(1, decoding.max_tokens + 1):
        logits, past = decoder.step(tokens, past, memory, mask)
        scores = log_softmax(logits)
        for row, ids in enumerate(written):
            _block_repeats(scores[row], [decoder.start, *ids], decoding.no_repeat)
        rows = np.zeros(inputs * beams, np.int64)
        for one in range(inputs):
            span = slice(one * beams, (one + 1) * beams)
            if over[one]:
                rows[span] = np.arange(span.start, span.stop)
                continue
            sums = totals[one][:, None] + scores[span]
            # A token that ends its beam takes no place, so twice as many are looked at.
            ranked = _best(sums, 2 * beams)
            place = 0
            for rank, (beam, token) in enumerate(ranked):
                total, row = float(sums[beam, token]), span.start + beam
                if token == decoder.end:
                    if rank < beams:
                        finished[one].add(total, written[row], length, decoding.length_penalty)
                elif place < beams:
                    rows[span.start + place] = row
                    tokens[span.start + place, 0] = token
                    totals[one, place] = total
                    place += 1
            best = float(totals[one].max())
            over[one] = finished[one].beaten(best, length, decoding.length_penalty)
        written = [
            ids if over[row // beams] else [*ids, int(tokens[row, 0])]
            for row, ids in enumerate(written[source] for source in rows)
        ]
        past = past[:, rows]
        if all(over):
            break
    for one in range(inputs):
        if not over[one]:
            for beam in range(beams):
                ids = written[one * beams + beam]
                total = float(totals[one, beam])
                finished[one].add(total, ids, len(ids), decoding.length_penalty)
    return [Sentence(entry.found[0][2], entry.found[0][1]) for entry in finished]


def _best(sums: NDArray[np.float64], count: int) -> list[tuple[int, int]]:
    """Return the positions of the largest entries, largest first."""
    flat = sums.ravel()
    count = min(count, flat.size)
    top = np.argpartition(-flat, count - 1)[:count]
    top = top[np.argsort(-flat[top], kind="stable")]
    return [divmod(int(position), sums.shape[1]) for position in top]


def _block_repeats(scores: Array, ids: list[int], size: int) -> None:
    """Forbid, in place, every token that would write a run of this size a second time."""
    if not size or len(ids) < size:
        return
    tail = ids[len(ids) - size + 1 :]
    for start in range(len(ids) - size + 1):
        if ids[start : start + size - 1] == tail:
            scores[ids[start + size - 1]] = -np.inf
