"""The proofs of questions about random tables hold for a second executor, which is DuckDB."""

import importlib.util
import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gentap.synthesis.grammar import Condition, Grammar, Query, execute
from gentap.synthesis.grammar.view import TableView
from gentap.table import Table
from gentap.values import column_kind
from tests.synthesis.grammar_tables import ALL, DRIVERS

GRAMMAR = Grammar.load()


@pytest.fixture(scope="module")
def executor():
    path = Path(__file__).parents[2] / "benchmarks" / "grammar.py"
    spec = importlib.util.spec_from_file_location("benchmark_of_the_grammar", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.Executor()


def random_table(rng):
    """A table with ties, blanks, footnotes, mixed dates, totals and repeated headers."""
    makers = {
        "Player": lambda: f"{rng.choice('ABCDEFGH')}{rng.choice('ab')} Smith",
        "Team": lambda: rng.choice(["Reds", "Blues", "blues", "Greens *", "-", "Reds (2)"]),
        "Points": lambda: str(rng.randint(0, 12)),
        "Gross": lambda: rng.choice(["$5", "$1,000", "$2 million", "$7", "$70", "$0.5"]),
        "Year": lambda: str(rng.randint(1990, 2005)),
        "Opened": lambda: rng.choice(
            ["May 1990", "1990", "31 December 1990", "1991", "7 June 1992", "1993-01-02"]
        ),
        "City": lambda: rng.choice(["Rome", "Oslo", "Paris", "San Juan", "Juan", ""]),
        "Rank": lambda: f"{rng.randint(1, 9)}th",
        "Opponent": lambda: rng.choice(["@ Bulls", "Bulls", "at Chicago Bulls", "Kings", "Bills"]),
        "Location": lambda: rng.choice(["Rome", "Rome, Italy", "Oslo", "Paris"]),
        "Film": lambda: rng.choice(["Heat", "Heat II", "Up", "Ran", "Alien", "2001", "Solaris"]),
        "Director": lambda: rng.choice(["Ann", "Bob", "Cy", "Ann and Bob"]),
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


def test_a_second_executor_finds_the_same_single_row(executor):
    asked = []
    for seed in range(150):
        rng = random.Random(1000 + seed)
        table = random_table(rng)
        asked += [(table, one) for one in GRAMMAR.generate(table, 30, rng)]
    assert {one.family for _, one in asked} >= set(GRAMMAR.rules.families) - {"odd_one_out"}
    for (table, one), rows in zip(asked, executor.answers(asked), strict=True):
        assert rows == [one.cell[0]], (one, table)


def where(column, operator, *values, of=None):
    return Condition(column, operator, values, of)


LIST = Table.padded(
    ["City", "Country", "People", "Founded"],
    [
        ["Rome", "Italy", "5", "1990"],
        ["Oslo", "Norway (EU)", "7", "May 1991"],
        ["Rome, NY", "Italy", "7", "3 May 1991"],
        ["Bonn", "Peru", "1", "1995"],
    ],
)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (Query(1, (where(0, "=", "Rome"),)), {0, 2}),
        (Query(0, (where(1, "=", "Italy"),)), {0, 2}),
        (Query(0, (where(1, "=", "Italy"), where(0, "!=", "Rome, NY"))), {0}),
        (Query(0, (where(2, "=", "7.0"),)), {1, 2}),
        (Query(0, (where(1, "=", "norway"),)), {1}),
        (Query(0, (), "max", 2), set()),
        (Query(0, (), "min", 2), {3}),
        (Query(0, (), "min", 2, 2), {0}),
        (Query(0, (), "max", 3), {3}),
        (Query(0, (), "max", 3, 2), set()),
        (Query(0, (where(2, ">", "6"),)), {1, 2}),
        (Query(0, (where(3, ">", "1991"),)), {3}),
        (Query(0, (where(3, "<", "1991"),)), {0}),
        (Query(0, (where(3, ">", "Rome, NY", of=0),), "min", 3), {3}),
        (Query(0, (where(2, "between", "2", "6"),)), {0}),
        (Query(0, (where(2, "between", "5", "6"),)), set()),
        (Query(0, (where(0, "in", "Oslo", "Bonn"),), "max", 2), {1}),
        (Query(0, (where(0, "=", "Oslo"),), "next"), {2}),
        (Query(0, (), "last", rank=2), {2}),
        (Query(1, (), "most"), {0}),
        (Query(1, (), "least"), {1, 3}),
    ],
)
def test_the_second_executor_sees_every_doubt(executor, query, rows):
    (question,) = GRAMMAR.generate(DRIVERS, 1, random.Random(0))
    (found,) = executor.answers([(LIST, replace(question, query=query))])
    assert set(found) == rows


def test_all_questions_about_all_tables_are_confirmed(executor):
    asked = [
        (table, one) for table in ALL for one in GRAMMAR.generate(table, 400, random.Random(1))
    ]
    assert {one.family for _, one in asked} == set(GRAMMAR.rules.families)
    for (_, one), rows in zip(asked, executor.answers(asked), strict=True):
        assert rows == [one.cell[0]], one


CELLS = "|-|5|1,000|3rd|1998|May 1998|12 May 1998|$5 m|x|5 (2)|7*|1998–99|Ann|20%|1999-01-02"


@given(st.lists(st.sampled_from(CELLS.split("|")), max_size=9), st.sampled_from(["Year", "Points"]))
def test_columns_are_told_apart_as_everywhere_in_the_package(cells, header):
    rows = [[f"n{number}", cell] for number, cell in enumerate(cells)]
    view = TableView(Table.padded(["Name", header], rows))
    assert view.kind(1) == column_kind(cells, header)
