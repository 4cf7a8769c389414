"""Two questions of one table in one."""

import random

import pytest

from gentap.records import Example
from gentap.synthesis.pairing import MOST_WORDS, paired
from gentap.table import Table

TABLE = Table(("Film", "Year"), (("Heat", "1995"), ("Ali", "2001"), ("Thief", "1981")), "Mann")
OTHER = Table(("Film", "Year"), (("Alien", "1979"),), "Scott")


def example(row, question, answer, table=TABLE):
    return Example(f"s-{row}", "sentence", question, answer, table, ((row, 0), (row, 1)))


HEAT = example(0, "When was Heat made?", "Heat was made in 1995.")
ALI = example(1, "In what year was Ali made?", "The film Ali was made in 2001 (or so).")


def pairs(*examples, share=0.5):
    return list(paired(examples, share, random.Random(0)))


def test_questions_and_sentences_are_joined_in_the_same_order():
    said = {
        (
            "When was Heat made, and in what year was Ali made?",
            "Heat was made in 1995, and the film Ali was made in 2001 (or so).",
            ((0, 0), (0, 1), (1, 0), (1, 1)),
        ),
        (
            "In what year was Ali made, and when was Heat made?",
            "The film Ali was made in 2001 (or so), and Heat was made in 1995.",
            ((1, 0), (1, 1), (0, 0), (0, 1)),
        ),
    }
    drawn = {
        (one.question, one.answer, one.evidence)
        for seed in range(20)
        for one in paired([HEAT, ALI], 0.5, random.Random(seed))
    }
    assert drawn == said


def test_each_has_an_id_of_its_own():
    (pair,) = pairs(HEAT, ALI)
    assert pair.id in {"s-0-1", "s-1-0"}


@pytest.mark.parametrize(
    "other",
    [
        example(0, "When was Alien made?", "Alien was made in 1979.", OTHER),
        example(0, "What was made in 1995?", "Heat was made in 1995."),
        example(1, "Who made Ali?", 'Ali is by the "master".'),
        example(1, "What was long?", f"{'It was very ' * MOST_WORDS}long."),
    ],
    ids=["other table", "same row", "no plain end", "long"],
)
def test_what_does_not_go_together_stays_alone(other):
    assert pairs(HEAT, other) == []


def test_no_more_than_the_share_and_each_once():
    films = [example(n, f"When was Film {n} made?", f"Film {n} was made.") for n in range(40)]
    assert len(pairs(*films, share=0.2)) == 10
    parts = [part for one in pairs(*films) for part in one.id.removeprefix("s-").split("-")]
    assert len(parts) == len(set(parts)) == 40
    assert pairs(*films, share=0.0) == []


def test_names_and_the_first_person_keep_their_capitals():
    said = [
        example(1, "Who made Ali?", "I made Ali."),
        example(2, "Who made Thief?", "Us Two made Thief."),
    ]
    (pair,) = pairs(*said)
    assert "I made Ali" in pair.answer
