"""Header and cell texts that every format shares."""

from __future__ import annotations

import datetime
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence

from gentap.errors import InputError
from gentap.table import Table


def text(value: object) -> str:
    """Return a cell value as a reader would write it: 3.0 is "3", nothing is ""."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False, default=str)
    shown = str(value)
    # What pandas and polars print for a missing value or date.
    return "" if shown in ("<NA>", "NaT") else " ".join(shown.split())


def unique_names(names: Iterable[str]) -> tuple[str, ...]:
    """Name nameless columns "column N", and give repeated names a number."""
    seen: Counter[str] = Counter()
    unique: list[str] = []
    for number, given in enumerate(names, 1):
        base = given or f"column {number}"
        name = base
        while seen[name]:
            name = f"{base} ({seen[base] + 1})"
            seen[base] += 1
        seen[name] += 1
        unique.append(name)
    return tuple(unique)


def rectangle(
    header: Sequence[object], rows: Iterable[tuple[int, Sequence[object]]], where: str, title: str
) -> Table:
    """Make a table of a header and numbered rows.

    Short rows are filled with ""; empty cells beyond the header are cut.

    Raises:
        InputError: A row has more cells than the header.
    """
    names = [text(name) for name in header]
    body = []
    for line, row in rows:
        cells = [text(value) for value in row]
        while len(cells) > len(names) and not cells[-1]:
            cells.pop()
        if len(cells) > len(names):
            raise InputError(
                f"{where}: line {line} has {len(cells)} cells where the header has {len(names)}; "
                "quote cells that hold the separator, or name every column"
            )
        body.append(tuple(cells + [""] * (len(names) - len(cells))))
    if not names:
        raise InputError(f"{where}: no table there: the file is empty")
    return Table(unique_names(names), tuple(body), title)
