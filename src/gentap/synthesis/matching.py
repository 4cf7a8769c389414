"""Finds the cells that a sentence names: a hash join over typed tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from gentap.table import Table
from gentap.text import MONTHS, STOPWORDS, Token, values

Key = tuple[str, ...]
_LONGEST = 20
_MONTHS = frozenset(MONTHS)
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_DULL = STOPWORDS | frozenset("yes none null nil unknown tba tbd tbc na total other others".split())


class Place(NamedTuple):
    """Where a cell stands in a document."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a sentence that spells out one or more cells.

    Attributes:
        start: Offset of its first character in the sentence.
        end: Offset after its last character.
        size: Number of its tokens.
        places: Cells with this text.
    """

    start: int
    end: int
    size: int
    places: tuple[Place, ...]


class CellIndex:
    """The cells of some tables by their typed tokens."""

    def __init__(self, tables: Sequence[Table]) -> None:
        """Index every cell worth finding (see `keys`)."""
        places: dict[Key, list[Place]] = {}
        for number, table in enumerate(tables):
            for row, cells in enumerate(table.rows):
                for column, text in enumerate(cells):
                    for key in keys(text):
                        places.setdefault(key, []).append(Place(number, row, column))
        self._places = {key: tuple(found) for key, found in places.items()}
        lengths: dict[str, set[int]] = {}
        for key in places:
            lengths.setdefault(key[0], set()).add(len(key))
        self._lengths = {first: sorted(sizes, reverse=True) for first, sizes in lengths.items()}

    def mentions(self, text: str, found: Sequence[Token]) -> list[Mention]:
        """Return the longest mentions of cells, left to right, without overlaps.

        Args:
            text: A sentence.
            found: Its tokens.
        """
        mentions = []
        position = 0
        while position < len(found):
            mention = self._longest(text, found, position)
            if mention:
                mentions.append(mention)
            position += mention.size if mention else 1
        return mentions

    def _longest(self, text: str, found: Sequence[Token], position: int) -> Mention | None:
        for size in self._lengths.get(found[position].value, ()):
            part = found[position : position + size]
            places = self._places.get(tuple(token.value for token in part))
            if places and len(part) == size and not _is_part(text, found, position, size):
                return Mention(part[0].start, part[-1].end, size, places)
        return None


@lru_cache(maxsize=1 << 16)
def keys(cell: str) -> tuple[Key, ...]:
    """Return the token tuples under which a cell may be found; none if it is trivial.

    A cell is also known without what it holds in brackets, and a full date in either order.
    Single digits, single letters, stop-words and blanks such as "n/a" are trivial: they would
    match by accident.
    """
    spellings = dict.fromkeys(
        key for text in (cell, _ASIDE.sub("", cell)) for key in _orders(values(text))
    )
    return tuple(key for key in spellings if 0 < len(key) <= _LONGEST and not _is_trivial(key))


def _orders(key: Key) -> Iterator[Key]:
    yield key
    if len(key) == 3 and key[2].isdigit():
        if key[1] in _MONTHS and key[0].isdigit():
            day, month, year = key if len(key[0]) < 3 else key[::-1]
            yield from ((day, month, year), (month, day, year), (year, month, day))
        elif key[0] in _MONTHS and key[1].isdigit():
            yield key[1], key[0], key[2]


def _is_trivial(key: Key) -> bool:
    return all(len(value) == 1 or value in _DULL for value in key) and not (
        len(key) > 1 and all(value.isdigit() for value in key)
    )


def _is_part(text: str, found: Sequence[Token], position: int, size: int) -> bool:
    """Tell whether a match is only a part of a longer name or date."""
    before = found[position - 1] if position else None
    after = found[position + size] if position + size < len(found) else None
    first, last = found[position], found[position + size - 1]
    if first.kind == "number" and size == 1:
        near = {token.value for token in (before, after) if token}
        return len(first.value) < 3 and not near.isdisjoint(_MONTHS)
    if not text[first.start].isupper():
        return False
    if after and _continues(text, last, after):
        return True
    return size == 1 and before is not None and _continues(text, before, first) and (
        text[before.start].isupper()
    )


def _continues(text: str, left: Token, right: Token) -> bool:
    return (
        text[left.end : right.start] in (" ", "-")
        and text[right.start].isupper()
        and left.value not in STOPWORDS
        and right.value not in STOPWORDS
    )
