"""A thousand sentence examples that were read one by one: what is kept of them."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gentap.records import Alignment, Source
from gentap.synthesis.choosing import Choice
from gentap.synthesis.filters import fault
from gentap.synthesis.questions import Question, Request
from gentap.synthesis.support import foreign, support, words_of
from gentap.table import Table
from gentap.text import tokens

VERDICTS = [
    json.loads(line)
    for line in (Path(__file__).parent / "question_verdicts.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
# Those that join two questions have no single thing that they ask for.
PAIRS = [one for one in VERDICTS if one["asked"] is None]


def request(one: dict[str, Any]) -> Request:
    rows = tuple(map(tuple, one["rows"]))
    table = Table(tuple(one["header"]), rows, one["title"], one["section"])
    evidence = tuple(map(tuple, one["evidence"]))
    text, found = one["answer"], tokens(one["answer"])
    lacking = tuple(foreign(text, found, (), words_of(table)))
    share = support(found, (), table, {row for row, _ in evidence})
    alignment = Alignment(text, table, evidence, (), share, 3.0, lacking, Source())
    return Request(alignment, one["asked"])


def judged(draw: int) -> list[dict[str, Any]]:
    return [one for one in VERDICTS if one["draw"] == draw and one not in PAIRS]


@pytest.mark.parametrize(
    ("draw", "kept", "good", "bad"),
    [
        (1, 30, 23, 7),
        (2, 44, 38, 1),
        (3, 44, 29, 9),
        (4, 57, 40, 8),
        (5, 60, 46, 6),
        (6, 85, 76, 1),
        (7, 66, 48, 7),
        (8, 43, 37, 1),
        (9, 37, 35, 2),
        (10, 75, 65, 4),
    ],
)
def test_the_filters_keep_what_is_good(draw: int, kept: int, good: int, bad: int) -> None:
    assert [one["draw"] for one in VERDICTS].count(draw) == 100
    left = [one for one in judged(draw) if fault(one["question"], request(one)) is None]
    verdicts = Counter(one["verdict"] for one in left)
    assert len(left) >= kept
    assert verdicts["good"] >= good
    assert verdicts["bad"] <= bad


@pytest.mark.parametrize(
    ("bars", "draw", "good", "others"),
    [(0.6, 1, 21, 2), (0.6, 2, 32, 4), (0.6, 3, 25, 4), (0.6, 4, 38, 12), (0.6, 5, 46, 14),
     (0.6, 7, 48, 18), (0.6, 8, 36, 6), (0.6, 10, 65, 10),
     (0.75, 1, 14, 0), (0.75, 2, 16, 1), (0.75, 3, 13, 0), (0.75, 4, 22, 6), (0.75, 5, 38, 9),
     (0.75, 6, 76, 9), (0.75, 7, 31, 7), (0.75, 8, 23, 1), (0.75, 9, 35, 2), (0.75, 10, 51, 6)],
)  # fmt: skip
def test_the_higher_the_bars_the_better_what_is_kept(
    bars: float, draw: int, good: int, others: int
) -> None:
    choice = Choice(min_support=min(bars, 0.7), min_confidence=bars)
    verdicts: Counter[str] = Counter()
    for one in judged(draw):
        said = request(one)
        question = Question(one["question"], one["confidence"])
        if choice.fault(said.alignment) is None and choice.question_fault(question, said) is None:
            verdicts[one["verdict"]] += 1
    assert verdicts["good"] >= good
    assert verdicts.total() - verdicts["good"] <= others


@pytest.mark.parametrize(("measure", "area"), [("confidence", 0.74), ("support", 0.68)])
def test_what_is_sure_and_supported_is_good(measure: str, area: float) -> None:
    said = [(one, request(one)) for one in VERDICTS if one["asked"] is not None]
    found = [
        (one["confidence"] if measure == "confidence" else asked.alignment.support,
         one["verdict"] == "good")
        for one, asked in said
        if fault(one["question"], asked) is None
    ]  # fmt: skip
    good, others = (
        [value for value, is_good in found if is_good is kind] for kind in (True, False)
    )
    wins = sum((a > b) + (a == b) / 2 for a in good for b in others)
    assert wins / len(good) / len(others) == pytest.approx(area, abs=0.01)


def test_questions_for_what_their_sentence_begins_with_are_good_less_often() -> None:
    choice = Choice(min_support=0.6, min_confidence=0.6, allow=("asks-subject",))
    verdicts: Counter[tuple[bool, bool]] = Counter()
    for one in (one for draw in range(1, 10) for one in judged(draw)):
        said = request(one)
        question = Question(one["question"], one["confidence"])
        if choice.fault(said.alignment) is None and choice.question_fault(question, said) is None:
            verdicts[said.asks_subject, one["verdict"] == "good"] += 1
    assert verdicts == {(True, True): 88, (True, False): 36, (False, True): 357, (False, False): 71}


def test_pairs_are_as_good_as_both_of_their_questions() -> None:
    verdicts = Counter((one["draw"], one["verdict"] == "good") for one in PAIRS)
    draws = range(5, 11)
    assert [verdicts[draw, True] for draw in draws] == [13, 10, 12, 20, 18, 13]
    assert [verdicts[draw, False] for draw in draws] == [2, 1, 10, 4, 2, 2]


def test_what_is_not_good_has_a_cause() -> None:
    assert all((one["verdict"] == "good") == (not one["cause"]) for one in VERDICTS)
