"""Aligned sentences in, examples of both kinds out: counted, sharded, resumable."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from gentap.errors import InputError
from gentap.records import Alignment, Example
from gentap.storage import Shards, example_schema, read_records, run_settings
from gentap.synthesis.form import gist
from gentap.synthesis.grammar import Grammar
from gentap.synthesis.questions import QuestionWriter, Request, choose_asked, fault, is_definition
from gentap.table import Table
from gentap.text import tokens

_SMALLEST_TABLE = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """Which aligned sentences become examples.

    Attributes:
        limit: Sentences at most; 0: no limit.
        per_table: Sentences of one table at most, so that no list fills the set.
        definitions: Share of sentences of the form "X is a Y" at most; most of what aligns
            is of that form, and people ask about events, roles and results.
        foreign_numbers: Take sentences with a number that the table lacks, too; they teach a
            model to invent.
        seed: Seeds every draw.
    """

    limit: int = 0
    per_table: int = 8
    definitions: float = 0.25
    foreign_numbers: bool = False
    seed: int = 0


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
        The report: ``seen`` alignments, ``kept`` sentence examples, ``dropped`` by reason, and
        ``cells``, the number of cell examples; kept and dropped add up to seen.

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
    run_settings(directory, asdict(choice) | {"model": model, "grammar": grammar.rules.key})
    shards.clean()
    plan = _plan(sources, choice)
    done = []
    for number, source in enumerate(tqdm(sources, desc="synthesize", unit="shard", disable=None)):
        path = shards.path(number, source.stem.rpartition("-")[2])
        if not path.exists():
            rng = random.Random(f"{choice.seed}/{source.stem}")
            examples, counts = _make(source, plan[source], writer, grammar, rng)
            shards.write(path, (example.to_record() for example in examples), counts)
        done.append(path)
    return shards.finish(done)


def _plan(sources: list[Path], choice: Choice) -> dict[Path, dict[int, str | None]]:
    """Decide about every alignment of every shard: None to take it, else why it is dropped."""
    verdicts: dict[Path, dict[int, str | None]] = {}
    candidates: list[tuple[Path, int]] = []
    definitions: list[tuple[Path, int]] = []
    sentences: set[bytes] = set()
    tables: Counter[bytes] = Counter()
    for source in sources:
        reasons: dict[int, str | None] = verdicts.setdefault(source, {})
        for place, record in enumerate(read_records(source)):
            alignment = Alignment.from_record(record)
            sentence = gist(alignment.sentence)
            table = _key(repr(alignment.table))
            if not choice.foreign_numbers and any(map(_has_number, alignment.foreign)):
                reasons[place] = "foreign-number"
            elif sentence in sentences:
                reasons[place] = "duplicate"
            elif tables[table] >= choice.per_table:
                reasons[place] = "table-surplus"
            else:
                sentences.add(sentence)
                tables[table] += 1
                dull = is_definition(alignment.sentence)
                (definitions if dull else candidates).append((source, place))
    rng = random.Random(f"{choice.seed}/plan")
    for pool in (candidates, definitions):
        rng.shuffle(pool)
    total = choice.limit or len(candidates) + len(definitions)
    dull_most = round(len(candidates) * choice.definitions / (1 - choice.definitions))
    dull_most = min(dull_most, round(total * choice.definitions))
    taken = definitions[:dull_most]
    verdicts_for = [(definitions[dull_most:], "definition-surplus"), (taken, None)]
    verdicts_for += [(candidates[: total - len(taken)], None)]
    verdicts_for += [(candidates[total - len(taken) :], "over-limit")]
    for pool, reason in verdicts_for:
        for source, place in pool:
            verdicts[source][place] = reason
    return verdicts


def _make(
    source: Path,
    plan: dict[int, str | None],
    writer: QuestionWriter,
    grammar: Grammar,
    rng: random.Random,
) -> tuple[list[Example], dict[str, Any]]:
    dropped: Counter[str] = Counter(reason for reason in plan.values() if reason)
    requests = [
        choose_asked(Alignment.from_record(record), rng)
        for place, record in enumerate(read_records(source))
        if plan[place] is None
    ]
    sentences: dict[str, Example] = {}
    for request, question in zip(requests, writer.write(requests), strict=True):
        reason = fault(question, request)
        example = _sentence_example(question, request)
        if reason is None and example.id in sentences:
            reason = "duplicate-question"
        if reason:
            dropped[reason] += 1
        else:
            sentences[example.id] = example
    cells = list(_cell_examples(requests, grammar, len(sentences), rng))
    counts = {
        "seen": len(plan),
        "kept": len(sentences),
        "dropped": dict(dropped),
        "cells": len(cells),
    }
    return [*sentences.values(), *cells], counts


def _sentence_example(question: str, request: Request) -> Example:
    alignment = request.alignment
    name = _key(f"{question}\n{alignment.table!r}").hex()
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
    requests: list[Request], grammar: Grammar, wanted: int, rng: random.Random
) -> Iterator[Example]:
    """Ask the tables of a shard as many short questions as it has sentences."""
    sources = {
        r.alignment.table: r.alignment.source
        for r in requests
        if len(r.alignment.table.rows) >= _SMALLEST_TABLE
    }
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
                    id=f"c-{_key(asked.question + repr(table)).hex()}",
                    kind="cell",
                    question=asked.question,
                    answer=asked.answer,
                    table=table,
                    evidence=asked.evidence,
                    source=sources[table],
                )


def _has_number(text: str) -> bool:
    return any(token.kind == "number" for token in tokens(text))


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
