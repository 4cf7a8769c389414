"""Tables of a Markdown document whose rows are written by commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path


def write_row(document: Path, name: str, row: Mapping[str, str]) -> None:
    """Write one row of the table after ``<!-- table: NAME -->``, over the row of that first cell.

    Where the columns differ from those of the table, all other rows are gone: they were other
    scores.

    Args:
        document: A Markdown file that holds the mark.
        name: Of the table.
        row: Column to cell.

    Raises:
        SystemExit: The document has no such mark.
    """
    lines = document.read_text(encoding="utf-8").split("\n")
    mark = f"<!-- table: {name} -->"
    if mark not in lines:
        raise SystemExit(f"{document} has no line {mark}")
    start = lines.index(mark) + 1
    end = start
    while end < len(lines) and lines[end].startswith("|"):
        end += 1
    head = [_line(list(row)), "|" + "---|" * len(row)]
    body = lines[start + 2 : end] if lines[start : start + 2] == head else []
    new, first = _line(list(row.values())), next(iter(row.values()))
    same = (place for place, line in enumerate(body) if line.startswith(f"| {first} |"))
    place = next(same, len(body))
    body[place : place + 1] = [new]
    lines[start:end] = [*head, *body]
    document.write_text("\n".join(lines), encoding="utf-8")


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
