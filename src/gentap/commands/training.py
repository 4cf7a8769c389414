"""The verbs that train, and those around them."""

from __future__ import annotations

import argparse
import itertools
import json
import logging
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from gentap.commands.common import write
from gentap.commands.synthesis import examples_of
from gentap.errors import InputError, require

if TYPE_CHECKING:
    from gentap.records import Example
    from gentap.synthesis.inversion import Inverted
    from gentap.training.model import TwoDecoderModel
    from gentap.training.settings import Settings
    from gentap.training.stages import Score, Stage

logger = logging.getLogger(__name__)


def train_questions(options: argparse.Namespace) -> None:
    """Train a question generator."""
    _require_training()
    from gentap.storage import digest
    from gentap.synthesis.inversion import read_inverted
    from gentap.training.stages import questions

    def pairs() -> Iterator[Inverted]:
        dropped: Counter[str] = Counter()
        yield from read_inverted(options.files, dropped)
        logger.info("questions dropped: %s", dict(dropped))

    stage = questions(
        pairs(), backbone=options.backbone, layers=options.layers, key=digest(*options.files)
    )
    _train(stage, options, Path(options.out))


def pretrain(options: argparse.Namespace) -> None:
    """Pretrain on a folder of examples."""
    _pretrain(options, Path(options.data), Path(options.out))


def finetune(options: argparse.Namespace) -> None:
    """Fine-tune on annotated examples."""
    _require_training()
    from gentap.storage import digest
    from gentap.training.stages import finetuning

    files = [options.data, options.rehearse] if options.rehearse else [options.data]
    stage = finetuning(
        _annotated(options),
        model=options.model,
        budgets=_budgets(options),
        key=f"{digest(*files)} {options.limit}",
    )
    _train(stage, options, Path(options.out))


def build(options: argparse.Namespace) -> None:
    """Harvest, synthesize and pretrain; each part is skipped where it is done."""
    _require_training()
    from gentap.answering import find_start

    find_start(options.backbone)  # what can be wrong comes first: harvesting takes long
    work = Path(options.out)
    examples_of(options, work / "examples")
    _pretrain(options, work / "examples", work / "model")
    if not options.dry_run and not (work / "runtime").exists():
        export(
            argparse.Namespace(
                model=str(work / "model"), out=str(work / "runtime"), bits=8, beside=""
            )
        )
        logger.info("%s: done; ask it with --model %s", work, work / "runtime")


def export(options: argparse.Namespace) -> None:
    """Write the light runtime's files of a checkpoint."""
    _require_training()
    from gentap.answering import find_model
    from gentap.training.export import export

    beside = find_model(options.beside) if options.beside else None
    export(find_model(options.model), Path(options.out), bits=options.bits, beside=beside)


def import_backbone(options: argparse.Namespace) -> None:
    """Turn the weights of a package into a stock checkpoint."""
    _require_training()
    from gentap.training.import_backbone import import_backbone

    write(json.dumps(import_backbone(Path(options.source), Path(options.out))))


def _pretrain(options: argparse.Namespace, data: Path, directory: Path) -> None:
    _require_training()
    from gentap.evaluation import read_examples
    from gentap.storage import digest
    from gentap.training.stages import pretraining

    stage = pretraining(
        read_examples(data),
        backbone=options.backbone,
        objective=options.objective,
        cell_layers=options.cell_layers,
        budgets=_budgets(options),
        key=digest(data),
    )
    _train(stage, options, directory)


def _annotated(options: argparse.Namespace) -> Iterator[Example]:
    """Yield the examples to fine-tune on, and behind them as many cell examples to rehearse."""
    from gentap.evaluation import read_examples

    number = 0
    for example in itertools.islice(read_examples(options.data), options.limit):
        number += 1
        yield example
    if options.rehearse:
        cells = [e for e in read_examples(options.rehearse) if e.kind == "cell"]
        random.Random(options.seed).shuffle(cells)
        yield from cells[:number]


def _train(stage: Stage, options: argparse.Namespace, directory: Path) -> None:
    from gentap.evaluation import load_examples

    settings = _settings(options)
    if options.dry_run:
        write(json.dumps(asdict(stage.measure(settings)), indent=2))
        return
    dev = load_examples(options.dev) if options.dev else []
    score = _answers_score(dev[: options.dev_answers]) if options.dev_answers else None
    stage.train(directory, settings, dev=dev, score=score)


def _answers_score(examples: list[Example]) -> Score:
    """Return what scores a model's greedy answers to these examples."""
    from gentap.answering import TableQA
    from gentap.evaluation import score
    from gentap.evaluation.metrics import require_metrics
    from gentap.runtime.torch import TorchEngine

    require_metrics()

    def scores(model: TwoDecoderModel) -> Mapping[str, float]:
        device = next(model.parameters()).device
        qa = TableQA(TorchEngine(model, "training", device=str(device)))
        answers = qa.ask_batch([(example.table, example.question) for example in examples])
        texts = [answer.answer for answer in answers]
        record = score(texts, [example.answer for example in examples], samples=1).to_record()
        return {name: record[name]["score"] for name in ("bleu", "rougeL")}

    return scores


def _budgets(options: argparse.Namespace) -> tuple[int, int]:
    least, most = options.budgets
    if not 0 < least <= most:
        raise InputError(f"--budgets {least} {most}: the first is the smaller one")
    return least, most


def _settings(options: argparse.Namespace) -> Settings:
    from gentap.training.settings import Settings, best_device, best_dtype

    device = best_device() if options.device == "auto" else options.device
    dtype = best_dtype(device) if options.dtype == "auto" else options.dtype
    names = set(Settings.__slots__) - {"device", "dtype"}
    return Settings(device=device, dtype=dtype, **{name: getattr(options, name) for name in names})


def _require_training() -> None:
    for module in ("torch", "transformers", "accelerate", "safetensors"):
        require(module, extra="train")
