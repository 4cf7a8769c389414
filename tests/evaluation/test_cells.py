from typing import Any

import pytest

from gentap.evaluation.cells import cell_measures, denotation
from gentap.records import Example
from gentap.table import Table

TABLE = Table(("Name", "Won"), (("Ann", "1,200"), ("Bob", "12 May 1998")))


def example(answer: str, *evidence: tuple[int, int]) -> Example:
    return Example("1", "cell", "Who?", answer, TABLE, evidence)


def pointing(value: str, row: int) -> dict[str, Any]:
    return {"cell": {"value": value, "row": row, "column": 1}}


def scores(predictions: list[dict[str, Any]], examples: list[Example]) -> dict[str, float]:
    found = cell_measures(predictions, examples)
    return {one.name: one.aggregate(one.statistics.sum(axis=0)) for one in found}


@pytest.mark.parametrize(
    ("one", "other"),
    [("1,200", "1200.0"), ("12 May 1998", "May 12, 1998"), ("São Paulo", "sao  paulo"),
     ("1998", "1998[a]"), ("?", "?")],
)  # fmt: skip
def test_texts_that_denote_the_same(one: str, other: str) -> None:
    assert denotation(one) == denotation(other)


@pytest.mark.parametrize(
    ("one", "other"), [("1998", "1999"), ("12 May 1998", "May 1998"), ("?", "-"), ("500", "4,500")]
)
def test_texts_that_do_not(one: str, other: str) -> None:
    assert denotation(one) != denotation(other)


def test_scores() -> None:
    found = scores(
        [pointing("1,200", 0), pointing("1,200", 1), pointing("Bob", 1), {"cell": None}],
        [example("1,200", (0, 1)), example("1200", (0, 1)), example("Ann", (1, 0)), example("")],
    )
    assert found == {
        "exact_match": 25,
        "denotation_accuracy": 50,
        "right_row": pytest.approx(200 / 3),  # the last has no evidence
    }


def test_rows_are_not_judged_without_evidence() -> None:
    assert set(scores([pointing("Ann", 0)], [example("Ann")])) == {
        *("exact_match", "denotation_accuracy")
    }
