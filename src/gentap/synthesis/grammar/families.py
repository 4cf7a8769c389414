"""The families of questions: how each one draws its columns, rows and query from a table."""

from __future__ import annotations

import random
from collections.abc import Mapping

from gentap.synthesis.grammar.drafts import Draft, Family, Slots
from gentap.synthesis.grammar.gates import Column
from gentap.synthesis.grammar.profile import Profile
from gentap.synthesis.grammar.queries import Condition, Query
from gentap.synthesis.grammar.ranges import between, sequence, threshold
from gentap.synthesis.grammar.rankings import (
    comparison,
    extreme,
    frequency,
    neighbour,
    position,
    superlative,
    superlative_within,
)

_LEAST_COMMON = 4
"""Rows that a table must have for one of them to be the odd one."""


def lookup(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for a cell of the row that one value names."""
    column = profile.pick(slots.column, rng, test=Profile.unique)
    target = column and profile.pick(slots.target, rng, column)
    if not column or not target:
        return None
    row = rng.choice(profile.unique(column))
    if not slots.tells_column and profile.elsewhere(row, column):
        return None
    value = profile.said(row, column)
    query = Query(target.index, (Condition(column.index, "=", (value,)),))
    return Draft(query, target, column, texts={"value": value})


def lookup_two(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for a cell of the row that two values name together, and the first does not alone."""
    column = profile.pick(slots.column, rng, test=Profile.repeated)
    column2 = column and profile.pick(slots.column2, rng, column)
    target = column and column2 and profile.pick(slots.target, rng, column, column2)
    if not column or not column2 or not target:
        return None
    rows = rng.choice(profile.repeated(column))
    row = rng.choice(rows)
    value, value2 = profile.said(row, column), profile.said(row, column2)
    both = set(rows).intersection(profile.mentioning(column2, value2))
    if both != {row} or not profile.speaks(row, column2):
        return None
    conditions = Condition(column.index, "=", (value,)), Condition(column2.index, "=", (value2,))
    texts = {"value": value, "value2": value2}
    return Draft(Query(target.index, conditions), target, column, column2, texts)


def exclusion(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for the other one of the two rows that share a value."""
    column = profile.pick(slots.column, rng, test=_pairs)
    target = column and profile.pick(slots.target, rng, column, test=Profile.unique)
    if not column or not target:
        return None
    row = rng.choice(rng.choice(_pairs(profile, column)))
    if row not in profile.unique(target):
        return None
    value, other = profile.said(row, column), profile.said(row, target)
    conditions = (
        Condition(column.index, "=", (value,)),
        Condition(target.index, "!=", (other,)),
    )
    texts = {"value": value, "value2": other}
    return Draft(Query(target.index, conditions), target, column, texts=texts)


def odd_one_out(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for the one row that lacks the value which all the others share."""
    column = profile.pick(slots.column, rng, test=_common)
    target = column and profile.pick(slots.target, rng, column)
    if not column or not target:
        return None
    value = profile.said(_common(profile, column)[0], column)
    query = Query(target.index, (Condition(column.index, "!=", (value,)),))
    return Draft(query, target, column, texts={"value": value})


def _pairs(profile: Profile, column: Column) -> list[list[int]]:
    return [rows for rows in profile.repeated(column) if len(rows) == 2]


def _common(profile: Profile, column: Column) -> list[int]:
    """Return the rows that share a value which only one other row lacks, if there are any."""
    rows = profile.view.rows
    if len(profile.view.index(column.index)) != 2 or len(rows) < _LEAST_COMMON:
        return []
    for common in profile.repeated(column):
        if len(common) == len(rows) - 1:
            (odd,) = set(rows).difference(common)
            return common if profile.answers(odd, column.index) else []
    return []


FAMILIES: Mapping[str, Family] = {
    "lookup": Family(lookup, ("only",), ("column", "value")),
    "lookup_two": Family(lookup_two, ("only",), ("column", "column2", "value", "value2")),
    "superlative": Family(superlative, ("max", "min"), ("column", "ordinal")),
    "extreme": Family(extreme, ("max", "min"), ("column", "ordinal")),
    "superlative_within": Family(
        superlative_within, ("max", "min"), ("column", "column2", "value2")
    ),
    "position": Family(position, ("first", "last"), ("ordinal",)),
    "neighbour": Family(neighbour, ("next", "previous"), ("value",)),
    "comparison": Family(comparison, ("max", "min"), ("column", "value", "value2")),
    "exclusion": Family(exclusion, ("only",), ("column", "value", "value2")),
    "odd_one_out": Family(odd_one_out, ("only",), ("column", "value")),
    "threshold": Family(threshold, ("max", "min"), ("column", "value")),
    "range": Family(between, ("only",), ("column", "value", "value2")),
    "sequence": Family(sequence, ("max", "min"), ("column", "value", "value2")),
    "frequency": Family(frequency, ("most", "least"), ()),
}
