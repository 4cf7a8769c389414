"""How much a named cell proves that a sentence speaks of its row."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from gentap.synthesis.columns import Columns
from gentap.synthesis.matching import Match, Mention, identifies, rows_alike
from gentap.synthesis.spellings import digits, is_distinctive, is_year
from gentap.table import Table
from gentap.text import MONTHS, content_words, values

_MONTHS = frozenset(MONTHS)
_COMMON = 0.25
_PLACE = 0.75  # so that even a town, its state and its country are not enough
_FEW_ROWS = 4
# What tells that a small number is a rank.
_RANKS = frozenset("position pos rank place finish standing seed result".split())
_RANKED = frozenset(
    "place placed placing finish finished finishing rank ranked ranking position positioned".split()
)

_AREA = re.compile(r" (division|district|county|province|prefecture|region|department)\b", re.I)


class Weigher:
    """Weighs the matches of one sentence.

    A name, a date and a number of three digits weigh 2; a part of a cell 1.5 at most; a year, a
    common word, a small number that is said to be what it is 1; a place that is not what the row
    is about 0.75; any other small number 0, and so does what the page is about. What a quarter of
    the rows say weighs half.
    """

    def __init__(
        self,
        tables: Sequence[Table],
        title: Collection[str],
        columns: Callable[[int], Columns],
        text: str,
        said: Collection[str],
    ) -> None:
        """Take what weights depend on.

        Args:
            tables: The tables of the page.
            title: Normal forms of the words of its title.
            columns: Returns the roles of the columns of a table, given its number.
            text: The sentence.
            said: Normal forms of its words.
        """
        self._tables, self._title, self._columns = tables, title, columns
        self._text, self._said = text, said

    def is_stray(self, match: Match) -> bool:
        """Tell a match that is likelier to be an accident than to mean its cell.

        A number of the page's title; the end of a place ("North Carolina", a school, of
        "Winston-Salem, North Carolina"), or a country's team; a language that may be a
        nationality ("Dutch artist"); a town, where it is a district's.
        """
        place, mention = match
        columns = self._columns(place.table)
        if place.column in columns.languages:
            return not self._is_language(mention)
        if place.column in columns.places and self._text.startswith(" national ", mention.end):
            return True
        cell = self._tables[place.table].rows[place.row][place.column]
        if place.column in columns.towns and (kind := _AREA.match(self._text, mention.end)):
            return kind[1].casefold() not in cell.casefold()
        if place.column in columns.places and place in mention.partly:
            return mention.key != values(cell)[: len(mention.key)]
        return all(digits(value) and value in self._title for value in mention.key)

    def weigh(self, match: Match, row: Sequence[Match]) -> float:
        """Return the weight of a match among the others of its row."""
        place, mention = match
        if all(value in self._title for value in mention.key):
            return 0.0
        weight = self._base(match, row)
        if place.column in self._columns(place.table).places:
            weight = min(weight, _PLACE)
        elif place in mention.partly and not is_distinctive(mention.key[0]):
            weight = min(weight, 1.5)
        rows = len(self._tables[place.table].rows)
        return (
            weight / 2 if rows > _FEW_ROWS and len(rows_alike(match)) > _COMMON * rows else weight
        )

    def _base(self, match: Match, row: Sequence[Match]) -> float:
        _, mention = match
        key = mention.key
        numbers = [value for value in key if digits(value)]
        if len(numbers) == len(key):
            return self._of_numbers(match, row)
        if numbers and not _MONTHS.isdisjoint(key):
            return 2.0 if len(key) > 2 else 1.5
        if numbers and any(map(is_distinctive, numbers)):
            return 2.0
        said = self._text[mention.start : mention.end]
        if any(map(str.isupper, said)) or not any(map(str.islower, said)):
            return 2.0
        return 1.5 if len(key) > 1 else 1.0

    def _of_numbers(self, match: Match, row: Sequence[Match]) -> float:
        _, mention = match
        if len(mention.key) > 1:
            length = sum(len(digits(value)) for value in mention.key)
            return 2.0 if (length > 4 and not is_year(mention.key[0])) or length == 8 else 1.0
        number = mention.key[0]
        if is_distinctive(number):
            return 2.0
        return 1.0 if is_year(number) or self._is_meant(match, row) else 0.0

    def _is_meant(self, match: Match, row: Sequence[Match]) -> bool:
        """Tell a small number that means its cell.

        The sentence says the column's name, or the number stands beside a cell that identifies
        the row ("8 Boeing 727-100").
        """
        place, mention = match
        names = content_words(self._tables[place.table].header[place.column])
        if not (names.isdisjoint(_RANKS) or _RANKED.isdisjoint(self._said)):
            return True
        if any(
            name in self._said or name.removesuffix("s") in self._said or f"{name}s" in self._said
            for name in names
            if not name.isdigit()
        ):
            return True
        return any(
            other[1] is not mention and identifies(other) and self._is_beside(mention, other[1])
            for other in row
        )

    def _is_language(self, mention: Mention) -> bool:
        """Tell "in Dutch" and the "Dutch language" from a Dutch artist."""
        before, after = self._text[: mention.start], self._text[mention.end :]
        return before.endswith((" in ", " into ")) or after[1:].startswith(("language", "version"))

    def _is_beside(self, mention: Mention, other: Mention) -> bool:
        first, second = sorted((mention, other), key=lambda one: one.start)
        return self._text[first.end : second.start].strip("( ") in ("", "x", "×", "of")
