import random
import time
from collections import Counter

import pytest

from gentap.synthesis.grammar import Grammar
from gentap.synthesis.grammar_rankings import round_between
from gentap.table import Table
from tests.synthesis.grammar_tables import DRIVERS, FILMS, ODD

GRAMMAR = Grammar.load()


def ask(table, count=200, seed=0):
    return GRAMMAR.generate(table, count, random.Random(seed))


def test_same_seed_same_questions():
    assert ask(DRIVERS, 30, 7) == ask(DRIVERS, 30, 7)
    assert ask(DRIVERS, 30, 7) != ask(DRIVERS, 30, 8)


def test_count_and_distinctness():
    questions = [asked.question for asked in ask(DRIVERS, 25)]
    assert len(questions) == len(set(questions)) == 25
    assert ask(DRIVERS, 0) == []


def test_every_family_asks():
    families = Counter(asked.family for table in (DRIVERS, FILMS, ODD) for asked in ask(table, 400))
    assert set(families) == {name for name, _ in GRAMMAR.rules.families.items}


def test_evidence_of_a_lookup_and_of_a_comparison():
    asked = {entry.family: entry for entry in ask(DRIVERS, 300)}
    lookup = asked["lookup"]
    (condition,) = lookup.query.conditions
    assert lookup.evidence == tuple(sorted([lookup.cell, (lookup.cell[0], condition.column)]))
    comparison = asked["comparison"]
    assert len(comparison.evidence) == 4
    assert {row for row, _ in comparison.evidence} >= {comparison.cell[0]}
    assert all(name in comparison.question for name in comparison.query.conditions[0].values)


def test_totals_are_never_the_most():
    most = {q.answer for q in ask(DRIVERS, 400) if "most points" in q.question.lower()}
    assert most
    assert not most & {"Total", "Eve East"}


def test_ties_are_not_asked_about():
    table = Table.padded(
        ["Player", "Goals"], [["Ann", "5"], ["Bea", "5.0"], ["Cy", "3"], ["Di", "2"]]
    )
    for asked in ask(table, 300):
        assert not (asked.query.operation == "max" and not asked.query.conditions)
        assert {asked.query.conditions[0].values} != {("5",)} if asked.family == "lookup" else True


def test_numbers_of_different_units_are_not_compared():
    table = Table.padded(["Bridge", "Length"], [["A a", "5 m"], ["B b", "1 km"], ["C c", "30 m"]])
    assert not [asked for asked in ask(table) if asked.query.column == 1]


def test_a_year_within_another_cell_is_no_key():
    table = Table.padded(["Year", "Film"], [["2003", "Alpha"], ["2003, 2008", "Beta"]])
    assert not [
        q
        for q in ask(table)
        if q.query.conditions
        and q.query.conditions[0].column == 0
        and q.query.conditions[0].values == ("2003",)
    ]


def test_a_bare_value_that_stands_in_two_columns_is_not_asked_for():
    table = Table.padded(
        ["Home", "Away", "Score"],
        [["Oslo", "Rome", "1-0"], ["Rome", "Bonn", "2-1"], ["Kiev", "Oslo", "3-0"]],
    )
    questions = [q.question for q in ask(table, 400)]
    assert any("score of Kiev" in question for question in questions)
    assert not any("score of Rome" in question for question in questions)


@pytest.mark.parametrize(
    "table",
    [
        Table(("Name", "Age"), ()),
        Table.padded(["Name", "Age"], [["Ann", "5"]]),
        Table.padded(["Name"], [["Ann"], ["Bea"]]),
        Table.padded(["", "Column 3"], [["a", "b"], ["c", "d"]]),
        Table.padded(["Name", "x" * 41], [["Ann", "1"], ["Bea", "2"]]),
        Table.padded(["Name", "Age"], [["", "-"], ["—", "N/A"]]),
        Table.padded(["Name", "Name"], [["a", "b"], ["c", "d"]]),
        Table.padded(["Name", "Total"], [["a" * 61, "b"], ["c" * 61, "d"]]),
    ],
)
def test_tables_that_give_nothing(table):
    assert ask(table) == []


@pytest.mark.parametrize(
    ("low", "high", "bound"),
    [
        (38, 112, 100),
        (5, 7, 6),
        (0.591, 0.604, 0.6),
        (-3, -1, -2),
        (1948, 1951, 1950),
        (5, 5, None),
    ],
)
def test_bounds_are_round(low, high, bound):
    assert round_between(low, high) == bound


def test_close_values_still_have_a_bound():
    assert round_between(1.0, 1.0000001) == 1.0


def test_thousands_of_questions_a_second():
    rows = [
        [f"Name {i}", f"Team {i % 4}", str(i * 7 % 23), str(1980 + i), f"City {i}"]
        for i in range(20)
    ]
    table = Table.padded(["Player", "Team", "Points", "Year", "City"], rows, title="T")
    start = time.process_time()
    total = sum(len(ask(table, 20, seed)) for seed in range(50))
    assert total / (time.process_time() - start) > 1000
