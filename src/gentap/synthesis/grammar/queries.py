"""What a short-form question asks of a table, said as a query that can be executed.

A query is the proof of its question: `execute` returns the one cell that answers it, or None
when the table leaves any doubt (several rows, ties, cells that do not parse).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gentap.records import Coordinates
from gentap.synthesis.grammar.spoken import said
from gentap.synthesis.grammar.view import Order, TableView, comparable, compare, key_of
from gentap.table import Table
from gentap.values import is_blank

Operator = Literal["=", "!=", "in", ">", "<", "between"]
Operation = Literal["only", "max", "min", "first", "last", "next", "previous", "most", "least"]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a row must fulfil.

    Attributes:
        column: The column looked at.
        operator: ``in`` holds for the rows of the named values, each of which must be one row,
            ``between`` for values from the first to the second, both included.
        values: What to compare with, as it is said in the question: two for ``in`` and
            ``between``, else one.
        of: For ``>`` and ``<``: the column whose value names a row, which is then the one with
            which to compare; None to compare with the value itself.
    """

    column: int
    operator: Operator
    values: tuple[str, ...]
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A question about one cell.

    Attributes:
        target: Column of the answer.
        conditions: What the rows considered must all fulfil.
        operation: Which of those rows is meant: the ``only`` one, the one with the ``max`` or
            ``min`` value of `column`, the ``first`` or ``last`` one, the row ``next`` to or
            ``previous`` to the only one, or the first with the value of the target that is there
            ``most`` often, or with the only one (``least``) that is there once.
        column: The column that ``max`` and ``min`` compare.
        rank: 1 for the highest, lowest, first or last row, 2 for the second, and so on.
    """

    target: int
    conditions: tuple[Condition, ...] = ()
    operation: Operation = "only"
    column: int | None = None
    rank: int = 1


def execute(query: Query, table: Table | TableView) -> tuple[int, int] | None:
    """Return (row, column) of the one cell that answers the query, or None if there is doubt."""
    view = table if isinstance(table, TableView) else TableView(table)
    rows = list(view.rows)
    for condition in query.conditions:
        matches = _matches(condition, view)
        if matches is None:
            return None
        rows = [row for row in rows if row in matches]
    row = _pick(query, rows, view)
    return None if row is None else (row, query.target)


def evidence(query: Query, view: TableView, cell: tuple[int, int]) -> Coordinates:
    """Return the cells that the answer rests on: itself, those named, those compared."""
    cells, row = {cell}, cell[0]
    rows = [row]
    for condition in query.conditions:
        named = view.index(condition.column)
        mentioned = [found for value in condition.values for found in named.get(key_of(value), ())]
        if condition.operator == "in":
            rows = mentioned
        elif condition.of is not None:
            (reference,) = view.index(condition.of)[key_of(condition.values[0])]
            cells.add((reference, condition.of))
            mentioned = [reference, row]
        elif condition.operator != "!=" and query.operation not in ("next", "previous"):
            mentioned = [row]
        cells.update((found, condition.column) for found in mentioned)
    if query.operation == "most":
        cells.update((found, query.target) for found in view.index(query.target)[_key(view, cell)])
    if query.column is not None:
        cells.update((found, query.column) for found in rows)
    return tuple(sorted(cells))


def _key(view: TableView, cell: tuple[int, int]) -> str:
    return key_of(view.table.rows[cell[0]][cell[1]])


def _matches(condition: Condition, view: TableView) -> set[int] | None:
    index = view.index(condition.column)
    if condition.operator in ("=", "in"):
        named = [index.get(key_of(value), []) for value in condition.values]
        if condition.operator == "in" and any(len(rows) != 1 for rows in named):
            return None
        return {row for rows in named for row in rows}
    if condition.operator == "!=":
        return set(view.rows).difference(index.get(key_of(condition.values[0]), ()))
    orders, bounds = view.order(condition.column), _bounds(condition, view)
    if orders is None or bounds is None:
        return None
    if condition.operator == "between":
        low, high = bounds
        return {
            row
            for row, order in orders.items()
            if compare(order, low) >= 0 and compare(order, high) <= 0
        }
    sign = 1 if condition.operator == ">" else -1
    return {row for row, order in orders.items() if compare(order, bounds[0]) == sign}


def _bounds(condition: Condition, view: TableView) -> list[Order] | None:
    orders = view.order(condition.column)
    if condition.of is not None:
        rows = view.index(condition.of).get(key_of(condition.values[0]), ())
        return [orders[rows[0]]] if orders and len(rows) == 1 else None
    kind, unit = view.kind(condition.column), view.unit(condition.column)
    parsed = [comparable(value, kind) for value in condition.values]
    bounds = [bound[0] for bound in parsed if bound and bound[1] == unit]
    return bounds if len(bounds) == len(parsed) else None


def _pick(query: Query, rows: list[int], view: TableView) -> int | None:
    if query.operation in ("first", "last"):
        ordered = rows if query.operation == "first" else rows[::-1]
        return ordered[query.rank - 1] if len(rows) > query.rank else None
    if query.operation in ("max", "min"):
        return _extreme(query, rows, view)
    if query.operation in ("most", "least"):
        return _frequent(query, view)
    if len(rows) != 1:
        return None
    if query.operation == "only":
        return rows[0]
    row = rows[0] + (1 if query.operation == "next" else -1)
    return row if row in view.rows else None


def _extreme(query: Query, rows: list[int], view: TableView) -> int | None:
    orders = None if query.column is None else view.order(query.column)
    # One row is the highest of several, but not when a condition leaves it alone.
    least = query.rank - any(condition.operator in "><" for condition in query.conditions)
    if orders is None or len(rows) <= least:
        return None
    ranked = sorted(rows, key=orders.__getitem__, reverse=query.operation == "max")
    for place, row in enumerate(ranked[: query.rank]):
        # Only what begins alike can tie, and that stands together.
        for other in ranked[place + 1 :]:
            if orders[other][0] != orders[row][0]:
                break
            if compare(orders[row], orders[other]) == 0:
                return None
    return ranked[query.rank - 1]


def _frequent(query: Query, view: TableView) -> int | None:
    index = view.index(query.target)
    groups = [
        rows
        for rows in index.values()
        if not is_blank(said(view.table.rows[rows[0]][query.target]))
    ]
    if query.operation == "least":
        single = [rows for rows in groups if len(rows) == 1]
        return single[0][0] if len(single) == 1 < len(groups) else None
    groups.sort(key=len, reverse=True)
    if len(groups) < 2 or len(groups[0]) == len(groups[1]):
        return None
    return groups[0][0]
