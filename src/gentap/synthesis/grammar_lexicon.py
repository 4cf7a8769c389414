"""What the words of a header tell: what to call a column, and what it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gentap.values import Kind, is_blank, strip_footnotes

MAX_CELL, MAX_HEADER = 60, 40
NUMBER_OF = re.compile(r"^(?:#|number|no\.?|num\.?)\s+of\s+", re.IGNORECASE)

_PLACEHOLDER_NAME = re.compile(r"(?:unnamed|column|col|field)[\s:_]*\d*", re.IGNORECASE)
_FURNITURE = re.compile(r"\s*\(\s*(?:s|es)\s*\)|/s\b|\s+v t e$", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_]{2}")
_TOKEN = re.compile(r"\w+(?:[.,]\d+)*")
_WORD = re.compile(r"[^\W\d_]+")
_HEAD_END = re.compile(r"\s(?:of|in|at|for|by|from|per|to|on|with|as)\s|\s*[(,/]")
_NOT_PLURAL = re.compile(r"(?:ss|us|is|series|species|news)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the grammar file says about header words, all keys casefolded.

    Attributes:
        types: The types that a header word or a whole header gives, by word.
        kinds: The kinds of column that a type is limited to, by type.
        names: What to call a column instead of its header.
        counts: The same for columns of numbers, looked up first.
        counts: The same for columns of numbers, looked up first.
        proper: Words that keep their capital.
        skipped: Headers of columns that are never asked about.
    """

    types: Mapping[str, frozenset[str]]
    kinds: Mapping[str, frozenset[str]]
    names: Mapping[str, str]
    counts: Mapping[str, str]
    proper: frozenset[str]
    skipped: frozenset[str]

    def phrase(self, header: str, kind: Kind) -> str:
        """Return what to call a column in a sentence, or "" when there is no good name."""
        name = _FURNITURE.sub("", strip_footnotes(header)).split(" / ")[0]
        name = re.sub(r"\s+([,.)])|(\()\s+", r"\1\2", " ".join(name.split())).rstrip(":")
        folded = name.casefold()
        if kind == "number" and folded in self.counts:
            return self.counts[folded]
        if folded in self.names:
            return self.names[folded]
        if (
            not _NAME.search(name)
            or len(name) > MAX_HEADER
            or folded in self.skipped
            or _PLACEHOLDER_NAME.fullmatch(name)
        ):
            return ""
        return _WORD.sub(self._lower, NUMBER_OF.sub("", name))

    def _lower(self, match: re.Match[str]) -> str:
        word = match[0]
        if word.casefold() in self.proper or any(map(str.isupper, word[1:])):
            return word
        return word if len(word) == 1 and word != "A" else word.lower()

    def named_types(self, header: str, phrase: str, kind: Kind) -> set[str]:
        """Return the types that a header gives a column of this kind."""
        words = phrase.casefold()
        head = head_word(words)
        found: set[str] = set()
        for word in (header.casefold(), words, head, singular(head)):
            found |= self.types.get(word, frozenset())
        return {name for name in found if not self.kinds[name] or kind in self.kinds[name]}


def head_word(phrase: str) -> str:
    """Return the noun that a header is about: the last word before a preposition."""
    head = _HEAD_END.split(phrase, maxsplit=1)[0].split()
    return head[-1] if head else phrase


def is_plural(phrase: str) -> bool:
    """Tell whether a header names several things."""
    head = head_word(phrase)
    return len(head) > 3 and head.endswith("s") and not _NOT_PLURAL.search(head)


def singular(word: str) -> str:
    """Return the singular of a regular English plural."""
    if not is_plural(word):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[: -2 if re.search(r"(?:[sx]|ch|sh)es$", word) else -1]


def usable(text: str) -> bool:
    """Tell whether a text says something in few enough words."""
    return 0 < len(text) <= MAX_CELL and not is_blank(text) and any(map(str.isalnum, text))


def words(text: str) -> str:
    """Return the words of a text, each between spaces, for search of one text in another."""
    return " " + "  ".join(_TOKEN.findall(text.casefold())) + " "
