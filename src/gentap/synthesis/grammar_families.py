"""The families of questions: how each one draws its columns, rows and query from a table."""

from __future__ import annotations

import random
from collections.abc import Mapping

from gentap.synthesis.grammar_columns import Profile
from gentap.synthesis.grammar_drafts import Draft, Family, Slots
from gentap.synthesis.grammar_queries import Condition, Query
from gentap.synthesis.grammar_rankings import (
    comparison,
    extreme,
    neighbour,
    position,
    superlative,
    superlative_within,
    threshold,
)


def lookup(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for a cell of the row that one value names."""
    column = profile.pick(slots.column, rng, accept=profile.unique)
    target = column and profile.pick(slots.target, rng, column)
    if not column or not target:
        return None
    row = rng.choice(profile.unique(column))
    if not slots.tells_column and profile.elsewhere(row, column):
        return None
    value = profile.cell(row, column)
    query = Query(target.index, (Condition(column.index, "=", (value,)),))
    return Draft(query, target, column, texts={"value": value})


def lookup_two(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for a cell of the row that two values name together and neither names alone."""
    column = profile.pick(slots.column, rng, accept=profile.repeated)
    column2 = column and profile.pick(slots.column2, rng, column, accept=profile.repeated)
    target = column and column2 and profile.pick(slots.target, rng, column, column2)
    if not column or not column2 or not target:
        return None
    rows = rng.choice(profile.repeated(column))
    keys = [profile.key(row, column2) for row in rows]
    single = [
        row
        for row, key in zip(rows, keys, strict=True)
        if keys.count(key) == 1
        and profile.usable(row, column2)
        and len(profile.view.index(column2.index)[key]) > 1
    ]
    if not single:
        return None
    row = rng.choice(single)
    value, value2 = profile.cell(row, column), profile.cell(row, column2)
    conditions = Condition(column.index, "=", (value,)), Condition(column2.index, "=", (value2,))
    texts = {"value": value, "value2": value2}
    return Draft(Query(target.index, conditions), target, column, column2, texts)


def exclusion(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for the other one of the two rows that share a value."""
    column = profile.pick(slots.column, rng, accept=profile.repeated)
    target = column and profile.pick(slots.target, rng, column)
    if not column or not target:
        return None
    rows = rng.choice(profile.repeated(column))
    row = rng.choice(rows)
    if len(rows) != 2 or row not in profile.unique(target):
        return None
    value, other = profile.cell(row, column), profile.cell(row, target)
    conditions = (
        Condition(column.index, "=", (value,)),
        Condition(target.index, "!=", (other,)),
    )
    texts = {"value": value, "value2": other}
    return Draft(Query(target.index, conditions), target, column, texts=texts)


def odd_one_out(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for the one row that lacks the value which all the others share."""
    column = profile.pick(slots.column, rng, accept=profile.repeated)
    target = column and profile.pick(slots.target, rng, column)
    if not column or not target:
        return None
    common = max(profile.repeated(column), key=len)
    if not 2 < len(common) == len(profile.view.rows) - 1:
        return None
    value = profile.cell(common[0], column)
    query = Query(target.index, (Condition(column.index, "!=", (value,)),))
    return Draft(query, target, column, texts={"value": value})


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
}
