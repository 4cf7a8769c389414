"""Joins the sentences of a document with the table rows they speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gentap.records import Alignment, Document, Sentence
from gentap.synthesis.form import fault, without_asides
from gentap.synthesis.matching import (
    CellIndex,
    Match,
    Mention,
    Place,
    by_row,
    identifies,
    with_subject,
)
from gentap.synthesis.standalone import stand_alone
from gentap.table import Table
from gentap.text import STOPWORDS, Token, content_words, tokens

MIN_SUPPORT = 0.35

Subject = tuple[str, tuple[int, int] | None]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that taught nothing about a table, and why.

    Attributes:
        sentence: The sentence.
        reason: ``too-short``, ``too-long``, ``not-prose``, ``pronoun``, ``no-cell``,
            ``one-cell``, ``no-identifying-cell``, ``tie``, ``foreign-number``,
            ``low-support`` or ``duplicate``.
    """

    sentence: str
    reason: str


def align(document: Document, *, min_support: float = MIN_SUPPORT) -> Iterator[Alignment | Dropped]:
    """Yield one outcome for every sentence of a document.

    A sentence is kept if it names at least two cells of one row (Shi et al., AAAI 2022), one
    of which occurs in no other row of its column, if it says no number that the table and its
    titles lack, and if it can be read alone.

    Args:
        document: Tables and sentences.
        min_support: Least share of content words that row, header and titles must carry.
    """
    joiner = _Joiner(document, min_support)
    for sentence in document.sentences:
        outcome = joiner.outcome(sentence)
        yield Dropped(sentence.text, outcome) if isinstance(outcome, str) else outcome


class _Joiner:
    """What the sentences of one document share."""

    def __init__(self, document: Document, min_support: float) -> None:
        self._tables = document.tables
        self._source = document.source
        self._min_support = min_support
        self._index = CellIndex(document.tables)
        self._definitions: dict[Subject, str] = {}
        for sentence in document.sentences:
            self._definitions.setdefault((sentence.subject, sentence.anchor), sentence.text)
        self._numbers: dict[int, frozenset[str]] = {}
        self._readings: dict[str, tuple[list[Token], list[Mention], str | None]] = {}
        self._seen: set[tuple[str, int]] = set()

    def outcome(self, sentence: Sentence) -> Alignment | str:
        """Return the alignment, or the reason why there is none."""
        text = stand_alone(sentence, self._definitions[sentence.subject, sentence.anchor])
        if text is None:
            return "pronoun"
        text = without_asides(text)
        found, mentions, wrong = self._read(text)
        if wrong:
            return wrong
        if sentence.anchor:
            mentions = with_subject(mentions, found, sentence)
        matches = self._best(mentions, sentence.anchor, {token.value for token in found})
        if isinstance(matches, str):
            return matches
        number, row, _ = matches[0][0]
        table = self._tables[number]
        if not self._knows_numbers(number, found):
            return "foreign-number"
        support = _support(found, table, row)
        if support < self._min_support:
            return "low-support"
        if (text, number) in self._seen:
            return "duplicate"
        self._seen.add((text, number))
        return Alignment(
            text,
            table,
            tuple((place.row, place.column) for place, _ in matches),
            tuple((mention.start, mention.end) for _, mention in matches),
            support,
            self._source,
        )

    def _read(self, text: str) -> tuple[list[Token], list[Mention], str | None]:
        """Return tokens, mentions and fault of a text: passages come again for every link."""
        if text not in self._readings:
            found = tokens(text)
            wrong = fault(text, found)
            mentions = [] if wrong else self._index.mentions(text, found)
            self._readings[text] = found, mentions, wrong
        return self._readings[text]

    def _best(
        self, mentions: Sequence[Mention], anchor: tuple[int, int] | None, said: set[str]
    ) -> Sequence[Match] | str:
        """Return the matches of the row that a sentence names best, or why there is none."""
        rows = by_row(mentions, (0, anchor[0]) if anchor else None)
        if not rows:
            return "no-cell"
        full = [
            matches
            for matches in rows
            if sum(not self._is_weak(match, said) for match in matches) > 1
        ]
        if not full:
            return "one-cell"
        known = [matches for matches in full if any(map(identifies, matches))]
        if not known:
            return "no-identifying-cell"
        ranks = [(len(row), sum(len(mention.key) for _, mention in row)) for row in known]
        top = max(ranks)
        best = [row for row, rank in zip(known, ranks, strict=True) if rank == top]
        same = {self._row(matches[0][0]) for matches in best}
        return best[0] if len(same) == 1 else "tie"

    def _row(self, place: Place) -> tuple[tuple[str, ...], tuple[str, ...]]:
        table = self._tables[place.table]
        return table.header, table.rows[place.row]

    def _is_weak(self, match: Match, said: set[str]) -> bool:
        """Tell a small number that may mean anything, for nothing says its column's name."""
        place, mention = match
        digits = mention.key[0].lstrip("-")
        if len(mention.key) > 1 or not digits.isdigit() or len(digits) > 2:
            return False
        names = content_words(self._tables[place.table].header[place.column])
        return not any(
            name in said or name.removesuffix("s") in said or f"{name}s" in said
            for name in names
            if not name.isdigit()
        )

    def _knows_numbers(self, number: int, found: Iterable[Token]) -> bool:
        if number not in self._numbers:
            table = self._tables[number]
            cells = (text for row in (table.header, *table.rows) for text in row)
            words = (
                token for text in (table.title, table.section, *cells) for token in tokens(text)
            )
            self._numbers[number] = frozenset(_numbers(words))
        return _numbers(found) <= self._numbers[number]


def _numbers(found: Iterable[Token]) -> set[str]:
    return {token.value.lstrip("-") for token in found if token.kind == "number"}


def _support(found: Iterable[Token], table: Table, row: int) -> float:
    known: set[str] = set()
    for text in (*table.rows[row], *table.header, table.title, table.section):
        known |= content_words(text)
    words = [token.value for token in found if token.value not in STOPWORDS]
    return sum(word in known for word in words) / len(words) if words else 0.0
