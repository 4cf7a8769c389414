"""Row and column spans -> a rectangle, as the HTML standard lays tables out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

MAX_COLSPAN = 1_000
MAX_SLOTS = 1_000_000


class GridCell(NamedTuple):
    """One cell as written.

    Attributes:
        text: Its text.
        heads: It is a header cell.
        down: Rows it spans; 0 = to the end of its row group.
        right: Columns it spans.
    """

    text: str
    heads: bool = False
    down: int = 1
    right: int = 1


def lay_out(
    groups: Iterable[Sequence[Sequence[GridCell]]],
) -> list[list[GridCell | None]]:
    """Place cells of row groups on a grid; a spanning cell stands in each of its slots.

    Columns in which no cell starts are left out: they hold only copies of their left
    neighbour. Follows https://html.spec.whatwg.org/multipage/tables.html#forming-a-table.

    Returns:
        Rows of equal width, None where a row ends early; no rows at all where the table
        would have more than a million slots.
    """
    rows: list[dict[int, GridCell]] = []
    starts: set[int] = set()
    slots = 0
    for group in groups:
        first, end = len(rows), len(rows) + len(group)
        rows.extend({} for _ in group)
        for number, cells in enumerate(group, first):
            row = rows[number]
            column = 0
            for cell in cells:
                while column in row:
                    column += 1
                starts.add(column)
                _, _, down, right = cell
                if down == right == 1:  # nearly all
                    row[column] = cell
                    slots += 1
                    column += 1
                    continue
                right = min(max(right, 1), MAX_COLSPAN)
                below = min(number + down, end) if down > 0 else end
                slots += right * (below - number)
                if slots > MAX_SLOTS:
                    return []
                for spanned in rows[number:below]:
                    for slot in range(column, column + right):
                        spanned.setdefault(slot, cell)
                column += right
    if max(slots, len(rows) * len(starts)) > MAX_SLOTS:
        return []
    columns = sorted(starts)
    return [[row.get(column) for column in columns] for row in rows]
