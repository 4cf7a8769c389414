import random

import pytest

from gentap.synthesis.grammar import Grammar
from gentap.synthesis.grammar_columns import Profile
from gentap.table import Table
from tests.synthesis.grammar_tables import DRIVERS, FILMS, ODD

GRAMMAR = Grammar.load()


def ask(table, count):
    return GRAMMAR.generate(table, count, random.Random(0))


@pytest.mark.parametrize("table", [DRIVERS, FILMS, ODD])
def test_questions_read_like_questions(table):
    for asked in ask(table, 300):
        assert asked.question[0].isupper()
        assert asked.question.endswith("?")
        assert not set("[]") & set(asked.question.replace("[a]", ""))
        assert "  " not in asked.question
        assert "notes" not in asked.question.lower()


def test_titles_are_mentioned_sometimes_and_only_where_there_are_any():
    titled = ["1970 Grand Prix" in asked.question for asked in ask(DRIVERS, 200)]
    assert 0.05 < sum(titled) / len(titled) < 0.6
    assert not any("page" in asked.question for asked in ask(ODD, 200))


@pytest.mark.parametrize(
    ("header", "cells", "phrase"),
    [
        ("Winner(s)", ["a", "b"], "winner"),
        ("Platform ( s )", ["a", "b"], "platform"),
        ("Release Date", ["a", "b"], "release date"),
        ("Original NFL team", ["a", "b"], "original NFL team"),
        ("French title", ["a", "b"], "French title"),
        ("City , State", ["a", "b"], "city, state"),
        ("# of accidents", ["1", "2"], "accidents"),
        ("# of rounds", ["a", "b"], "number of rounds"),
        ("No.", ["1", "2"], "number"),
        ("Gold", ["1", "2"], "gold medals"),
        ("Gold", ["Ann", "Bea"], "gold"),
        ("Opened", ["1990", "1991"], "opening date"),
        ("Chart-Positions UK", ["1", "2"], "chart-positions UK"),
    ],
)
def test_column_phrases(header, cells, phrase):
    table = Table.padded(["Name", header], [["x", cells[0]], ["y", cells[1]]])
    assert [column.phrase for column in Profile(table, GRAMMAR.rules.lexicon).columns][1:] == [
        phrase
    ]


def test_question_words_follow_the_columns():
    questions = [asked.question for asked in ask(DRIVERS, 600)]
    assert any(question.startswith("How many points") for question in questions)
    assert any(question.startswith("Who") for question in questions)
    assert not any("the points of" in question for question in questions)
    assert any("was Alpha opened" in asked.question for asked in ask(FILMS, 600))


def test_one_of_something_is_singular():
    questions = [asked.question for asked in ask(DRIVERS, 900)]
    assert any("has 1 point?" in question for question in questions)
    assert not any("1 points" in question for question in questions)
