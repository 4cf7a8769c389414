"""What the cells of a column are, whatever its header says."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from gentap.synthesis.grammar.english import ADJECTIVE
from gentap.synthesis.grammar.spoken import said
from gentap.synthesis.grammar.view import TableView, comparable
from gentap.values import is_blank, parse_quantity

_NAME = re.compile(r"\W*(?:\d\S*\s(?=.*[^\W\d_]{3}))?[^\W_]")
_SENTENCE = re.compile(r"[a-z]{3}\. ")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = re.compile(rf"(?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})")
_SEASON = re.compile(r"(?:1[89]|20)\d\d\s?[–/-]\s?\d{2}|(?:1[89]|20)\d\d[–/-](?:1[89]|20)\d\d")
_SEVERAL = re.compile(r";|\s/\s|\s&\s|\sand\s|,.*,|\n")
_SHARE, _HALF, _MOST_SEVERAL = 0.8, 0.5, 0.2
_MAX_NAME_WORDS = 7


def text_types(view: TableView, index: int) -> set[str]:
    """Return what a column of texts holds: names, lists, seasons and the like."""
    cells = [said(view.table.rows[row][index]) for row in view.rows]
    cells = [cell for cell in cells if not is_blank(cell)]
    found: set[str] = set()
    if not cells:
        return found
    if _mostly(cells, _is_name, _SHARE):
        found.add("entity")
    if not _mostly(cells, lambda cell: not _SEVERAL.search(cell), 1 - _MOST_SEVERAL):
        found.add("several")
    if _mostly(cells, ADJECTIVE.search, _HALF):
        found.add("adjectives")
    for name, pattern in (("day", _DAY), ("season", _SEASON)):
        if _mostly(cells, pattern.fullmatch, _SHARE):
            found.add(name)
    return found


def _mostly(cells: list[str], test: Callable[[str], object], share: float) -> bool:
    """Tell whether at least this share of the cells passes a test, in as few as can tell."""
    left = len(cells) - share * len(cells)
    for cell in cells:
        if not test(cell):
            left -= 1
            if left < 0:
                return False
    return True


def is_mixed(view: TableView, index: int) -> bool:
    """Tell whether a column of texts is one of numbers that others have strayed into."""
    cells = [view.table.rows[row][index] for row in view.rows]
    said_cells = [cell for cell in cells if not is_blank(cell)]
    numbers = sum(parse_quantity(cell) is not None for cell in said_cells if cell[0].isdigit())
    return 2 * numbers > len(said_cells)


def is_whole(view: TableView, index: int) -> bool:
    """Tell whether the numbers of a column are whole, as far as they can be read."""
    orders = view.order(index) or {}
    return all(order[0] == int(order[0]) for order in orders.values())


def _is_name(cell: str) -> bool:
    first = _NAME.match(cell)
    return (
        first is not None
        and not first[0][-1].islower()
        and not first[0][-1].isdigit()
        and len(cell.split()) <= _MAX_NAME_WORDS
        and not _SENTENCE.search(cell)
    )


def measures(view: TableView, index: int, types: set[str], phrase: str) -> set[str]:
    """Return what a column of numbers or dates holds.

    Args:
        view: The table.
        index: Which column.
        types: What is known of it.
        phrase: What it is called.
    """
    found: set[str] = set()
    if (
        {"number", "plural"} <= types
        and not types & {"code", "rank", "mass"}
        and not phrase[0].isdigit()
    ):
        # "How many 2011 tourists" is not said.
        found.add("count")
    if (orders := view.order(index)) is None:
        cells = (view.table.rows[row][index] for row in view.rows)
        some = (comparable(cell, view.kind(index)) for cell in cells)
        return set() if any(one and one[0][0] != int(one[0][0]) for one in some) else found
    found.add("orderable")
    numbers = [order[0] for order in orders.values()]
    if len(numbers) > 1 and all(b - a == 1 for a, b in pairwise(numbers)):
        # It numbers the rows.
        return (found | {"code"}) - {"count"}
    unit = view.unit(index)
    if unit:
        found.add("measured")
    if unit.endswith(tuple("$€£¥₹₩")):
        found.add("money")
    # Half a goal is an average; half a point may be a score.
    whole = "scored" in types or all(number == int(number) for number in numbers)
    return found - {"count"} if unit or not whole else found
