import pytest

from gentap.synthesis.spellings import Names, is_distinctive, spellings


def keys(cell, kind=None):
    return {" ".join(one.key) for one in spellings(cell) if kind in (None, one.kind)}


@pytest.mark.parametrize(
    ("cell", "whole"),
    [
        ("Heat (film)", {"heat film", "heat"}),
        ("19 August 1978", {"19 august 1978", "august 19 1978", "1978 august 19"}),
        ("1,234", {"1234"}),
        ("Leo Awards", {"leo awards", "leo award"}),
        ("7", set()),
        ("n/a", set()),
        ("Total", set()),
        ("", set()),
        ("(", set()),
    ],
)
def test_whole_cells(cell, whole):
    assert keys(cell, "whole") == whole


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("Amman, Jordan", {"amman", "jordan"}),
        ("Nick Crowe/Mark Cox", {"nick crowe", "mark cox"}),
        ("Ann Lee & Bea Fox", {"ann lee", "bea fox"}),
        ("1,234", set()),
        ("Mark Lee 李国煌", {"mark lee", "李 国 煌"}),
        ("1622–1648", {"1622", "1648"}),
        ("1998–99", set()),
        ("68,200 koku", {"68200"}),
        ("12 km", set()),
        ("189 (93 overs) C. K. Nayudu 140 W. E. Bowes 4/49", {"189", "140", "w e bowes"}),
        ("Built in 1922 by men from Rome, this was one of the first of its kind", set()),
    ],
)
def test_parts_of_cells(cell, parts):
    assert keys(cell, "part") >= parts
    assert bool(keys(cell, "part")) == bool(parts)


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("19 August 1978", {"1978", "august 1978", "19 august", "august 19"}),
        ("August 1978", {"1978"}),
        ("3 May 1998 – 4 June 2001", {"1998", "2001"}),
        ("1978", set()),
        ("May Day", set()),
    ],
)
def test_parts_of_dates(cell, parts):
    assert keys(cell, "date") >= parts
    assert bool(keys(cell, "date")) == bool(parts)


@pytest.mark.parametrize(
    ("cell", "ends"),
    [
        ("Christian Coleman", {"coleman"}),
        ("Laurence Olivier Award", {"olivier award", "laurence olivier"}),
        ("Ludwig van Beethoven", {"beethoven"}),
        ("best actor", set()),
        ("Kansas City", set()),  # "the City" may be any
        ("Ann Lee", set()),  # too short to be told from a word
        ("Coleman", set()),
    ],
)
def test_ends_of_names(cell, ends):
    assert keys(cell, "name") == ends


def clear(part, cell, *others, title=""):
    (spelling,) = (one for one in spellings(cell) if one.key == tuple(part.split()))
    return Names([cell, *others], title).is_clear(spelling)


def test_a_part_of_a_name_is_clear_where_no_other_name_has_it():
    assert clear("coleman", "Christian Coleman", "Usain Bolt")
    assert not clear("coleman", "Christian Coleman", "Ann Coleman")
    assert not clear("coleman", "Christian Coleman", "Coleman")
    assert not clear("coleman", "Christian Coleman", title="Ann Coleman")
    assert clear("coleman", "Christian Coleman (USA)", "Christian Coleman, Usain Bolt")
    assert clear("meier", "Germany Georg Meier", title="Georg Meier (racer)")


def test_numbers_of_three_digits_are_distinctive_years_are_not():
    assert is_distinctive("345")
    assert is_distinctive("-3.45")
    assert not is_distinctive("1998")
    assert not is_distinctive("34")
    assert not is_distinctive("abc")
