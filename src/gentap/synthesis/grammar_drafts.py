"""What passes between a template and the family that draws a question for it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gentap.synthesis.grammar_columns import Column, Gate, Profile
from gentap.synthesis.grammar_queries import Operation, Query

_VERBS = ("is", "was", "has", "does")
_FOLLOWS = {"column": ("a_column", "column_is", "column_was"), "column2": ("column2_is",)}


@dataclass(frozen=True, slots=True)
class Slots:
    """What a template asks of the table.

    Attributes:
        column: Gate of the first column named.
        column2: Gate of the second column named.
        target: Gate of the column of the answer.
        operation: The operation of the query; see `Query`.
        ranked: Whether the template names a rank (second, third).
        tells_column: Whether it says which column the value stands in.
    """

    column: Gate
    column2: Gate
    target: Gate
    operation: Operation
    ranked: bool
    tells_column: bool

    @property
    def gates(self) -> tuple[Gate, Gate, Gate]:
        """All its gates."""
        return self.column, self.column2, self.target


@dataclass(frozen=True, slots=True)
class Draft:
    """A query and the texts and columns that its question names, by placeholder."""

    query: Query
    target: Column
    column: Column | None = None
    column2: Column | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


Draw = Callable[[Profile, Slots, random.Random], Draft | None]


@dataclass(frozen=True, slots=True)
class Family:
    """A family of questions.

    Attributes:
        draw: Draws a query from a table, or None when the draw came to nothing.
        operations: The operations its templates may ask for.
        gives: What it samples from the table, the columns gated by the template first.
    """

    draw: Draw
    operations: tuple[Operation, ...]
    gives: tuple[str, ...]

    @property
    def variables(self) -> frozenset[str]:
        """Names of all that its templates can say of the table."""
        follows = (name for given in self.gives for name in _FOLLOWS.get(given, ()))
        names = {"target", "title", "participle", "who_or_what", *_VERBS, *self.gives, *follows}
        return frozenset(names | ({"amount"} if {"column", "value"} <= names else set()))
