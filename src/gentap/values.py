"""Typed values of cell texts: numbers, dates, and what a column holds.

Every pattern is anchored: a cell is a number or a date as a whole or not at all, and parts
that a cell leaves out are never made up.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["number", "date", "year", "text"]
Date = tuple[int, ...]
"""(year,), (year, month) or (year, month, day): as much as the text says."""

_BLANKS = frozenset("- – — -- ? ... … n/a na tba tbd tbc none nil null unknown n.a. • x".split())
_FOOTNOTES = re.compile(r"(?:\s*(?:\[\s*[\w ]{1,8}\s*\]|[*†‡§^]))+$")
_MARKS = ("]", *"*†‡§^")
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_MONEY_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9}
_UNITS = {
    **{name: name for name in "% m km cm mm ft mi kg g lb t ha mph kw mw gw v mhz khz s".split()},
    **{name: name for name in "min hours days years points pages episodes acres km² km/h".split()},
    **{"percent": "%", "per cent": "%", "metres": "m", "meters": "m", "kilometres": "km"},
    **{"kilometers": "km", "miles": "mi", "feet": "ft", "lbs": "lb", "pts": "points"},
    **{"km2": "km²", "sq mi": "sq mi", "sq km": "km²", "minutes": "min", "mins": "min"},
    **{"seconds": "s", "sec": "s", "hectares": "ha", "tons": "t", "tonnes": "t"},
    **{"year": "years", "day": "days", "hour": "hours", "point": "points", "acre": "acres"},
}
_CURRENCY = r"(?:US|A|C|NZ|HK)?\s?\$|[€£¥₹₩]"
_QUANTITY = re.compile(
    rf"(?P<sign>[+\-−–])?\s?(?P<currency>{_CURRENCY})?\s?"
    r"(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)"
    r"(?:(?P<ordinal>st|nd|rd|th)|\s?(?P<scale>thousand|million|billion|trillion))?"
    r"(?:\s?(?P<unit>[^\W\d_][\w²/ ]{0,10}|%))?",
    re.IGNORECASE,
)
_MONTHS = {
    name.casefold(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?\s*,?\s+)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>1\d{3}|20\d{2}|2100)"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        _YEAR,
        rf"{_YEAR}-(?P<month>\d{{2}})-(?P<day>\d{{2}})",
        rf"{_WEEKDAY}{_DAY}\s+(?:of\s+)?{_MONTH}\s*,?\s*{_YEAR}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s*,?\s+{_YEAR}",
        rf"{_MONTH}\s*,?\s+{_YEAR}",
    )
)
_TIME_WORDS = re.compile(
    r"\b(?:years?|seasons?|dates?|since|founded|established|opened|opening|closed|built|born|died"
    r"|released?|completed|from|to|until|edition|introduced|started|ended|elected|joined|formed"
    r"|limited|appointed|published|issued|discovered|term|launched|commissioned|birth|death|debut|retired|signed|inducted|demolished|incorporated)\b",
    re.IGNORECASE,
)
_SHARE = 0.9
_DIGIT = re.compile(r"\d")
remembered = lru_cache(maxsize=1 << 14)
"""Keeps what a function said of a text: those of a table are looked at many times in a row."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its unit.

    Attributes:
        value: The number, scale words such as "million" multiplied out.
        unit: Canonical unit, currency sign or "%"; "" for none and for ordinals.
    """

    value: float
    unit: str = ""


def strip_footnotes(text: str) -> str:
    """Return the text without footnote marks (``[a]``, ``*``, ``†``) at its end."""
    stripped = text.strip()
    return _FOOTNOTES.sub("", stripped) if stripped.endswith(_MARKS) else stripped


@remembered
def is_blank(text: str) -> bool:
    """Tell whether a cell says nothing: empty, a dash, "N/A", "TBD" and the like."""
    folded = strip_footnotes(text).casefold()
    return not folded or folded in _BLANKS


@remembered
def parse_quantity(text: str) -> Quantity | None:
    """Read a cell that is one number with an optional currency, ordinal, scale or unit."""
    match = _QUANTITY.fullmatch(strip_footnotes(text))
    if match is None:
        return None
    value = float(match["digits"].replace(",", ""))
    if match["sign"] in ("-", "−", "–"):
        value = -value
    if match["scale"]:
        value *= _SCALES[match["scale"].casefold()]
    unit = (match["unit"] or "").strip().casefold()
    if match["currency"]:
        if unit and (match["scale"] or unit not in _MONEY_SCALES):
            return None
        return Quantity(value * _MONEY_SCALES.get(unit, 1), match["currency"].replace(" ", ""))
    if unit and (match["ordinal"] or unit not in _UNITS):
        return None
    return Quantity(value, _UNITS.get(unit, ""))


def parse_number(text: str) -> float | None:
    """Read a cell that is one number, such as ``1,234.5``, ``45%``, ``$1.2`` or ``3rd``."""
    quantity = parse_quantity(text)
    return None if quantity is None else quantity.value


@remembered
def parse_date(text: str) -> Date | None:
    """Read a cell that is one date, such as ``1998``, ``May 1998`` or ``12 May 1998``.

    Returns:
        As many of (year, month, day) as the text says, or None. Whether a bare year is a date
        is for the column to say (see `column_kind`).
    """
    stripped = strip_footnotes(text)
    for pattern in _DATES:
        if match := pattern.fullmatch(stripped):
            break
    else:
        return None
    parts = match.groupdict()
    year, month, day = int(parts["year"]), parts.get("month"), parts.get("day")
    if month is None:
        return (year,)
    number = int(month) if month.isdigit() else _MONTHS[month.casefold()]
    if not 1 <= number <= 12:
        return None
    if day is None:
        return (year, number)
    return (year, number, int(day)) if 1 <= int(day) <= _days(year, number) else None


def normalize(text: str) -> str:
    """Return a form that is equal for cells that say the same: case, spaces, ``1,000``/``1000``."""
    quantity = parse_quantity(text)
    if quantity is not None:
        return f"{quantity.value!r} {quantity.unit}"
    return " ".join(strip_footnotes(text).casefold().split())


def column_kind(cells: Iterable[str], header: str = "") -> Kind:
    """Tell what a column holds.

    Args:
        cells: Its texts; blank ones are passed over.
        header: Its name. A column of bare years is one of numbers when its name speaks of
            something other than time.

    Returns:
        ``number``, ``date`` or ``year`` when at least 90% of the cells, and at least two, parse.
    """
    said = [cell for cell in cells if not is_blank(cell)]
    needed = max(2.0, _SHARE * len(said))
    numbered = [cell for cell in said if _DIGIT.search(cell)]
    if len(numbered) < needed:
        # Whatever parses has a digit.
        return "text"
    dates = [date for cell in numbered if (date := parse_date(cell)) is not None]
    if len(dates) >= needed:
        if any(len(date) > 1 for date in dates):
            return "date"
        if not header or _TIME_WORDS.search(header):
            return "year"
    numbers = sum(parse_quantity(cell) is not None for cell in numbered)
    return "number" if numbers >= needed else "text"


def _days(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]
