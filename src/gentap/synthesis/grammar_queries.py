"""What a short-form question asks of a table, said as a query that can be executed.

A query is the proof of its question: `execute` returns the one cell that answers it, or None
when the table leaves any doubt (several rows, ties, cells that do not parse).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from gentap.records import Coordinates
from gentap.synthesis.grammar_view import TableView, comparable, compare
from gentap.table import Table
from gentap.values import normalize

Operator = Literal["=", "!=", "in", ">", "<"]
Operation = Literal["only", "max", "min", "first", "last", "next", "previous"]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a row must fulfil.

    Attributes:
        column: The column looked at.
        operator: ``in`` holds for the rows of the named values, each of which must be one row.
        values: Cell texts to compare with: one, or several for ``in``.
    """

    column: int
    operator: Operator
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A question about one cell.

    Attributes:
        target: Column of the answer.
        conditions: What the rows considered must all fulfil.
        operation: Which of those rows is meant: the ``only`` one, the one with the ``max`` or
            ``min`` value of `column`, the ``first`` or ``last`` one, or the row ``next`` to or
            ``previous`` to the only one.
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
    rows: Iterable[int] = view.rows
    for condition in query.conditions:
        matches = _matches(condition, view)
        if matches is None:
            return None
        rows = [row for row in rows if row in matches]
    row = _pick(query, list(rows), view)
    return None if row is None else (row, query.target)


def evidence(query: Query, view: TableView, cell: tuple[int, int]) -> Coordinates:
    """Return the cells that the answer rests on: itself, those named, those compared."""
    cells, row = {cell}, cell[0]
    rows = [row]
    for condition in query.conditions:
        named = view.index(condition.column)
        mentioned = [
            found for value in condition.values for found in named.get(normalize(value), ())
        ]
        if condition.operator == "in":
            rows = mentioned
        if condition.operator in ("=", ">", "<") and query.operation not in ("next", "previous"):
            mentioned = [row]
        cells.update((found, condition.column) for found in mentioned)
    if query.column is not None:
        cells.update((found, query.column) for found in rows)
    return tuple(sorted(cells))


def _matches(condition: Condition, view: TableView) -> set[int] | None:
    index = view.index(condition.column)
    if condition.operator in ("=", "in"):
        named = [index.get(normalize(value), []) for value in condition.values]
        if condition.operator == "in" and any(len(rows) != 1 for rows in named):
            return None
        return {row for rows in named for row in rows}
    if condition.operator == "!=":
        return set(view.rows).difference(index.get(normalize(condition.values[0]), ()))
    orders = view.order(condition.column)
    bound = comparable(condition.values[0], view.kind(condition.column))
    if orders is None or bound is None or bound[1] != view.unit(condition.column):
        return None
    sign = 1 if condition.operator == ">" else -1
    return {row for row, order in orders.items() if compare(order, bound[0]) == sign}


def _pick(query: Query, rows: list[int], view: TableView) -> int | None:
    if query.operation in ("first", "last"):
        ordered = rows if query.operation == "first" else rows[::-1]
        return ordered[query.rank - 1] if len(rows) > query.rank else None
    if query.operation in ("max", "min"):
        return _extreme(query, rows, view)
    if len(rows) != 1:
        return None
    if query.operation == "only":
        return rows[0]
    row = rows[0] + (1 if query.operation == "next" else -1)
    return row if row in view.rows else None


def _extreme(query: Query, rows: list[int], view: TableView) -> int | None:
    orders = None if query.column is None else view.order(query.column)
    if orders is None or len(rows) <= query.rank:
        return None
    ranked = sorted(rows, key=orders.__getitem__, reverse=query.operation == "max")
    for place, row in enumerate(ranked[: query.rank]):
        if any(compare(orders[row], orders[other]) == 0 for other in ranked[place + 1 :]):
            return None
    return ranked[query.rank - 1]
