"""What a page says, to tell in no time which of its cells nobody names."""

from __future__ import annotations

import re
from collections.abc import Collection

from gentap.synthesis.spellings import COUNTS
from gentap.text import MONTHS, STOPWORDS, values

_PLAIN_WORDS = re.compile("[A-Za-z -]+")
_APART = re.compile("[ -]+")


class Vocabulary:
    """The words of all sentences of a page."""

    def __init__(self, said: Collection[str]) -> None:
        """Take the normal forms of their tokens."""
        told = frozenset(said) - STOPWORDS
        # "Three goals" names the cells 3 and Goal, "a goal" the cell Goals.
        counts = {COUNTS[value] for value in told if value in COUNTS}
        self._said = told | counts | {f"{value}s" for value in told}
        # What a plain split leaves as it is written.
        short = {month[:size] for month in MONTHS if month in told for size in (3, 4)}
        self._written = self._said | short

    def has_of(self, cell: str) -> bool:
        """Tell whether a cell holds a word that is said; initials may be said by other words."""
        if cell.isascii() and cell.isdigit():
            return (cell.lstrip("0") or "0") in self._said
        if cell.isupper() and cell.isalpha():
            return True
        if _PLAIN_WORDS.fullmatch(cell):
            return not self._written.isdisjoint(_APART.split(cell.lower()))
        return not self._said.isdisjoint(values(cell))
