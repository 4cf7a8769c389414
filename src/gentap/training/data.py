"""Records to token ids: within a drawn budget, the evidence never cut away."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator

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
