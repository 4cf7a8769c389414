"""Benchmarks as examples: FeTaQA's own JSONL, and GenTaP's records as JSONL or Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from gentap.errors import InputError, require
from gentap.evaluation.datasets import DATASETS, read_dataset
from gentap.evaluation.lines import parse_object, read_lines
from gentap.records import Example, Source
from gentap.table import Table

FETAQA_LICENSE = "CC BY-SA 4.0"


def load_examples(path: str | Path) -> list[Example]:
    """Read all examples of a file or folder; see `read_examples`."""
    return list(read_examples(path))


def read_examples(path: str | Path) -> Iterator[Example]:
    """Yield the examples of a file or folder, one by one.

    Args:
        path: JSONL (gzipped where the name ends in ``.gz``) of Example records or of FeTaQA's
            (Nan et al., 2022), a Parquet file of Example records, or a folder of such
            ``part-*.parquet``; or ``NAME:PATH`` of a data set in its own format, see
            `gentap.evaluation.datasets`.

    Raises:
        InputError: There is no example, or a record is wrong; the message says where.
        MissingExtraError: Parquet is asked for and pyarrow is not installed.
    """
    name, _, place = str(path).partition(":")
    if place and name in DATASETS:
        yield from read_dataset(name, place)
        return
    empty = True
    for place, record in _records(Path(path)):
        try:
            example = _fetaqa(record) if "table_array" in record else Example.from_record(record)
            _check_evidence(example)
        except InputError as error:
            raise InputError(f"{place}: {error}") from error
        empty = False
        yield example
    if empty:
        raise InputError(f"{path} holds no example")


def _records(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if path.is_dir():
        parts = sorted(path.glob("part-*.parquet"))
        if not parts:
            raise InputError(f"{path} holds no part-*.parquet: name a folder of examples or a file")
        for part in parts:
            yield from _parquet(part)
    elif path.suffix == ".parquet":
        yield from _parquet(path)
    else:
        for place, line in read_lines(path):
            if line.strip():
                yield place, parse_object(line, place)


def _parquet(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    parquet = require("pyarrow.parquet", extra="data")
    try:
        with parquet.ParquetFile(path) as file:
            batches = (batch.to_pylist() for batch in file.iter_batches(batch_size=1024))
            for number, record in enumerate(chain.from_iterable(batches), 1):
                yield f"{path}:{number}", record
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path} as Parquet: {error}") from error


def _fetaqa(record: Mapping[str, Any]) -> Example:
    try:
        header, *rows = record["table_array"]
        cells = [(int(row) - 1, int(column)) for row, column in record["highlighted_cell_ids"]]
        return Example(
            id=str(record["feta_id"]),
            kind="sentence",
            question=str(record["question"]),
            answer=str(record["answer"]),
            table=Table.padded(
                header,
                rows,
                title=str(record["table_page_title"]),
                section=str(record["table_section_title"]),
            ),
            # Row -1 is the header: it names the cells of interest and is none of them.
            evidence=tuple(cell for cell in cells if cell[0] != -1),
            source=Source(str(record.get("page_wikipedia_url") or ""), FETAQA_LICENSE),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"not a FeTaQA record: {error!r}") from error


def _check_evidence(example: Example) -> None:
    height, width = len(example.table.rows), example.table.width
    for row, column in example.evidence:
        if not (0 <= row < height and 0 <= column < width):
            raise InputError(
                f"evidence cell [{row}, {column}] is outside the {height} x {width} table"
            )
