"""Which generated questions are not kept, and why."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache

from gentap.synthesis.naming import (
    drops_subject,
    has_no_referent,
    leads,
    names_itself,
    phrase,
)
from gentap.synthesis.presumed import asks_other_column, presumes
from gentap.synthesis.questions import ASKS, Request
from gentap.synthesis.relations import is_other_relation
from gentap.synthesis.wanted import asks_other_kind, asks_time, is_year
from gentap.table import Table
from gentap.text import STOPWORDS, content_words, values

_FEWEST_WORDS, _LONG, _LEAST = 3, 4, 1e-9
_BAD_FORM = re.compile(
    r"\bdid\b(?:(?!\b(?:is|was|were|be|been|who|that|which)\b)[^?])*?"
    r"\b(?:(?-i:[a-z]+[^\We]ed)(?: (?:in|at|on|for|with|as|to|from)\b|\?)|"
    r"(?:sank|won|took|became|began|wrote)\b)",
    re.I,
)
_DID = re.compile(r"^(?:when|where|how|why|(?:in )?(?:what|which) year) did (?P<what>.+)", re.I)
_BE = re.compile(r"\b(?:is|was|are|were|saw)\b")
_SECOND = re.compile(r", and (?:who|whom|whose|what|which|when|where|how)\b", re.I)
_MOVED = re.compile(r"what did (?P<what>.+?)\?$", re.I)


def faults(question: str, request: Request) -> Iterator[str]:
    """Yield every reason why a generated question is no good, the plainest first.

    Reasons: ``not-a-question``, ``too-short``, ``repeats-itself``, ``gives-answer-away``,
    ``no-referent`` (a pronoun or "the film", and nothing that says which), ``leads-to-no-row``
    (it shares nothing with the row but what it asks for), ``leads-elsewhere`` (another row shares
    as much, or more: a round trip by words), ``asks-other-kind`` ("when", and the sentence answers
    with a name), ``other-relation`` ("the capital of", where the sentence says of what it is the
    largest city), ``asks-other-column`` ("what city", and the sentence names no cell of that
    column), ``names-itself`` ("the name of" what is named already), ``asks-subject`` (what its
    sentence begins with: "who played for the Jets?" fits many), ``drops-subject`` (that is not
    named: "when did the Jets join?" where Ann joined them), ``presumes`` ("the first", and
    nothing says so).

    Args:
        question: The question.
        request: What it was made of.
    """
    return (reason for reason, fails in _CHECKS.items() if fails(question, request))


def fault(question: str, request: Request, *, allow: Collection[str] = ()) -> str | None:
    """Return the first of `faults` that is not allowed, or None."""
    return next((reason for reason in faults(question, request) if reason not in allow), None)


def _is_no_question(question: str, request: Request) -> bool:
    """Tell whether a text is no question, two of them, or bad English.

    That is a sentence with "What did" before it, and "did" with a past form: "did he acted in".
    """
    if not ASKS.match(question) or _SECOND.search(question) or _BAD_FORM.search(question):
        return True
    if _has_no_verb(question, request.alignment.sentence):
        return True
    moved = _MOVED.match(question)
    start = phrase(moved["what"]).rstrip() if moved else ""
    return bool(start) and phrase(request.alignment.sentence).startswith(start)


def _has_no_verb(question: str, sentence: str) -> bool:
    """Tell whether "did" has no verb: where the sentence says "is", all words are as they were."""
    done = _DID.search(question)
    words = re.findall(r"\b[a-z]{2,}\b", done["what"]) if done and _BE.search(sentence) else []
    said = set(values(sentence))
    return bool(words) and all(word in said and not word.endswith("ed") for word in words)


def _is_too_short(question: str, request: Request) -> bool:
    return len(question.split()) < _FEWEST_WORDS


def _repeats_itself(question: str, request: Request) -> bool:
    """Tell whether three words stand there twice, or one that the sentence says less often."""
    words = question.casefold().split()
    triples = list(zip(words, words[1:], words[2:], strict=False))
    said = Counter(values(request.alignment.sentence))
    return len(set(triples)) < len(triples) or any(
        count > max(1, said[word])
        for word, count in Counter(values(question)).items()
        if len(word) >= _LONG and word not in STOPWORDS
    )


def _gives_answer_away(question: str, request: Request) -> bool:
    """Tell whether a question says what it asks for, or the year when it asks for one."""
    said, asked = set(values(question)), set(values(request.asked))
    if asks_time(question):
        asked = {value for value in asked if is_year(value)} or asked
    return bool(asked) and asked <= said


def _leads_to_no_row(question: str, request: Request) -> bool:
    return not leads(question, request)


def _leads_elsewhere(question: str, request: Request) -> bool:
    """Tell whether some other row shares as much with a question, rare words counting more.

    Of several rows one is as good as another, and all may be asked for: only a better one counts.
    """
    words, weights = _rows_of(request.alignment.table)
    own = set(request.alignment.rows)
    wanted = content_words(question)
    scores = [math.fsum(weights[word] for word in wanted & row) for row in words]
    best = max(scores[row] for row in own)
    others = [score for row, score in enumerate(scores) if row not in own]
    return max(others, default=-1.0) >= best + (len(own) > 1) * _LEAST


@lru_cache(maxsize=64)
def _rows_of(table: Table) -> tuple[list[set[str]], dict[str, float]]:
    """Return the words of every row, and how rare each word is."""
    words = [content_words(" ".join(row)) for row in table.rows]
    counts = Counter(word for row in words for word in row)
    return words, {word: math.log1p(len(words) / count) for word, count in counts.items()}


_CHECKS: dict[str, Callable[[str, Request], bool]] = {
    "not-a-question": _is_no_question,
    "too-short": _is_too_short,
    "repeats-itself": _repeats_itself,
    "gives-answer-away": _gives_answer_away,
    "no-referent": has_no_referent,
    "leads-to-no-row": _leads_to_no_row,
    "leads-elsewhere": _leads_elsewhere,
    "asks-other-kind": asks_other_kind,
    "other-relation": is_other_relation,
    "asks-other-column": asks_other_column,
    "names-itself": names_itself,
    "asks-subject": lambda _, request: request.asks_subject,
    "drops-subject": drops_subject,
    "presumes": presumes,
}
REASONS = tuple(_CHECKS)
