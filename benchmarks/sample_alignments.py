"""Draws aligned sentences to be judged by a reader, one JSON object a line.

    python benchmarks/sample_alignments.py HARVEST [--number 100] [--seed 1]
        [--min-support 0.6] [--no-foreign-numbers] > verdicts.jsonl

HARVEST is a folder that `gentap harvest` wrote. Tables are cut to the rows that a sentence speaks
of and some others. Whoever judges fills in ``verdict``, good or bad, and the ``cause`` of a bad
one: good is a sentence of prose that truly states facts of the rows in ``evidence``.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from judging import shown

from gentap.records import Alignment
from gentap.storage import read_records
from gentap.synthesis.choosing import has_foreign_number


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("harvest", type=Path)
    parser.add_argument("--number", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--min-support", type=float, default=0.0)
    parser.add_argument("--no-foreign-numbers", action="store_true")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    drawn: list[Alignment] = []
    for seen, alignment in enumerate(filtered(options)):
        # Reservoir sampling: every sentence is as likely as any other, however many there are.
        place = seen if seen < options.number else rng.randrange(seen + 1)
        if place < options.number:
            drawn[place : place + 1] = [alignment]
    for alignment in drawn:
        sys.stdout.write(json.dumps(to_judge(alignment), ensure_ascii=False) + "\n")


def filtered(options: argparse.Namespace) -> Iterator[Alignment]:
    """Yield the sentences that pass the filters."""
    for alignment in map(Alignment.from_record, read_records(options.harvest)):
        foreign = options.no_foreign_numbers and has_foreign_number(alignment)
        if alignment.support >= options.min_support and not foreign:
            yield alignment


def to_judge(alignment: Alignment) -> dict[str, Any]:
    """Return what a reader needs, the table cut."""
    return {
        "sentence": alignment.sentence,
        **shown(alignment.table, alignment.evidence),
        "support": round(alignment.support, 3),
        "strength": alignment.strength,
        "verdict": "",
        "cause": "",
    }


if __name__ == "__main__":
    main()
