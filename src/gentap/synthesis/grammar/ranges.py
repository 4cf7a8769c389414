"""Families of questions with bounds: beyond one, between two, the next one."""

from __future__ import annotations

import math
import random
from decimal import Decimal

from gentap.synthesis.grammar.drafts import Draft, Slots
from gentap.synthesis.grammar.gates import Column
from gentap.synthesis.grammar.profile import Profile
from gentap.synthesis.grammar.queries import Condition, Operator, Query

_LEAST_ROWS = 3
_DIGITS = 3
"""That a bound may have but for zeros, unless it is a year."""


def threshold(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for the one row whose number or date lies beyond a bound."""
    column, target = _columns(profile, slots, rng)
    if not column or not target:
        return None
    values, above = _values(profile, column), slots.operation == "max"
    low, high = (values[-2], values[-1]) if above else (-values[1], -values[0])
    bound = round_between(low, high)
    if (
        bound is None
        or not _is_bound(bound, column)
        or (abs(bound) == 1 and "count" in column.types)
    ):
        # Nobody knows whether more than one win "was" or "were".
        return None
    text = profile.amount(bound if above else -bound, column)
    query = Query(target.index, (Condition(column.index, ">" if above else "<", (text,)),))
    return Draft(query, target, column, texts={"value": text})


def between(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for the one row whose number or date lies between two bounds, and on neither."""
    column, target = _columns(profile, slots, rng)
    if not column or not target:
        return None
    values = sorted(set(_values(profile, column)))
    if len(values) < _LEAST_ROWS:
        return None
    place = rng.randrange(1, len(values) - 1)
    below, value, above = values[place - 1 : place + 2]
    low = _beyond(value, below)
    high = _beyond(value, above)
    if low is None or high is None:
        return None
    if not _is_bound(low, column) or not _is_bound(high, column):
        return None
    bounds = profile.amount(low, column), profile.amount(high, column)
    query = Query(target.index, (Condition(column.index, "between", bounds),))
    return Draft(query, target, column, texts={"value": bounds[0], "value2": bounds[1]})


def sequence(profile: Profile, slots: Slots, rng: random.Random) -> Draft | None:
    """Ask for the first row after a date, or the last one before it.

    The date is given, or it is that of a row that is named.
    """
    column, target = _columns(profile, slots, rng)
    if not column or not target:
        return None
    rows = profile.unique(target) if slots.named else list(profile.view.rows)
    if not rows:
        return None
    row = rng.choice(rows)
    operator: Operator = ">" if slots.operation == "min" else "<"
    if slots.named:
        name = profile.said(row, target)
        condition = Condition(column.index, operator, (name,), target.index)
        texts = {"value2": name}
    else:
        year = str(int((profile.view.order(column.index) or {})[row][0]))
        condition = Condition(column.index, operator, (year,))
        texts = {"value": year}
    query = Query(target.index, (condition,), slots.operation, column.index)
    return Draft(query, target, column, texts=texts)


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


def is_round(number: float) -> bool:
    """Tell whether people would take a number as a bound: not 50,860."""
    return len(f"{number:.12f}".replace(".", "").strip("0")) <= _DIGITS


def _beyond(value: float, other: float) -> float | None:
    """Return a round number strictly between two values."""
    sign = 1 if other > value else -1
    bound = round_between(sign * value, sign * other)
    return sign * bound if bound is not None and bound > sign * value else None


def _columns(
    profile: Profile, slots: Slots, rng: random.Random
) -> tuple[Column | None, Column | None]:
    column = profile.pick(slots.column, rng, test=_is_orderable)
    target = column and profile.pick(slots.target, rng, column)
    if len(profile.view.rows) < _LEAST_ROWS:
        return None, None
    return column, target


def _is_bound(number: float, column: Column) -> bool:
    return "number" not in column.types or is_round(number)


def _is_orderable(profile: Profile, column: Column) -> bool:
    return "orderable" in column.types


def _values(profile: Profile, column: Column) -> list[float]:
    return sorted(order[0] for order in (profile.view.order(column.index) or {}).values())
