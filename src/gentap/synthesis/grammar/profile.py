"""A table prepared for asking: which columns fit a gate, which cells make good slot fillers."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from typing import ParamSpec

from gentap.synthesis.grammar.columns import header_types, read_columns
from gentap.synthesis.grammar.gates import Column, Gate
from gentap.synthesis.grammar.lexicon import Lexicon
from gentap.synthesis.grammar.spoken import EITHER, is_away, said, speakable, usable, words
from gentap.synthesis.grammar.titles import TitleType, read_title
from gentap.synthesis.grammar.view import TableView, key_of
from gentap.table import Table

P = ParamSpec("P")
_SCALE = re.compile(r"\d\s?(?:million|billion|trillion)", re.IGNORECASE)
_SCALES = ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"))
_TWO = re.compile(r"\) [^\W\d]")
_PERSONS = re.compile(r",(?! [JS]r)|\s(?:and|&|with)\s")
_SPACES = 2
"""In the name of a person; what has more may be that of two."""
_NUMERAL = re.compile(r"[IVX]+")
_TEAMS = frozenset(("team", "opponent", "person", "nation"))
_LETTERS_OF_CODE = 3
_COUNTRIES = frozenset(("USA", "UAE", "DRC"))
"""Countries that go by three letters in sentences, too."""
_SPANNED = 3
"""Cells of a row that say the same words are one cell that spans them: "not held"."""


Test = Callable[["Profile", Column], object]
"""Whether a column of a table is good for something."""


class BarrenError(Exception):
    """Ends the drawing of a template for which a table has no column."""


class Profile:
    """What the families ask of a table; everything is looked up once."""

    def __init__(self, table: Table, lexicon: Lexicon, titles: Mapping[str, TitleType]) -> None:
        """Look at a table."""
        self.table = table
        self.view = TableView(table)
        self.columns = read_columns(self.view, lexicon)
        self.title = read_title(
            table.title, table.section, titles, [column.types for column in self.columns]
        )
        self.present = frozenset[str]().union(*(column.types for column in self.columns))
        self.subject = next((c for c in self.columns if "subject" in c.types), None)
        self.lexicon = lexicon
        self._by_header: list[frozenset[str]] | None = None
        self._eligible: dict[Gate, list[Column]] = {}
        self._passing: dict[tuple[Gate, Test], list[Column]] = {}
        self._made: dict[object, dict[str, str]] = {}
        self._unique: dict[int, list[int]] = {}
        self._repeated: dict[int, list[list[int]]] = {}
        self._words: dict[int, list[str]] = {}
        self._lines: dict[int, str] = {}

    def eligible(self, gate: Gate) -> list[Column]:
        """Return the columns that a gate admits."""
        if gate not in self._eligible:
            self._eligible[gate] = [c for c in self.columns if gate.admits(c.types)]
        return self._eligible[gate]

    def sole(self, gate: Gate) -> bool:
        """Tell whether one column, even of those that cannot be asked about, fits a gate."""
        fitting = {column.index for column in self.eligible(gate)}
        if len(fitting) != 1:
            return False
        if self._by_header is None:
            self._by_header = header_types(self.view, self.lexicon)
        others = (types for index, types in enumerate(self._by_header) if index not in fitting)
        return not any(map(gate.means, others))

    def pick(
        self, gate: Gate, rng: random.Random, *taken: Column, test: Test | None = None
    ) -> Column | None:
        """Draw a column that a gate admits and that passes a test, other than the taken ones.

        Raises:
            BarrenError: There will never be one.
        """
        choices = self.eligible(gate)
        if test is not None and choices:
            if (gate, test) not in self._passing:
                self._passing[gate, test] = [c for c in choices if test(self, c)]
            choices = self._passing[gate, test]
        if not choices:
            raise BarrenError
        if taken:
            choices = [column for column in choices if column not in taken]
        return choices[int(rng.random() * len(choices))] if choices else None

    def once(
        self, name: object, make: Callable[P, dict[str, str]], *args: P.args, **kwargs: P.kwargs
    ) -> dict[str, str]:
        """Return what was made under a name before, or make it."""
        if name not in self._made:
            self._made[name] = make(*args, **kwargs)
        return self._made[name]

    def said(self, row: int, column: Column) -> str:
        """Return what a cell says."""
        return said(self.table.rows[row][column.index])

    def amount(self, number: float, column: Column) -> str:
        """Write a number the way the cells of a column are written."""
        if "number" not in column.types:
            return str(int(number))
        cells, scale = self.table.column(column.index), ""
        if scaled := any(map(_SCALE.search, cells)):
            factor, scale = next((one for one in _SCALES if abs(number) >= one[0]), (1.0, ""))
            number /= factor
        unit, digits = self.view.unit(column.index), f"{number:,.12g}{scale}"
        if not scaled and not any("," in cell for cell in cells):
            digits = digits.replace(",", "")
        if "money" in column.types:
            return f"{unit}{digits}"
        return f"{digits}{unit}" if unit == "%" else f"{digits} {unit}".strip()

    def answers(self, row: int, column: int) -> bool:
        """Tell whether a cell may be an answer."""
        return usable(self.table.rows[row][column]) and self._tells(row, column)

    def is_one(self, row: int, column: Column) -> bool:
        """Tell whether a cell of persons names one, as far as can be seen."""
        cell = self.table.rows[row][column.index]
        return "person" not in column.types or not (
            _names_more(cell) or _TWO.search(cell) or EITHER.search(cell)
        )

    def speaks(self, row: int, column: Column) -> bool:
        """Tell whether a cell may be named in a question."""
        value, cell = self.said(row, column), self.table.rows[row][column.index]
        if is_away(cell) and _TEAMS.isdisjoint(column.types):
            return False
        if "occasion" in column.types and "," in value:
            # A place, at which there were others before and after.
            return False
        if _NUMERAL.fullmatch(value) and not column.types.isdisjoint(("area", "location")):
            return False
        if "person" in column.types and _names_more(value):
            return False
        if "nation" in column.types and value.isupper() and len(value) == _LETTERS_OF_CODE:
            return value in _COUNTRIES
        return speakable(value) and self._tells(row, column.index)

    def _tells(self, row: int, column: int) -> bool:
        """Tell whether a cell is neither one that says nothing nor part of one across the row."""
        cells = self.table.rows[row]
        text = cells[column]
        own = text.isdigit() or cells.count(text) < _SPANNED
        return own and said(text).casefold() not in self.lexicon.empty

    def unique(self, column: Column) -> list[int]:
        """Return the rows whose value names them: sayable, and part of no other cell there."""
        if column.index not in self._unique:
            index = self.view.index(column.index)
            single = (rows[0] for rows in index.values() if len(rows) == 1)
            self._unique[column.index] = [row for row in single if self._alone(row, column)]
        return self._unique[column.index]

    def repeated(self, column: Column) -> list[list[int]]:
        """Return the groups of several rows that share a sayable value, part of no other cell."""
        if column.index not in self._repeated:
            groups = self.view.index(column.index).values()
            self._repeated[column.index] = [
                rows
                for rows in groups
                if len(rows) > 1
                and self.speaks(rows[0], column)
                and self.mentioning(column, self.said(rows[0], column)) == rows
            ]
        return self._repeated[column.index]

    def mentioning(self, column: Column, value: str) -> list[int]:
        """Return the rows whose cell contains the words of a value."""
        own, cells = words(value), self._cells(column)
        return [row for row, cell in zip(self.view.rows, cells, strict=True) if own in cell]

    def elsewhere(self, row: int, column: Column) -> bool:
        """Tell whether another row has the value of a cell in whichever column."""
        return key_of(self.table.rows[row][column.index]) in self.view.shared

    def _cells(self, column: Column) -> list[str]:
        if column.index not in self._words:
            table = self.table.rows
            self._words[column.index] = [words(table[row][column.index]) for row in self.view.rows]
        return self._words[column.index]

    def _joined(self, column: Column) -> str:
        if column.index not in self._lines:
            self._lines[column.index] = "\n".join(self._cells(column))
        return self._lines[column.index]

    def _alone(self, row: int, column: Column) -> bool:
        if not self.speaks(row, column):
            return False
        value = self.said(row, column)
        # "Rome, Italy" does not name its row where another one says "Rome".
        part = value.partition(",")[0]
        if part != value and key_of(part) in self.view.index(column.index):
            return False
        own, cells = words(value), self._joined(column)
        return cells.count(own) == 1 and not any(map(cells.count, _spelt(own)))


def _spelt(own: str) -> tuple[str, ...]:
    """Return the words of a name with and without an "s" at its end: that may be the same team."""
    if len(own) <= _LETTERS_OF_CODE + 2 or own[-2].isdigit():
        return ()
    return (f"{own[:-2]} " if own[-2] == "s" else f"{own[:-1]}s ",)


def _names_more(text: str) -> bool:
    """Tell whether a name of a person may be those of two."""
    return _PERSONS.search(text) is not None or text.count(" ") > _SPACES
