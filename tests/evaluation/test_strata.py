import numpy as np
import pytest

from gentap.evaluation.strata import stratify
from gentap.records import Example
from gentap.table import Table


def example(rows: int, words: int = 2, cells: int = 0) -> Example:
    table = Table(("A",), (("x",),) * rows)
    evidence = tuple((row, 0) for row in range(cells))
    return Example("1", "sentence", "Who?", " ".join(["w"] * words), table, evidence)


def test_ranges_are_of_about_equal_size_and_cover_everything() -> None:
    scores = {"one": np.arange(1, 13) * 1.0, "other": np.zeros(12)}
    found, *_ = stratify([example(rows) for rows in range(1, 13)], scores)
    assert found.title == "Rows of the table"
    assert found.labels == ["1-3", "4-6", "7-9", "10-12"]
    assert found.counts == [3, 3, 3, 3]
    assert found.means == {"one": [2, 5, 8, 11], "other": [0, 0, 0, 0]}
    assert found.errors["one"][0] == pytest.approx(1.96 / 3**0.5)
    assert found.errors["other"] == [0, 0, 0, 0]


def test_equal_values_share_a_range() -> None:
    examples = [example(5, words, cells=2) for words in (1, 1, 1, 1, 1, 1, 9)]
    rows, words, cells = stratify(examples, {"one": np.ones(7)})
    assert (rows.labels, rows.counts) == (["5"], [7])
    assert (words.labels, words.counts) == (["1", "9"], [6, 1])
    assert (cells.labels, cells.counts) == (["2"], [7])
    assert words.errors["one"] == [0, 0]
