"""Which examples make which step: by number alone, so that a resumed run sees the same."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from gentap.errors import InputError

Places = npt.NDArray[np.int64]


class Plan:
    """The order of the examples: each kind shuffled anew every epoch, equal numbers a step.

    Attributes:
        kinds: Positions of the examples of each kind there is.
        share: Examples of each kind a step.
    """

    def __init__(self, cells: npt.NDArray[np.bool_], batch_size: int, seed: int) -> None:
        """Plan the steps over a set of examples.

        Args:
            cells: Which examples are for the cell decoder. *Shape:* (examples,)
            batch_size: Examples a step; with both kinds, half of each.
            seed: Seeds the order.
        """
        split = [np.flatnonzero(~cells), np.flatnonzero(cells)]
        self.kinds: list[Places] = [places for places in split if len(places)]
        if not self.kinds:
            raise InputError("no examples to train on: see the counts of dropped ones above")
        self.share = max(1, batch_size // len(self.kinds))
        self.seed = seed
        self._order = lru_cache(maxsize=4)(self._shuffled)

    @property
    def examples_per_step(self) -> int:
        """Examples of all kinds in a step."""
        return self.share * len(self.kinds)

    @property
    def steps_per_epoch(self) -> int:
        """Steps that see every example of the smaller kind once."""
        return max(1, min(len(places) for places in self.kinds) // self.share)

    def step(self, number: int) -> list[Places]:
        """Return the positions of a step's examples, an array a kind. *Shape:* (share,) each."""
        first = number * self.share
        return [
            np.array([self._at(kind, index) for index in range(first, first + self.share)])
            for kind in range(len(self.kinds))
        ]

    def _at(self, kind: int, index: int) -> int:
        epoch, offset = divmod(index, len(self.kinds[kind]))
        return int(self._order(kind, epoch)[offset])

    def _shuffled(self, kind: int, epoch: int) -> Places:
        rng = np.random.default_rng([self.seed, kind, epoch])
        return rng.permutation(self.kinds[kind])


def split_step(
    kinds: Sequence[Places], lengths: npt.NDArray[np.integer[Any]], limit: int
) -> list[Places]:
    """Split a step into passes of about ``limit`` tokens, each with examples of every kind.

    Args:
        kinds: Positions of the examples, by kind.
        lengths: Input tokens of every example there is. *Shape:* (examples,)
        limit: Tokens of a pass.

    Returns:
        The positions in each pass; long examples are dealt out evenly.
    """
    tokens = sum(int(lengths[places].sum()) for places in kinds)
    number = min(math.ceil(tokens / limit), *(len(places) for places in kinds))
    ordered = [places[np.argsort(-lengths[places], kind="stable")] for places in kinds]
    return [np.concatenate([places[turn::number] for places in ordered]) for turn in range(number)]
