"""What an answer rests on, found by matching text."""

from __future__ import annotations

import pytest

from gentap.answering.grounding import matching_cells, restore, unsupported_numbers
from gentap.table import Table

TABLE = Table(
    ("club", "city", "points", "year"),
    (
        ("York City", "York", "1,234", "1998"),
        ("New York Red", "New York", "22", "1998"),
        ("Łódź", "Łódź", "-22", "2001"),
    ),
)
ALL = (0, 1, 2)


@pytest.mark.parametrize(
    ("answer", "cells"),
    [
        ("York City had 1234 points.", ((0, 0), (0, 2))),
        ("New York Red won in 1998.", ((1, 0), (1, 3))),
        ("The score was 11,234.", ()),
        ("It was 22.", ((1, 2),)),
        ("Someone won in 1998.", ((0, 3), (1, 3))),
        ("lodz scored -22 in 2001", ((2, 2), (2, 3))),
        ("", ()),
    ],
)
def test_matching_cells(answer, cells):
    assert matching_cells(answer, TABLE, ALL) == cells


def test_only_rows_that_were_read_count():
    assert matching_cells("York City won in 1998", TABLE, (1, 2)) == ((1, 3),)


def test_stop_words_and_blanks_are_no_evidence():
    table = Table(("a", "b"), (("the", ""), ("in", "x")))
    assert matching_cells("the man in the x", table, (0, 1)) == ((1, 1),)


def test_numbers_from_nowhere():
    known = ["in 1998", "1,234 points"]
    assert unsupported_numbers("1234 in 1998, then 5 and 7.5.", known) == ["5", "7.5"]


def test_spelling_is_restored():
    fold = {"Łódź": "Lodz", "ł": "l"}.get
    answer = restore("Lodz won; Lodzer lost.", ["KS Łódź"], lambda text: fold(text, text))
    assert answer == "Łódź won; Lodzer lost."
    assert restore("plain", ["ascii"], lambda text: text) == "plain"
