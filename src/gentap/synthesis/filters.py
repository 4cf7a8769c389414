"""Which generated questions are not kept, and why."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache

from gentap.records import Alignment
from gentap.synthesis.grammar.english import ADJECTIVE
from gentap.synthesis.presumed import asks_other_column, presumes
from gentap.synthesis.questions import ASKS, Request, is_definition
from gentap.synthesis.wanted import asks_other_kind, asks_time, is_other_relation, is_year
from gentap.table import Table
from gentap.text import STOPWORDS, Kind, content_words, is_name, tokens, values

_FEWEST_WORDS, _LONG, _LEAST = 3, 4, 1e-9
_BAD_FORM = re.compile(
    r"\bdid\b(?:(?!\b(?:is|was|were|be|been|who|that|which)\b)[^?])*?"
    r"\b(?:(?-i:[a-z]+[^\We]ed)(?: (?:in|at|on|for|with|as|to|from)\b|\?)|"
    r"(?:sank|won|took|became|began|wrote)\b)",
    re.I,
)
_VAGUE = re.compile(
    r"\b(he|she|it|they|him|his|her|their|its|them|this|these|those|"
    r"the (film|movie|song|album|book|series|show|band|team|player|group|game|company)"
    r"(?! [\"“]?(?-i:[A-Z0-9])))\b",
    re.IGNORECASE,
)
_SECOND = re.compile(r", and (?:who|whom|whose|what|which|when|where|how)\b", re.I)
_MOVED = re.compile(r"what did (?P<what>.+?)\?$", re.I)
_PREPOSITIONS = frozenset(
    "in at on of for by to with from as about into that which who whose when where".split()
)
_NOTHING = "  "
_WHO_IS = re.compile(r"who (?:is|was|are|were) (?:the )?(?P<what>.+?)\?$", re.I)
_NAME_OF = re.compile(r"\bname of (?:the |an? )?(?P<what>.+?)\?$", re.I)


def faults(question: str, request: Request) -> Iterator[str]:
    """Yield every reason why a generated question is no good, the plainest first.

    Reasons: ``not-a-question``, ``too-short``, ``repeats-itself``, ``gives-answer-away``,
    ``no-referent`` (a pronoun or "the film", and nothing that says which), ``leads-to-no-row``
    (it shares nothing with the row but what it asks for), ``leads-elsewhere`` (another row shares
    as much, or more: a round trip by words), ``asks-other-kind`` ("when", and the sentence answers
    with a name), ``other-relation`` ("the capital of", where the sentence says of what it is the
    largest city), ``asks-other-column`` ("what city", and the sentence names no cell of that
    column), ``names-itself`` ("the name of" what is named already), ``presumes`` ("the first", and
    nothing says so), ``foreign-name`` (the sentence has one that the question does not give,
    nor the table).

    Args:
        question: The question.
        request: What it was made of.
    """
    return (reason for reason, fails in _CHECKS.items() if fails(question, request))


def fault(question: str, request: Request, *, allow: Collection[str] = ()) -> str | None:
    """Return the first of `faults` that is not allowed, or None."""
    return next((reason for reason in faults(question, request) if reason not in allow), None)


def _phrase(text: str) -> str:
    """Return the words of a text, blanks around, so that whole words are found in it."""
    return f" {' '.join(values(text))} "


def _cells(request: Request) -> set[str]:
    table = request.alignment.table
    return {_phrase(table.rows[row][column]) for row, column in request.alignment.evidence}


def _is_no_question(question: str, request: Request) -> bool:
    """Tell whether a text is no question, two of them, or bad English.

    That is a sentence with "What did" before it, and "did" with a past form: "did he acted in".
    """
    if not ASKS.match(question) or _SECOND.search(question) or _BAD_FORM.search(question):
        return True
    moved = _MOVED.match(question)
    start = _phrase(moved["what"]).rstrip() if moved else ""
    return bool(start) and _phrase(request.alignment.sentence).startswith(start)


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


def _leads(question: str, request: Request) -> set[str]:
    """Return what leads from a question to its rows: words of theirs that it does not ask for."""
    table = request.alignment.table
    known = content_words(table.title)
    for row in request.alignment.rows:
        known |= content_words(" ".join(table.rows[row]))
    return set(values(question)) & (known - set(values(request.asked)))


def _has_no_referent(question: str, request: Request) -> bool:
    """Tell whether nobody knows what a question is about: "the film", or nothing with a name."""
    if _VAGUE.search(question) is not None and len(_leads(question, request)) < 2:
        return True
    table = request.alignment.table
    said = _phrase(question)
    if any(whole in said for whole in {*_cells(request), _phrase(table.title)} - {_NOTHING}):
        return False
    titles = content_words(f"{table.title} {table.section}")
    return not any(
        token.kind == "number"
        or (
            is_name(question, token)
            and token.value not in titles
            and not ADJECTIVE.search(token.value)
        )
        for token in tokens(question)
    )


def _leads_to_no_row(question: str, request: Request) -> bool:
    return not _leads(question, request)


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


def _names_itself(question: str, request: Request) -> bool:
    """Tell whether a question asks for what it names: "What is the name of the Nile?".

    So do "the river in Nile", "the river Nile" and "the river that Nile is" where the sentence
    begins with the Nile; and "Who is the Nile?" where that is not what the sentence says.
    """
    alignment = request.alignment
    opening, cells = _phrase(alignment.sentence), _cells(request)
    open_ended = not _PREPOSITIONS.isdisjoint(values(question)[-1:])
    if found := _NAME_OF.search(question):
        named = _phrase(found["what"])
        return any(named.startswith(cell) for cell in cells) or any(
            (named.endswith(cell) and _PREPOSITIONS.isdisjoint(named.removesuffix(cell).split()))
            or named.endswith((f" in{cell}", f" of{cell}", f" of the{cell}"))
            or (f" that{cell}" in named and not open_ended)
            for cell in cells
            if opening.startswith((cell, f" the{cell}"))
        )
    if (found := _WHO_IS.match(question)) and not open_ended:
        named = _phrase(found["what"])
        more = [cell for cell in cells if named.startswith(cell)]
        return any(cell != named or not is_definition(alignment.sentence) for cell in more)
    return False


def foreign_values(alignment: Alignment, kind: Kind) -> set[str]:
    """Return the normal forms of a sentence's numbers, or names, that its table lacks."""
    found = (token for text in alignment.foreign for token in tokens(text))
    return {token.value for token in found if token.kind == kind}


def _has_foreign_name(question: str, request: Request) -> bool:
    return not foreign_values(request.alignment, "word") <= set(values(question))


_CHECKS: dict[str, Callable[[str, Request], bool]] = {
    "not-a-question": _is_no_question,
    "too-short": _is_too_short,
    "repeats-itself": _repeats_itself,
    "gives-answer-away": _gives_answer_away,
    "no-referent": _has_no_referent,
    "leads-to-no-row": _leads_to_no_row,
    "leads-elsewhere": _leads_elsewhere,
    "asks-other-kind": asks_other_kind,
    "other-relation": is_other_relation,
    "asks-other-column": asks_other_column,
    "names-itself": _names_itself,
    "presumes": presumes,
    "foreign-name": _has_foreign_name,
}
REASONS = tuple(_CHECKS)
