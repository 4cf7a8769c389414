"""Finds the cells that a sentence names: a hash join over typed tokens."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import NamedTuple

from gentap.records import Sentence
from gentap.synthesis.context import continues, is_of_longer_date, is_part
from gentap.synthesis.spellings import (
    COUNTS,
    Key,
    Kind,
    Names,
    Spelling,
    spellings,
    without_brackets,
)
from gentap.synthesis.vocabulary import Vocabulary
from gentap.table import Table
from gentap.text import Token, tokens

_SLACK = 3
_INITIALS = re.compile("[A-Z]{3,5}")
_MOST_WORDS = 8
_COUNTED = {*COUNTS, "one", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}
_BETWEEN = frozenset(("and", "for", "of", "the"))


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
        places: Cells that it spells out.
        partly: Those of which it is only a part.
    """

    start: int
    end: int
    key: Key
    places: tuple[Place, ...]
    partly: frozenset[Place] = frozenset()


Match = tuple[Place, Mention]
_Places = defaultdict[Key, list[Place]]
_KINDS: tuple[Kind, ...] = ("whole", "part", "date", "name")


class CellIndex:
    """The cells of some tables by their typed tokens."""

    def __init__(
        self, tables: Sequence[Table], title: str = "", said: Collection[str] | None = None
    ) -> None:
        """Index every cell worth finding (see `spellings`).

        Args:
            tables: The tables of a page.
            title: Of the page: a part of a name that it shares may mean the page's subject.
            said: Normal forms of all words of the sentences to be searched: most cells of a
                long table hold none of them, and need not be spelled out. None: index them all.
        """
        cells = {text for table in tables for row in table.rows for text in row}
        if said is not None:
            may_be_said = Vocabulary(said).has_of
            cells = set(filter(may_be_said, cells))
        names = Names(cells, title)
        clear = {
            text: [one for one in spellings(text) if not one.name or names.is_clear(one)]
            for text in cells
        }
        self._places: dict[Kind, _Places] = {kind: defaultdict(list) for kind in _KINDS}
        self._names: dict[Key, frozenset[str]] = {}
        for number, table in enumerate(tables):
            for row, texts in enumerate(table.rows):
                for column, text in enumerate(texts):
                    for spelling in clear.get(text, ()):
                        self._add(spelling, Place(number, row, column))
        initials = {text.casefold() for text in cells if _INITIALS.fullmatch(text)}
        self._initials = {text for text in initials if (text,) in self._places["whole"]}
        lengths: dict[str, set[int]] = {}
        for key in chain(*self._places.values()):
            lengths.setdefault(key[0], set()).add(len(key))
        self._lengths = {first: sorted(sizes, reverse=True) for first, sizes in lengths.items()}

    def _add(self, spelling: Spelling, place: Place) -> None:
        self._places[spelling.kind][spelling.key].append(place)
        if spelling.name:
            self._names[spelling.key] = frozenset(spelling.name)

    def mentions(self, text: str, found: Sequence[Token]) -> list[Mention]:
        """Return the longest mentions of cells, left to right, without overlaps.

        Args:
            text: A sentence.
            found: Its tokens.
        """
        found = [
            token._replace(value=COUNTS[token.value])
            if token.value in COUNTS and not _is_of_compound(text, found, place)
            else token
            for place, token in enumerate(found)
        ]
        mentions = []
        position = 0
        while position < len(found):
            mention = self._longest(text, found, position)
            size = len(mention.key) if mention else 1
            written = self._written_out(text, found, position) if self._initials else None
            if written and written[1] > size:
                mention, size = written
            if mention:
                mentions.append(mention)
            position += size
        return mentions

    def _longest(self, text: str, found: Sequence[Token], position: int) -> Mention | None:
        for size in self._lengths.get(found[position].value, ()):
            part = found[position : position + size]
            key = tuple(token.value for token in part)
            if len(part) == size and (kinds := self._kinds(key, text, found, position)):
                whole = self._places["whole"].get(key, ()) if "whole" in kinds else ()
                others = (place for kind in kinds for place in self._places[kind][key])
                partly = frozenset(others).difference(whole)
                places = (*whole, *sorted(partly))
                return Mention(part[0].start, part[-1].end, key, places, partly)
        return None

    def _written_out(
        self, text: str, found: Sequence[Token], position: int
    ) -> tuple[Mention, int] | None:
        """Return a mention of a cell of initials, "NHL", by its words, and how many they are."""
        letters = ""
        for size, token in enumerate(found[position : position + _MOST_WORDS], 1):
            if size > 1 and text[found[position + size - 2].end : token.start] not in (" ", "-"):
                return None
            if text[token.start].isupper():
                letters += token.value[0]
            elif not letters or token.value not in _BETWEEN:
                return None
            following = found[position + size : position + size + 1]
            if letters in self._initials and not any(
                continues(text, token, after) for after in following
            ):
                places = tuple(self._places["whole"][letters,])
                return Mention(found[position].start, token.end, (letters,), places), size
        return None

    def _kinds(self, key: Key, text: str, found: Sequence[Token], position: int) -> list[Kind]:
        """Return as what a stretch of a sentence spells out cells, all around it considered."""
        kinds: list[Kind] = [kind for kind in _KINDS if key in self._places[kind]]
        if not kinds:
            return []
        size = len(key)
        if kinds != ["name"] and is_part(text, found, position, size, ()):
            kinds = [kind for kind in kinds if kind in ("date", "name")]
        if "date" in kinds and is_of_longer_date(found, position, size):
            kinds.remove("date")
        if "name" in kinds and (
            not text[found[position].start].isupper()
            or is_part(text, found, position, size, self._names[key])
        ):
            kinds.remove("name")
        return kinds


def _is_of_compound(text: str, found: Sequence[Token], place: int) -> bool:
    """Tell the "twenty" and the "two" of "twenty-two"."""
    pairs = pairwise(found[max(0, place - 1) : place + 2])
    return any(
        text[one.end : other.start] == "-" and {one.value, other.value} <= _COUNTED
        for one, other in pairs
    )


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


def rows_alike(match: Match) -> set[int]:
    """Return the rows of its table that say the same in its column, its own among them."""
    place, mention = match
    return {
        other.row
        for other in mention.places
        if (other.table, other.column) == (place.table, place.column)
    }


def with_subject(
    mentions: list[Mention], found: Sequence[Token], sentence: Sentence
) -> list[Mention]:
    """Add the anchored cell where the sentence opens with a longer form of its text."""
    row, column = sentence.anchor or (0, 0)
    place = Place(0, row, column)
    wanted = tuple(token.value for token in tokens(without_brackets(sentence.subject)))
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
