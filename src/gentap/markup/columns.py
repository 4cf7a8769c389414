"""What the texts of a grid show: rows of data, the days of a month, signs apart from numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_WEEK = 7
_EVERY_MONTH = 28
_NUMBER = re.compile(r"[-−+]?\d[\d,.]*%?")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_DAY = re.compile(r"\d{1,2}(?!\d)")
_BEFORE_NUMBER = frozenset("$ € £ ¥ ( ($ (€ (£".split())
_AFTER_NUMBER = frozenset(") % )% pts".split())


def is_data(columns: list[tuple[str, ...]]) -> bool:
    """Tell whether even the first row, though none is marked as a header, is one of data.

    It is where it starts with a number as all rows do, or where it has one other number, no
    year, in a column of numbers: several may be names, such as those of rounds.
    """
    numeric = [column for column in columns if all(map(_NUMBER.fullmatch, column))]
    return columns[0] in numeric or (len(numeric) == 1 and not _YEAR.fullmatch(numeric[0][0]))


def is_calendar(rows: Iterable[Sequence[str]]) -> bool:
    """Tell the grid of a month: the days from 1 to 28, each to the right of the one before."""
    days = [
        (column, int(match[0]))
        for row in rows
        if len(row) - _WEEK in (0, 1)  # the weeks may have numbers
        for column, text in enumerate(row[-_WEEK:])
        if (match := _DAY.match(text))
    ]
    start = next((index for index, (_, day) in enumerate(days) if day == 1), 0)
    month = days[start : start + _EVERY_MONTH]
    return len(month) == _EVERY_MONTH and all(
        day == number and (column - number) % _WEEK == (month[0][0] - 1) % _WEEK
        for number, (column, day) in enumerate(month, 1)
    )


def join_signs(names: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Join columns that hold only signs of currency, percent or brackets with their numbers."""
    names = names.copy()
    for index in reversed(range(len(names))):
        signs = {row[index] for row in rows} - {""}
        step = 1 if signs <= _BEFORE_NUMBER else -1 if signs <= _AFTER_NUMBER else 0
        other = index + step
        if not (signs and step and 0 <= other < len(names)):
            continue
        if names[index] in ("", names[other]):
            first, second = sorted((index, other))
            rows = [[*row[:first], row[first] + row[second], *row[second + 1 :]] for row in rows]
            names[first : second + 1] = [names[other]]
    return names, rows
