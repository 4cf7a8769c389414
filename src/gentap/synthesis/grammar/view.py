"""A table as queries see it: typed columns, parsed once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from gentap.synthesis.grammar.spoken import said
from gentap.table import Table
from gentap.values import (
    Kind,
    column_kind,
    is_blank,
    normalize,
    parse_date,
    parse_quantity,
    remembered,
)

Order = tuple[float, ...]
"""A number as (value,), a date as (year[, month[, day]]); a prefix is a tie."""

_DIGIT = re.compile(r"\d")
_TOTAL = re.compile(
    r"total\b|.*\btotals?$|.+ (?:hold|gain|gain from .+|swing)$"
    r"|(?:overall|career|combined|all[- ]time)\b[ (]*(?:$|\d|totals?|record|stat|average)"
    r"|\d+ (?:opponents|seasons|teams|clubs|games|matches|years|players|nations|countries)$"
)
_LEAST_SUMS, _LEAST_SUMMED = 2, 3
"""Columns, and numbers in each, that must add up to a last row for it to be one of totals."""
_TOTALS = frozenset(("total", "totals", "grand total", "subtotal", "sum", "overall", "average"))
_TOTALS |= {"averages", "mean", "median", "career", "career total", "career totals", "all"}
_TOTALS |= {"turnout", "majority", "eligible voters", "registered voters", "registered electors"}
_TOTALS |= {"valid votes", "invalid votes", "rejected ballots", "blank votes", "swing"}


class TableView:
    """A table whose columns are parsed once, however many queries are asked of it.

    Attributes:
        table: The table.
        rows: Data rows that queries see: no totals, repeated headers or rows of one text.
    """

    def __init__(self, table: Table) -> None:
        """Look at a table."""
        self.table = table
        rows = [row for row in range(len(table.rows)) if not _is_aside(table, row)]
        self.rows = tuple(rows[:-1] if _adds_up(table, rows) else rows)
        self._adds_up = len(self.rows) < len(rows)
        self._kinds: dict[int, Kind] = {}
        self._index: dict[int, dict[str, list[int]]] = {}
        self._orders: dict[int, tuple[dict[int, Order], str] | None] = {}

    @cached_property
    def has_totals(self) -> bool:
        """Whether there are rows of totals, too."""
        others = set(range(len(self.table.rows))).difference(self.rows)
        return self._adds_up or any(_is_total(self.table.rows[row]) for row in others)

    @cached_property
    def shared(self) -> frozenset[str]:
        """The values that stand in several rows, whatever their columns, by `key_of`."""
        first: dict[str, int] = {}
        keys = ((row, key_of(cell)) for row in self.rows for cell in self.table.rows[row])
        return frozenset(key for row, key in keys if first.setdefault(key, row) != row)

    def kind(self, column: int) -> Kind:
        """Return what the column holds."""
        if column not in self._kinds:
            cells = [self.table.rows[row][column] for row in self.rows]
            self._kinds[column] = column_kind(cells, self.table.header[column])
        return self._kinds[column]

    def index(self, column: int) -> dict[str, list[int]]:
        """Return the rows of every value of a column, by `key_of`."""
        if column not in self._index:
            index: dict[str, list[int]] = defaultdict(list)
            for row in self.rows:
                index[key_of(self.table.rows[row][column])].append(row)
            self._index[column] = dict(index)
        return self._index[column]

    def order(self, column: int) -> dict[int, Order] | None:
        """Return the comparable value of every row, or None unless all can be compared."""
        return None if (order := self._order(column)) is None else order[0]

    def unit(self, column: int) -> str:
        """Return the unit that the numbers of a column share, "" if there is none."""
        return "" if (order := self._order(column)) is None else order[1]

    def _order(self, column: int) -> tuple[dict[int, Order], str] | None:
        if column not in self._orders:
            self._orders[column] = self._parse(column)
        return self._orders[column]

    def _parse(self, column: int) -> tuple[dict[int, Order], str] | None:
        orders: dict[int, Order] = {}
        units = set()
        for row in self.rows:
            parsed = comparable(self.table.rows[row][column], self.kind(column))
            if parsed is None:
                return None
            orders[row], unit = parsed
            units.add(unit)
        return (orders, units.pop()) if len(units) == 1 else None


@remembered
def key_of(text: str) -> str:
    """Return a form that is equal for cells that are said alike."""
    plain = said(text)
    return normalize(plain) if _DIGIT.search(plain) else " ".join(plain.casefold().split())


def compare(left: Order, right: Order) -> int:
    """Return 1, 0 or -1; values of different precision are compared as far as both go."""
    length = min(len(left), len(right))
    a, b = left[:length], right[:length]
    return (a > b) - (a < b)


def comparable(text: str, kind: Kind) -> tuple[Order, str] | None:
    """Return the comparable value of a text in a column of this kind, and its unit."""
    if kind in ("date", "year"):
        date = parse_date(text)
        return None if date is None else (tuple(map(float, date)), "")
    quantity = parse_quantity(text) if kind == "number" else None
    return None if quantity is None else ((quantity.value,), quantity.unit)


def _is_aside(table: Table, row: int) -> bool:
    cells = table.rows[row]
    said_cells = [cell for cell in cells if not is_blank(cell)]
    if not said_cells or (
        len(cells) > 2 and len(said_cells) == len(cells) == cells.count(cells[0])
    ):
        return True
    if _is_total(cells):
        return True
    repeated = sum(map(_is_repeated, cells, table.header))
    return repeated > 1 and 2 * repeated >= len(said_cells)


def _is_total(cells: Sequence[str]) -> bool:
    first = next((cell for cell in cells if not is_blank(cell)), "")
    return any(
        plain in _TOTALS or _TOTAL.match(plain) for plain in map(_plain, {first, *cells[:2]})
    )


def _adds_up(table: Table, rows: Sequence[int]) -> bool:
    """Tell whether the last row has the sums of the others."""
    if len(rows) <= _LEAST_SUMMED:
        return False
    sums = 0
    for column, total in enumerate(table.rows[rows[-1]]):
        if not total.replace(",", "").isdecimal():
            continue
        cells = [table.rows[row][column].replace(",", "") for row in rows[:-1]]
        if all(cell.isdecimal() or is_blank(cell) for cell in cells):
            numbers = [int(cell) for cell in cells if cell.isdecimal()]
            summed = len(numbers) >= _LEAST_SUMMED and any(numbers)
            sums += summed and sum(numbers) == int(total.replace(",", ""))
    return sums >= _LEAST_SUMS


def _is_repeated(cell: str, name: str) -> bool:
    return cell[:1] == name[:1] and _plain(cell) == _plain(name) != ""


@remembered
def _plain(cell: str) -> str:
    return " ".join(said(cell).casefold().split()).rstrip(":")
