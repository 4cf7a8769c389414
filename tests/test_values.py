import pytest

from gentap.values import (
    Quantity,
    column_kind,
    is_blank,
    normalize,
    parse_date,
    parse_number,
    parse_quantity,
    strip_footnotes,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("1,234.5", 1234.5),
        ("−5", -5),
        ("-0.5", -0.5),
        (".599", 0.599),
        ("45%", 45),
        ("45.3 %", 45.3),
        ("$1.2", 1.2),
        ("$ 38,251,425", 38251425),
        ("$1.2 million", 1.2e6),
        ("£3m", 3e6),
        ("2.5 billion", 2.5e9),
        ("3rd", 3),
        ("1,234 m", 1234),
        ("12 km²", 12),
        ("1,234[a]", 1234),
        (" 7 * ", 7),
        ("1998", 1998),
    ],
)
def test_number_is_read(text, value):
    assert parse_number(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4,5,6",
        "1,23",
        "12,34,567",
        "1.234.567",
        "1998–99",
        "12 Monkeys",
        "3-1",
        "5 (2)",
        "3rd m",
        "2:13.4",
        "$5 km",
        "$5 million m",
        "v",
        "m",
        "%",
        "$",
        "5 ft 10 in",
        "1 2",
    ],
)
def test_anything_else_is_no_number(text):
    assert parse_number(text) is None


def test_quantity_has_a_canonical_unit():
    assert parse_quantity("3 metres") == parse_quantity("3 m") == Quantity(3, "m")
    assert parse_quantity("US$ 5") == Quantity(5, "US$")
    assert parse_quantity("5 percent") == Quantity(5, "%")
    assert parse_quantity("5th") == Quantity(5)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1998", (1998,)),
        ("1998[1]", (1998,)),
        ("12 May 1998", (1998, 5, 12)),
        ("12th of May, 1998", (1998, 5, 12)),
        ("May 12, 1998", (1998, 5, 12)),
        ("May 12 , 1998", (1998, 5, 12)),
        ("Sept. 2, 2001", (2001, 9, 2)),
        ("Sunday, 12 may 1998", (1998, 5, 12)),
        ("1998-05-12", (1998, 5, 12)),
        ("May 1998", (1998, 5)),
        ("29 February 2000", (2000, 2, 29)),
    ],
)
def test_date_is_read(text, date):
    assert parse_date(text) == date


@pytest.mark.parametrize(
    "text",
    [
        "",
        "May 12",
        "May",
        "12 May",
        "Sunday",
        "0998",
        "2101",
        "1998-13-01",
        "1998-02-30",
        "30 February 2000",
        "31 April 1999",
        "12/05/1998",
        "1998–99",
        "in 1998",
        "1,998",
        "98",
    ],
)
def test_anything_else_is_no_date(text):
    assert parse_date(text) is None


@pytest.mark.parametrize("text", ["", " ", "-", "—", "N/A", "tbd", "–", "[a]", "?", "*"])
def test_blank_cells(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "No", "a", "- 5", "NA Hockey"])
def test_other_cells_say_something(text):
    assert not is_blank(text)


def test_footnotes_are_stripped_from_the_end_only():
    assert strip_footnotes(" Paul [1] Menard * † [note 2]") == "Paul [1] Menard"


def test_normalize_folds_what_says_the_same():
    assert normalize("New  York*") == normalize("new york")
    assert normalize("1,000") == normalize("1000.0") != normalize("1000 m")
    assert normalize("3rd") == normalize("3")


@pytest.mark.parametrize(
    ("cells", "header", "kind"),
    [
        (["1", "2", "x y"], "", "text"),
        (["1", "2", "—", ""], "", "number"),
        (["1"] * 9 + ["some"], "Points", "number"),
        (["1"] * 8 + ["some", "some"], "Points", "text"),
        (["5"], "Points", "text"),
        ([], "", "text"),
        (["1998", "2001"], "", "year"),
        (["1998", "2001"], "Year", "year"),
        (["1998", "2001"], "Capacity", "number"),
        (["1998", "2,001"], "Year", "number"),
        (["1998", "May 2001"], "Capacity", "date"),
        (["May 5, 1998", "May 2001"], "", "date"),
        (["Spain", "France"], "Year", "text"),
    ],
)
def test_column_kind(cells, header, kind):
    assert column_kind(cells, header) == kind
