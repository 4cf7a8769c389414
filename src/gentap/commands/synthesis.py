"""The verbs that make examples of documents."""

from __future__ import annotations

import argparse
import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gentap.errors import InputError

if TYPE_CHECKING:
    from gentap.synthesis.questions import QuestionWriter

logger = logging.getLogger(__name__)


def harvest(options: argparse.Namespace) -> None:
    """Align the sentences of documents with their tables."""
    from gentap.storage import locate

    _harvest(options, options.out)
    logger.info("%s: %s", options.out, _summary(locate(options.out) / "report.json"))


def synthesize(options: argparse.Namespace) -> None:
    """Make examples of documents, or of a folder of alignments."""
    from gentap.storage import locate

    examples_of(options, locate(options.out))


def _harvest(options: argparse.Namespace, directory: str | Path) -> None:
    from gentap.synthesis.harvest import harvest

    harvest(
        options.documents,
        directory,
        engine=options.engine,
        workers=options.workers,
        timeout=options.timeout,
        memory=options.memory,
        shard_size=options.shard_size,
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


def examples_of(options: argparse.Namespace, directory: Path) -> None:
    """Make examples in a folder, harvesting first where documents are given."""
    from gentap.storage import locate
    from gentap.synthesis.choosing import Choice
    from gentap.synthesis.grammar import Grammar
    from gentap.synthesis.pipeline import synthesize

    # First what can be wrong: harvesting takes long.
    choice = Choice(
        limit=options.sentences,
        per_table=options.per_table,
        per_form=options.per_form,
        definitions=options.definitions,
        min_support=options.min_support,
        min_confidence=options.min_confidence,
        candidates=options.candidates,
        min_words=options.min_words,
        max_words=options.max_words,
        pairs=options.pairs,
        trim=options.trim,
        allow=tuple(options.allow),
        seed=options.seed,
    )
    own = Path(options.grammar) if options.grammar else None
    Grammar.load(own)
    writer, name = _question_writer(options)
    first = locate(options.documents[0])
    harvested = directory / "harvest"
    if len(options.documents) == 1 and list(first.glob("part-*.parquet")):
        harvested = first
    else:
        _harvest(options, harvested)
    synthesize(harvested, directory, writer, choice, model=name, templates=own)
    logger.info("%s: %s", directory, _summary(directory / "report.json"))


def _question_writer(options: argparse.Namespace) -> tuple[QuestionWriter, str]:
    """Return what writes the questions, and what changes with it."""
    from gentap.answering import find_model, fingerprint, open_engine
    from gentap.synthesis.questions import DECODING, EngineWriter

    folder = find_model(options.question_model, "questions")
    device = None if options.device == "auto" else options.device
    decoding = replace(DECODING, beams=options.beams)
    writer = EngineWriter(open_engine(folder, device=device), decoding=decoding)
    return writer, fingerprint(folder) + (f", {options.beams} beams" if options.beams > 1 else "")


def _summary(path: Path) -> str:
    return " ".join(path.read_text(encoding="utf-8").split())
