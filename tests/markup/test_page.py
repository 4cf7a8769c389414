import pytest

from gentap.markup.page import counts_of, data_table, heading, plain, unique_names
from gentap.table import Table


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NZ [1]", "NZ"),
        ("3× Platinum[8][9]", "3× Platinum"),
        ("a[note 2] b[c]", "a b"),
        ("[sic] [12345]", "[sic] [12345]"),
        ("soft\xadhyphen \u200b zero", "softhyphen zero"),
        ('style="x"| value', "value"),
        ("align=right|5", "5"),
        ("a | b=c", "a | b=c"),
        ("{{dts|2006}} June", "June"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    "text", [" " * 300_000 + "[x", "[" * 300_000, "{{" * 9_000, "a=" * 9_000 + "|"]
)
def test_odd_texts_are_read_in_time(text: str) -> None:
    assert plain(text) is not None
    assert heading(text) is not None


def test_heading() -> None:
    assert heading(" Early life [edit]\n") == "Early life"


def test_unique_names_never_collide() -> None:
    names = unique_names(["a", "a", "a (2)", "", "column 4"])
    assert names == ("a", "a (2)", "a (2) (2)", "column 4", "column 4 (2)")


def test_why_there_is_no_data() -> None:
    assert data_table(["a", "b"], [["", ""]], title="", section="") == "empty"
    assert data_table(["a", ""], [["1", ""]], title="", section="") == "one-column"
    assert data_table(["a"] * 61, [["1"] * 61], title="", section="") == "too-wide"


def test_a_table_of_data() -> None:
    table = data_table(["a", "b", ""], [["1", "", "3"]], title="t", section="s")
    assert isinstance(table, Table)
    assert table.to_record() == {
        "title": "t",
        "section": "s",
        "header": ["a", "b", "column 3"],
        "rows": [["1", "", "3"]],
    }


def test_empty_columns_stay_only_under_a_name_of_their_own() -> None:
    table = data_table(list("aabcc"), [["", "1", "", "2", ""]], title="", section="")
    assert isinstance(table, Table)
    assert (table.header, table.rows) == (("a", "b", "c"), (("1", "", "2"),))


def test_reasons_are_counted_in_the_order_of_the_alphabet() -> None:
    assert counts_of(["empty", "calendar", "empty"]) == (("calendar", 1), ("empty", 2))
    assert counts_of([]) == ()
