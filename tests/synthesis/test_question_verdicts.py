"""Eight hundred sentence examples that were read one by one: what is kept of them."""

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
        (1, 36, 27, 10),
        (2, 50, 43, 2),
        (3, 49, 33, 11),
        (4, 90, 61, 16),
        (5, 80, 58, 11),
        (6, 89, 78, 2),
        (7, 76, 49, 13),
        (8, 72, 55, 7),
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
    [(0.6, 1, 24, 3), (0.6, 2, 37, 4), (0.6, 3, 29, 5), (0.6, 4, 54, 18),
     (0.8, 1, 8, 0), (0.8, 2, 11, 1), (0.8, 3, 8, 0), (0.8, 4, 17, 0), (0.8, 5, 30, 6),
     (0.8, 6, 78, 11), (0.6, 7, 49, 27), (0.8, 7, 21, 4),
     (0.6, 8, 54, 17), (0.8, 8, 17, 2)],
)  # fmt: skip
def test_the_higher_the_bars_the_better_what_is_kept(
    bars: float, draw: int, good: int, others: int
) -> None:
    choice = Choice(min_support=bars, min_confidence=bars)
    verdicts: Counter[str] = Counter()
    for one in judged(draw):
        said = request(one)
        question = Question(one["question"], one["confidence"])
        if choice.fault(said.alignment) is None and choice.question_fault(question, said) is None:
            verdicts[one["verdict"]] += 1
    assert verdicts["good"] >= good
    assert verdicts.total() - verdicts["good"] <= others


@pytest.mark.parametrize(("measure", "area"), [("confidence", 0.70), ("support", 0.70)])
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


def test_pairs_are_as_good_as_both_of_their_questions() -> None:
    verdicts = Counter((one["draw"], one["verdict"] == "good") for one in PAIRS)
    assert [verdicts[draw, True] for draw in (5, 6, 7, 8)] == [13, 10, 12, 20]
    assert [verdicts[draw, False] for draw in (5, 6, 7, 8)] == [2, 1, 10, 4]


def test_what_is_not_good_has_a_cause() -> None:
    assert all((one["verdict"] == "good") == (not one["cause"]) for one in VERDICTS)
