"""Finds the cells that a sentence names: a hash join over typed tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from gentap.records import Sentence
from gentap.table import Table
from gentap.text import MONTHS, STOPWORDS, Token, tokens, values

Key = tuple[str, ...]
_LONGEST = 20
_SLACK = 3
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
        key: Its normal forms.
        places: Cells with this text.
    """

    start: int
    end: int
    key: Key
    places: tuple[Place, ...]


Match = tuple[Place, Mention]


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
            position += len(mention.key) if mention else 1
        return mentions

    def _longest(self, text: str, found: Sequence[Token], position: int) -> Mention | None:
        for size in self._lengths.get(found[position].value, ()):
            part = found[position : position + size]
            key = tuple(token.value for token in part)
            places = self._places.get(key)
            if places and len(part) == size and not _is_part(text, found, position, size):
                return Mention(part[0].start, part[-1].end, key, places)
        return None


def by_row(mentions: Sequence[Mention], only: tuple[int, int] | None) -> list[tuple[Match, ...]]:
    """Return the matches of every row that has some, in the order of the sentence.

    A text said twice and a column count once; ``only`` is the one (table, row)
    that may match.
    """
    rows: dict[tuple[int, int], dict[int, Match]] = {}
    for mention in {mention.key: mention for mention in reversed(mentions)}.values():
        taken = set()
        for place in mention.places:
            owner = place[:2]
            if owner in taken or only not in (None, owner):
                continue
            cells = rows.setdefault(owner, {})
            if place.column not in cells:
                cells[place.column] = place, mention
                taken.add(owner)
    return [
        tuple(sorted(cells.values(), key=lambda match: match[1].start)) for cells in rows.values()
    ]


def identifies(match: Match) -> bool:
    """Tell whether a cell's text stands in no other row of its column."""
    place, mention = match
    return all(
        other.row == place.row or other.table != place.table or other.column != place.column
        for other in mention.places
    )


def with_subject(
    mentions: list[Mention], found: Sequence[Token], sentence: Sentence
) -> list[Mention]:
    """Add the anchored cell where the sentence opens with a longer form of its text."""
    row, column = sentence.anchor or (0, 0)
    place = Place(0, row, column)
    wanted = tuple(token.value for token in tokens(_ASIDE.sub("", sentence.subject)))
    if not wanted or any(place in mention.places for mention in mentions):
        return mentions
    taken: list[Token] = []
    for token in found[: len(wanted) + _SLACK]:
        if token.value in wanted[len(taken) : len(taken) + 1]:
            taken.append(token)
    if len(taken) < len(wanted) or taken[0] not in found[:2]:
        return mentions
    subject = Mention(taken[0].start, taken[-1].end, wanted, (place,))
    return [subject, *(other for other in mentions if other.start >= subject.end)]


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
    """Yield a key, and a full date in the other orders that people write."""
    yield key
    month = next((value for value in key[:2] if value in _MONTHS), None)
    rest = [value for value in key if value != month]
    if month and len(key) == 3 and len(rest) == 2 and all(map(str.isdigit, rest)):
        day, year = sorted(rest, key=len)
        yield from ((day, month, year), (month, day, year), (year, month, day))


def _is_trivial(key: Key) -> bool:
    if len("".join(key).lstrip("-")) == 1:
        return True
    if all(value.isdigit() for value in key):
        return False
    return all((len(value) == 1 and value.isascii()) or value in _DULL for value in key)


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
    if size > 1 or before is None or not text[before.start].isupper():
        return False
    return _continues(text, before, first)


def _continues(text: str, left: Token, right: Token) -> bool:
    return (
        text[left.end : right.start] in (" ", "-")
        and text[right.start].isupper()
        and left.value not in STOPWORDS
        and right.value not in STOPWORDS
    )
