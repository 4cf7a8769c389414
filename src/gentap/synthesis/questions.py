"""A sentence and its cells to a question, and the reasons why a question is not kept."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gentap.records import Alignment
from gentap.runtime.engine import Decoding, Engine
from gentap.text import content_words, tokens

MOST_ASKED_WORDS = 12
_DECODING = Decoding(max_tokens=40)
_VAGUE = re.compile(
    r"\b(he|she|it|they|him|his|her|their|its|them|this|these|those|"
    r"the (film|movie|song|album|book|series|show|band|team|player|group|game|company))\b",
    re.IGNORECASE,
)
_DEFINITION = re.compile(r"^(\S+ ){0,8}?(is|was|are|were) (a|an|the|one of)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """What a question is to be made of.

    Attributes:
        alignment: The aligned sentence.
        asked: The part of the sentence to ask for.
    """

    alignment: Alignment
    asked: str


class QuestionWriter(Protocol):
    """Anything that writes a question for each request."""

    def write(self, requests: Sequence[Request]) -> list[str]:
        """Return one question a request, in order."""
        ...


class EngineWriter:
    """Writes questions with a trained question generator, greedily."""

    def __init__(self, engine: Engine, *, batch_size: int = 64) -> None:
        """Take an engine.

        Args:
            engine: Runs the generator's checkpoint.
            batch_size: Requests that are decoded together.
        """
        self.engine = engine
        self.batch_size = batch_size

    def write(self, requests: Sequence[Request]) -> list[str]:
        """Return one question a request; requests of a length are decoded together."""
        linearizer = self.engine.linearizer
        inputs = [linearizer.text(r.alignment.sentence, [r.asked]) for r in requests]
        order = sorted(range(len(inputs)), key=lambda i: (len(inputs[i]), i))
        questions = [""] * len(inputs)
        for start in range(0, len(order), self.batch_size):
            chosen = order[start : start + self.batch_size]
            outputs = self.engine.run([inputs[i] for i in chosen], decoding=_DECODING)
            for i, output in zip(chosen, outputs, strict=True):
                ids = output.sentence.ids if output.sentence else []
                questions[i] = linearizer.tokenizer.decode(ids)
        return questions


def choose_asked(alignment: Alignment, rng: random.Random) -> Request:
    """Decide what a question gives away and what it asks for.

    One matched cell that identifies the row is given away: mostly the first in the sentence,
    since it is the subject as a rule. The question asks for all others, as one stretch of the
    sentence, as annotators mark their answers; where that would be long, for one of them.
    """
    table = alignment.table
    # Rows may share a span: it is asked for, or given away, once.
    cells = dict(zip(reversed(alignment.spans), reversed(alignment.evidence), strict=True))
    matches = sorted(cells.items())
    identifying = [
        place
        for place, (_, (row, column)) in enumerate(matches)
        if table.column(column).count(table.rows[row][column]) == 1
    ] or [0]
    given = identifying[0] if rng.random() < 0.75 else rng.choice(identifying)
    others = [span for place, (span, _) in enumerate(matches) if place != given]
    kept = matches[given][0]
    before = [span for span in others if span[0] < kept[0]]
    after = [span for span in others if span[0] >= kept[0]]
    side = after if after and (not before or len(after) >= len(before)) else before
    asked = alignment.sentence[side[0][0] : side[-1][1]]
    if len(asked.split()) > MOST_ASKED_WORDS:
        start, end = rng.choice(side)
        asked = alignment.sentence[start:end]
    return Request(alignment, asked)


def is_definition(sentence: str) -> bool:
    """Tell whether a sentence says what its subject is ("X is a Y"): common, and dull."""
    return _DEFINITION.match(sentence) is not None


def fault(question: str, request: Request) -> str | None:
    """Return the reason why a generated question is not kept, or None.

    Reasons: ``not-a-question``, ``too-short``, ``repeats-itself``, ``gives-answer-away``,
    ``no-referent`` (a pronoun or "the film", and nothing that says which),
    ``leads-to-no-row`` (it shares nothing with the row but what it asks for).
    """
    words = question.split()
    if not question.endswith("?"):
        return "not-a-question"
    if len(words) < 3:
        return "too-short"
    triples = list(zip(words, words[1:], words[2:], strict=False))
    if len(set(triples)) < len(triples):
        return "repeats-itself"
    asked = {token.value for token in tokens(request.asked)}
    found = {token.value for token in tokens(question)}
    if asked and asked <= found:
        return "gives-answer-away"
    alignment = request.alignment
    known = set[str]()
    for row in alignment.rows:
        known |= content_words(" ".join(alignment.table.rows[row]))
    known |= content_words(alignment.table.title)
    leads = found & (known - asked)
    if _VAGUE.search(question) and len(leads) < 2:
        return "no-referent"
    if not leads:
        return "leads-to-no-row"
    return None
