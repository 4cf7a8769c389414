"""One function reads them all."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from gentap.errors import InputError
from gentap.markup import decode, html_tables, markdown_tables
from gentap.readers.delimited import read_delimited
from gentap.readers.names import unique_names
from gentap.readers.structured import read_frame, read_json, read_parquet_table, read_workbook
from gentap.table import Table

FORMATS = {
    "csv": "csv", "txt": "csv", "tsv": "tsv", "tab": "tsv",
    "xlsx": "workbook", "xlsm": "workbook", "xls": "workbook", "ods": "workbook",
    "parquet": "parquet", "json": "json", "jsonl": "json", "ndjson": "json",
    "html": "html", "htm": "html", "md": "markdown", "markdown": "markdown",
}  # fmt: skip
_RULE = re.compile(r"^\s*\|?\s*:?-{3,}:?\s*\|[\s:|-]*$", re.MULTILINE)
_STDIN = "standard input"


def read_table(
    source: Any,  # noqa: ANN401 - paths, "-", data frames and tables
    *,
    format: str | None = None,
    title: str | None = None,
    which: int = 0,
) -> Table:
    """Read a table from a file, standard input or a data frame.

    Args:
        source: A path, ``-`` for standard input, a pandas or polars DataFrame, or a Table.
        format: csv, tsv, xlsx, xls, ods, parquet, json, jsonl, html or md; by default the
            file's ending or, on standard input, the content tells.
        title: Title of the table; by default the page's, or the file's name.
        which: Which table of a file that holds several, from 0.

    Raises:
        InputError: There is no such file, or no table in it; the line says where and why.
        MissingExtraError: Parquet needs pyarrow, which is not installed.
    """
    if isinstance(source, Table):
        return source
    if hasattr(source, "columns"):
        return read_frame(source, title or "")
    data, where, kind, name = _open(source)
    if format is not None:
        if format not in FORMATS:
            known = ", ".join(sorted(FORMATS))
            raise InputError(f"unknown format {format!r}; known are {known}")
        kind = FORMATS[format]
    return _parse(data, kind or _sniff(data), where, name if title is None else title, title, which)


def _parse(data: bytes, kind: str, where: str, name: str, title: str | None, which: int) -> Table:
    if which < 0:
        raise InputError(f"{where}: tables are counted from 0, not {which}")
    if kind == "workbook":
        return read_workbook(data, where, name, which)
    if kind == "parquet":
        return read_parquet_table(data, where, name)
    try:
        content = decode(data)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    if not content.strip():
        raise InputError(f"{where}: no table there: it is empty")
    if kind == "json":
        return read_json(content, where, name)
    if kind in ("html", "markdown"):
        found = html_tables(content) if kind == "html" else markdown_tables(content)
        if which >= len(found):
            raise InputError(f"{where}: no table {which}: it has {len(found)} data tables, from 0")
        table = found[which]
        heading = table.title or name if title is None else title
        return Table(unique_names(table.header), table.rows, heading, table.section)
    return read_delimited(content, where, name, separator="\t" if kind == "tsv" else "")


def _open(source: Any) -> tuple[bytes, str, str | None, str]:  # noqa: ANN401
    """Return content, name for errors, format and title of a path or standard input."""
    if source == "-":
        return sys.stdin.buffer.read(), _STDIN, None, ""
    try:
        path = Path(source)
    except TypeError as error:
        raise InputError(f"cannot read a table from a {type(source).__name__}") from error
    suffix = path.suffix.lower().lstrip(".")
    try:
        data = path.read_bytes()
    except IsADirectoryError as error:
        raise InputError(f"{path}: a folder; name a file in it") from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    return data, str(path), FORMATS.get(suffix), re.sub(r"[_-]+", " ", path.stem).strip()


def _sniff(data: bytes) -> str:
    """Tell the format of content that has no name."""
    if data[:4] == b"PAR1":
        return "parquet"
    if data[:2] == b"PK" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return "workbook"
    head = data[:65536].decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if head[:1] in "[{" and head:
        return "json"
    if re.search(r"<(table|html|!doctype)", head, re.IGNORECASE):
        return "html"
    return "markdown" if _RULE.search(head) else "csv"
