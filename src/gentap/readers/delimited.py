"""CSV, TSV and their relatives."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator

from gentap.errors import InputError
from gentap.readers.names import rectangle
from gentap.table import Table

_SEPARATORS = ",\t;|"
_SAMPLE = 50
_FIELD_LIMIT = 1 << 24


def read_delimited(content: str, where: str, title: str, *, separator: str = "") -> Table:
    """Read delimited text; its first line is the header.

    Args:
        content: The text.
        where: What errors call it.
        title: Title of the table.
        separator: Between cells; by default the one that cuts the lines most evenly.

    Raises:
        InputError: It is empty, a quote stays open, or a row is longer than the header.
    """
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    separator = separator or _guess(content)
    lines = _rows(content, separator, where)
    _, header = next(lines, (0, []))
    return rectangle(header, lines, where, title)


def _rows(content: str, separator: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold anything, each with the line it begins on."""
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(content.splitlines(keepends=True), delimiter=separator, strict=True)
    begins = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(
                f"{where}: the row that begins on line {begins} cannot be read ({error}); "
                "look for a quote that is not closed"
            ) from error
        if any(cell.strip() for cell in row):
            yield begins, row
        begins = reader.line_num + 1


def _guess(content: str) -> str:
    """Choose the separator that gives the same number of cells, above one, most often."""
    best, most = ",", (0.0, 0)
    for separator in _SEPARATORS:
        widths: Counter[int] = Counter()
        try:
            for number, (_, row) in enumerate(_rows(content, separator, "")):
                widths[len(row)] += 1
                if number == _SAMPLE:
                    break
        except InputError:
            continue
        width, count = max(widths.items(), key=lambda item: item[1], default=(1, 0))
        share = (count / max(1, widths.total()), width)
        if width > 1 and share > most:
            best, most = separator, share
    return best
