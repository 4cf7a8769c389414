"""What is shown to whoever judges a sentence beside its table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gentap.table import Table

_OTHERS = 12


def shown(table: Table, evidence: Iterable[tuple[int, int]]) -> dict[str, Any]:
    """Return a table cut to the rows of the evidence and some others, and the evidence in it."""
    cells = list(evidence)
    needed = {row for row, _ in cells}
    others = [row for row in range(len(table.rows)) if row not in needed]
    kept = sorted({*needed, *others[:_OTHERS]})
    return {
        "title": table.title,
        "section": table.section,
        "header": list(table.header),
        "rows": [list(table.rows[row]) for row in kept],
        "evidence": [[kept.index(row), column] for row, column in cells],
    }
