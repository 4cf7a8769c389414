"""The model card: what a checkpoint was made of, by which settings, and what it cannot do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gentap.records import Example

_HEAD = """---
library_name: gentap
pipeline_tag: table-question-answering
tags: [table-question-answering, text2text-generation]
---

# {name}

A GenTaP checkpoint: one encoder and {decoders}. The folder is a stock Hugging Face seq2seq
checkpoint; `gentap.json` holds what GenTaP adds. {purpose}, in the manner of generation-focused
table-based intermediate pretraining (Shi et al., AAAI 2022).

## How it was made

"""

_TAIL = """
## What to expect

Its answers can be wrong: they can name the wrong cell, or state what the table does not say. The
cells shown as evidence are found by comparing text. The weights are derived from the sources
above; whoever passes them on has to keep to their licences.
"""


def model_card(card: Mapping[str, Any], name: str) -> str:
    """Render the card of a checkpoint as Markdown.

    Args:
        card: What ``gentap.json`` says.
        name: What to call the model.
    """
    two = bool(card["cell_layers"])
    if [entry["stage"] for entry in card["lineage"]] == ["questions"]:
        purpose = "It writes the question that a sentence answers with some of its words"
    else:
        cells = " and points at one of its cells" if two else ""
        purpose = f"It answers questions about a table in a sentence{cells}"
    head = _HEAD.format(
        name=name,
        decoders="two decoders, for sentences and for cells" if two else "one decoder",
        purpose=purpose,
    )
    return head + "\n".join(_stage(entry) for entry in card["lineage"]) + _TAIL


class DataSummary:
    """Counts examples by kind and by licence of their source as they pass."""

    def __init__(self) -> None:
        """Begin at zero."""
        self._kinds: Counter[str] = Counter()
        self._licenses: Counter[str] = Counter()

    def count(self, examples: Iterable[Example]) -> Iterator[Example]:
        """Pass examples on."""
        for example in examples:
            self._kinds[example.kind] += 1
            self._licenses[example.source.license or "not stated"] += 1
            yield example

    def to_record(self) -> dict[str, dict[str, int]]:
        """Return the counts, ready for a lineage entry."""
        return {"kinds": dict(self._kinds), "licenses": dict(self._licenses)}


def _stage(entry: Mapping[str, Any]) -> str:
    settings = entry["settings"]
    lines = [
        f"### {entry['stage']}, from {entry['from']}",
        "",
        f"- {entry['examples']:,} examples, {entry['examples_seen']:,} seen in "
        f"{entry['steps']:,} steps of {settings['batch_size']}; {entry['minutes']} minutes on "
        f"{settings['device']}",
        f"- AdamW, peak rate {settings['learning_rate']}, dropout {settings['dropout']}, "
        f"{settings['dtype']}, seed {settings['seed']}",
    ]
    data = entry.get("data", {})
    for title, counts in (("kinds", data.get("kinds")), ("licences", data.get("licenses")),
                          ("dropped", entry.get("dropped"))):  # fmt: skip
        if counts:
            listed = ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))
            lines.append(f"- {title}: {listed}")
    return "\n".join(lines) + "\n"
