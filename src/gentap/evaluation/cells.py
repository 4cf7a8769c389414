"""Is the cell that a model points at the right one?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from gentap.evaluation.bootstrap import Measure, percentage
from gentap.records import Example
from gentap.text import values
from gentap.values import parse_date, parse_number, strip_footnotes

_SIGNATURE = "v:1"


def cell_measures(
    predictions: Sequence[Mapping[str, Any]], examples: Sequence[Example]
) -> list[Measure]:
    """Measure questions whose answer is the value of one cell; no cell is a wrong one.

    ``exact_match``: the cell's text is the reference's, spaces folded. ``denotation_accuracy``
    (after Pasupat and Liang, 2015): both are the same number, the same date, or the same words
    but for case, accents and marks. ``right_row``: the cell lies in a row with evidence; left out
    where no example has evidence, and taken of those that have.

    Args:
        predictions: As predictions.jsonl has them, one an example and in the same order.
        examples: Questions of the kind ``cell``.
    """
    rows = []
    for prediction, example in zip(predictions, examples, strict=True):
        cell = prediction.get("cell")
        said, row = (cell["value"], cell["row"]) if cell else ("", None)
        evidence = {place for place, _ in example.evidence}
        rows.append(
            (
                bool(said) and said.split() == example.answer.split(),
                bool(said) and denotation(said) == denotation(example.answer),
                1,
                row in evidence,
                bool(evidence),
            )
        )
    counts = np.array(rows, dtype=np.float64)
    found = [
        Measure("exact_match", f"exact_match|spaces:folded|{_SIGNATURE}", counts[:, [0, 2]],
                percentage),
        Measure("denotation_accuracy", f"denotation_accuracy|tokens:typed|{_SIGNATURE}",
                counts[:, [1, 2]], percentage),
    ]  # fmt: skip
    if counts[:, 4].any():
        found.append(Measure("right_row", f"right_row|{_SIGNATURE}", counts[:, [3, 4]], percentage))
    return found


@lru_cache(maxsize=1 << 17)
def denotation(text: str) -> tuple[object, ...]:
    """Return what a cell's text denotes: equal for texts that say the same."""
    date = parse_date(text)
    if date is not None and len(date) > 1:
        return ("date", *date)
    number = parse_number(text)
    if number is not None:
        return ("number", number)
    return values(text) or (strip_footnotes(text),)
