"""What the columns of a table hold, as far as that decides what a named cell proves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gentap.table import Table
from gentap.text import values

_DISTINCT, _TEXTUAL = 0.9, 0.8
_PLACES = frozenset(
    "birthplace cities city countries country county department district headquarters hometown "
    "lga location locations municipality nation nationality place province region residence "
    "state states suburb town village".split()
)
_TOWNS = frozenset("city cities town village municipality settlement club team".split())
_LANGUAGES = frozenset(("language", "languages"))


@dataclass(frozen=True, slots=True)
class Columns:
    """Roles of the columns of one table.

    Attributes:
        subject: The first one of texts that hardly repeat, or None: what its rows are about.
        places: Those of places, save the subject.
        languages: Those of languages.
        towns: Those of towns and clubs.
    """

    subject: int | None
    places: frozenset[int]
    languages: frozenset[int]
    towns: frozenset[int]


def columns_of(table: Table) -> Columns:
    """Return the roles of a table's columns, by their names and what they hold."""
    names = [frozenset(values(name)) for name in table.header]
    subject = next((index for index in range(table.width) if _is_subject(table, index)), None)
    places = (
        index
        for index, name in enumerate(names)
        if not _PLACES.isdisjoint(name) and _is_textual(table.column(index))
    )
    languages, towns = (
        frozenset(index for index, name in enumerate(names) if not kind.isdisjoint(name))
        for kind in (_LANGUAGES, _TOWNS)
    )
    return Columns(subject, frozenset(places) - {subject}, languages, towns)


def _is_subject(table: Table, index: int) -> bool:
    cells = table.column(index)
    filled = [cell for cell in cells if cell]
    return len(set(filled)) >= _DISTINCT * len(filled) and _is_textual(cells)


def _is_textual(cells: Sequence[str]) -> bool:
    texts = sum(any(map(str.isalpha, cell)) for cell in cells)
    return texts >= _TEXTUAL * len(cells) > 0
