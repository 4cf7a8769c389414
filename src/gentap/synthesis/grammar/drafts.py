"""What passes between a template and the family that draws a question for it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gentap.synthesis.grammar.gates import ANY, Column, Gate
from gentap.synthesis.grammar.profile import Profile
from gentap.synthesis.grammar.queries import Operation, Query

_VERBS = ("verb", "past", "participle")
ALWAYS = frozenset(
    (
        *"target who its is was has does in_which title title_s subject subjects".split(),
        *(f"target_{verb}" for verb in _VERBS),
    )
)
"""Variables of every family."""
_FOLLOWS = {
    "column": ("a_column", "column_is", "column_was", *(f"column_{verb}" for verb in _VERBS)),
    "column2": ("column2_is", *(f"column2_{verb}" for verb in _VERBS)),
    "value": ("value_s", "value_was", "value_is", "value_does"),
}
# Those that need a value and its column.
_TOLD = dict.fromkeys(("in_value", "at_value", "nth", "amount"), "value")
_TOLD2 = {f"{name}2": f"{value}2" for name, value in _TOLD.items()}


@dataclass(frozen=True, slots=True)
class Slots:
    """What a template asks of the table.

    Attributes:
        column: Gate of the first column named.
        column2: Gate of the second column named.
        target: Gate of the column of the answer.
        title: Gate of the page.
        beside: Gate of the types of all columns together.
        operation: The operation of the query; see `Query`.
        ranked: Whether the template names a rank (second, third).
        tells_column: Whether it says which column the value stands in.
        tells_target: Whether it says which column the answer stands in.
        sole: Whether the first column must be the only one its gate admits: nothing tells it.
        named: Whether a bound is told by naming a row.
        gates: The gates of columns that do not admit all.
    """

    column: Gate
    column2: Gate
    target: Gate
    title: Gate
    beside: Gate
    operation: Operation
    ranked: bool
    tells_column: bool
    tells_target: bool
    sole: bool
    named: bool
    gates: tuple[Gate, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Collect the gates that matter."""
        gates = (gate for gate in (self.column, self.column2, self.target) if gate is not ANY)
        object.__setattr__(self, "gates", tuple(gates))


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
        follows = {name for given in self.gives for name in _FOLLOWS.get(given, ())}
        if {"column", "value"} <= set(self.gives):
            follows.update(_TOLD)
        if {"column2", "value2"} <= set(self.gives):
            follows.update(_TOLD2)
        return ALWAYS.union(self.gives, follows)
