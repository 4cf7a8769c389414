"""The verb that answers."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gentap.commands.common import decoding_of, write

if TYPE_CHECKING:
    from gentap.records import Answer
    from gentap.table import Table


def ask(options: argparse.Namespace) -> None:
    """Answer questions about one table."""
    from gentap.answering import TableQA
    from gentap.readers import read_table

    table = read_table(
        options.table, format=options.format, title=options.title, which=options.which
    )
    answers = TableQA.load(options.model).ask_batch(
        [(table, question) for question in options.questions], decoding=decoding_of(options)
    )
    for answer in answers:
        if options.json:
            write(json.dumps(answer.to_record(), ensure_ascii=False))
        else:
            write(answer.answer)
            write("".join(f"  {line}\n" for line in _remarks(answer, table)).rstrip("\n"))


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
