import pytest

from gentap.evaluation.truth import truth_measures
from gentap.records import Coordinates, Example
from gentap.table import Table

TABLE = Table(
    ("City", "People", "Note"),
    (("Rome", "4,500", "the"), ("Paris", "2,100", "-"), ("Oslo", "500", "won 3")),
    "Cities in 2020",
    "Europe",
)


def truth(answer: str, evidence: Coordinates = (), question: str = "") -> dict[str, float]:
    example = Example("1", "sentence", question, "", TABLE, evidence)
    return {one.name: one.estimate(samples=5).score for one in truth_measures([answer], [example])}


@pytest.mark.parametrize(
    ("answer", "precision", "recall"),
    [
        ("Rome has 4500 people.", 100, 100),
        ("Rome has 500 people.", 50, 50),
        ("Paris has 2,100.", 0, 0),
        ("ROME, of course the best", 100, 50),
        ("Romeo has 14,500 people", 0, 0),
        ("Nothing.", 0, 0),
        ("", 0, 0),
    ],
)
def test_cells(answer: str, precision: float, recall: float) -> None:
    found = truth(answer, ((0, 0), (0, 1)))
    assert found["cell_precision"] == pytest.approx(precision)
    assert found["cell_recall"] == pytest.approx(recall)


def test_other_cells_of_an_evidence_row_are_true_but_not_asked_for() -> None:
    found = truth("Rome has 4,500.", ((0, 0),))
    assert (found["row_precision"], found["cell_precision"], found["cell_recall"]) == (100, 50, 100)
    found = truth("4,500", ((0, 0),))
    assert (found["row_precision"], found["cell_precision"], found["cell_recall"]) == (100, 0, 0)


def test_a_value_of_two_words_stands_side_by_side() -> None:
    assert truth("It won 3.", ((2, 2),))["cell_recall"] == 100
    assert truth("It won, it had 3.", ((2, 2),))["cell_recall"] == 0


@pytest.mark.parametrize(
    ("answer", "unsupported"),
    [
        ("Rome has 4500 people.", 0),
        ("In 2020 it was 7.", 0),
        ("No number.", 0),
        ("Oslo has 501 people.", 100),
        ("Rome has 4.5 people.", 100),
        ("It fell by -500.", 0),
    ],
)
def test_unsupported_numbers(answer: str, unsupported: float) -> None:
    assert truth(answer, question="Is it 7?")["unsupported_numbers"] == unsupported


@pytest.mark.parametrize(
    ("answer", "unsupported"),
    [
        ("The people of Rome and Paris.", 0),
        ("Berlin has 500.", 0),  # the first word may be one of any sentence
        ("It is Berlin.", 100),
        ("It is in Europe. The other one is not.", 0),
        ('He said: "Many", or (None).', 0),
        ("As The Note says, so it is.", 0),
        ("it is berlin", 0),
    ],
)
def test_unsupported_names(answer: str, unsupported: float) -> None:
    assert truth(answer, question="Is None it?")["unsupported_names"] == unsupported


def test_cells_are_left_out_without_evidence() -> None:
    assert list(truth("Rome")) == ["unsupported_numbers", "unsupported_names"]


def test_examples_count_together_and_only_those_with_evidence() -> None:
    with_one = Example("1", "sentence", "", "", TABLE, ((0, 0), (0, 1)))
    without = Example("2", "sentence", "", "", TABLE)
    other = Example("3", "sentence", "", "", TABLE, ((1, 0),))
    measures = truth_measures(["Rome 4500", "Oslo", "Oslo"], [with_one, without, other])
    found = {one.name: one.estimate(samples=5).score for one in measures}
    assert found["cell_precision"] == pytest.approx(200 / 3)
    assert found["cell_recall"] == pytest.approx(200 / 3)
