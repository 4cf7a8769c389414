import pytest

from gentap.synthesis.columns import columns_of
from gentap.table import Table

ROWS = (
    ("1", "Heat", "Rome", "French", "31"),
    ("2", "Ali", "Rome", "Dutch", "32"),
    ("3", "Fox", "Oslo", "Dutch", ""),
)


def table(*header, rows=ROWS):
    return Table(header, rows)


def test_a_row_is_about_its_first_text_that_hardly_repeats():
    assert columns_of(table("No.", "Film", "City", "Language", "Age")).subject == 1
    assert columns_of(table("A", "B", rows=(("Rome", "1"), ("Rome", "2")))).subject is None
    assert columns_of(table("A", rows=())).subject is None


@pytest.mark.parametrize("name", ["City", "City or town", "Place of birth", "Submitting country"])
def test_places_are_told_by_the_columns_name(name):
    assert columns_of(table("No.", "Film", name, "Language", "Age")).places == {2}


def test_neither_the_subject_nor_a_count_is_such_a_place():
    assert columns_of(table("No.", "City", "Film", "x", "County population")).places == set()


def test_languages_are_told_by_the_columns_name():
    assert columns_of(table("No.", "Film", "City", "Original language", "Age")).languages == {3}
