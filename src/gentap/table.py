"""The table everything works on: immutable, rectangular, made of strings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gentap.errors import InputError


@dataclass(frozen=True, slots=True)
class Table:
    """An immutable, rectangular table of strings.

    Attributes:
        header: Column names, one a column; at least one.
        rows: Data rows, each as wide as the header; row 0 is the first data row.
        title: Title of the page or file that the table comes from, or "".
        section: Heading or caption nearest to the table, or "".

    Raises:
        InputError: There is no column, or a row is not as wide as the header.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    section: str = ""

    def __post_init__(self) -> None:
        """Check that the table is rectangular."""
        if not self.header:
            raise InputError("a table needs at least one column")
        for number, row in enumerate(self.rows):
            if len(row) != len(self.header):
                raise InputError(
                    f"row {number} has {len(row)} cells where the header has {len(self.header)}"
                )

    @classmethod
    def padded(
        cls,
        header: Iterable[object],
        rows: Iterable[Iterable[object]],
        *,
        title: str = "",
        section: str = "",
    ) -> Table:
        """Make a table of ragged input: short rows and headers are filled with "".

        Values become strings and their white space is folded; ``None`` becomes "".
        """
        head = tuple(_text(value) for value in header)
        body = [tuple(_text(value) for value in row) for row in rows]
        width = max([len(head), *(len(row) for row in body)])
        filled = tuple(row + ("",) * (width - len(row)) for row in body)
        return cls(head + ("",) * (width - len(head)), filled, title, section)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Table:
        """Read the ``table`` field of a record (see `to_record`).

        Raises:
            InputError: A field is missing or of the wrong type.
        """
        try:
            header, rows = record["header"], record["rows"]
            if isinstance(header, str) or any(isinstance(row, str) for row in rows):
                raise TypeError("header and rows must be lists of strings")
            return cls(
                tuple(str(name) for name in header),
                tuple(tuple(str(value) for value in row) for row in rows),
                str(record.get("title") or ""),
                str(record.get("section") or ""),
            )
        except (KeyError, TypeError) as error:
            raise InputError(
                f'a table record needs "header" and "rows", lists of strings ({error})'
            ) from error

    def to_record(self) -> dict[str, Any]:
        """Return the table as plain lists and strings, ready for JSON or Parquet."""
        return {
            "title": self.title,
            "section": self.section,
            "header": list(self.header),
            "rows": [list(row) for row in self.rows],
        }

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.header)

    def column(self, index: int) -> tuple[str, ...]:
        """Return the cells of one column, top to bottom."""
        return tuple(row[index] for row in self.rows)

    def select(self, rows: Sequence[int]) -> Table:
        """Return a table of only these data rows, in this order."""
        return Table(self.header, tuple(self.rows[row] for row in rows), self.title, self.section)


def _text(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())
