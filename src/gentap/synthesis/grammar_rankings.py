"""Families of questions that compare rows: superlatives, positions, bounds."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from decimal import Decimal

from gentap.synthesis.grammar_columns import Column, Profile
from gentap.synthesis.grammar_drafts import Draft, Slots
from gentap.synthesis.grammar_queries import Condition, Query

_ORDINALS = {2: "second", 3: "third"}


def superlative(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for a cell of the row with the highest, lowest, second highest ... value."""
    column = profile.pick(slots.column, rng)
    target = column and profile.pick(slots.target, rng, column)
    if not column or not target:
        return None
    return _ranked(Draft(_order(target, column, slots), target, column), slots, rng)


def extreme(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for the highest or lowest value itself."""
    column = profile.pick(slots.column, rng)
    if not column:
        return None
    return _ranked(Draft(_order(column, column, slots), column, column), slots, rng)


def superlative_within(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for the row with the highest or lowest value among those that share a value."""
    column = profile.pick(slots.column, rng)
    column2 = column and profile.pick(slots.column2, rng, column, accept=profile.repeated)
    target = column and column2 and profile.pick(slots.target, rng, column, column2)
    if not column or not column2 or not target:
        return None
    value = profile.cell(rng.choice(profile.repeated(column2))[0], column2)
    query = Query(
        target.index, (Condition(column2.index, "=", (value,)),), slots.operation, column.index
    )
    return Draft(query, target, column, column2, {"value2": value})


def position(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for a cell of the first, second, ... or last row."""
    target = profile.pick(slots.target, rng)
    if not target:
        return None
    return _ranked(Draft(Query(target.index, (), slots.operation), target), slots, rng)


def neighbour(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for the row right after or before the one that a value names."""
    target = profile.pick(slots.target, rng, accept=profile.unique)
    if not target:
        return None
    value = profile.cell(rng.choice(profile.unique(target)), target)
    query = Query(target.index, (Condition(target.index, "=", (value,)),), slots.operation)
    return Draft(query, target, texts={"value": value})


def comparison(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask which of two named rows has the higher or lower value."""
    column = profile.pick(slots.column, rng)
    target = column and profile.pick(
        slots.target, rng, column, accept=lambda c: len(profile.unique(c)) > 1
    )
    if not column or not target:
        return None
    names = tuple(profile.cell(row, target) for row in rng.sample(profile.unique(target), 2))
    query = Query(
        target.index, (Condition(target.index, "in", names),), slots.operation, column.index
    )
    return Draft(query, target, column, texts={"value": names[0], "value2": names[1]})


def threshold(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for the one row whose number or date lies beyond a bound."""
    column = profile.pick(slots.column, rng)
    target = column and profile.pick(slots.target, rng, column)
    orders = column and profile.view.order(column.index)
    if not column or not target or not orders or len(orders) < 3:
        return None
    values, above = sorted(order[0] for order in orders.values()), slots.operation == "max"
    low, high = (values[-2], values[-1]) if above else (-values[1], -values[0])
    bound = round_between(low, high)
    if bound is None:
        return None
    text = profile.amount(bound if above else -bound, column)
    query = Query(target.index, (Condition(column.index, ">" if above else "<", (text,)),))
    return Draft(query, target, column, texts={"value": text})


def round_between(low: float, high: float) -> float | None:
    """Return the roundest number x with low <= x < high, or None if there is none."""
    if not low < high:
        return None
    largest = max(abs(low), abs(high))
    for exponent in range(math.floor(math.log10(largest)), -5, -1):
        step = Decimal(10) ** exponent
        number = float((math.ceil(Decimal(repr(high)) / step) - 1) * step)
        if low <= number < high:
            return number
    return low


def _order(target: Column, column: Column, slots: Slots) -> Query:
    return Query(target.index, (), slots.operation, column.index)


def _ranked(draft: Draft, slots: Slots, rng: random.Random) -> Draft:
    if not slots.ranked:
        return draft
    rank = rng.randint(2, 3)
    texts = {"ordinal": _ORDINALS[rank]}
    return replace(draft, query=replace(draft.query, rank=rank), texts=texts)
