"""Columns as the grammar sees them, and the gates that admit them to a slot of a template."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

KINDS = ("text", "number", "date", "year", "entity")
DERIVED = (
    *(
        "any",
        "orderable",
        "plural",
        "count",
        "money",
        "measured",
        "subject",
        "several",
        "day",
        "season",
    ),
    *("when", "timeline", "key", "verb", "of", "adjectives"),
)


_OF_CELLS = frozenset(("orderable", "measured", "count", "key"))
"""Types that cells give, whatever the header says."""


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """Which columns or pages are admitted; `of` gives the same object for the same types.

    Attributes:
        some: Types of which there must be one, if there are any here.
        none: Types of which there must be none.
        every: Types of which there must be all.
    """

    some: frozenset[str]
    none: frozenset[str]
    every: frozenset[str]

    @classmethod
    @cache
    def of(
        cls,
        some: frozenset[str],
        none: frozenset[str],
        every: frozenset[str],
    ) -> Gate:
        """Return the gate of these types."""
        return cls(some, none, every)

    def admits(self, types: frozenset[str]) -> bool:
        """Tell whether something of these types is admitted."""
        fits = not self.some or not self.some.isdisjoint(types)
        return fits and self.none.isdisjoint(types) and self.every <= types

    def means(self, types: frozenset[str]) -> bool:
        """Tell whether a column could be meant whose header alone gives it these types."""
        fits = not self.some or not self.some.isdisjoint(types)
        return fits and self.none.isdisjoint(types) and self.every - _OF_CELLS <= types


ANY = Gate.of(frozenset(), frozenset(), frozenset())


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column that can be asked about.

    Attributes:
        index: Where it stands in the table.
        phrase: What to call it.
        plural: Whether that is a plural.
        types: What it holds; see the grammar file.
        names: How well it names the rows, 0 to 3.
        lower: Whether its cells are said in small letters.
        unit: What its numbers are in, as the header has it, or "".
        verbs: What is done, by "verb", "past" and "participle"; see the grammar file.
    """

    index: int
    phrase: str
    plural: bool
    types: frozenset[str]
    names: int
    lower: bool
    unit: str
    verbs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Type:
    """A type of columns, as the grammar file has it.

    Attributes:
        name: What the file calls it.
        kinds: The kinds of column that it is limited to, if any.
        whole: Whether its words must be the whole header.
        implied: It and the types that come with it.
        names: How well a column names the rows, 0 to 3, or None where nothing is said.
        lower: Whether the cells are said in small letters.
        verb: What is done ("win"), or "".
        past: The same in the past tense.
        participle: The same as a participle.
    """

    name: str
    kinds: frozenset[str] = frozenset()
    whole: bool = False
    implied: frozenset[str] = frozenset()
    names: int | None = None
    lower: bool = False
    verb: str = ""
    past: str = ""
    participle: str = ""
