"""Whether what a question asks for can be of its kind: a time, a number, a name or a place."""

from __future__ import annotations

import re

from gentap.synthesis.questions import Request
from gentap.synthesis.spellings import COUNTS
from gentap.text import MONTHS, Token, content_words, tokens, values

_NEAR = 3
_ASKS_TIME = re.compile(r"\b(?:when|(?:what|which) (?:year|date|day|month|season)s?)\b", re.I)
_ASKS_YEAR = re.compile(r"\b(?:what|which) (?:year|date|day)\b", re.I)
_SPAN = re.compile(r"\b\d{4}\s?(?:to|and|until|till|through|[-–])\s?\d{2,4}\b")
_ASKS_NUMBER = re.compile(
    r"\bhow (?:(?:many|much) (?P<what>\w*)|(?:old|long|far|tall|high|large|big|fast)\b)", re.I
)
_ASKS_NAME = re.compile(r"\bwho(?:m|se)?\b", re.I)
_WHO_IS_THING = re.compile(
    r"\bwho (?:is|was|are|were) (?:the|an?) (?:(?!(?:of|by|in|for)\b)\S+ ){0,5}?"
    r"(?:films?|movies?|albums?|songs?|singles?|novels?|books?|series|episodes?|"
    r"(?:home )?grounds?|stadiums?|venues?|arenas?|ships?|city|town|river|church|school|building)\b"
    r"(?! (?:\w+er|\w+or|coach|manager|captain|star|critic|champion|council))",
    re.I,
)
_ASKS_PLACE = re.compile(r"\bwhere\b", re.I)
_HELD = re.compile(
    r"\b(?:where|(?:what|which) (?:country|city|nation)) .*(?:held|host|place)", re.I
)
_WINNERS = frozenset("gold silver bronze winner winners champion champions".split())
_WON = re.compile(r"\bw[io]n\b", re.I)
_WINNING = frozenset(
    "win wins won winner winners winning victory victories victorious beat beating defeated "
    "defeating gold title champion champions awarded received".split()
)
_SINCE = re.compile(r"\bsince (?=1\d{3}|20\d\d)", re.I)
_FROM = re.compile(
    r"\bfrom (?:\w+ \d{1,2},? |\d{1,2} \w+ |\w+ )?(?:1\d|20)\d\d"
    r"(?!.*?\b(?:to|until|till|through|and)\b)(?!\s?[–-])"
)
_PEOPLE = re.compile(r"\bhow many people (?:do|does|did|are|were|is|was)\b", re.I)
_HOLDS = re.compile(r"hold|seat|accommodat|capacity|fit")
_SIZES = frozenset(("capacity", "population", "attendance"))
_PLACES = frozenset(
    "in at near on of from to into outside around between through by via within".split()
)
_COUNTS = frozenset(COUNTS) | {"one", "once", "twice", "dozens", "hundreds", "thousands"}
_MONTHS = frozenset(MONTHS)
_ORDINAL = ("st", "nd", "rd", "th")
_YEAR = re.compile(r"(?:1\d|20)\d\d")


def asks_other_kind(question: str, request: Request) -> bool:
    """Tell whether a question asks for a time, number, name or place, and the answer is none."""
    asked = tokens(request.asked)
    said = set(values(request.alignment.sentence))
    if _WON.search(question) and said.isdisjoint(_WINNING):
        return True
    if _ASKS_TIME.search(question):
        return (
            not any(map(_is_time, asked)) or _is_of_a_span(question, request) or _is_size(request)
        )
    if counted := _ASKS_NUMBER.search(question):
        return _is_of_capacity(question, request) or not _counts(counted["what"] or "", request)
    if _WHO_IS_THING.search(question):
        return True
    names = any(token.kind == "word" and request.asked[token.start].isupper() for token in asked)
    if _HELD.search(question) and _WINNERS & content_words(headers_of(request)):
        # Where the games were, and whose medal it was, are often the same.
        return True
    if _ASKS_PLACE.search(question):
        return not (names and _is_placed(request))
    return bool(_ASKS_NAME.search(question)) and not names


def _is_of_a_span(question: str, request: Request) -> bool:
    """Tell whether one year is asked for, and it is two, the end of a span, or since when."""
    sentence = request.alignment.sentence
    if _FROM.search(sentence) or (_SINCE.search(sentence) and "since" not in values(question)):
        return True
    if not _ASKS_YEAR.search(question):
        return False
    spans = _SPAN.findall(sentence)
    years = {token.value for token in tokens(request.asked) if is_year(token.value)}
    return len(years) > 1 or any(year in span for span in spans for year in years)


def _is_of_capacity(question: str, request: Request) -> bool:
    """Tell whether it is asked how many people a place has, and it is how many it holds."""
    capacity = "capacity" in values(request.alignment.sentence)
    return capacity and bool(_PEOPLE.search(question)) and not _HOLDS.search(question)


def _is_size(request: Request) -> bool:
    """Tell whether what looks like a year is a cell of a column of capacities or the like."""
    table = request.alignment.table
    return any(
        values(table.rows[row][column]) == values(request.asked)
        and _SIZES & set(values(table.header[column]))
        for row, column in request.alignment.evidence
    )


def asks_time(question: str) -> bool:
    """Tell whether a question asks for a year, a day or the like."""
    return _ASKS_TIME.search(question) is not None


def is_year(value: str) -> bool:
    """Tell whether the normal form of a token may be a year."""
    return _YEAR.fullmatch(value) is not None


def headers_of(request: Request) -> str:
    """Return the names of the columns whose cells a sentence names."""
    alignment = request.alignment
    return " ".join(alignment.table.header[column] for _, column in alignment.evidence)


def told(request: Request) -> str:
    """Return all that header, titles and the rows of a sentence say."""
    alignment = request.alignment
    table = alignment.table
    rows = (cell for row in alignment.rows for cell in table.rows[row])
    return " ".join((*table.header, table.title, table.section, *rows))


def _is_time(token: Token) -> bool:
    """Tell whether a token is a month, or a number that may be a year, a decade or a season."""
    return is_year(token.value.removesuffix("s")) or token.value in _MONTHS


def _counts(what: str, request: Request) -> bool:
    """Tell whether a sentence has a number, and soon after what it is the number of."""
    if not any(map(_is_number, tokens(request.asked))):
        return False
    sentence = request.alignment.sentence
    found = tokens(sentence)
    counted = stem(what.casefold())
    return not counted or any(
        _is_number(token)
        and not sentence[token.start : token.end].endswith(_ORDINAL)
        and counted in {stem(near.value) for near in found[i + 1 : i + 4]}
        for i, token in enumerate(found)
    )


def _is_number(token: Token) -> bool:
    return token.kind == "number" or token.value in _COUNTS


def stem(word: str) -> str:
    """Return a word without what English adds to it; what is left need not be a word."""
    return re.sub(r"(?:ies|y|es|e|s|ed|ing|ors?|ers?)$", "", word)


def _is_placed(request: Request) -> bool:
    """Tell whether a preposition of place stands in what is asked for, or just before it."""
    sentence, asked = request.alignment.sentence, request.asked
    before = values(sentence[: max(0, sentence.find(asked))])[-_NEAR:]
    return not _PLACES.isdisjoint((*before, *values(asked)))
