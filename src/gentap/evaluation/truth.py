"""Does an answer say what the table says, and of the right rows?

Measures over all examples together, beside the text metrics because fluent answers can
state wrong cells. A value is the typed tokens of a cell (`gentap.text`): "1,234" is 1234, and
500 is not found inside "4,500". An answer states a value when the value's tokens stand in it
side by side. Cells without a word or number, and cells of stop-words only, are no values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from gentap.evaluation.bootstrap import FloatArray, Measure, percentage
from gentap.records import Example
from gentap.text import STOPWORDS, Token, is_name, tokens, values

Value = tuple[str, ...]
_SIGNATURE = "tokens:typed|average:micro|v:2"


def truth_measures(answers: Sequence[str], examples: Sequence[Example]) -> list[Measure]:
    """Measure answers against the tables they were asked about.

    ``cell_precision``: of the distinct table values that the answers state, the share that are
    gold evidence. ``row_precision``: the share that stand in a row with evidence: what the answer
    adds of such a row is true, if not asked for. ``cell_recall``: of the distinct values of the
    evidence cells, the share that the answers state; good references stay below 100, as they
    paraphrase. The three count only examples with evidence and are left out where none has any.
    ``unsupported_numbers`` and ``unsupported_names``: the share of answers with a number, or with
    a capitalised word inside a sentence, that neither table, titles nor question holds; counts and
    sums that an answer works out are such numbers too, and so are names in another form
    ("Spanish" for Spain).

    Args:
        answers: One a example, in the same order.
        examples: What was asked.
    """
    pairs = list(zip(answers, examples, strict=True))
    foreign = np.array([(*_has_foreign(*pair), 1) for pair in pairs], dtype=np.float64)
    found = [
        _share("unsupported_numbers", foreign, 0, 2),
        _share("unsupported_names", foreign, 1, 2),
    ]
    if any(example.evidence for example in examples):
        counts = np.array([_cell_counts(*pair) for pair in pairs], dtype=np.float64)
        found = [
            _share("cell_precision", counts, 2, 1),
            _share("row_precision", counts, 0, 1),
            _share("cell_recall", counts, 2, 3),
            *found,
        ]
    return found


def _share(name: str, counts: FloatArray, part: int, whole: int) -> Measure:
    return Measure(name, f"{name}|{_SIGNATURE}", counts[:, [part, whole]], percentage)


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


def _has_foreign(answer: str, example: Example) -> tuple[bool, bool]:
    """Tell whether the answer has a number, and a name, that nothing it was given holds."""
    said = tokens(answer)
    names = {token.value for token in said if is_name(answer, token)}
    numbers = _numbers(said)
    if not (names or numbers):
        return False, False
    table = example.table
    texts = [table.title, table.section, example.question, *table.header]
    given = tokens("\n".join([*texts, *(cell for row in table.rows for cell in row)]))
    return not numbers <= _numbers(given), not names <= {token.value for token in given}


def _numbers(found: Iterable[Token]) -> set[str]:
    return {token.value.lstrip("-") for token in found if token.kind == "number"}
