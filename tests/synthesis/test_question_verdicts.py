"""Fourteen hundred sentence examples that were read one by one: what is kept of them."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gentap.records import Alignment, Source
from gentap.synthesis.choosing import Choice, has_foreign_name
from gentap.synthesis.filters import fault
from gentap.synthesis.naming import drops_subject
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
LAST = 14
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
        (1, 36, 28, 8),
        (2, 67, 56, 1),
        (3, 69, 47, 9),
        (4, 57, 39, 8),
        (5, 58, 46, 4),
        (6, 83, 75, 1),
        (7, 61, 47, 6),
        (8, 37, 32, 1),
        (9, 35, 33, 2),
        (10, 70, 62, 3),
        (11, 70, 61, 5),
        (12, 73, 64, 1),
        (13, 70, 61, 2),
        (14, 73, 69, 1),
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
    [(0.6, 1, 17, 1), (0.6, 2, 27, 2), (0.6, 3, 17, 3), (0.6, 4, 34, 7), (0.6, 5, 41, 10),
     (0.6, 7, 42, 11), (0.6, 8, 30, 5), (0.6, 10, 57, 6), (0.6, 11, 57, 5), (0.6, 12, 59, 6),
     (0.6, 13, 61, 9),
     (0.8, 1, 9, 0), (0.8, 2, 11, 0), (0.8, 3, 7, 0), (0.8, 4, 16, 2), (0.8, 5, 22, 2),
     (0.8, 6, 72, 8), (0.8, 7, 23, 2), (0.8, 8, 13, 0), (0.8, 9, 29, 2), (0.8, 10, 35, 2),
     (0.8, 11, 40, 3), (0.8, 12, 38, 4), (0.8, 13, 48, 2), (0.8, 14, 68, 3)],
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


@pytest.mark.parametrize(("measure", "area"), [("confidence", 0.75), ("support", 0.66)])
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


@pytest.mark.parametrize(
    ("reason", "test", "with_it", "without"),
    [
        ("asks-subject", lambda said, _: said.asks_subject, (72, 102), (573, 658)),
        (
            "drops-subject",
            lambda said, question: drops_subject(question, said),
            (30, 40),
            (543, 618),
        ),
        ("long", lambda said, _: len(said.alignment.sentence.split()) > 24, (17, 25), (543, 618)),
        ("foreign-name", lambda said, _: has_foreign_name(said.alignment), (50, 66), (543, 618)),
    ],
)
def test_what_is_left_out_is_good_less_often(
    reason: str,
    test: Callable[[Request, str], bool],
    with_it: tuple[int, int],
    without: tuple[int, int],
) -> None:
    allow = {"asks-subject": ("asks-subject", "drops-subject"), "long": ()}.get(reason, (reason,))
    most = 0 if reason == "long" else 24
    choice = Choice(min_support=0.6, min_confidence=0.6, max_words=most, allow=allow)
    verdicts: Counter[tuple[bool, bool]] = Counter()
    for one in (one for draw in range(1, 14) for one in judged(draw)):
        said = request(one)
        question = Question(one["question"], one["confidence"])
        if choice.fault(said.alignment) is None and choice.question_fault(question, said) is None:
            verdicts[test(said, one["question"]), one["verdict"] == "good"] += 1
    for has, (good, total) in ((True, with_it), (False, without)):
        assert (verdicts[has, True], verdicts[has, True] + verdicts[has, False]) == (good, total)


def test_of_what_the_defaults_make_more_than_85_of_a_hundred_are_good() -> None:
    verdicts = Counter(one["verdict"] for one in VERDICTS if one["draw"] == LAST)
    assert verdicts == {"good": 94, "borderline": 3, "bad": 3}
    assert Choice().min_confidence == 0.8


def test_pairs_are_as_good_as_both_of_their_questions() -> None:
    verdicts = Counter((one["draw"], one["verdict"] == "good") for one in PAIRS)
    draws = range(5, 15)
    assert [verdicts[draw, True] for draw in draws] == [13, 10, 12, 20, 18, 13, 20, 15, 15, 24]
    assert [verdicts[draw, False] for draw in draws] == [2, 1, 10, 4, 2, 2, 1, 1, 3, 2]


def test_what_is_not_good_has_a_cause() -> None:
    assert all((one["verdict"] == "good") == (not one["cause"]) for one in VERDICTS)
