"""The grammar as values: patterns, weighted choices, templates."""

from __future__ import annotations

import random
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Generic, Protocol, TypeVar

from gentap.synthesis.grammar.drafts import Slots
from gentap.synthesis.grammar.gates import Gate
from gentap.synthesis.grammar.lexicon import Lexicon
from gentap.synthesis.grammar.titles import TitleType

Item = TypeVar("Item")
Pattern = tuple[str, ...]
"""Text and names of placeholders in turn; text comes first and last."""

_PLACEHOLDER = re.compile(r"\[(\w+)\]")


@dataclass(frozen=True, slots=True)
class Choice(Generic[Item]):
    """Weighted alternatives.

    Attributes:
        items: The alternatives.
        weights: The weight of each.
        sums: The weights added up.
    """

    items: tuple[Item, ...]
    weights: tuple[float, ...]
    sums: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Add the weights up, once for all draws."""
        object.__setattr__(self, "sums", tuple(accumulate(self.weights)))

    @classmethod
    def of(cls, weighted: Iterable[tuple[Item, float]]) -> Choice[Item]:
        """Make a choice of (alternative, weight) pairs, leaving out those of no weight."""
        kept = [(item, weight) for item, weight in weighted if weight > 0]
        items, weights = zip(*kept, strict=True) if kept else ((), ())
        return cls(items, weights)

    def plus(self, other: Choice[Item]) -> Choice[Item]:
        """Return the alternatives of both."""
        return Choice(self.items + other.items, self.weights + other.weights)

    def where(self, accept: Callable[[Item], bool]) -> Choice[Item]:
        """Return the choice among the accepted alternatives."""
        weighted = zip(self.items, self.weights, strict=True)
        return self.of((item, weight) for item, weight in weighted if accept(item))

    def without(self, gone: Item) -> Choice[Item]:
        """Return the choice among all but one of the alternatives."""
        return self.where(lambda item: item is not gone)

    def draw(self, rng: random.Random) -> Item:
        """Draw one alternative; there must be one."""
        return self.items[bisect_left(self.sums, rng.random() * self.sums[-1])]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text with placeholders, and the pages that it is for."""

    pattern: Pattern
    title: Gate


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence template and what it asks of the table."""

    pattern: Pattern
    slots: Slots


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many of the questions of a length are kept.

    Attributes:
        steps: (words at most, share) in order; longer questions are not kept.
    """

    steps: tuple[tuple[int, float], ...]

    def keeps(self, question: str, rng: random.Random) -> bool:
        """Draw whether to keep a question."""
        length = question.count(" ") + 1
        share = next((share for most, share in self.steps if length <= most), 0.0)
        return share >= 1 or rng.random() < share


@dataclass(frozen=True, slots=True)
class Rules:
    """A checked grammar.

    Attributes:
        lexicon: What header words mean.
        titles: The kinds of pages, by name.
        variables: Phrases by the name of the variable.
        frames: What a question may be wrapped in.
        lengths: How long questions are.
        families: Templates by the name of the family.
        weights: The weight of every family.
        key: Tells grammars apart: a digest of the files.
    """

    lexicon: Lexicon
    titles: Mapping[str, TitleType]
    variables: Mapping[str, Choice[Phrase]]
    frames: Choice[Phrase]
    lengths: Lengths
    families: Mapping[str, Choice[Template]]
    weights: Mapping[str, float]
    key: str


class Giving(Protocol):
    """Anything that gives the texts of placeholders, such as a mapping."""

    def get(self, name: str, /) -> str | None:
        """Return the text of a placeholder, or None."""
        ...


def expand(
    pattern: Pattern,
    variables: Mapping[str, Choice[Phrase]],
    texts: Giving,
    rng: random.Random,
) -> str | None:
    """Fill a pattern, or return None when it needs a text that the table does not give."""
    parts = list(pattern)
    for place in range(1, len(parts), 2):
        choice = variables.get(parts[place])
        if choice is None:
            text = texts.get(parts[place])
        elif choice.items:
            text = expand(choice.draw(rng).pattern, variables, texts, rng)
        else:
            text = None
        if text is None:
            return None
        parts[place] = text
    return "".join(parts)


def parse_pattern(text: str) -> Pattern:
    """Split a template text into text and placeholder names."""
    return tuple(_PLACEHOLDER.split(text))
