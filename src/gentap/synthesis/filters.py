"""Which generated questions are not kept, and why."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache

from gentap.synthesis.questions import Request
from gentap.synthesis.spellings import COUNTS
from gentap.synthesis.support import support
from gentap.table import Table
from gentap.text import MONTHS, content_words, tokens, values

_FEWEST_WORDS = 3
_VAGUE = re.compile(
    r"\b(he|she|it|they|him|his|her|their|its|them|this|these|those|"
    r"the (film|movie|song|album|book|series|show|band|team|player|group|game|company))\b",
    re.IGNORECASE,
)
_ASKS_TIME = re.compile(r"\b(?:when|(?:what|which) (?:year|date|day|month|season)s?)\b", re.I)
_ASKS_NUMBER = re.compile(r"\bhow (?:many|much|old|long|far|tall|high|large|big|fast)\b", re.I)
_ASKS_NAME = re.compile(r"\bwho(?:m|se)?\b", re.I)
_ASKS_PLACE = re.compile(r"\bwhere\b", re.I)
_COUNTS = frozenset(COUNTS) | {"one", "once", "twice", "dozens", "hundreds", "thousands"}
_MONTHS = frozenset(MONTHS)


def faults(question: str, request: Request, *, min_support: float = 0.0) -> Iterator[str]:
    """Yield every reason why a generated question is no good, the plainest first.

    Reasons: ``not-a-question``, ``too-short``, ``repeats-itself``, ``gives-answer-away``,
    ``no-referent`` (a pronoun or "the film", and nothing that says which), ``leads-to-no-row``
    (it shares nothing with the row but what it asks for), ``leads-elsewhere`` (another row shares
    more: a round trip by words), ``asks-other-kind`` ("when", and the sentence answers with a
    name), ``unsupported`` (too little of the sentence stands in rows, titles and question).

    Args:
        question: The question.
        request: What it was made of.
        min_support: See ``unsupported``.
    """
    for reason, fails in _CHECKS.items():
        if fails(question, request):
            yield reason
    alignment = request.alignment
    found = tokens(alignment.sentence)
    if support(found, alignment.spans, alignment.table, alignment.rows, question) < min_support:
        yield "unsupported"


def fault(
    question: str, request: Request, *, min_support: float = 0.0, allow: Collection[str] = ()
) -> str | None:
    """Return the first of `faults` that is not allowed, or None."""
    found = faults(question, request, min_support=min_support)
    return next((reason for reason in found if reason not in allow), None)


def _is_no_question(question: str, request: Request) -> bool:
    return not question.endswith("?")


def _is_too_short(question: str, request: Request) -> bool:
    return len(question.split()) < _FEWEST_WORDS


def _repeats_itself(question: str, request: Request) -> bool:
    words = question.casefold().split()
    triples = list(zip(words, words[1:], words[2:], strict=False))
    return len(set(triples)) < len(triples)


def _gives_answer_away(question: str, request: Request) -> bool:
    said = set(values(question))
    return any((asked := set(values(part))) and asked <= said for part in request.asked)


def _leads(question: str, request: Request) -> set[str]:
    """Return what leads from a question to its rows: words of theirs that it does not ask for."""
    table = request.alignment.table
    known = content_words(table.title)
    for row in request.alignment.rows:
        known |= content_words(" ".join(table.rows[row]))
    return set(values(question)) & (known - set(values(" ".join(request.asked))))


def _has_no_referent(question: str, request: Request) -> bool:
    return _VAGUE.search(question) is not None and len(_leads(question, request)) < 2


def _leads_to_no_row(question: str, request: Request) -> bool:
    return not _leads(question, request)


def _leads_elsewhere(question: str, request: Request) -> bool:
    words, weights = _rows_of(request.alignment.table)
    wanted = content_words(question)
    scores = [math.fsum(weights[word] for word in wanted & row) for row in words]
    return max(scores) > max(scores[row] for row in request.alignment.rows)


@lru_cache(maxsize=64)
def _rows_of(table: Table) -> tuple[list[set[str]], dict[str, float]]:
    """Return the words of every row, and how rare each word is."""
    words = [content_words(" ".join(row)) for row in table.rows]
    counts = Counter(word for row in words for word in row)
    return words, {word: math.log1p(len(words) / count) for word, count in counts.items()}


def _asks_other_kind(question: str, request: Request) -> bool:
    """Tell whether a question asks for a time, number, name or place, and the answer is none."""
    text = " ".join(request.asked)
    asked = tokens(text)
    has_number = any(token.kind == "number" or token.value in _COUNTS for token in asked)
    if _ASKS_TIME.search(question):
        return not has_number and _MONTHS.isdisjoint(token.value for token in asked)
    if _ASKS_NUMBER.search(question):
        return not has_number
    names = any(token.kind == "word" and text[token.start].isupper() for token in asked)
    return bool(_ASKS_NAME.search(question) or _ASKS_PLACE.search(question)) and not names


_CHECKS: dict[str, Callable[[str, Request], bool]] = {
    "not-a-question": _is_no_question,
    "too-short": _is_too_short,
    "repeats-itself": _repeats_itself,
    "gives-answer-away": _gives_answer_away,
    "no-referent": _has_no_referent,
    "leads-to-no-row": _leads_to_no_row,
    "leads-elsewhere": _leads_elsewhere,
    "asks-other-kind": _asks_other_kind,
}
REASONS = (*_CHECKS, "unsupported")
