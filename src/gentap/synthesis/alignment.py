"""Joins the sentences of a document with the table rows they speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gentap.records import Alignment, Document, Sentence
from gentap.synthesis.columns import Columns, columns_of
from gentap.synthesis.conflicts import contradicts
from gentap.synthesis.form import fault, without_asides
from gentap.synthesis.matching import (
    CellIndex,
    Match,
    Mention,
    Place,
    by_row,
    with_subject,
)
from gentap.synthesis.rows import Row, choose_rows
from gentap.synthesis.standalone import stand_alone
from gentap.synthesis.support import foreign, support, words_of
from gentap.synthesis.weights import Weigher
from gentap.text import Token, tokens

Subject = tuple[str, tuple[int, int] | None]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that taught nothing about a table, and why.

    Attributes:
        sentence: The sentence.
        reason: ``too-short``, ``too-long``, ``not-prose``, ``pronoun``, ``no-cell``,
            ``one-cell``, ``no-identifying-cell``, ``weak-cells``, ``tie`` (rows of several
            tables fit alike), ``other-date`` (that of the row is another one), ``other-subject``
            (a passage behind a cell that does not name what the row is about) or ``duplicate``.
    """

    sentence: str
    reason: str


def align(document: Document) -> Iterator[Alignment | Dropped]:
    """Yield one outcome for every sentence of a document.

    A sentence is kept if it names at least two cells of one row (Shi et al., AAAI 2022) that
    are that row's alone (see `choose_rows`), and if it can be read alone. How much of it the
    table supports is recorded, so that whoever wants less, but safer, filters.

    Args:
        document: Tables and sentences.
    """
    joiner = _Joiner(document)
    for sentence in document.sentences:
        outcome = joiner.outcome(sentence)
        yield Dropped(sentence.text, outcome) if isinstance(outcome, str) else outcome


class _Joiner:
    """What the sentences of one document share."""

    def __init__(self, document: Document) -> None:
        self._tables = document.tables
        self._source = document.source
        self._title = frozenset(token.value for token in tokens(document.title))
        self._texts = _alone(document.sentences)
        self._tokens = {text: tokens(text) for text in self._texts.values() if text is not None}
        said = {token.value for found in self._tokens.values() for token in found}
        self._index = CellIndex(document.tables, document.title, said)
        self._words: dict[int, frozenset[str]] = {}
        self._columns: dict[int, Columns] = {}
        self._readings: dict[str, tuple[list[Mention], str | None]] = {}
        self._seen: set[tuple[str, int]] = set()

    def outcome(self, sentence: Sentence) -> Alignment | str:
        """Return the alignment, or the reason why there is none."""
        text = self._texts[sentence]
        if text is None:
            return "pronoun"
        found = self._tokens[text]
        mentions, wrong = self._read(text, found)
        if wrong:
            return wrong
        if sentence.anchor:
            mentions = with_subject(mentions, found, sentence)
        said = {token.value for token in found}
        weigher = Weigher(self._tables, self._title, self._columns_of, text, said)
        only = (0, sentence.anchor[0]) if sentence.anchor else None
        meant = (
            tuple(match for match in row if not weigher.is_stray(match))
            for row in by_row(mentions, only)
        )
        named = [row for row in meant if row]
        agreeing = [row for row in named if not self._contradicts(text, found, row)]
        rows = choose_rows(agreeing, weigher.weigh, self._row)
        if isinstance(rows, str):
            return rows if len(agreeing) == len(named) else "other-date"
        number = rows[0][0][0].table
        # A passage behind a cell speaks of that cell; of its row, if it names what that is about.
        subject = self._columns_of(number).subject
        if sentence.anchor and subject not in (None, *(place.column for place, _ in rows[0])):
            return "other-subject"
        rows = _without_bystanders(rows, subject)
        if (text, number) in self._seen:
            return "duplicate"
        self._seen.add((text, number))
        strength = sum(weigher.weigh(match, rows[0]) for match in rows[0])
        return self._alignment(text, found, [match for row in rows for match in row], strength)

    def _alignment(
        self, text: str, found: list[Token], matches: list[Match], strength: float
    ) -> Alignment:
        number = matches[0][0].table
        table = self._tables[number]
        spans = tuple((mention.start, mention.end) for _, mention in matches)
        if number not in self._words:
            self._words[number] = words_of(table)
        return Alignment(
            text,
            table,
            tuple((place.row, place.column) for place, _ in matches),
            spans,
            support(found, spans, table, {place.row for place, _ in matches}),
            strength,
            tuple(foreign(text, found, spans, self._words[number])),
            self._source,
        )

    def _read(self, text: str, found: list[Token]) -> tuple[list[Mention], str | None]:
        """Return mentions and fault of a text: passages come again for every link."""
        if text not in self._readings:
            wrong = fault(text, found)
            mentions = [] if wrong else self._index.mentions(text, found)
            self._readings[text] = mentions, wrong
        return self._readings[text]

    def _columns_of(self, number: int) -> Columns:
        if number not in self._columns:
            self._columns[number] = columns_of(self._tables[number])
        return self._columns[number]

    def _contradicts(self, text: str, found: list[Token], row: Row) -> bool:
        return len(row) > 1 and contradicts(text, found, row, self._row(row[0][0])[1])

    def _row(self, place: Place) -> tuple[tuple[str, ...], tuple[str, ...]]:
        table = self._tables[place.table]
        return table.header, table.rows[place.row]


def _without_bystanders(rows: list[Row], subject: int | None) -> list[Row]:
    """Leave out rows that say nothing new beside those that are named by what they are about."""
    about = [row for row in rows if any(place.column == subject for place, _ in row)]
    said = {mention.start for row in about for _, mention in row}
    return [
        row for row in rows if row in about or any(mention.start not in said for _, mention in row)
    ]


def _alone(sentences: Iterable[Sentence]) -> dict[Sentence, str | None]:
    """Return what sentences say out of their text; None where one points at something in it."""
    definitions: dict[Subject, str] = {}
    texts: dict[Sentence, str | None] = {}
    for sentence in sentences:
        definition = definitions.setdefault((sentence.subject, sentence.anchor), sentence.text)
        text = stand_alone(sentence, definition)
        texts[sentence] = None if text is None else without_asides(text)
    return texts
