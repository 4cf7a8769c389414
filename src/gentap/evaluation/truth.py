"""Does an answer say what the table says, and of the right rows?

Three measures over all examples together, beside the text metrics because fluent answers can
state wrong cells. A value is the typed tokens of a cell (`gentap.text`): "1,234" is 1234, and
500 is not found inside "4,500". An answer states a value when the value's tokens stand in it
side by side. Cells without a word or number, and cells of stop-words only, are no values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from gentap.evaluation.bootstrap import Measure, percentage
from gentap.records import Example
from gentap.text import STOPWORDS, tokens, values

Value = tuple[str, ...]
_SIGNATURE = "tokens:typed|average:micro|v:1"


def truth_measures(answers: Sequence[str], examples: Sequence[Example]) -> list[Measure]:
    """Measure answers against the tables they were asked about.

    ``cell_precision``: of the distinct table values that the answers state, the share found in
    a row with evidence. ``cell_recall``: of the distinct values of the evidence cells, the share
    that the answers state; good references stay below 100, as they paraphrase. Both count only
    examples with evidence and are left out where none has any. ``unsupported_numbers``: the share
    of answers with a number that neither table, titles nor question holds; counts and sums that
    an answer works out are such numbers too.

    Args:
        answers: One a example, in the same order.
        examples: What was asked.
    """
    pairs = list(zip(answers, examples, strict=True))
    unsupported = np.array([(_has_foreign_number(*pair), 1) for pair in pairs], dtype=np.float64)
    found = [Measure("unsupported_numbers", _SIGNATURE, unsupported, percentage)]
    if any(example.evidence for example in examples):
        counts = np.array([_cell_counts(*pair) for pair in pairs], dtype=np.float64)
        found = [
            Measure("cell_precision", _SIGNATURE, counts[:, :2], percentage),
            Measure("cell_recall", _SIGNATURE, counts[:, 2:], percentage),
            *found,
        ]
    return found


def _cell_counts(answer: str, example: Example) -> tuple[int, int, int, int]:
    """Return values (stated in evidence rows, stated, gold and stated, gold)."""
    if not example.evidence:
        return 0, 0, 0, 0
    rows = [[values(cell) for cell in row] for row in example.table.rows]
    everywhere = _distinct(value for row in rows for value in row)
    near = _distinct(value for row, _ in example.evidence for value in rows[row])
    gold = _distinct(rows[row][column] for row, column in example.evidence)
    stated = _stated(values(answer), everywhere)
    return len(stated & near), len(stated), len(stated & gold), len(gold)


def _distinct(found: Iterable[Value]) -> set[Value]:
    return {value for value in found if not STOPWORDS.issuperset(value)}


def _stated(answer: Value, wanted: set[Value]) -> set[Value]:
    runs = {
        answer[start : start + length]
        for length in {len(value) for value in wanted}
        for start in range(len(answer) - length + 1)
    }
    return wanted & runs


def _has_foreign_number(answer: str, example: Example) -> bool:
    stated = _numbers(answer)
    if not stated:
        return False
    table = example.table
    texts = [table.title, table.section, example.question, *table.header]
    known = _numbers("\n".join([*texts, *(cell for row in table.rows for cell in row)]))
    return not stated <= known


def _numbers(text: str) -> set[str]:
    return {token.value.lstrip("-") for token in tokens(text) if token.kind == "number"}
