"""Families of questions that rank rows: superlatives, positions, frequencies."""

from __future__ import annotations

import random
from dataclasses import replace

from gentap.synthesis.grammar.drafts import Draft, Slots
from gentap.synthesis.grammar.gates import Column
from gentap.synthesis.grammar.profile import Profile
from gentap.synthesis.grammar.queries import Condition, Query
from gentap.values import is_blank, strip_footnotes

_ORDINALS = {2: "second", 3: "third"}
_LEAST_RANKED = 3
"""Rows that a table must have for one of them to be the highest of all."""


def superlative(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for a cell of the row with the highest, lowest, second highest ... value."""
    column = profile.pick(slots.column, rng)
    target = column and profile.pick(slots.target, rng, column)
    if not column or not target or len(profile.view.rows) < _LEAST_RANKED:
        return None
    return _ranked(Draft(_order(target, column, slots), target, column), slots, rng)


def extreme(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for the highest or lowest value itself; beside totals, nobody knows of which."""
    column = profile.pick(slots.column, rng)
    if not column or len(profile.view.rows) < _LEAST_RANKED:
        return None
    numbers = "number" in column.types
    if numbers and (column.phrase.startswith("total ") or profile.view.has_totals):
        return None
    return _ranked(Draft(_order(column, column, slots), column, column), slots, rng)


def superlative_within(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for the row with the highest or lowest value among those that share a value."""
    column = profile.pick(slots.column, rng)
    column2 = column and profile.pick(slots.column2, rng, column, test=Profile.repeated)
    target = column and column2 and profile.pick(slots.target, rng, column, column2)
    if not column or not column2 or not target:
        return None
    value = profile.said(rng.choice(profile.repeated(column2))[0], column2)
    query = Query(
        target.index, (Condition(column2.index, "=", (value,)),), slots.operation, column.index
    )
    return Draft(query, target, column, column2, {"value2": value})


def position(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for a cell of the first, second, ... or last row; all rows counted have to have one."""
    target = profile.pick(slots.target, rng)
    if not target or len(profile.view.index(target.index)) == 1:
        return None
    draft = _ranked(Draft(Query(target.index, (), slots.operation), target), slots, rng)
    counted = profile.view.rows if slots.operation == "first" else profile.view.rows[::-1]
    ranked = counted[: draft.query.rank]
    return draft if all(profile.answers(row, target.index) for row in ranked) else None


def neighbour(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for the row right after or before the one that a value names."""
    target = profile.pick(slots.target, rng, test=Profile.unique)
    if not target:
        return None
    value = profile.said(rng.choice(profile.unique(target)), target)
    query = Query(target.index, (Condition(target.index, "=", (value,)),), slots.operation)
    return Draft(query, target, texts={"value": value})


def comparison(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask which of two named rows has the higher or lower value."""
    column = profile.pick(slots.column, rng)
    target = column and profile.pick(slots.target, rng, column, test=_has_names)
    if not column or not target:
        return None
    names = tuple(profile.said(row, target) for row in rng.sample(profile.unique(target), 2))
    query = Query(
        target.index, (Condition(target.index, "in", names),), slots.operation, column.index
    )
    return Draft(query, target, column, texts={"value": names[0], "value2": names[1]})


def frequency(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for the value that most rows have, or for the only one that one row has."""
    target = profile.pick(slots.target, rng, test=_TESTS[slots.operation])
    return Draft(Query(target.index, (), slots.operation), target) if target else None


def _has_names(profile: Profile, column: Column) -> bool:
    return len(profile.unique(column)) > 1


def _has_most(profile: Profile, column: Column) -> bool:
    sizes = sorted(map(len, profile.repeated(column)), reverse=True)
    return bool(sizes) and (len(sizes) == 1 or sizes[0] > sizes[1]) and _is_clear(profile, column)


def _has_least(profile: Profile, column: Column) -> bool:
    return len(profile.unique(column)) == 1 and _is_clear(profile, column)


_TESTS = {"most": _has_most, "least": _has_least}


def _is_clear(profile: Profile, column: Column) -> bool:
    """Tell whether values of a column can be counted: none is part of another, or two in one."""
    cells = {strip_footnotes(profile.table.rows[row][column.index]) for row in profile.view.rows}
    index = profile.view.index(column.index)
    if len(set(map(str.casefold, cells))) > len(index):
        # "Kingdom of Italy (Napoleonic)" and "(Sardinian)" are said alike.
        return False
    groups = profile.repeated(column)
    counted = sum(map(len, groups)) + len(profile.unique(column))
    blank = sum(len(rows) for key, rows in index.items() if is_blank(key))
    return bool(groups) and counted + blank == len(profile.view.rows)


def _order(target: Column, column: Column, slots: Slots) -> Query:
    return Query(target.index, (), slots.operation, column.index)


def _ranked(draft: Draft, slots: Slots, rng: random.Random) -> Draft:
    if not slots.ranked:
        return draft
    rank = rng.randint(2, 3)
    texts = {"ordinal": _ORDINALS[rank]}
    return replace(draft, query=replace(draft.query, rank=rank), texts=texts)
