"""JSON, Parquet, spreadsheets and data frames."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import python_calamine

from gentap.errors import InputError, require
from gentap.readers.names import rectangle, text, unique_names
from gentap.table import Table


def read_json(content: str, where: str, title: str) -> Table:
    """Read a list of records, one record a line, or a table record with header and rows.

    Raises:
        InputError: It is not JSON, or none of these.
    """
    try:
        value = json.loads(content)
    except ValueError:
        value = _lines(content, where)
    if isinstance(value, dict) and "header" in value and "rows" in value:
        table = Table.from_record(value)
        return Table(unique_names(table.header), table.rows, table.title or title, table.section)
    records = [value] if isinstance(value, dict) else value
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise InputError(
            f'{where}: JSON that is neither a list of records nor {{"header": [], "rows": []}}'
        )
    names = list(dict.fromkeys(name for record in records for name in record))
    rows = ((n, [record.get(name) for name in names]) for n, record in enumerate(records, 1))
    return rectangle(names, rows, where, title)


def _lines(content: str, where: str) -> list[Any]:
    records = []
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            try:
                records.append(json.loads(line))
            except ValueError as error:
                raise InputError(f"{where}: line {number} is not JSON ({error})") from error
    return records


def read_parquet_table(data: bytes, where: str, title: str) -> Table:
    """Read a Parquet file.

    Raises:
        InputError: It is damaged.
        MissingExtraError: pyarrow is not installed.
    """
    arrow = require("pyarrow", extra="data")
    parquet = require("pyarrow.parquet", extra="data")
    try:
        found = parquet.read_table(io.BytesIO(data))
    except (arrow.ArrowException, OSError) as error:
        raise InputError(f"{where}: not a readable Parquet file ({error})") from error
    columns = [column.to_pylist() for column in found.columns]
    return rectangle(found.column_names, _numbered(columns), where, title)


def read_workbook(data: bytes, where: str, title: str, which: int) -> Table:
    """Read one sheet of a spreadsheet file.

    Raises:
        InputError: It is damaged, empty, or has not so many sheets.
    """
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = book.sheet_names
        if which >= len(sheets):
            raise InputError(f"{where}: no sheet {which}: it has {len(sheets)}, from 0")
        rows = book.get_sheet_by_index(which).to_python(skip_empty_area=True)
    except python_calamine.CalamineError as error:
        raise InputError(f"{where}: not a readable spreadsheet ({error})") from error
    filled = [(n, row) for n, row in enumerate(rows, 1) if any(text(cell) for cell in row)]
    header = filled[0][1] if filled else []
    return rectangle(header, filled[1:], where, title)


def read_frame(frame: Any, title: str) -> Table:  # noqa: ANN401 - pandas or polars, not imported
    """Read a pandas or polars DataFrame; its index is no column."""
    names = list(frame.columns)
    if hasattr(frame, "iloc"):
        columns = [frame.iloc[:, place].tolist() for place in range(len(names))]
    else:
        columns = [frame[name].to_list() for name in names]
    return rectangle(names, _numbered(columns), "the data frame", title)


def _numbered(columns: Sequence[Sequence[object]]) -> enumerate[tuple[object, ...]]:
    return enumerate(zip(*columns, strict=True), 1)
