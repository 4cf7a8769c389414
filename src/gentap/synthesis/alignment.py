"""Joins the sentences of a document with the table rows they speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gentap.records import Alignment, Document, Sentence, Source
from gentap.synthesis.matching import CellIndex, Mention, Place
from gentap.synthesis.standalone import stand_alone
from gentap.table import Table
from gentap.text import STOPWORDS, Token, content_words, tokens

MIN_SUPPORT = 0.35
_SHORTEST, _LONGEST = 5, 60
_END = re.compile(r"""[.!?。！？][\])"'”’」』）]*$""")  # noqa: RUF001
_ASIDE = re.compile(
    r"\s*\((?=[^()]*(?:\bborn\b|\bdied\b|[;:/\u0250-\u02af\u0370-\u1fff\u3040-\uffef]|\d\s*[–-]\s*\d|\s[–-]\s))"  # noqa: RUF001
    r"[^()]*\)"
)
_VERB = re.compile(
    r"(?:is|are|was|were|be|has|had|have|did|does|can|may|will|could|would|won|lost|became|made|took|led|held|began|ran|"
    r"beat|came|went|sold|built|wrote|sang|met|set|[a-z]{2,}(?:ed|[a-rt-z]s))\b"
)
_SLACK = 3

Evidence = tuple[tuple[Place, Mention], ...]


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


def align(
    document: Document, *, min_support: float = MIN_SUPPORT
) -> Iterator[Alignment | Dropped]:
    """Yield one outcome for every sentence of a document.

    A sentence is kept if it names at least two cells of one row, one of which occurs nowhere
    else in its column (Shi et al., AAAI 2022, ask for the two cells), says no number that the
    table and its titles lack, and can be read alone.

    Args:
        document: Tables and sentences.
        min_support: Least share of content words that row, header and titles must carry.
    """
    joiner = _Joiner(document.tables, document.source, min_support)
    for sentence in document.sentences:
        outcome = joiner.outcome(sentence)
        yield Dropped(sentence.text, outcome) if isinstance(outcome, str) else outcome


class _Joiner:
    """What the sentences of one document share."""

    def __init__(self, tables: Sequence[Table], source: Source, min_support: float) -> None:
        self._tables = tables
        self._source = source
        self._min_support = min_support
        self._index = CellIndex(tables)
        self._numbers: dict[int, set[str]] = {}
        self._seen: set[tuple[str, int]] = set()

    def outcome(self, sentence: Sentence) -> Alignment | str:
        """Return the alignment, or the reason why there is none."""
        text = stand_alone(sentence)
        fault = "pronoun" if text is None else None
        text = _ASIDE.sub("", text or sentence.text)
        found = tokens(text)
        fault = _form_fault(text, found) or fault
        if fault:
            return fault
        mentions = self._index.mentions(text, found)
        if sentence.anchor:
            mentions = _with_subject(mentions, found, sentence)
        evidence = self._best(mentions, sentence.anchor)
        if isinstance(evidence, str):
            return evidence
        place = evidence[0][0]
        table = self._tables[place.table]
        if not self._knows_numbers(place.table, found):
            return "foreign-number"
        support = _support(found, table, place.row)
        if support < self._min_support:
            return "low-support"
        if (text, place.table) in self._seen:
            return "duplicate"
        self._seen.add((text, place.table))
        return Alignment(
            text,
            table,
            tuple((cell.row, cell.column) for cell, _ in evidence),
            tuple((mention.start, mention.end) for _, mention in evidence),
            support,
            self._source,
        )

    def _best(
        self, mentions: Sequence[Mention], anchor: tuple[int, int] | None
    ) -> Evidence | str:
        rows: dict[tuple[int, int], dict[int, tuple[Place, Mention]]] = {}
        for mention in {mention.places: mention for mention in reversed(mentions)}.values():
            taken = set()
            for place in mention.places:
                owner = place[:2]
                if owner in taken or (anchor and owner != (0, anchor[0])):
                    continue
                cells = rows.setdefault(owner, {})
                if place.column not in cells:
                    cells[place.column] = place, mention
                    taken.add(owner)
        if not rows:
            return "no-cell"
        full = [tuple(cells.values()) for cells in rows.values() if len(cells) > 1]
        if not full:
            return "one-cell"
        known = [cells for cells in full if any(map(_identifies, cells))]
        if not known:
            return "no-identifying-cell"
        ranks = [(len(cells), sum(mention.size for _, mention in cells)) for cells in known]
        best = [cells for cells, rank in zip(known, ranks, strict=True) if rank == max(ranks)]
        same = {self._row(cells[0][0]) for cells in best}
        return tuple(sorted(best[0], key=lambda cell: cell[1].start)) if len(same) == 1 else "tie"

    def _row(self, place: Place) -> tuple[tuple[str, ...], tuple[str, ...]]:
        table = self._tables[place.table]
        return table.header, table.rows[place.row]

    def _knows_numbers(self, number: int, found: Iterable[Token]) -> bool:
        if number not in self._numbers:
            table = self._tables[number]
            cells = (text for row in (table.header, *table.rows) for text in row)
            texts = (table.title, table.section, *cells)
            self._numbers[number] = {
                token.value.lstrip("-")
                for text in texts
                for token in tokens(text)
                if token.kind == "number"
            }
        said = {token.value.lstrip("-") for token in found if token.kind == "number"}
        return said <= self._numbers[number]


def _identifies(cell: tuple[Place, Mention]) -> bool:
    """Tell whether a cell's text stands in no other row of its column."""
    place, mention = cell
    return all(
        other.row == place.row or other.table != place.table or other.column != place.column
        for other in mention.places
    )


def _form_fault(text: str, found: Sequence[Token]) -> str | None:
    if len(found) < _SHORTEST:
        return "too-short"
    if len(found) > _LONGEST:
        return "too-long"
    cased = [token for token in found if text[token.start].lower() != text[token.start].upper()]
    if not _END.search(text) or (len(cased) < len(found) / 3 and text.isascii()):
        return "not-prose"
    small = [text[token.start : token.end] for token in cased if text[token.start].islower()]
    if cased and (len(small) < len(found) / 4 or not any(map(_VERB.fullmatch, small))):
        return "not-prose"
    return None


def _with_subject(
    mentions: list[Mention], found: Sequence[Token], sentence: Sentence
) -> list[Mention]:
    """Add the anchored cell where the sentence opens with a longer form of its text."""
    row, column = sentence.anchor or (0, 0)
    place = Place(0, row, column)
    wanted = [token.value for token in tokens(sentence.subject)]
    if not wanted or any(place in mention.places for mention in mentions):
        return mentions
    taken: list[Token] = []
    for token in found[: len(wanted) + _SLACK]:
        if len(taken) < len(wanted) and token.value == wanted[len(taken)]:
            taken.append(token)
    if len(taken) < len(wanted) or taken[0] not in found[:2]:
        return mentions
    start, end = taken[0].start, taken[-1].end
    subject = Mention(start, end, len(taken), (place,))
    return [subject, *(other for other in mentions if other.start >= end)]


def _support(found: Iterable[Token], table: Table, row: int) -> float:
    known: set[str] = set()
    for text in (*table.rows[row], *table.header, table.title, table.section):
        known |= content_words(text)
    words = [token.value for token in found if token.value not in STOPWORDS]
    return sum(word in known for word in words) / len(words) if words else 0.0
