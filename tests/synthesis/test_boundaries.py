"""Sentence boundaries against a set labelled by hand: see boundaries.md beside this file."""

import json
from itertools import accumulate, pairwise
from pathlib import Path

import pytest

from gentap.synthesis.sentences import split

RECORDS = [
    json.loads(line)
    for line in Path(__file__).with_name("boundaries.jsonl").read_text("utf-8").splitlines()
]


def letters(sentences: list[str]) -> list[int]:
    """Return after how many characters other than spaces each sentence but the last ends."""
    return list(accumulate(len("".join(sentence.split())) for sentence in sentences))[:-1]


def expected(record: dict) -> list[str]:
    """Cut a window at its labels; each piece is cleaned as `split` cleans it."""
    cuts = [0, *record["boundaries"], len(record["text"])]
    return [" ".join(split(record["text"][start:end])) for start, end in pairwise(cuts)]


def score(half: str) -> tuple[float, float]:
    """Return precision and recall of the boundaries that `split` finds in one half."""
    right = found = labelled = 0
    for record in RECORDS:
        if record["half"] == half:
            got, want = set(letters(split(record["text"]))), set(letters(expected(record)))
            right, found, labelled = right + len(got & want), found + len(got), labelled + len(want)
    return right / found, right / labelled


def test_labels_stand_where_a_word_starts() -> None:
    for record in RECORDS:
        text, cuts = record["text"], record["boundaries"]
        assert cuts == sorted(set(cuts))
        assert all(text[cut - 1].isspace() and not text[cut].isspace() for cut in cuts)


def test_cutting_at_the_labels_keeps_what_cleaning_keeps() -> None:
    for record in RECORDS:
        whole, pieces = "".join(split(record["text"])), "".join(expected(record))
        assert "".join(whole.split()) == "".join(pieces.split())


@pytest.mark.parametrize(
    ("half", "precision", "recall"), [("rules", 0.985, 0.975), ("held-out", 0.965, 0.96)]
)
def test_boundaries_are_found(half: str, precision: float, recall: float) -> None:
    reached = score(half)
    assert reached[0] >= precision
    assert reached[1] >= recall
