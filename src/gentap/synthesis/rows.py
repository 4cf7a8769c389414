"""Chooses, among all rows whose cells a sentence names, the rows it speaks of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Literal

from gentap.synthesis.matching import Match, Place, identifies, rows_alike
from gentap.synthesis.spellings import is_year

# Together with one strong match, or three and more that are none.
LEAST, LEAST_OF_BEST, LEAST_OF_SMALL = 2.5, 2.0, 3.0
Failure = Literal["no-cell", "one-cell", "no-identifying-cell", "weak-cells", "tie"]
Row = tuple[Match, ...]
Cells = tuple[tuple[str, ...], tuple[str, ...]]


def choose_rows(
    rows: Sequence[Row],
    weigh: Callable[[Match, Row], float],
    content: Callable[[Place], Cells],
) -> list[Row] | Failure:
    """Return the rows of one table that a sentence speaks of, the best named first.

    A row counts if two of its cells are named that have a weight, if one of them stands in no
    other row of its column or all of them together in no other row, and if together they weigh
    enough: a name and a year do, a year and a common word do not. The table whose rows explain
    most of the sentence is taken. Beside the best row, those are taken that something else in the
    sentence identifies.

    Args:
        rows: The matches of every row, see `matching.by_row`.
        weigh: How much a match proves in its row, see `Weigher`.
        content: Header and row of a place: what two copies of a table have in common.

    Returns:
        At least one row, or why there is none.
    """
    if not rows:
        return "no-cell"
    weights = {id(row): [weigh(match, row) for match in row] for row in rows if len(row) > 1}
    full = [row for row in rows if sum(weight > 0 for weight in weights.get(id(row), ())) > 1]
    if not full:
        return "one-cell"
    known = [row for row in full if _is_known(row, content)]
    if not known:
        return "no-identifying-cell"
    known = [row for row in known if _is_enough(weights[id(row)])]
    if not known:
        return "weak-cells"
    tables: defaultdict[int, list[Row]] = defaultdict(list)
    for row in known:
        tables[row[0][0].table].append(row)
    chosen = [_agreeing(_of_table(found), rows, content) for found in tables.values()]
    ranks = [_explained(found) for found in chosen]
    best = [found for found, rank in zip(chosen, ranks, strict=True) if rank == max(ranks)]
    if len({tuple(content(row[0][0]) for row in found) for found in best}) > 1:
        return "tie"
    return best[0]


def _is_enough(weights: Sequence[float]) -> bool:
    total, best = sum(weights), max(weights)
    return total >= LEAST if best >= LEAST_OF_BEST else total >= LEAST_OF_SMALL and len(weights) > 2


def _of_table(rows: Sequence[Row]) -> list[Row]:
    ordered = sorted(rows, key=lambda row: (-len(row), -_length(row), row[0][0].row))
    chosen = [ordered[0]]
    explained = {mention.start for _, mention in ordered[0]}
    for row in ordered[1:]:
        new = [match for match in row if match[1].start not in explained]
        if any(map(identifies, new)) or (new and not any(map(identifies, row))):
            chosen.append(row)
            explained |= {mention.start for _, mention in row}
    return chosen


def _agreeing(
    chosen: list[Row], rows: Sequence[Row], content: Callable[[Place], Cells]
) -> list[Row]:
    """Leave out, of several rows, those whose year is another one than the sentence says.

    Args:
        chosen: Rows of one table.
        rows: All rows with a match: where the years that the sentence says stand.
        content: See `choose_rows`.
    """
    if len(chosen) < 2:
        return chosen
    number = chosen[0][0][0].table
    years = {
        (place.column, mention.start)
        for row in rows
        for place, mention in row
        if place.table == number and is_year(mention.key[0]) and len(mention.key) == 1
    }
    agreeing = []
    for row in chosen:
        own = {place.column for place, _ in row}
        said = {mention.start for _, mention in row}
        _, cells = content(row[0][0])
        if not any(
            column not in own and start not in said and cells[column] for column, start in years
        ):
            agreeing.append(row)
    return agreeing or chosen


def _explained(rows: Sequence[Row]) -> tuple[int, int, int]:
    """Rank a table: by mentions explained, then by those of its best row, then by their length."""
    mentions = {mention.start: len(mention.key) for row in rows for _, mention in row}
    return len(mentions), len(rows[0]), sum(mentions.values())


def _length(row: Row) -> int:
    return sum(len(mention.key) for _, mention in row)


def _is_known(row: Row, content: Callable[[Place], Cells]) -> bool:
    """Tell whether one cell, or all together, stand in this row alone."""
    if any(map(identifies, row)):
        return True
    return set.intersection(*map(rows_alike, row)) == {row[0][0].row}
