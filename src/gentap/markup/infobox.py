"""Names and values one below the other -> a table of one row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gentap.markup.grid import GridCell
from gentap.markup.page import MAX_COLUMNS
from gentap.table import Table

_BULLETS = "•◦▪–-↙ "
_LETTER = re.compile(r"[^\W\d_]")
_NAME_WORDS, _VALUE_LENGTH, _HEADING_WORDS = 6, 200, 3
_FEWEST = 3


def one_row(rows: Iterable[Sequence[GridCell | None]]) -> Table | None:
    """Make a table of one row of the facts that an infobox states of its page's subject.

    Rows of one name and one value count, the first with a name; a name that needs it, as it
    comes again or starts with a bullet, gets what it stands under. Pictures, lists of years,
    long texts and rows of more columns go.

    Returns:
        The table, without title and section; None where there are not three facts.
    """
    facts: dict[str, str] = {}
    heading = above = ""
    for row in rows:
        cells = list({id(cell): cell for cell in row if cell}.values())
        texts = [cell.text for cell in cells]
        if len(texts) == 1 or not all(texts[1:]):
            is_heading = cells[0].heads or len(texts[0].split()) <= _HEADING_WORDS
            heading = above = texts[0] if is_heading else ""
        elif len(texts) == 2 and texts[0]:
            name = texts[0].strip(_BULLETS).removesuffix(":").strip()
            if texts[0][0] in _BULLETS:
                name = f"{above} {name}".strip()
            else:
                above = name
            if name in facts:
                name = f"{heading} {name}".strip()
            fits = len(name.split()) <= _NAME_WORDS and len(texts[1]) <= _VALUE_LENGTH
            if fits and _LETTER.search(name):
                facts.setdefault(name, texts[1])
    kept = list(facts.items())[:MAX_COLUMNS]
    if len(kept) < _FEWEST:
        return None
    return Table(tuple(name for name, _ in kept), (tuple(value for _, value in kept),))
