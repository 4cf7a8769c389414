"""How the grammar sees a table: which columns can be asked about, which cells named."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from gentap.synthesis.grammar_lexicon import (
    NUMBER_OF,
    Lexicon,
    is_plural,
    usable,
    words,
)
from gentap.synthesis.grammar_view import TableView
from gentap.table import Table
from gentap.values import normalize

KINDS = ("text", "number", "date", "year")
DERIVED = ("any", "orderable", "plural", "count", "money", "subject")

_LETTERS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """Which columns may fill a slot; `of` gives the same object for the same types.

    Attributes:
        some: Types of which a column must have one, if there are any here.
        none: Types of which it must have none.
        every: Types of which it must have all.
    """

    some: frozenset[str]
    none: frozenset[str]
    every: frozenset[str]

    @classmethod
    @cache
    def of(
        cls,
        some: frozenset[str] = frozenset(),
        none: frozenset[str] = frozenset(),
        every: frozenset[str] = frozenset(),
    ) -> Gate:
        """Return the gate of these types."""
        return cls(some, none, every)

    def admits(self, types: frozenset[str]) -> bool:
        """Tell whether a column of these types may fill the slot."""
        fits = not self.some or not self.some.isdisjoint(types)
        return fits and self.none.isdisjoint(types) and self.every <= types


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column that can be asked about.

    Attributes:
        index: Where it stands in the table.
        phrase: What to call it.
        plural: Whether that is a plural.
        types: What it holds; see the grammar file.
    """

    index: int
    phrase: str
    plural: bool
    types: frozenset[str]


class Profile:
    """A table prepared for asking: its columns and the cells that make good slot fillers."""

    def __init__(self, table: Table, lexicon: Lexicon) -> None:
        """Look at a table."""
        self.table = table
        self.view = TableView(table)
        self.columns = tuple(self._columns(lexicon))
        self._eligible: dict[Gate, list[Column]] = {}
        self._unique: dict[int, list[int]] = {}
        self._repeated: dict[int, list[list[int]]] = {}
        self._words: dict[int, str] = {}

    def eligible(self, gate: Gate) -> list[Column]:
        """Return the columns that a gate admits."""
        if gate not in self._eligible:
            self._eligible[gate] = [c for c in self.columns if gate.admits(c.types)]
        return self._eligible[gate]

    def pick(
        self,
        gate: Gate,
        rng: random.Random,
        *taken: Column,
        accept: Callable[[Column], object] | None = None,
    ) -> Column | None:
        """Draw a column that a gate admits, other than the taken ones."""
        choices = [
            column
            for column in self.eligible(gate)
            if column not in taken and (not accept or accept(column))
        ]
        return rng.choice(choices) if choices else None

    def cell(self, row: int, column: Column) -> str:
        """Return the text of a cell."""
        return self.table.rows[row][column.index]

    def key(self, row: int, column: Column) -> str:
        """Return the form of a cell that is equal for cells that say the same."""
        return normalize(self.cell(row, column))

    def amount(self, number: float, column: Column) -> str:
        """Write a number the way the cells of a column are written."""
        if "number" not in column.types:
            return str(int(number))
        unit, digits = self.view.unit(column.index), f"{number:,.12g}"
        if not any("," in cell for cell in self.table.column(column.index)):
            digits = digits.replace(",", "")
        if "money" in column.types:
            return f"{unit}{digits}"
        return f"{digits}{unit}" if unit == "%" else f"{digits} {unit}".strip()

    def usable(self, row: int, column: Column) -> bool:
        """Tell whether a cell may be named in a question or be an answer."""
        return usable(self.cell(row, column))

    def unique(self, column: Column) -> list[int]:
        """Return the rows whose value names them: usable, and part of no other cell there."""
        if column.index not in self._unique:
            single = (rows[0] for rows in self.view.index(column.index).values() if len(rows) == 1)
            self._unique[column.index] = [row for row in single if self._alone(row, column)]
        return self._unique[column.index]

    def repeated(self, column: Column) -> list[list[int]]:
        """Return the groups of several rows that share a usable value of a column."""
        if column.index not in self._repeated:
            groups = self.view.index(column.index).values()
            self._repeated[column.index] = [
                rows for rows in groups if len(rows) > 1 and self.usable(rows[0], column)
            ]
        return self._repeated[column.index]

    def elsewhere(self, row: int, column: Column) -> bool:
        """Tell whether another row has the value of a cell in whichever column."""
        key = self.key(row, column)
        others = (self.view.index(index).get(key, ()) for index in range(self.table.width))
        return any(set(rows) - {row} for rows in others)

    def _alone(self, row: int, column: Column) -> bool:
        if column.index not in self._words:
            cells = (self.cell(other, column) for other in self.view.rows)
            self._words[column.index] = "".join(words(cell) + "\n" for cell in cells)
        own = words(self.cell(row, column))
        return self.usable(row, column) and self._words[column.index].count(own) == 1

    def _columns(self, lexicon: Lexicon) -> list[Column]:
        headers = [header.casefold() for header in self.table.header]
        columns, subject = [], None
        for index, header in enumerate(self.table.header):
            kind = self.view.kind(index)
            phrase = lexicon.phrase(header, kind)
            if not phrase or headers.count(headers[index]) > 1:
                continue
            types = {"any", kind, *lexicon.named_types(header, phrase, kind)}
            plural = is_plural(phrase)
            types |= self._measures(index, kind, plural, types)
            if NUMBER_OF.match(header) and "count" not in types:
                phrase, plural = f"number of {phrase}", False
            if subject is None and kind == "text" and "note" not in types and self._names(index):
                subject = index
                types.add("subject")
            columns.append(Column(index, phrase, plural, frozenset(types)))
        return columns

    def _measures(self, index: int, kind: str, plural: bool, types: set[str]) -> set[str]:
        found = {"plural"} if plural else set()
        if kind == "text" or self.view.order(index) is None:
            return found
        found.add("orderable")
        unit = self.view.unit(index)
        if unit.endswith(tuple("$€£¥₹₩")):
            found.add("money")
        elif kind == "number" and plural and not unit and not types & {"code", "rank"}:
            found.add("count")
        return found

    def _names(self, index: int) -> bool:
        said = [key for key in self.view.index(index) if _LETTERS.search(key)]
        return len(said) >= 0.8 * len(self.view.rows)
