"""What each verb of the command line does: a few calls each, heavy imports inside."""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gentap
from gentap.errors import InputError, require

if TYPE_CHECKING:
    from gentap.answering import TableQA
    from gentap.evaluation.systems import Predictor
    from gentap.records import Answer, Example
    from gentap.runtime.engine import Decoding
    from gentap.synthesis.questions import EngineWriter
    from gentap.table import Table
    from gentap.training.loop import Settings

logger = logging.getLogger(__name__)

Command = Callable[[argparse.Namespace], None]


def version() -> str:
    """Return the version of the package."""
    return gentap.__version__


def ask(options: argparse.Namespace) -> None:
    """Answer questions about one table."""
    from gentap.answering import TableQA
    from gentap.readers import read_table

    table = read_table(
        options.table, format=options.format, title=options.title, which=options.which
    )
    answers = TableQA.load(options.model).ask_batch(
        [(table, question) for question in options.questions], decoding=_decoding(options)
    )
    for answer in answers:
        if options.json:
            _write(json.dumps(answer.to_record(), ensure_ascii=False))
        else:
            _write(answer.answer)
            _write("".join(f"  {line}\n" for line in _remarks(answer, table)).rstrip("\n"))


def harvest(options: argparse.Namespace) -> None:
    """Align the sentences of documents with their tables."""
    _harvest(options, Path(options.out))
    logger.info("%s: %s", options.out, _summary(Path(options.out) / "report.json"))


def synthesize(options: argparse.Namespace) -> None:
    """Make examples of documents, or of a folder of alignments."""
    _synthesize(options, Path(options.out))


def build(options: argparse.Namespace) -> None:
    """Harvest, synthesize and pretrain; each part is skipped where it is done."""
    work = Path(options.out)
    _synthesize(options, work / "examples")
    _pretrain(options, work / "examples", work / "model")
    if not (work / "runtime").exists():
        export(argparse.Namespace(model=str(work / "model"), out=str(work / "runtime"), bits=8))
    logger.info("%s: done; ask it with --model %s", work, work / "runtime")


def train_questions(options: argparse.Namespace) -> None:
    """Train a question generator."""
    _require_training()
    from gentap.synthesis.inversion import read_inverted
    from gentap.training.stages import train_questions

    dropped: Counter[str] = Counter()
    pairs = list(read_inverted(options.files, dropped))
    logger.info("%d questions read; dropped: %s", len(pairs), dict(dropped))
    train_questions(pairs, Path(options.out), _settings(options), backbone=options.backbone)


def pretrain(options: argparse.Namespace) -> None:
    """Pretrain on a folder of examples."""
    _pretrain(options, Path(options.data), Path(options.out))


def finetune(options: argparse.Namespace) -> None:
    """Fine-tune on annotated examples."""
    _require_training()
    from gentap.evaluation import load_examples
    from gentap.training.stages import finetune

    budgets = _budgets(options)
    examples = load_examples(options.data)[: options.limit]
    if options.rehearse:
        cells = [e for e in load_examples(options.rehearse) if e.kind == "cell"]
        random.Random(options.seed).shuffle(cells)
        examples = examples + cells[: len(examples)]
    finetune(
        examples,
        Path(options.out),
        _settings(options),
        model=options.model,
        budgets=budgets,
    )


def evaluate(options: argparse.Namespace) -> None:
    """Score models, and floors, on a benchmark."""
    from gentap.answering import TableQA
    from gentap.evaluation import FLOORS, benchmark, load_examples

    predictors: list[Predictor] = []
    settings: dict[str, dict[str, Any]] = {}
    for name in options.models:
        if name in FLOORS:
            predictors.append(FLOORS[name])
            continue
        qa = TableQA.load(name, device=options.device)
        predictors.append(_Predictor(name, qa, options))
        settings[name] = {"model": qa.fingerprint, "decoding": asdict(_decoding(options))}
    benchmark(
        predictors,
        load_examples(options.data),
        options.out,
        settings=settings,
        batch_size=options.batch_size,
        limit=options.limit,
    )
    _write((Path(options.out) / "scores.json").read_text(encoding="utf-8"))


def score(options: argparse.Namespace) -> None:
    """Score predictions against references."""
    from gentap.evaluation import score_files

    record = score_files(options.predictions, options.references).to_record()
    if options.json:
        _write(json.dumps(record))
        return
    for name, value in record.items():
        if isinstance(value, dict) and "signature" in value:
            low, high = f"{value['low']:.2f}", f"{value['high']:.2f}"
            _write(f"{name:8} {value['score']:6.2f}  [{low}, {high}]  {value['signature']}")


def export(options: argparse.Namespace) -> None:
    """Write the light runtime's files of a checkpoint."""
    _require_training()
    from gentap.training.export import export

    export(Path(options.model), Path(options.out), bits=options.bits)


def import_backbone(options: argparse.Namespace) -> None:
    """Turn the weights of a package into a stock checkpoint."""
    _require_training()
    from gentap.training.import_backbone import import_backbone

    _write(json.dumps(import_backbone(Path(options.source), Path(options.out))))


class _Predictor:
    """A model as the evaluation wants it."""

    def __init__(self, name: str, qa: TableQA, options: argparse.Namespace) -> None:
        self.name = name
        self.qa = qa
        self.decoding = _decoding(options)

    def answer_batch(self, examples: Sequence[Example]) -> list[Answer]:
        pairs = [(example.table, example.question) for example in examples]
        return self.qa.ask_batch(pairs, decoding=self.decoding, batch_size=len(pairs))


def _harvest(options: argparse.Namespace, directory: Path) -> None:
    from gentap.synthesis.harvest import harvest

    harvest(
        options.documents,
        directory,
        workers=options.workers,
        limit=options.limit,
        exclude=_excluded(options.exclude) if options.exclude else (),
        keep_dropped=options.keep_dropped,
        license=options.license,
    )


def _excluded(path: str) -> list[str]:
    """Read titles and addresses, one a line, or the pages of a benchmark in FeTaQA's layout."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error
    if not path.endswith(".jsonl"):
        return [line.strip() for line in lines if line.strip()]
    names = []
    for number, line in enumerate(lines, 1):
        try:
            names.append(json.loads(line)["table_page_title"])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}:{number}: no table_page_title ({error!r})") from error
    return names


def _synthesize(options: argparse.Namespace, directory: Path) -> None:
    from gentap.synthesis.pipeline import Choice, synthesize

    first = Path(options.documents[0])
    harvested = directory / "harvest"
    if len(options.documents) == 1 and list(first.glob("part-*.parquet")):
        harvested = first
    else:
        _harvest(options, harvested)
    choice = Choice(options.sentences, options.per_table, options.definitions, options.seed)
    writer = _question_writer(options)
    synthesize(harvested, directory, writer, choice, model=Path(options.question_model).name)
    logger.info("%s: %s", directory, _summary(directory / "report.json"))


def _question_writer(options: argparse.Namespace) -> EngineWriter:
    from gentap.answering import load_engine
    from gentap.synthesis.questions import EngineWriter

    return EngineWriter(load_engine(options.question_model, device=options.device))


def _pretrain(options: argparse.Namespace, data: Path, directory: Path) -> None:
    _require_training()
    from gentap.evaluation import load_examples
    from gentap.training.stages import pretrain

    budgets = _budgets(options)
    pretrain(
        load_examples(data),
        directory,
        _settings(options),
        backbone=options.backbone,
        objective=options.objective,
        cell_layers=options.cell_layers,
        budgets=budgets,
    )


def _budgets(options: argparse.Namespace) -> tuple[int, int]:
    least, most = options.budgets
    if not 0 < least <= most:
        raise InputError(f"--budgets {least} {most}: the first is the smaller one")
    return least, most


def _settings(options: argparse.Namespace) -> Settings:
    from gentap.training.loop import Settings, best_dtype

    return Settings(
        epochs=options.epochs,
        max_steps=options.max_steps,
        batch_size=options.batch_size,
        learning_rate=options.learning_rate,
        dropout=options.dropout,
        seed=options.seed,
        dtype=best_dtype(options.device) if options.dtype == "auto" else options.dtype,
        device=options.device,
        save_seconds=options.save_seconds,
        freeze_embeddings=options.freeze_embeddings,
    )


def _decoding(options: argparse.Namespace) -> Decoding:
    from gentap.runtime.engine import Decoding

    return Decoding(
        beams=options.beams,
        max_tokens=options.max_tokens,
        length_penalty=options.length_penalty,
        no_repeat=options.no_repeat,
    )


def _require_training() -> None:
    for module in ("torch", "transformers", "safetensors"):
        require(module, extra="train")


def _remarks(answer: Answer, table: Table) -> Iterator[str]:
    """Say below an answer what it rests on."""
    for row, column in answer.evidence:
        value = table.rows[row][column]
        yield f"row {row + 1}, {table.header[column]}: {value}"
    if answer.cell is not None:
        name = table.header[answer.cell.column]
        yield f"in one cell: {answer.cell.value} (row {answer.cell.row + 1}, {name})"
    for warning in answer.warnings:
        yield f"note: {warning}"


def _summary(path: Path) -> str:
    return " ".join(path.read_text(encoding="utf-8").split())


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
