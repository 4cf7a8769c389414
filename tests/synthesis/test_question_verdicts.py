"""Three hundred sentence examples that were read one by one: what the filters make of them."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gentap.records import Alignment, Source
from gentap.synthesis.filters import fault
from gentap.synthesis.questions import Request
from gentap.table import Table

VERDICTS = [
    json.loads(line)
    for line in (Path(__file__).parent / "question_verdicts.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


def request(one: dict[str, Any]) -> Request:
    rows = tuple(map(tuple, one["rows"]))
    table = Table(tuple(one["header"]), rows, one["title"], one["section"])
    evidence = tuple(map(tuple, one["evidence"]))
    alignment = Alignment(one["answer"], table, evidence, (), 1.0, 3.0, (), Source())
    return Request(alignment, one["asked"])


@pytest.mark.parametrize(
    ("draw", "kept", "good", "bad"), [(1, 50, 36, 18), (2, 82, 66, 8), (3, 84, 56, 16)]
)
def test_the_filters_keep_what_is_good(draw: int, kept: int, good: int, bad: int) -> None:
    judged = [one for one in VERDICTS if one["draw"] == draw]
    assert len(judged) == 100
    left = [one for one in judged if fault(one["question"], request(one)) is None]
    verdicts = Counter(one["verdict"] for one in left)
    assert len(left) >= kept
    assert verdicts["good"] >= good
    assert verdicts["bad"] <= bad


def test_what_is_not_good_has_a_cause() -> None:
    assert all((one["verdict"] == "good") == (not one["cause"]) for one in VERDICTS)
