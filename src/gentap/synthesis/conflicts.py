"""Rows whose own date or year is another one than a sentence gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gentap.synthesis.matching import Match
from gentap.synthesis.spellings import digits, is_year
from gentap.text import MONTHS, Token, tokens

_MONTHS = {month: number for number, month in enumerate(MONTHS, 1)}
_LAST_DAY, _SHORT = 31, 6
_SLASHED = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.]((?:19|20)\d\d)\b")
_BRACKETED = re.compile(r"[\"”’']? \((\d{4})\)")
Date = tuple[int, int, str]


def contradicts(
    text: str, found: Sequence[Token], row: Sequence[Match], cells: Sequence[str]
) -> bool:
    """Tell whether a row has one date, or years, and a sentence that names it gives others.

    The only day that a sentence names, of the year of the row's only date if it names years at
    all; and the year in brackets behind a title.

    Args:
        text: A sentence.
        found: Its tokens.
        row: The cells of the row that it names.
        cells: All cells of the row.
    """
    given = {
        behind[1]
        for place, mention in row
        if place not in mention.partly
        and not any(map(digits, mention.key))
        and (behind := _BRACKETED.match(text, mention.end))
    }
    # Few sentences give any, and a row's cells need not be read for the others.
    if given and (years := _years(cells)) and not given <= years:
        return True
    said = set(_days(found))
    if len(said) != 1:
        return False
    ((month, day, year),) = said
    if not year and any(is_year(token.value) for token in found):
        return False
    own = [dates for cell in cells if (dates := set(_dates(cell)))]
    if len(own) != 1 or len({one[2] for one in own[0]}) != 1:
        return False
    return all((month, day) != one[:2] and year in ("", one[2]) for one in own[0])


def _years(cells: Sequence[str]) -> set[str]:
    """Return the years that short cells name."""
    short = (words for cell in cells if len(words := tokens(cell)) <= _SHORT)
    return {token.value for words in short for token in words if is_year(token.value)}


def _dates(cell: str) -> Iterator[Date]:
    """Yield the full date of a cell, unless it has several; both readings of one in figures."""
    for first, second, year in _SLASHED.findall(cell):
        yield int(first), int(second), year
        yield int(second), int(first), year
    named = list(_days(tokens(cell)))
    if len(named) == 1 and named[0][2]:
        yield named[0]


def _days(found: Sequence[Token]) -> Iterator[Date]:
    """Yield month, day and, where it stands beside them, year of all days that are named."""
    for place, token in enumerate(found):
        if (month := _MONTHS.get(token.value)) is None:
            continue
        before, after = found[max(0, place - 1) : place], found[place + 1 : place + 3]
        for near, others in ((after[:1], after[1:]), (before, after)):
            if near and near[0].value.isdigit() and 0 < int(near[0].value) <= _LAST_DAY:
                year = next((one.value for one in others[:1] if is_year(one.value)), "")
                yield month, int(near[0].value), year
                break
