"""Checks of a grammar file's entries; every one says which entry is wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NoReturn

from gentap.errors import InputError


class EntryError(InputError):
    """An entry of a grammar file is wrong.

    Attributes:
        where: Which one: ``families.lookup.templates[2]``.
    """

    def __init__(self, where: str, what: str) -> None:
        """Say which entry is wrong, and what is."""
        super().__init__(f"{where}: {what}")
        self.where = where


def weight(entry: Mapping[str, Any], where: str) -> float:
    """Return the weight of an entry, 1 if it says nothing."""
    return positive(entry.get("weight", 1), f"{where}.weight")


def positive(value: object, where: str, *, least: float = 1e-9) -> float:
    """Check a number above 0, or that is at least something else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= least:
        fail(where, f"must be a number {'above 0' if least else 'of 0 or more'}, not {value!r}")
    return float(value)


def strings(value: object, where: str, known: Collection[str] = ()) -> list[str]:
    """Check a list of strings, of known ones if there are any."""
    if not isinstance(value, list):
        fail(where, "must be a list of strings")
    for number, item in enumerate(value):
        if not isinstance(item, str) or not item:
            fail(f"{where}[{number}]", f"must be a string that is not empty, not {item!r}")
        if known and item not in known:
            fail(f"{where}[{number}]", f'"{item}" is none of {", ".join(sorted(known))}')
    return value


def text(entry: Mapping[str, Any], key: str, where: str, default: str = "") -> str:
    """Return an entry that must be a text."""
    value = entry.get(key, default)
    if not isinstance(value, str):
        fail(f"{where}.{key}", f"must be a text, not {value!r}")
    return value


def flag(entry: Mapping[str, Any], key: str, where: str, *, default: bool) -> bool:
    """Return an entry that must be true or false."""
    value = entry.get(key, default)
    if not isinstance(value, bool):
        fail(f"{where}.{key}".lstrip("."), f"must be true or false, not {value!r}")
    return value


def table(value: object, where: str, keys: Collection[str] = ()) -> Mapping[str, Any]:
    """Check a TOML table and, if there are any, its keys."""
    if not isinstance(value, dict):
        fail(where, "is missing or not a table")
    for key in value:
        if keys and key not in keys:
            known = ", ".join(sorted(keys))
            inside = f"{where}.{key}" if where else key
            fail(inside, f'unknown entry "{key}"; there can be {known}')
    return value


def fail(where: str, what: str) -> NoReturn:
    """Say which entry is wrong, and what is."""
    raise EntryError(where, what)
