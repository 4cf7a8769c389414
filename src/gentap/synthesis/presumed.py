"""What a question takes for granted, and neither sentence nor table says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gentap.synthesis.naming import phrase
from gentap.synthesis.questions import Request
from gentap.synthesis.wanted import headers_of, stem, told
from gentap.text import STOPWORDS, tokens, values

_ASKED = re.compile(
    r"\b(?:what|which) (?P<noun>\w+(?: \w+)?)"
    r"|\bwho (?:is|was|are|were) the (?P<role>\w+(?: \w+)?) of\b"
    r"|\bwho (?P<did>\w+ed)\b",
    re.I,
)
_KIND = re.compile(
    r"\b(?:what|which) (?:\w+ ){0,2}?(?P<kind>city|town|village|hospital|race|album|song)\b", re.I
)
_SETTLEMENTS = frozenset(("city", "town", "village"))
_PLACED = frozenset(map(stem, ("city", "town", "village", "location", "place")))
_FAME = re.compile(
    r"\b(?:named (?:for|after)|(?:best )?known for|highest.grossing|remembered)\b", re.I
)
_STANDING = re.compile(r"\b(?:current|former|previous)\b", re.I)
_HONOUR = re.compile(r"\b(?:wins?|won|winner|winning|received|awarded|named|honou?red)\b", re.I)
_CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
_RESULTS = frozenset(("result", "results", "outcome"))
_ORDER = re.compile(r"\b(?:first|second|third|last|final|only|best|most|least)\b", re.I)


def presumes(question: str, request: Request) -> bool:
    """Tell whether a question says that something is the first, or what it is known for, unproven.

    Nor is who is a former member the current one, and Super Bowl XXIII is not Super Bowl XXXIII: a
    number or an acronym has to stand somewhere.

    Such a word has to stand in the sentence, in its rows, or in header and titles; what somebody
    is known for, or something named for, has to stand in the rows; and who has won, in the column
    of results, where there is one.
    """
    alignment = request.alignment
    table = alignment.table
    if _HONOUR.search(question) and any(
        not table.rows[row][column]
        for column, name in enumerate(table.header)
        if _RESULTS.intersection(values(name)[:1])
        for row in alignment.rows
    ):
        return True
    known = set(values(f"{alignment.sentence} {told(request)}"))
    if any(order.casefold() not in known for order in _ORDER.findall(question)):
        return True
    if not {*_figures(question)} <= known:
        return True
    if not {word.casefold() for word in _STANDING.findall(question)} <= set(
        values(alignment.sentence)
    ):
        return True
    fame = _FAME.search(question)
    rows = " ".join(cell for row in alignment.rows for cell in table.rows[row])
    return fame is not None and fame[0].casefold() not in rows.casefold()


def _figures(question: str) -> Iterator[str]:
    """Yield the numbers of a question in normal form, Roman ones and acronyms, too."""
    yield from (token.value for token in tokens(question) if token.kind == "number")
    yield from map(str.casefold, _CAPITALS.findall(question))


def asks_other_column(question: str, request: Request) -> bool:
    """Tell whether a question asks for a column of which the sentence names no cell.

    Or none but those that the question gives: "what city does Rome ...".

    "What city", "who is the director of" and "who directed" name columns of cities and directors,
    where a table has them; where it has none, a city, a hospital or an album is not to be had.
    """
    header = request.alignment.table.header
    rows, given = request.alignment.table.rows, phrase(question)
    for word in _asked_words(question):
        columns = {i for i, name in enumerate(header) if stem(word) in map(stem, values(name))}
        if columns:
            named = [cell for cell in request.alignment.evidence if cell[1] in columns]
            return all(phrase(rows[row][column]) in given for row, column in named)
    if (found := _KIND.search(question)) is None:
        return False
    kind = found["kind"].casefold()
    said = set(map(stem, values(headers_of(request))))
    if kind in _SETTLEMENTS:
        return _PLACED.isdisjoint(said)
    titles = f"{request.alignment.table.title} {request.alignment.table.section}"
    return stem(kind) not in said | set(map(stem, values(titles)))


def _asked_words(question: str) -> Iterator[str]:
    """Yield the words that say what is asked for, up to the first that says nothing."""
    if (found := _ASKED.search(question)) is None:
        return
    for word in values(found["noun"] or found["role"] or found["did"]):
        if word in STOPWORDS or len(word) < 3:
            return
        yield word
