"""Draws grammar questions to be judged by a reader, one JSON object a line.

    python benchmarks/sample_questions.py DOCS... [--number 34] [--seed 1] > verdicts.jsonl

DOCS are what benchmarks/grammar.py takes; of each, so many documents are drawn, and one question
of each. Tables of more rows are cut to 20, those that the answer rests on among them,
where its proof still holds. Whoever judges fills in ``verdict``, good or bad, and the ``cause`` of
a bad one: good is a question that a person could ask, of which the cell is the only right answer.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from grammar import tables_of

from gentap.synthesis.grammar import CellQuestion, Grammar, execute
from gentap.table import Table

KEPT = 20
EACH = 24  # questions of a table, one of which is drawn


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", metavar="DOCS", nargs="+", type=Path)
    parser.add_argument("--number", type=int, default=34, metavar="N", help="of each of DOCS")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    grammar = Grammar.load()
    for path in options.paths:
        rng = random.Random(options.seed)
        drawn = (draw(tables, grammar, rng) for tables in tables_of([path], rng))
        for record in itertools.islice(filter(None, drawn), options.number):
            record |= {"seed": options.seed, "source": path.name}
            sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


def draw(tables: Iterable[Table], grammar: Grammar, rng: random.Random) -> dict[str, Any]:
    """Return a question of the first of these tables that has any."""
    for table in tables:
        if asked := grammar.generate(table, EACH, rng):
            return to_judge(table, rng.choice(asked))
    return {}


def to_judge(table: Table, one: CellQuestion) -> dict[str, Any]:
    """Return what a reader needs, the table cut."""
    needed = {row for row, _ in one.evidence}
    others = [row for row in range(len(table.rows)) if row not in needed]
    kept = sorted({*needed, *others[: max(0, KEPT - len(needed))]})
    cut = table.select(kept)
    cell = execute(one.query, cut)
    if cell is None or cut.rows[cell[0]][cell[1]] != one.answer:
        cut, cell = table, one.cell
    return {
        "title": cut.title,
        "section": cut.section,
        "header": list(cut.header),
        "rows": [list(row) for row in cut.rows],
        "family": one.family,
        "question": one.question,
        "answer": one.answer,
        "cell": list(cell),
        "query": {key: value for key, value in asdict(one.query).items() if value is not None},
        "verdict": "",
        "cause": "",
    }


if __name__ == "__main__":
    main()
