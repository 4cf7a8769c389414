"""Records to token ids, and token ids to batches: deterministic, and equal in both kinds."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gentap.linearize import Linearizer
from gentap.records import Example
from gentap.training.batch import Encoded

TARGET_LIMIT = 96


def encode_examples(
    examples: Iterable[Example],
    linearizer: Linearizer,
    *,
    dropped: Counter[str],
    budgets: tuple[int, int] | None = None,
    seed: int = 0,
) -> Iterator[Encoded]:
    """Turn examples into token ids; evidence rows are never cut away.

    Args:
        examples: What to learn.
        linearizer: The model's linearizer.
        dropped: Counts, by reason, what was left out.
        budgets: Draw each example's budget between these two, so that tables of all sizes are
            seen and steps are cheap; by default every example gets the linearizer's.
        seed: Seeds the draw.
    """
    rng = random.Random(seed)
    least, most = budgets or (linearizer.budget, linearizer.budget)
    for example in examples:
        budget = rng.randint(least, most)
        rows = {row for row, _ in example.evidence}
        source = linearizer.encode(example.question, example.table, pinned=rows, budget=budget)
        if not rows.issubset(source.rows):
            source = linearizer.encode(example.question, example.table, pinned=rows, budget=most)
        target = linearizer.target(example.answer)
        if not rows.issubset(source.rows):
            dropped["evidence-does-not-fit"] += 1
        elif len(target) > TARGET_LIMIT:
            dropped["answer-too-long"] += 1
        else:
            yield Encoded(source.ids, target, example.kind)


@dataclass(frozen=True, slots=True)
class Sampler:
    """Draws batches by step number alone, so that a resumed run sees what it would have seen.

    Attributes:
        examples: Everything there is to learn.
        batch_size: Examples a batch; with both kinds, half of each.
        seed: Seeds the order.
    """

    examples: Sequence[Encoded]
    batch_size: int
    seed: int

    def kinds(self) -> list[list[int]]:
        """Return the positions of each kind's examples; kinds that are absent are left out."""
        found: dict[str, list[int]] = {"sentence": [], "cell": []}
        for position, example in enumerate(self.examples):
            found[example.kind].append(position)
        return [positions for positions in found.values() if positions]

    def steps_per_epoch(self) -> int:
        """Return how many steps see every example of the smaller kind once."""
        kinds = self.kinds()
        return max(1, min(len(kind) for kind in kinds) * len(kinds) // self.batch_size)

    def batches(self, start: int) -> Iterator[list[Encoded]]:
        """Yield batches for ever, beginning with that of step ``start``."""
        kinds = self.kinds()
        share = max(1, self.batch_size // len(kinds))
        streams = [self._stream(kind, start * share, number) for number, kind in enumerate(kinds)]
        while True:
            yield [self.examples[next(stream)] for stream in streams for _ in range(share)]

    def _stream(self, positions: list[int], start: int, number: int) -> Iterator[int]:
        epoch, offset = divmod(start, len(positions))
        while True:
            order = positions.copy()
            random.Random(f"{self.seed}/{number}/{epoch}").shuffle(order)
            yield from order[offset:]
            epoch, offset = epoch + 1, 0
