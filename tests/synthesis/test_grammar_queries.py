import pytest

from gentap.synthesis.grammar.queries import Condition, Query, evidence, execute
from gentap.synthesis.grammar.view import TableView, compare
from gentap.table import Table

TABLE = Table.padded(
    ["Name", "Team", "Points", "Born"],
    [
        ["Ann", "Reds", "10", "1990"],
        ["Bea", "Reds", "7", "May 1991"],
        ["Cy", "Blues", "7", "3 May 1991"],
        ["Di", "Blues", "1", "1995"],
        ["Total", "", "25", ""],
        ["Eve", "Greens", "20", "1996"],
        ["Greens", "Greens", "Greens", "Greens"],
        ["Name", "Team", "Points", "Born"],
    ],
)


def where(column, operator, *values, of=None):
    return Condition(column, operator, values, of)


@pytest.mark.parametrize(
    ("query", "row"),
    [
        (Query(1, (where(0, "=", "ann"),)), 0),
        (Query(0, (where(1, "=", "Reds"),)), None),
        (Query(0, (where(1, "=", "Reds"), where(2, "=", "7.0"))), 1),
        (Query(0, (where(1, "=", "Reds"), where(0, "!=", "Ann"))), 1),
        (Query(0, (where(0, "=", "Total"),)), None),
        (Query(0, (where(0, "=", "Nobody"),)), None),
        (Query(0, operation="max", column=2), 5),
        (Query(0, operation="max", column=2, rank=2), 0),
        (Query(0, operation="max", column=2, rank=3), None),
        (Query(0, operation="min", column=2), 3),
        (Query(0, operation="min", column=2, rank=2), None),
        (Query(0, operation="max"), None),
        (Query(0, operation="max", column=1), None),
        (Query(0, operation="min", column=3), 0),
        (Query(0, operation="min", column=3, rank=2), None),
        (Query(0, operation="max", column=3), 5),
        (Query(0, (where(1, "=", "Blues"),), "max", 2), 2),
        (Query(0, (where(1, "=", "Greens"),), "max", 2), None),
        (Query(0, operation="first"), 0),
        (Query(0, operation="first", rank=3), 2),
        (Query(0, operation="last"), 5),
        (Query(0, operation="last", rank=2), 3),
        (Query(0, operation="last", rank=5), None),
        (Query(0, (where(0, "=", "Bea"),), "next"), 2),
        (Query(0, (where(0, "=", "Bea"),), "previous"), 0),
        (Query(0, (where(0, "=", "Ann"),), "previous"), None),
        (Query(0, (where(0, "=", "Di"),), "next"), None),
        (Query(0, (where(1, "=", "Reds"),), "next"), None),
        (Query(0, (where(0, "in", "Ann", "Di"),), "max", 2), 0),
        (Query(0, (where(0, "in", "Bea", "Cy"),), "max", 2), None),
        (Query(0, (where(1, "in", "Reds", "Greens"),), "max", 2), None),
        (Query(0, (where(2, ">", "10"),)), 5),
        (Query(0, (where(2, ">", "9"),)), None),
        (Query(0, (where(2, "<", "5"),)), 3),
        (Query(0, (where(2, "<", "$5"),)), None),
        (Query(0, (where(2, "<", "many"),)), None),
        (Query(0, (where(1, "<", "5"),)), None),
        (Query(0, (where(3, "<", "1991"),)), 0),
        (Query(0, (where(3, ">", "1995"),)), 5),
        (Query(0, (where(2, "between", "8", "15"),)), 0),
        (Query(0, (where(2, "between", "10", "15"),)), 0),
        (Query(0, (where(2, "between", "7", "15"),)), None),
        (Query(0, (where(2, "between", "$8", "15"),)), None),
        (Query(0, (where(1, "between", "8", "15"),)), None),
        (Query(0, (where(3, ">", "1991"),), "min", 3), 3),
        (Query(0, (where(3, "<", "1996"),), "max", 3), 3),
        (Query(0, (where(3, ">", "Cy", of=0),), "min", 3), 3),
        (Query(0, (where(3, ">", "Eve", of=0),), "min", 3), None),
        (Query(0, (where(3, ">", "Nobody", of=0),), "min", 3), None),
        (Query(0, (where(3, ">", "Reds", of=1),), "min", 3), None),
        (Query(1, operation="most"), None),
        (Query(2, operation="most"), 1),
        (Query(1, operation="least"), 5),
        (Query(2, operation="least"), None),
        (Query(0, operation="most"), None),
    ],
)
def test_execute(query, row):
    assert execute(query, TABLE) == (None if row is None else (row, query.target))
    assert execute(query, TableView(TABLE)) == execute(query, TABLE)


def test_dates_are_compared_as_far_as_both_go():
    assert compare((1998,), (1998, 5)) == 0
    assert compare((1998, 5, 2), (1998, 5, 1)) == 1
    assert compare((1997, 12), (1998,)) == -1


def test_a_year_alone_ties_with_all_of_its_months():
    rows = [["A", "June 1998"], ["B", "May 1998"], ["C", "1998"], ["D", "May 1997"]]
    table = Table.padded(["Name", "Born"], rows)
    assert execute(Query(0, operation="max", column=1), table) is None
    assert execute(Query(0, operation="min", column=1), table) == (3, 0)
    assert execute(Query(0, operation="max", column=1), table.select([0, 1, 3])) == (0, 0)


def test_cells_are_the_same_when_they_are_said_alike():
    table = Table.padded(
        ["Name", "Team"],
        [["Ann", "@ Reds"], ["Bea", "Blues"], ["Cy", "reds (2)"], ["Di", "Greens"]],
    )
    assert execute(Query(1, operation="most"), table) == (0, 1)
    assert execute(Query(0, (where(1, "=", "Blues"),)), table) == (1, 0)
    assert execute(Query(0, (where(1, "=", "Reds"),)), table) is None


def test_blank_cells_are_not_counted():
    table = Table.padded(["Name", "Team"], [["Ann", "-"], ["Bea", ""], ["Cy", "-"], ["Di", "Reds"]])
    assert execute(Query(1, operation="most"), table) is None
    assert execute(Query(1, operation="least"), table) is None


def test_a_column_with_a_gap_is_not_compared():
    table = Table.padded(["A", "Points"], [["x", "5"], ["y", "—"], ["z", "7"]])
    assert execute(Query(0, operation="max", column=1), table) is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(1, (where(0, "=", "Ann"),)), ((0, 0), (0, 1))),
        (Query(0, operation="max", column=2), ((5, 0), (5, 2))),
        (Query(0, (where(0, "=", "Bea"),), "next"), ((1, 0), (2, 0))),
        (Query(0, (where(0, "in", "Ann", "Di"),), "max", 2), ((0, 0), (0, 2), (3, 0), (3, 2))),
        (Query(0, (where(1, "=", "Reds"), where(0, "!=", "Ann"))), ((0, 0), (1, 0), (1, 1))),
        (Query(0, (where(2, ">", "10"),)), ((5, 0), (5, 2))),
        (Query(0, (where(2, "between", "8", "15"),)), ((0, 0), (0, 2))),
        (Query(0, (where(3, ">", "Cy", of=0),), "min", 3), ((2, 0), (2, 3), (3, 0), (3, 3))),
        (Query(2, operation="most"), ((1, 2), (2, 2))),
        (Query(1, operation="least"), ((5, 1),)),
    ],
)
def test_evidence(query, expected):
    view = TableView(TABLE)
    cell = execute(query, view)
    assert cell is not None
    assert evidence(query, view, cell) == expected


def test_a_last_row_that_adds_the_others_up_is_no_row():
    rows = [["Ann", "3", "1"], ["Bea", "2", ""], ["Cy", "4", "6"], ["Di", "1", "2"]]
    header = ["Player", "Goals", "Caps"]
    assert TableView(Table.padded(header, [*rows, ["All of them", "10", "9"]])).rows == (0, 1, 2, 3)
    assert len(TableView(Table.padded(header, [*rows, ["Eve", "10", "8"]])).rows) == 5
    assert len(TableView(Table.padded(header, [*rows[:2], ["Eve", "5", "1"]])).rows) == 3


@pytest.mark.parametrize("label", ["Career*", "Overall 2001–2013", "40 opponents*", "Totals (7)"])
def test_rows_that_sum_up_are_no_rows(label):
    table = Table.padded(["Club", "Goals"], [["Reds", "3"], ["Blues", "2"], [label, "9"]])
    assert TableView(table).rows == (0, 1)
