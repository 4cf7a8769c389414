"""Aligned sentences in, examples of both kinds out: counted, sharded, resumable."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from gentap.errors import InputError
from gentap.records import Example, Source
from gentap.storage import Shards, example_schema, run_settings
from gentap.synthesis.choosing import Choice, content_key, plan
from gentap.synthesis.example_card import write_card
from gentap.synthesis.grammar import Grammar
from gentap.synthesis.pairing import paired
from gentap.synthesis.questions import Question, QuestionWriter, Request, candidates
from gentap.table import Table

_SMALLEST_TABLE = 2


def synthesize(
    harvested: Path,
    directory: Path,
    writer: QuestionWriter,
    choice: Choice,
    *,
    model: str,
    templates: Path | None = None,
) -> dict[str, Any]:
    """Make sentence and cell examples of harvested alignments.

    Each harvested shard becomes one shard of examples; a run that was killed goes on with the
    first that is missing, and ends with the same rows.

    Args:
        harvested: A folder that `harvest` wrote.
        directory: Where the examples go.
        writer: Writes the questions.
        choice: Which sentences are taken.
        model: Name of the question generator, for the settings.
        templates: A grammar file that is laid over the one that ships with the package.

    Returns:
        The report: ``seen`` alignments, ``kept`` sentence examples, ``dropped`` by reason,
        ``pairs`` of those, and ``cells``, the number of cell examples; kept and dropped add up to
        seen.

    Raises:
        InputError: The folder holds no alignments, ``directory`` another run, or the grammar
            file a mistake; its line is named.
        MissingExtraError: pyarrow is not installed.
    """
    sources = sorted(harvested.glob("part-*.parquet"))
    if not sources:
        raise InputError(f"{harvested}: no part-*.parquet there; run gentap harvest first")
    grammar = Grammar.load(templates)
    shards = Shards(directory, example_schema())
    run_settings(directory, choice.settings() | {"model": model, "grammar": grammar.rules.key})
    shards.clean()
    verdicts = plan(sources, choice)
    done = []
    for number, source in enumerate(tqdm(sources, desc="synthesize", unit="shard", disable=None)):
        path = shards.path(number, source.stem.rpartition("-")[2])
        if not path.exists():
            rng = random.Random(f"{choice.seed}/{source.stem}")
            examples, counts = _make(source, verdicts[source], choice, writer, grammar, rng)
            shards.write(path, (example.to_record() for example in examples), counts)
        done.append(path)
    report = shards.finish(done)
    write_card(shards.directory, report, done)
    return report


def _make(
    source: Path,
    verdicts: Mapping[int, str | None],
    choice: Choice,
    writer: QuestionWriter,
    grammar: Grammar,
    rng: random.Random,
) -> tuple[list[Example], dict[str, Any]]:
    dropped: Counter[str] = Counter(reason for reason in verdicts.values() if reason)
    taken = [
        candidates(alignment, choice.candidates, rng)
        for place, alignment in enumerate(choice.read(source))
        if verdicts[place] is None
    ]
    sentences, faults = _sentence_examples(_surest(taken, writer), choice)
    dropped.update(faults)
    pairs = list(paired(list(sentences.values()), choice.pairs, rng))
    both = [*sentences.values(), *pairs]
    sources = {
        first.alignment.table: first.alignment.source
        for first, *_ in taken
        if len(first.alignment.table.rows) >= _SMALLEST_TABLE
    }
    cells = list(_cell_examples(sources, grammar, len(both), rng))
    counts = {
        "seen": len(verdicts),
        "kept": len(sentences),
        "dropped": dict(dropped),
        "pairs": len(pairs),
        "cells": len(cells),
    }
    return [*both, *cells], counts


def _surest(
    taken: list[list[Request]], writer: QuestionWriter
) -> Iterator[tuple[Request, Question]]:
    """Yield of each sentence's questions the one that the writer is surest of."""
    questions = iter(writer.write([request for requests in taken for request in requests]))
    for requests in taken:
        pairs = [(request, next(questions)) for request in requests]
        yield max(pairs, key=lambda pair: pair[1].confidence)


def _sentence_examples(
    asked: Iterable[tuple[Request, Question]], choice: Choice
) -> tuple[dict[str, Example], list[str]]:
    """Return the examples by their ids, and why there are no others."""
    sentences: dict[str, Example] = {}
    faults = []
    for request, question in asked:
        example = _sentence_example(question.text, request)
        reason = choice.question_fault(question, request)
        if reason is None and example.id in sentences:
            reason = "duplicate-question"
        if reason:
            faults.append(reason)
        else:
            sentences[example.id] = example
    return sentences, faults


def _sentence_example(question: str, request: Request) -> Example:
    alignment = request.alignment
    name = content_key(f"{question}\n{alignment.table!r}")
    return Example(
        id=f"s-{name}",
        kind="sentence",
        question=question,
        answer=alignment.sentence,
        table=alignment.table,
        evidence=alignment.evidence,
        source=alignment.source,
    )


def _cell_examples(
    sources: Mapping[Table, Source], grammar: Grammar, wanted: int, rng: random.Random
) -> Iterator[Example]:
    """Ask the tables of a shard as many short questions as it has sentences."""
    tables = list(sources)
    rng.shuffle(tables)
    seen: set[tuple[Table, str]] = set()
    made = 0
    # Two rounds: what barren tables leave over is asked of the others.
    for share in (-(-wanted // max(1, len(tables))), wanted):
        for table in tables:
            for asked in grammar.generate(table, min(share, wanted - made, 24), rng):
                if made >= wanted or (table, asked.question) in seen:
                    continue
                seen.add((table, asked.question))
                made += 1
                yield Example(
                    id=f"c-{content_key(asked.question + repr(table))}",
                    kind="cell",
                    question=asked.question,
                    answer=asked.answer,
                    table=table,
                    evidence=asked.evidence,
                    source=sources[table],
                )
