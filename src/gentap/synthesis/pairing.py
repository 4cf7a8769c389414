"""Two questions of one table in one: people ask so, and the answers take cells of several rows."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gentap.records import Example
from gentap.table import Table
from gentap.text import STOPWORDS

MOST_WORDS = 40
_ENDS = re.compile(r"[\w)]\.$")
_OPENS = re.compile(r"[A-Z][a-z]*(?= )")


def paired(examples: Sequence[Example], share: float, rng: random.Random) -> Iterator[Example]:
    """Yield examples that join two others of a table, each of which is in one pair at most.

    "When was Heat made?" and "Who directed Alien?" become "When was Heat made, and who directed
    Alien?", and so do their sentences.

    Args:
        examples: Sentence examples.
        share: Of pairs, among the examples and the pairs.
        rng: Draws them.
    """
    most = round(len(examples) * share / (1 - share))
    tables: defaultdict[Table, list[Example]] = defaultdict(list)
    for example in examples:
        if _ENDS.search(example.answer):
            tables[example.table].append(example)
    pairs = []
    for group in tables.values():
        rng.shuffle(group)
        pairs += [pair for pair in zip(group[::2], group[1::2], strict=False) if _fit(*pair)]
    rng.shuffle(pairs)
    for first, second in pairs[:most]:
        yield replace(
            first,
            id=f"{first.id}-{second.id.removeprefix('s-')}",
            question=f"{first.question.removesuffix('?')}, and {_continued(second.question)}",
            answer=f"{first.answer.removesuffix('.')}, and {_continued(second.answer)}",
            evidence=tuple(dict.fromkeys((*first.evidence, *second.evidence))),
        )


def _fit(first: Example, second: Example) -> bool:
    """Tell whether two sentences are about different rows, and not too long together."""
    words = len(first.answer.split()) + len(second.answer.split())
    rows = {row for row, _ in first.evidence}
    return words < MOST_WORDS and rows.isdisjoint(row for row, _ in second.evidence)


def _continued(text: str) -> str:
    """Return a sentence as it goes on after "and"."""
    word = _OPENS.match(text)
    if word and word[0].casefold() in STOPWORDS and word[0] != "I":
        return text[0].lower() + text[1:]
    return text
