"""A sentence and its cells to a question: what is given away, what is asked for."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gentap.records import Alignment
from gentap.runtime.engine import Decoding, Engine
from gentap.text import STOPWORDS, content_words, values

MOST_ASKED_WORDS = 12
_SUBJECT_ALONE, _FIRST = 0.3, 0.75
_TELLING = 6
_DRAWS = 12  # for each part that a question may ask for, since most draws are alike
DECODING = Decoding(max_tokens=40)
ASKS = re.compile(
    r"(?:(?:in|at|on|for|by|to|with|from|of) )?"
    r"(?:what|who|whom|whose|when|where|which|how|why)\b.*\?$",
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

    @property
    def asks_subject(self) -> bool:
        """Whether the sentence begins with what is asked for."""
        said, asked = values(self.alignment.sentence), values(self.asked)
        start = said[:1] == ("the",) != asked[:1]
        return said[start : start + len(asked)] == asked


@dataclass(frozen=True, slots=True)
class Question:
    """What a generator wrote.

    Attributes:
        text: The question.
        confidence: The geometric mean of its tokens' probabilities, 0 to 1. Of hundreds of
            questions read one by one the sure ones were good far more often than the others.
    """

    text: str
    confidence: float


class QuestionWriter(Protocol):
    """Anything that writes a question for each request."""

    def write(self, requests: Sequence[Request]) -> list[Question]:
        """Return one question a request, in order."""
        ...


class EngineWriter:
    """Writes questions with a trained question generator."""

    def __init__(
        self, engine: Engine, *, batch_size: int = 64, decoding: Decoding = DECODING
    ) -> None:
        """Take an engine.

        Args:
            engine: Runs the generator's checkpoint.
            batch_size: Requests that are decoded together.
            decoding: How questions are decoded; greedily if nothing is said.
        """
        self.engine = engine
        self.batch_size = batch_size
        self.decoding = decoding

    def write(self, requests: Sequence[Request]) -> list[Question]:
        """Return one question a request, in order."""
        return self.ask([(one.alignment.sentence, one.asked) for one in requests])

    def ask(self, parts: Sequence[tuple[str, str]]) -> list[Question]:
        """Ask for a part of each sentence; those of a length are decoded together.

        Args:
            parts: Sentences, and what to ask for in each.
        """
        linearizer = self.engine.linearizer
        inputs = [linearizer.text(sentence, [part]) for sentence, part in parts]
        order = sorted(range(len(inputs)), key=lambda i: (len(inputs[i]), i))
        questions = [Question("", 0.0)] * len(inputs)
        for start in range(0, len(order), self.batch_size):
            chosen = order[start : start + self.batch_size]
            outputs = self.engine.run([inputs[i] for i in chosen], decoding=self.decoding)
            for i, output in zip(chosen, outputs, strict=True):
                if said := output.sentence:
                    text = linearizer.tokenizer.decode(said.ids)
                    confidence = math.exp(said.log_probability / (len(said.ids) + 1))
                    questions[i] = Question(text, confidence)
        return questions


def candidates(alignment: Alignment, number: int, rng: random.Random) -> list[Request]:
    """Return up to a number of requests that ask for different parts of a sentence.

    None asks for what the sentence begins with, unless nothing else can be asked for: "who played
    for the Jets in 1976?" fits many a player, and its generator is too sure of it.
    """
    drawn = (choose_asked(alignment, rng) for _ in range(_DRAWS * number))
    parts = list({request.asked: request for request in drawn}.values())
    return ([part for part in parts if not part.asks_subject] or parts)[:number]


def choose_asked(alignment: Alignment, rng: random.Random) -> Request:
    """Decide what a question gives away and what it asks for.

    People give away the page's subject, and one cell or two that lead to the row. So one cell that
    identifies the row is given: mostly the first in the sentence, since it is the subject as a
    rule. Where the sentence names the page's subject, and speaks of several rows or of the only
    one, that may be all that is given. The question asks for all other cells, as one stretch of
    the sentence, as annotators mark their answers, or, where that would be long, for one of them.
    """
    # Rows may share a span: it is asked for, or given away, once.
    cells = dict(zip(reversed(alignment.spans), reversed(alignment.evidence), strict=True))
    spans = sorted(cells)
    table = alignment.table
    of_rows = len(alignment.rows) > 1 or len(table.rows) == 1
    if of_rows and names_subject(alignment) and rng.random() < _SUBJECT_ALONE:
        return Request(alignment, _asked(alignment.sentence, spans, rng))
    identifying = [
        span
        for span in spans
        if table.column(cells[span][1]).count(table.rows[cells[span][0]][cells[span][1]]) == 1
    ] or spans[:1]
    given = identifying[0] if rng.random() < _FIRST else rng.choice(identifying)
    before = [span for span in spans if span < given]
    after = [span for span in spans if span > given]
    side = after if after and len(after) >= len(before) else before
    return Request(alignment, _asked(alignment.sentence, side, rng))


def names_subject(alignment: Alignment) -> bool:
    """Tell whether a sentence names what its page is about, and not as a cell."""
    cells = " ".join(alignment.sentence[start:end] for start, end in alignment.spans)
    title = content_words(alignment.table.title)
    return bool(title) and title <= set(values(alignment.sentence)) - set(values(cells))


def _asked(sentence: str, spans: Sequence[tuple[int, int]], rng: random.Random) -> str:
    """Return a sentence from the first span to the last, or, where that is long, one of them."""
    whole = sentence[spans[0][0] : spans[-1][1]]
    if len(whole.split()) <= MOST_ASKED_WORDS:
        return whole
    start, end = rng.choice(spans)
    return sentence[start:end]


def is_english(text: str) -> bool:
    """Tell whether a text has an English function word, or is too short to tell."""
    words = values(text)
    return len(words) < _TELLING or not STOPWORDS.isdisjoint(words)


def is_definition(sentence: str) -> bool:
    """Tell whether a sentence says what its subject is ("X is a Y"): common, and dull."""
    return _DEFINITION.match(sentence) is not None
