"""From an aligned sentence to a question: what is asked for, and which questions are kept."""

import math
import random
from dataclasses import replace

import pytest

from gentap.linearize import Linearizer
from gentap.records import Alignment, Source
from gentap.runtime.engine import Output, Sentence
from gentap.synthesis.questions import (
    MOST_ASKED_WORDS,
    EngineWriter,
    Request,
    candidates,
    choose_asked,
    is_definition,
    is_english,
)
from gentap.table import Table
from gentap.tokenization import Tokenizer
from tests.tiny import tiny_tokenizer

TABLE = Table(
    ("Year", "Film", "Role", "Country"),
    (("1953", "Andes", "Carlos", "Peru"), ("1954", "Everest", "Tenzing", "Peru")),
    "Red River",
)


def aligned(sentence, cells):
    """An alignment of row 0; the spans are where the cells stand."""
    evidence, spans = [], []
    for column, cell in enumerate(TABLE.rows[0]):
        if cell in cells:
            start = sentence.index(cell)
            evidence.append((0, column))
            spans.append((start, start + len(cell)))
    return Alignment(sentence, TABLE, tuple(evidence), tuple(spans), 1.0, 3.0, (), Source())


def test_the_question_gives_the_subject_and_asks_for_the_rest():
    alignment = aligned("In Andes River played Carlos in 1953.", {"1953", "Andes", "Carlos"})
    asked = {choose_asked(alignment, random.Random(seed)).asked for seed in range(200)}
    assert asked == {"Carlos in 1953", "1953", "Andes River played Carlos"}


def test_candidates_ask_for_different_parts():
    alignment = aligned("In Andes River played Carlos in 1953.", {"1953", "Andes", "Carlos"})
    every = [[one.asked for one in candidates(alignment, 3, random.Random(s))] for s in range(50)]
    assert all(len(set(asked)) == len(asked) for asked in every)
    assert [len(asked) for asked in every].count(3) > 40
    first = candidates(alignment, 1, random.Random(0))
    assert first == [choose_asked(alignment, random.Random(0))]


def test_candidates_do_not_ask_for_what_the_sentence_begins_with_unless_nothing_else_is_left():
    two = aligned("Andes is of 1953.", {"1953", "Andes"})
    drawn = {choose_asked(two, random.Random(seed)).asked for seed in range(50)}
    assert drawn == {"Andes", "1953"}
    for seed in range(50):
        (only,) = candidates(two, 3, random.Random(seed))
        assert only.asked == "1953"
    years = tuple(("1953", *row[1:]) for row in TABLE.rows)
    same = aligned("1953 saw Andes.", {"1953", "Andes"})
    same = replace(same, table=replace(TABLE, rows=years))
    (only,) = candidates(same, 3, random.Random(0))
    assert only.asked == "1953"
    assert only.asks_subject


def test_where_the_pages_subject_is_named_that_may_be_all_that_is_given():
    sentence = "Red River made Andes in Peru."
    several = aligned(sentence, {"Andes", "Peru"})
    one = replace(several, table=replace(TABLE, rows=TABLE.rows[:1]))
    asked = [choose_asked(one, random.Random(seed)).asked for seed in range(200)]
    assert set(asked) == {"Andes in Peru", "Peru", "Andes"}
    assert 0.2 < asked.count("Andes in Peru") / len(asked) < 0.4
    # Of several rows it would lead to any.
    asked = [choose_asked(several, random.Random(seed)).asked for seed in range(200)]
    assert set(asked) == {"Peru"}


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("In Andes he played it all in the end.", True),
        ("Andes won.", True),
        ("Die Stadt Rom hat seit langem hohe Berge ringsum.", False),
    ],
)
def test_other_languages_are_told(text, english):
    assert is_english(text) is english


def test_a_cell_that_is_in_every_row_is_not_what_is_given():
    alignment = aligned("Peru made the film Andes.", {"Peru", "Andes"})
    asked = {choose_asked(alignment, random.Random(seed)).asked for seed in range(20)}
    assert asked == {"Peru"}


def test_a_long_stretch_is_asked_for_in_part():
    filler = " ".join(["very"] * MOST_ASKED_WORDS)
    alignment = aligned(f"Andes had Carlos and {filler} in 1953.", {"Andes", "Carlos", "1953"})
    asked = {choose_asked(alignment, random.Random(seed)).asked for seed in range(40)}
    assert {"Carlos", "1953"} <= asked
    assert all(len(text.split()) <= MOST_ASKED_WORDS for text in asked)


@pytest.mark.parametrize(
    ("sentence", "dull"),
    [
        ("Andes is a 1953 film.", True),
        ("Red River are one of the bands.", True),
        ("River played Carlos in Andes.", False),
        ("In the film that was later lost by its makers River was a star.", False),
    ],
)
def test_definitions(sentence, dull):
    assert is_definition(sentence) is dull


class Echo:
    """An engine that answers with its input, so that the order shows."""

    name = "echo"

    def __init__(self):
        self.linearizer = Linearizer(Tokenizer(tiny_tokenizer()))
        self.lengths = []

    def run(self, inputs, *, decoding=None, choices=None):
        self.lengths.append([len(ids) for ids in inputs])
        half = math.log(0.5)  # of each token, the one that ends the text among them
        return [Output(Sentence(ids, half * (len(ids) + 1)), None) for ids in inputs]


def test_the_writer_keeps_the_order_and_batches_by_length():
    engine = Echo()
    sentences = ["the film was long in the year 1953", "who won", "the peak was first", "film"]
    requests = [
        Request(Alignment(text, TABLE, (), (), 1.0, 3.0, (), Source()), "nepal")
        for text in sentences
    ]
    written = EngineWriter(engine, batch_size=2).write(requests)
    assert [one.text.removesuffix(" nepal") for one in written] == sentences
    assert [round(one.confidence, 9) for one in written] == [0.5] * 4
    assert len(engine.lengths) == 2
    lengths = [length for batch in engine.lengths for length in batch]
    assert lengths == sorted(lengths)
