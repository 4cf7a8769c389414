"""The dataset card of a harvest: what was read, what was kept, why the rest was not, samples."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gentap.records import Alignment
from gentap.storage import read_counts, read_parquet, replacing
from gentap.synthesis.markdown_card import counted, excerpt, plain, two_columns

SAMPLES = 10
CARD = "README.md"

_HEAD = """---
pretty_name: Sentences aligned with table rows
task_categories: [table-question-answering, table-to-text]
license: other
configs:
- config_name: default
  data_files: part-*.parquet
---

# Sentences aligned with table rows

Sentences that state at least two cells of one row of a table of the same document, or of each of
several rows, harvested by GenTaP in the manner of generation-focused table-based intermediate
pretraining (Shi et al., AAAI 2022). `evidence` and `spans` say which cells, and where in the
sentence; `support`, `strength` and `foreign` how much of it the table carries, how much the cells
prove, and which numbers and names the table lacks: filter by them for a stricter set.

Nobody has checked the sentences one by one. They were found by comparing text, and their documents
can be wrong.
"""


def write_card(directory: Path, report: Mapping[str, Any], parts: Sequence[Path]) -> None:
    """Write the card of a folder of alignments.

    Args:
        directory: The folder.
        report: What `harvest` counted.
        parts: The folder's shards, in order; samples are drawn from them, seeded.
    """
    text = dataset_card(report, list(_draw(parts)))
    with replacing(directory / CARD) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def dataset_card(report: Mapping[str, Any], samples: Sequence[Alignment]) -> str:
    """Render the card as Markdown.

    Args:
        report: What `harvest` counted.
        samples: Alignments to show.
    """
    sections = [
        _HEAD,
        "## Counts\n\n" + two_columns(("", ""), _totals(report)),
        counted("Kept, by rows that a sentence speaks of", report.get("rows")),
        counted("Kept, by licence of the document", report.get("licenses")),
        counted("Sentences dropped, by reason", report.get("dropped")),
        counted("Documents rejected, by reason", report.get("rejected")),
        counted("Tables rejected, by reason", (report.get("tables") or {}).get("rejected")),
        "## Samples\n\n" + "\n".join(map(_sample, samples)) if samples else "",
    ]
    return "\n".join(section for section in sections if section)


def _totals(report: Mapping[str, Any]) -> dict[str, str]:
    names = {"documents": "documents read", "sentences_seen": "sentences seen",
             "kept": "sentences kept"}  # fmt: skip
    return {label: f"{report[name]:,}" for name, label in names.items()}


def _sample(alignment: Alignment) -> str:
    rows = excerpt(alignment.table, alignment.evidence)
    return f"> {plain(alignment.sentence)}\n\n{plain(alignment.source.uri)}: {rows}\n"


def _draw(parts: Sequence[Path]) -> Iterator[Alignment]:
    rng = random.Random(len(parts))
    chosen = sorted(rng.sample(list(parts), min(SAMPLES, len(parts))))
    for part in chosen:
        kept = range(read_counts(part)["kept"])
        wanted = frozenset(rng.sample(kept, min(-(-SAMPLES // len(chosen)), len(kept))))
        # One by one: a shard as Python objects takes many times its size.
        for place, record in enumerate(read_parquet(part)):
            if place in wanted:
                yield Alignment.from_record(record)
