"""Fourteen hundred aligned sentences that were read one by one: what is kept stays true."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gentap.records import Alignment, Document, Sentence, Source
from gentap.synthesis.alignment import align
from gentap.synthesis.shard import MIN_SUPPORT
from gentap.table import Table

VERDICTS = [
    json.loads(line)
    for line in (Path(__file__).parent / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()
]
# What was reached: the share of those kept of which every cell is right, of which the row is,
# and the share of the good ones that are kept. A rule that lowers one of the first two lets more
# untrue sentences through.
FLOORS = {
    "docs_enwiki": (0.87, 0.91, 0.96),
    "docs_wtq": (0.80, 0.89, 0.94),
    "ottqa_docs": (0.87, 0.92, 0.85),
}


def is_kept(one: dict[str, Any]) -> bool:
    """Align a sentence with its table again; a passage behind a cell, with that cell's row."""
    rows = tuple(map(tuple, one["rows"]))
    table = Table(tuple(one["header"]), rows, one["title"], one["section"])
    anchor = tuple(one["evidence"][0]) if one["source"] == "ottqa_docs" else None
    sentence = Sentence(one["sentence"], one["title"], anchor)
    outcome = next(align(Document(Source(), one["title"], (table,), (sentence,))))
    return isinstance(outcome, Alignment) and outcome.support >= MIN_SUPPORT


@pytest.mark.parametrize("source", FLOORS)
def test_most_of_what_is_kept_is_true_and_what_is_true_is_kept(source: str) -> None:
    counts = Counter((one["verdict"], is_kept(one)) for one in VERDICTS if one["source"] == source)
    good, stray, bad = (counts[verdict, True] for verdict in ("good", "stray", "bad"))
    kept = good + stray + bad
    shares = good / kept, (good + stray) / kept, good / (good + counts["good", False])
    assert all(share >= floor for share, floor in zip(shares, FLOORS[source], strict=True)), shares


def test_every_verdict_has_its_cause() -> None:
    assert len(VERDICTS) == 1406
    assert all((one["verdict"] == "good") == (not one["cause"]) for one in VERDICTS)
