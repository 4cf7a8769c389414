"""Row and column spans -> a rectangle, as the HTML standard lays tables out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MAX_COLSPAN = 1_000
MAX_SLOTS = 1_000_000


@dataclass(frozen=True, slots=True)
class GridCell:
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
            column = 0
            for cell in cells:
                while column in rows[number]:
                    column += 1
                starts.add(column)
                right = min(max(cell.right, 1), MAX_COLSPAN)
                below = min(number + cell.down, end) if cell.down > 0 else end
                slots += right * (below - number)
                if slots > MAX_SLOTS:
                    return []
                for row in rows[number:below]:
                    for slot in range(column, column + right):
                        row.setdefault(slot, cell)
                column += right
    columns = sorted(starts)
    return [[row.get(column) for column in columns] for row in rows]
