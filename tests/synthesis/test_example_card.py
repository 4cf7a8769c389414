from gentap.records import Example, Source
from gentap.synthesis.example_card import SAMPLES, example_card
from gentap.table import Table

TABLE = Table(("Film", "Year"), (("Heat", "1995"), ("Ali", "2001")), "Mann")
REPORT = {
    "seen": 1200,
    "kept": 20,
    "pairs": 4,
    "cells": 20,
    "dropped": {"too-short": 3, "duplicate": 7},
}


def examples(number=20):
    for n in range(number):
        evidence = ((0, 0), (1, 0)) if n % 4 == 0 else ((0, 0), (0, 1))
        answer = "Heat was made in 1995." + " It was long, they say." * (n == 7)
        question = f"Which film was made in {1990 + n}?"
        yield Example(f"s{n}", "sentence", question, answer, TABLE, evidence, Source("u", "CC0"))
        yield Example(f"c{n}", "cell", "How old is Heat?", "1995", TABLE, ((0, 1),))


def test_the_card_says_how_many_how_long_and_how_they_ask():
    text = example_card(REPORT, examples())
    assert "| sentences seen | 1,200 |" in text
    assert "| pairs of them | 4 |" in text
    assert text.index("| duplicate | 7 |") < text.index("| too-short | 3 |")
    assert "| CC0 | 20 |" in text
    assert "| which film | 20 |" in text
    assert "| how old | 20 |" in text
    assert "| about several rows | 25% |" in text
    assert "| words of a question: mean, median | 6.0, 6 |" in text
    assert "| different pairs of words in the questions, of all | 24 of 100 |" in text
    assert "  4-7   ######################################## 19\n  8-11  ## 1\n" in text
    assert text.count("\n> **") == 2 * SAMPLES
    assert "| **Heat** | **1995** |" in text


def test_a_kind_without_examples_is_not_mentioned():
    text = example_card(REPORT, (one for one in examples(2) if one.kind == "cell"))
    assert "Sentence examples" not in text
    assert "## Cell examples" in text
    assert text.count("\n> **") == 2
