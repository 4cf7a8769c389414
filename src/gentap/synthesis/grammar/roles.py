"""Which column names the rows of a table, and which tells them apart by time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from gentap.synthesis.grammar.english import singular
from gentap.synthesis.grammar.gates import Column
from gentap.synthesis.grammar.lexicon import USUAL_NAMES, Lexicon
from gentap.synthesis.grammar.view import TableView

_WORD = re.compile(r"[^\W\d_A-Z]")
_TIMES = frozenset(("period", "slot", "day", "season"))
_SHARE, _DISTINCT = 0.8, 0.9
_NATURAL = 3


def with_roles(columns: list[Column], view: TableView, lexicon: Lexicon) -> Iterator[Column]:
    """Tell which column names the rows, and which tells them apart by time before that."""
    distinct = {column.index: _distinct(view, column.index) for column in columns}

    natural = next((column for column in columns if column.names == _NATURAL), None)

    def naming(least: int) -> Column | None:
        fitting = [
            column
            for column in columns
            if {"text", "entity"} <= column.types
            and not column.types & {"when", "several"}
            and column.names >= least
            and distinct[column.index] >= _DISTINCT
            and _says_words(view, column.index)
        ]
        # Where names do not tell the rows apart, nothing that is said of them does it for them.
        found = max(fitting, key=lambda column: column.names, default=None)
        if found is None or any(
            {"text", "entity"} <= column.types and column.names >= max(found.names, USUAL_NAMES)
            for column in columns
            if column.index < found.index and column not in fitting
        ):
            return None
        return found if natural in (None, found) else None

    subject = naming(USUAL_NAMES)
    times = [
        column.index
        for column in columns
        if column.types & _TIMES and "when" in column.types and distinct[column.index] == 1
        if subject is None or column.index < subject.index
    ]
    games = times or any({"period", "when"} <= column.types for column in columns)
    if subject is not None and games and "team" in subject.types:
        # The rows are games, and the team is the other one; or a player's seasons, and it is his.
        subject = None
    if subject is None and not times:
        # Winners and countries name the rows only when nothing stands before them.
        subject = next((c for c in columns if c is naming(1) and not c.index), None)
    for column in columns:
        types = set(column.types)
        if distinct[column.index] == 1:
            types.add("key")
        if column is subject:
            types.add("subject")
            if column.phrase.endswith(" title"):
                column = replace(column, phrase="title")
            if column.plural and column.phrase not in lexicon.types:
                types.discard("plural")
                column = replace(column, phrase=singular(column.phrase), plural=False)
        if column.index in times[:1]:
            types.add("timeline")
        yield replace(column, types=frozenset(types))


def _distinct(view: TableView, index: int) -> float:
    keys = view.index(index)
    return sum(len(rows) == 1 for rows in keys.values()) / max(1, len(view.rows))


def _says_words(view: TableView, index: int) -> bool:
    """Tell whether the cells are words, and not numbers or codes."""
    cells = [view.table.rows[row][index] for row in view.rows]
    return sum(_WORD.search(cell) is not None for cell in cells) >= _SHARE * len(cells)
