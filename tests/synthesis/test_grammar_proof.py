"""The proofs of random questions hold for a second, independent executor."""

import random

import pytest

from gentap.synthesis.grammar import Grammar, execute
from gentap.table import Table
from gentap.values import is_blank, normalize, parse_date, parse_quantity

GRAMMAR = Grammar.load()


def random_table(rng):
    """A table with ties, blanks, footnotes, mixed dates, totals and repeated headers."""
    makers = {
        "Player": lambda: f"{rng.choice('ABCDEFGH')}{rng.choice('ab')} Smith",
        "Team": lambda: rng.choice(["Reds", "Blues", "blues", "Greens *", "-"]),
        "Points": lambda: str(rng.randint(0, 12)),
        "Gross": lambda: rng.choice(["$5", "$1,000", "$2 million", "$7", "$70", "$0.5"]),
        "Year": lambda: str(rng.randint(1990, 2005)),
        "Opened": lambda: rng.choice(
            ["May 1990", "1990", "31 December 1990", "1991", "7 June 1992", "1993-01-02"]
        ),
        "City": lambda: rng.choice(["Rome", "Oslo", "Paris", ""]),
        "Rank": lambda: f"{rng.randint(1, 9)}th",
        "Location": lambda: rng.choice(["Rome", "Rome, Italy", "Oslo", "Paris"]),
    }
    header = rng.sample(sorted(makers), rng.randint(2, 7))
    rows = [[makers[name]() for name in header] for _ in range(rng.randint(1, 14))]
    if rng.random() < 0.3:
        rows.insert(rng.randrange(len(rows) + 1), ["Total"] + ["99"] * (len(header) - 1))
    return Table.padded(header, rows, title=rng.choice(["", "Some page", "List of things"]))


@pytest.mark.parametrize("seed", range(60))
def test_answers_are_proven(seed):
    rng = random.Random(seed)
    table = random_table(rng)
    for asked in GRAMMAR.generate(table, 40, rng):
        row, column = asked.cell
        assert execute(asked.query, table) == asked.cell
        assert asked.answer == table.rows[row][column]
        assert asked.answer not in ("", "-")
        assert table.rows[row][0] != "Total"
        assert asked.cell in asked.evidence
        assert list(asked.evidence) == sorted(set(asked.evidence))
        assert all(r < len(table.rows) and c < table.width for r, c in asked.evidence)
        for condition in asked.query.conditions:
            if condition.operator in "=in" and asked.query.operation in ("only", "max", "min"):
                assert any(c == condition.column for _, c in asked.evidence)
                assert condition.column != asked.query.target or condition.operator == "in"


def number(text, dated):
    """Return a number to compare by; dates of every precision share one scale, 1000 to a year."""
    date = parse_date(text)
    if dated and date is not None:
        year, month, day = (*date, 0, 0)[:3]
        return float(year * 1000 + month * 31 + day)
    quantity = parse_quantity(text)
    return None if quantity is None else quantity.value


def answers(query, table):
    """Answer a query with data frames, sharing only the parsers of cells with `execute`."""
    polars = pytest.importorskip("polars")
    columns = zip(*table.rows, strict=True)
    dated = [any(len(parse_date(cell) or ()) > 1 for cell in cells) for cells in columns]
    said = [row for row, cells in enumerate(table.rows) if not all(map(is_blank, cells))]
    keep = [row for row in said if len(table.header) < 3 or len(set(table.rows[row])) > 1]
    columns = {"row": keep}
    for index in range(table.width):
        cells = [table.rows[row][index] for row in keep]
        columns[f"text{index}"] = list(map(normalize, cells))
        columns[f"value{index}"] = [number(cell, dated[index]) for cell in cells]
    frame = seen = polars.DataFrame(columns).filter(polars.col("text0") != "total")
    for condition in query.conditions:
        text, value = frame[f"text{condition.column}"], frame[f"value{condition.column}"]
        wanted = list(map(normalize, condition.values))
        if condition.operator in ("=", "in"):
            frame = frame.filter(text.is_in(wanted))
        elif condition.operator == "!=":
            frame = frame.filter(~text.is_in(wanted))
        else:
            bound = number(condition.values[0], dated[condition.column])
            end_of_year = 999 if dated[condition.column] else 0
            beyond = value > bound + end_of_year if condition.operator == ">" else value < bound
            frame = frame.filter(beyond)
    if query.operation in ("max", "min"):
        ranks = frame[f"value{query.column}"].rank("dense", descending=query.operation == "max")
        frame = frame.filter(ranks == query.rank)
    elif query.operation in ("first", "last"):
        frame = frame.sort("row", descending=query.operation == "last")[query.rank - 1]
    elif query.operation in ("next", "previous"):
        (row,) = frame["row"].to_list()
        frame = seen.filter(seen["row"] == row + (1 if query.operation == "next" else -1))
    return [(row, query.target) for row in frame["row"].to_list()]


@pytest.mark.parametrize("seed", range(25))
def test_an_independent_executor_finds_the_same_single_cell(seed):
    rng = random.Random(1000 + seed)
    table = random_table(rng)
    for asked in GRAMMAR.generate(table, 25, rng):
        assert answers(asked.query, table) == [asked.cell], asked
