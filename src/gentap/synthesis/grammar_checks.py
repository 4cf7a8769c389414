"""Checks of a grammar file's entries; every one says which entry is wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NoReturn

from gentap.errors import InputError


def weight(entry: Mapping[str, Any], where: str) -> float:
    """Return the weight of an entry, 1 if it says nothing."""
    weight = entry.get("weight", 1)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not weight > 0:
        fail(where, f'"weight" must be a number above 0, not {weight!r}')
    return float(weight)


def strings(value: object, where: str, known: Collection[str] = ()) -> list[str]:
    """Check a list of strings, of known ones if there are any."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        fail(where, "must be a list of strings")
    for item in value:
        if known and item not in known:
            fail(where, f'"{item}" is none of {", ".join(known)}')
    return value


def table(value: object, where: str, keys: Collection[str] = ()) -> Mapping[str, Any]:
    """Check a TOML table and, if there are any, its keys."""
    if not isinstance(value, dict):
        fail(where, "is missing or not a table")
    for key in value:
        if keys and key not in keys:
            fail(where, f'unknown entry "{key}"; there can be {", ".join(sorted(keys))}')
    return value


def fail(where: str, what: str) -> NoReturn:
    """Say which entry is wrong, and what is."""
    raise InputError(f"{where}: {what}")
