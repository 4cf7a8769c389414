"""Which aligned sentences become examples."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gentap.errors import InputError
from gentap.records import Alignment
from gentap.storage import read_records
from gentap.synthesis.filters import REASONS as QUESTION_REASONS
from gentap.synthesis.filters import fault
from gentap.synthesis.form import gist, pattern
from gentap.synthesis.questions import Question, Request, is_definition, is_english
from gentap.synthesis.trimming import trimmed
from gentap.text import Kind, tokens


def has_foreign_number(alignment: Alignment) -> bool:
    """Tell whether a sentence has a number that neither table nor titles hold."""
    return bool(foreign_values(alignment, "number"))


def has_foreign_name(alignment: Alignment) -> bool:
    """Tell whether a sentence has a name that neither table nor titles hold."""
    return bool(foreign_values(alignment, "word"))


def foreign_values(alignment: Alignment, kind: Kind) -> set[str]:
    """Return the normal forms of a sentence's numbers, or names, that its table lacks."""
    found = (token for text in alignment.foreign for token in tokens(text))
    return {token.value for token in found if token.kind == kind}


# Why a sentence is dropped before any question is asked.
SENTENCE_REASONS: dict[str, Callable[[Alignment], bool]] = {
    "foreign-number": has_foreign_number,  # teaches to invent, as does a name
    "wrong-language": lambda alignment: not is_english(alignment.sentence),
    "foreign-name": has_foreign_name,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Which aligned sentences become examples.

    Attributes:
        limit: Sentences at most; 0: no limit.
        per_table: Sentences of one table at most, so that no list fills the set.
        per_form: Sentences at most that differ in names and numbers alone: "_ was made in _".
        definitions: Share of sentences of the form "X is a Y" at most; most of what aligns
            is of that form, and people ask about events, roles and results.
        min_support: Share of a sentence's content words that its rows, header and titles have to
            hold, else it is dropped as ``unsupported``: the rest would have to be invented, and
            may be what the question is about.
        min_confidence: Questions of which their generator is less sure are dropped as
            ``unsure``.
        candidates: Questions asked of a sentence at most, for different parts of it; the one
            that its generator is surest of counts.
        min_words: Sentences of fewer words are dropped as ``short``: the model's answers become
            as long as those it saw.
        max_words: Sentences of more words are dropped as ``long``: a table seldom holds all that
            they say; 0: no limit.
        pairs: Share of examples that join two questions of a table, with both sentences as the
            answer (see `gentap.synthesis.pairing`).
        trim: Cut closing clauses that the table says nothing about.
        allow: Reasons (see `SENTENCE_REASONS` and `gentap.synthesis.filters`) that drop nothing.
        seed: Seeds every draw.
    """

    limit: int = 0
    per_table: int = 8
    per_form: int = 20
    definitions: float = 0.25
    min_support: float = 0.7
    min_confidence: float = 0.8
    candidates: int = 3
    min_words: int = 0
    max_words: int = 24
    pairs: float = 0.2
    trim: bool = True
    allow: tuple[str, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        unknown = set(self.allow) - {*SENTENCE_REASONS, *QUESTION_REASONS, "unsupported"}
        if unknown:
            raise InputError(f"{', '.join(sorted(unknown))}: no reason why anything is dropped")
        for name in ("definitions", "min_support", "min_confidence"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"{name}: {getattr(self, name)}; it is a share, 0 to 1")
        for name in ("min_words", "max_words"):
            if getattr(self, name) < 0:
                raise InputError(f"{name}: {getattr(self, name)}; it is 0 or more")
        if self.candidates < 1:
            raise InputError(f"candidates: {self.candidates}; it is 1 or more")
        if not 0 <= self.pairs < 1:
            raise InputError(f"pairs: {self.pairs}; it is a share, 0 or more and under 1")

    def settings(self) -> dict[str, Any]:
        """Return the choice as plain JSON values."""
        return asdict(self) | {"allow": sorted(self.allow)}

    def read(self, source: Path) -> Iterator[Alignment]:
        """Yield the alignments of a shard, trimmed if they are to be."""
        for alignment in map(Alignment.from_record, read_records(source)):
            yield trimmed(alignment) if self.trim else alignment

    def fault(self, alignment: Alignment) -> str | None:
        """Return why a sentence is dropped before any question is asked, or None."""
        for reason, fails in SENTENCE_REASONS.items():
            if reason not in self.allow and fails(alignment):
                return reason
        if alignment.support < self.min_support and "unsupported" not in self.allow:
            return "unsupported"
        words = len(alignment.sentence.split())
        if words < self.min_words:
            return "short"
        return "long" if 0 < self.max_words < words else None

    def question_fault(self, question: Question, request: Request) -> str | None:
        """Return why a question is dropped, or None."""
        if wrong := fault(question.text, request, allow=self.allow):
            return wrong
        return "unsure" if question.confidence < self.min_confidence else None


def plan(sources: Sequence[Path], choice: Choice) -> dict[Path, dict[int, str | None]]:
    """Decide about every alignment of every shard: None to take it, else why it is dropped.

    Args:
        sources: Shards that `harvest` wrote.
        choice: Which sentences become examples.
    """
    verdicts: dict[Path, dict[int, str | None]] = {}
    candidates: list[tuple[Path, int]] = []
    definitions: list[tuple[Path, int]] = []
    sentences: set[bytes] = set()
    tables: Counter[str] = Counter()
    forms: Counter[str] = Counter()
    for source in sources:
        reasons: dict[int, str | None] = verdicts.setdefault(source, {})
        for place, alignment in enumerate(choice.read(source)):
            sentence = gist(alignment.sentence)
            table = content_key(repr(alignment.table))
            if reason := choice.fault(alignment):
                reasons[place] = reason
            elif sentence in sentences:
                reasons[place] = "duplicate"
            elif tables[table] >= choice.per_table:
                reasons[place] = "table-surplus"
            elif forms[form := pattern(alignment.sentence)] >= choice.per_form:
                reasons[place] = "form-surplus"
            else:
                sentences.add(sentence)
                tables[table] += 1
                forms[form] += 1
                dull = is_definition(alignment.sentence)
                (definitions if dull else candidates).append((source, place))
    rng = random.Random(f"{choice.seed}/plan")
    for pool in (candidates, definitions):
        rng.shuffle(pool)
    total = choice.limit or len(candidates) + len(definitions)
    dull_most = round(total * choice.definitions)
    if choice.definitions < 1:
        most = round(len(candidates) * choice.definitions / (1 - choice.definitions))
        dull_most = min(dull_most, most)
    taken = definitions[:dull_most]
    verdicts_for = [(definitions[dull_most:], "definition-surplus"), (taken, None)]
    verdicts_for += [(candidates[: total - len(taken)], None)]
    verdicts_for += [(candidates[total - len(taken) :], "over-limit")]
    for pool, reason in verdicts_for:
        for source, place in pool:
            verdicts[source][place] = reason
    return verdicts


def content_key(text: str) -> str:
    """Return a short name of a text."""
    state = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8)
    return state.hexdigest()
