"""The grammar as values: patterns, weighted choices, templates."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from gentap.synthesis.grammar_drafts import Slots
from gentap.synthesis.grammar_lexicon import Lexicon

Item = TypeVar("Item")
Pattern = tuple[str, ...]
"""Text and names of placeholders in turn; text comes first and last."""

_PLACEHOLDER = re.compile(r"\[(\w+)\]")


@dataclass(frozen=True, slots=True)
class Choice(Generic[Item]):
    """Weighted alternatives."""

    items: tuple[Item, ...]
    weights: tuple[float, ...]

    @classmethod
    def of(cls, weighted: Iterable[tuple[Item, float]]) -> Choice[Item]:
        """Make a choice of (alternative, weight) pairs."""
        items, weights = zip(*weighted, strict=True)
        return cls(items, weights)

    def where(self, accept: Callable[[Item], bool]) -> Choice[Item] | None:
        """Return the choice among the accepted alternatives, or None if there are none."""
        weighted = zip(self.items, self.weights, strict=True)
        kept = [(item, weight) for item, weight in weighted if accept(item)]
        return self.of(kept) if kept else None

    def draw(self, rng: random.Random) -> Item:
        """Draw one alternative."""
        return rng.choices(self.items, self.weights)[0]


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence template and what it asks of the table."""

    pattern: Pattern
    slots: Slots


@dataclass(frozen=True, slots=True)
class Rules:
    """A checked grammar.

    Attributes:
        lexicon: What header words mean.
        variables: Phrases by the name of the variable.
        frames: What a question may be wrapped in.
        families: (name, templates).
    """

    lexicon: Lexicon
    variables: Mapping[str, Choice[Pattern]]
    frames: Choice[Pattern]
    families: Choice[tuple[str, Choice[Template]]]

    def expand(self, pattern: Pattern, texts: Mapping[str, str], rng: random.Random) -> str | None:
        """Fill a pattern, or return None when it needs a text that the table does not give."""
        parts = list(pattern)
        for place in range(1, len(parts), 2):
            name = parts[place]
            if name in self.variables:
                text = self.expand(self.variables[name].draw(rng), texts, rng)
            else:
                text = texts.get(name)
            if not text:
                return None
            parts[place] = text
        return "".join(parts)


def parse_pattern(text: str) -> Pattern:
    """Split a template text into text and placeholder names."""
    return tuple(_PLACEHOLDER.split(text))
