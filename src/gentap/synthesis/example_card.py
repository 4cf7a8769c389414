"""The dataset card of examples: how many, how long, how they ask, why the rest was dropped."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median
from typing import Any

from gentap.records import Example, Kind
from gentap.storage import read_records, replacing
from gentap.synthesis.card import CARD
from gentap.synthesis.markdown_card import counted, excerpt, plain, two_columns
from gentap.text import values

SAMPLES = 5  # of each kind
_OPENINGS, _OPENING_WORDS = 15, 2
_BIN, _BAR = 4, 40  # words, characters

_HEAD = """---
pretty_name: Synthetic questions about tables
task_categories: [table-question-answering]
license: other
configs:
- config_name: default
  data_files: part-*.parquet
---

# Synthetic questions about tables

Made by GenTaP without annotation, in the manner of generation-focused table-based intermediate
pretraining (Shi et al., AAAI 2022). `sentence` examples: a sentence of a document is the answer, a
generator wrote the question. `cell` examples: a grammar asks, the answer is one cell.

The questions were filtered by rule; nobody has checked them one by one.
"""


@dataclass(slots=True)
class _Kind:
    """What is said of the examples of one kind."""

    questions: list[int] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    openings: Counter[str] = field(default_factory=Counter)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    rows: Counter[str] = field(default_factory=Counter)
    samples: list[Example] = field(default_factory=list)

    def add(self, example: Example, rng: random.Random) -> None:
        words = values(example.question)
        self.questions.append(len(words))
        self.answers.append(len(values(example.answer)))
        self.openings[" ".join(words[:_OPENING_WORDS])] += 1
        self.pairs.update(pairwise(words))
        several = len({row for row, _ in example.evidence}) > 1
        self.rows["several" if several else "one"] += 1
        # Reservoir sampling: every example is as likely as any other.
        place = len(self.samples)
        if place == SAMPLES:
            place = rng.randrange(len(self.questions))
        if place < SAMPLES:
            self.samples[place : place + 1] = [example]


def write_card(directory: Path, report: Mapping[str, Any], parts: Sequence[Path]) -> None:
    """Write the card of a folder of examples.

    Args:
        directory: The folder.
        report: What `synthesize` counted.
        parts: The folder's shards, in order.
    """
    examples = (Example.from_record(record) for part in parts for record in read_records(part))
    with replacing(directory / CARD) as temporary:
        temporary.write_text(example_card(report, examples), encoding="utf-8", newline="\n")


def example_card(report: Mapping[str, Any], examples: Iterable[Example]) -> str:
    """Render the card as Markdown.

    Args:
        report: What `synthesize` counted.
        examples: All examples; read once.
    """
    kinds: dict[Kind, _Kind] = {"sentence": _Kind(), "cell": _Kind()}
    licenses: Counter[str] = Counter()
    rng = random.Random(0)
    for example in examples:
        kinds[example.kind].add(example, rng)
        licenses[example.source.license] += 1
    totals = {
        "sentences seen": report["seen"],
        "sentence examples": report["kept"],
        "pairs of them": report["pairs"],
        "cell examples": report["cells"],
    }
    sections = [
        _HEAD,
        "## Counts\n\n" + two_columns(("", ""), {k: f"{v:,}" for k, v in totals.items()}),
        counted("Sentences dropped, by reason", report.get("dropped")),
        counted("Examples, by licence of the document", licenses),
        *(
            section
            for name, kind in kinds.items()
            if kind.questions
            for section in _about(name, kind)
        ),
    ]
    return "\n".join(section for section in sections if section)


def _about(name: Kind, kind: _Kind) -> Iterator[str]:
    yield f"## {name.capitalize()} examples\n\n" + two_columns(
        ("", ""),
        {
            "words of a question: mean, median": _middle(kind.questions),
            "words of an answer: mean, median": _middle(kind.answers),
            "different pairs of words in the questions, of all": _diversity(kind),
            "about several rows": f"{kind.rows['several'] / len(kind.questions):.0%}",
        },
    )
    yield f"Words of an answer:\n\n```\n{_histogram(kind.answers)}\n```\n"
    shown = dict(kind.openings.most_common(_OPENINGS))
    yield counted(f"{name.capitalize()} examples, by the question's opening", shown)
    yield "### Samples\n\n" + "\n".join(map(_sample, kind.samples))


def _middle(numbers: Sequence[int]) -> str:
    return f"{fmean(numbers):.1f}, {median(numbers):.0f}"


def _diversity(kind: _Kind) -> str:
    total = sum(max(number - 1, 0) for number in kind.questions)
    return f"{len(kind.pairs):,} of {total:,}"


def _histogram(numbers: Sequence[int]) -> str:
    bins = Counter(number // _BIN for number in numbers)
    most = max(bins.values())
    return "\n".join(
        f"{index * _BIN:3}-{index * _BIN + _BIN - 1:<3} {'#' * round(_BAR * bins[index] / most)}"
        f" {bins[index]:,}"
        for index in range(min(bins), max(bins) + 1)
    )


def _sample(example: Example) -> str:
    rows = excerpt(example.table, example.evidence)
    return f"> **{plain(example.question)}** {plain(example.answer)}\n\n{rows}\n"
