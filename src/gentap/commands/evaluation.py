"""The verbs that score."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gentap.commands.common import decoding_of, write

if TYPE_CHECKING:
    from gentap.answering import TableQA
    from gentap.evaluation import Variant
    from gentap.evaluation.lineage import Lineage
    from gentap.evaluation.systems import Predictor
    from gentap.records import Answer, Example


def evaluate(options: argparse.Namespace) -> None:
    """Score models, and floors, on a benchmark."""
    from gentap.answering import TableQA
    from gentap.evaluation import FLOORS, benchmark, load_examples

    predictors: list[Predictor] = []
    settings: dict[str, dict[str, Any]] = {}
    lineages: dict[str, Lineage] = {}
    for name in options.models:
        if name in FLOORS:
            predictors.append(FLOORS[name])
            continue
        qa = TableQA.load(name, device=options.device)
        predictors.append(_Predictor(name, qa, options))
        lineages[name] = qa.lineage
        settings[name] = {"model": qa.fingerprint, "decoding": asdict(decoding_of(options))}
    benchmark(
        predictors,
        load_examples(options.data),
        options.out,
        settings=settings,
        lineages=lineages,
        variant=_variant(options),
        batch_size=options.batch_size,
        limit=options.limit,
    )
    write((Path(options.out) / "scores.json").read_text(encoding="utf-8"))


def score(options: argparse.Namespace) -> None:
    """Score predictions against references."""
    from gentap.evaluation import score_files

    record = score_files(options.predictions, options.references, _variant(options)).to_record()
    if options.json:
        write(json.dumps(record))
        return
    for name, value in record.items():
        if isinstance(value, dict) and "signature" in value:
            low, high = f"{value['low']:.2f}", f"{value['high']:.2f}"
            write(f"{name:14} {value['score']:6.2f}  [{low}, {high}]  {value['signature']}")


def _variant(options: argparse.Namespace) -> Variant:
    from gentap.evaluation import Variant

    return Variant(lowercase=options.lowercase, stem=not options.no_stem)


class _Predictor:
    """A model as the evaluation wants it."""

    def __init__(self, name: str, qa: TableQA, options: argparse.Namespace) -> None:
        self.name = name
        self.qa = qa
        self.decoding = decoding_of(options)

    def answer_batch(self, examples: Sequence[Example]) -> list[Answer]:
        pairs = [(example.table, example.question) for example in examples]
        return self.qa.ask_batch(pairs, decoding=self.decoding, batch_size=len(pairs))
