"""How much of a sentence its table carries, and what it says besides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from gentap.table import Table
from gentap.text import STOPWORDS, Token, content_words, is_name, tokens

Span = tuple[int, int]


def support(
    found: Sequence[Token],
    spans: Iterable[Span],
    table: Table,
    rows: Iterable[int],
) -> float:
    """Return the share of a sentence's content words that something else says, too.

    Args:
        found: The sentence's tokens.
        spans: Where it names cells.
        table: The table.
        rows: The rows that it speaks of; beside them its header and titles count.
    """
    known: set[str] = set()
    cells = (cell for row in rows for cell in table.rows[row])
    for text in (*cells, *table.header, table.title, table.section):
        known |= content_words(text)
    words = [token for token in found if token.value not in STOPWORDS]
    lacking = sum(token.value not in known for token in outside(words, spans))
    return 1 - lacking / len(words) if words else 0.0


def foreign(
    text: str, found: Iterable[Token], spans: Iterable[Span], known: Collection[str]
) -> Iterator[str]:
    """Yield the numbers and names of a sentence that a table and its titles lack.

    Args:
        text: The sentence.
        found: Its tokens.
        spans: Where it names cells.
        known: What `words_of` gave for the table.
    """
    for token in outside(found, spans):
        if token.value.lstrip("-") not in known and (
            token.kind == "number" or is_name(text, token)
        ):
            yield text[token.start : token.end]


def words_of(table: Table) -> frozenset[str]:
    """Return the normal forms of all words of a table and its titles, numbers without signs."""
    cells = (cell for row in (table.header, *table.rows) for cell in row)
    whole = "\n".join((table.title, table.section, *cells))
    return frozenset(token.value.lstrip("-") for token in tokens(whole))


def outside(found: Iterable[Token], spans: Iterable[Span]) -> list[Token]:
    """Return the tokens that begin in none of the spans."""
    inside = {place for start, end in spans for place in range(start, end)}
    return [token for token in found if token.start not in inside]
