"""The pieces of one HTML table -> table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import dropwhile, filterfalse

from gentap.markup.columns import is_calendar, is_data, join_signs
from gentap.markup.grid import GridCell, lay_out
from gentap.markup.infobox import one_row
from gentap.markup.page import Reason, data_table, plain
from gentap.table import Table

# A page is flattened once, in document order. NUL, which no HTML document can hold, parts its
# text, and the letter after it says what starts there. Headings are "1" to "6".
EDGE = "\0"
TEXT, ITEM, TERM = "-*t"
TABLE, END, CAPTION, GROUP, HEAD_GROUP, ROW, CELL, HEAD, SPAN = "()cgGrdhs"
FLAGS = LAYOUT, INFOBOX = "l", "i"  # stand before a table
_STRUCTURE = frozenset((CAPTION, GROUP, HEAD_GROUP, ROW, CELL, HEAD, SPAN))

_LAYOUT_CELL = 2_000

Row = list[GridCell | None]


def read_table(pieces: Sequence[str], *, flag: str, has_nested: bool) -> Table | Reason:
    """Read a table, or say why it holds no rows of data.

    Args:
        pieces: What stands between its start and its end, without the tables in its cells.
        flag: ``LAYOUT`` or ``INFOBOX`` where the page calls it so.
        has_nested: It holds other tables.

    Returns:
        The table, without a title, its caption as section; or the reason.
    """
    groups, caption = _read(pieces)
    grid = lay_out(groups)
    filled = [row for row in grid if any(cell and (cell.text or cell.heads) for cell in row)]
    rows = list(dropwhile(_is_banner, filled))
    if reason := _misuse(rows, flag, has_nested=has_nested, banners=len(filled) - len(rows)):
        if reason == "infobox":
            return one_row(filled) or reason
        return "too-large" if reason == "empty" and not grid and any(map(any, groups)) else reason
    heads = _count_heads(rows)
    top = [_texts(row) for row in rows[:heads] if not _is_banner(row)]
    columns = zip(*top, strict=True) if top else [()] * len(rows[0])
    names = [" ".join(dict.fromkeys(filter(None, column))) for column in columns]
    body = [_texts(row) for row in filterfalse(_is_banner, rows[heads:])]
    body = [row for row in body if row not in top]
    if is_calendar(body):
        return "calendar"
    caption = caption or _title_of(filled)
    table = data_table(*join_signs(names, body), title="", section=caption)
    return "nested-layout" if table == "empty" and has_nested else table


def _title_of(rows: list[Row]) -> str:
    """Return the banner above all rows, unless there are others between them: names of parts."""
    if not _is_banner(rows[0]):
        return ""
    above_notes = [*dropwhile(_is_banner, reversed(rows))]
    banners = {_texts(row)[0] for row in filter(_is_banner, above_notes)}
    return banners.pop() if len(banners) == 1 else ""


def _misuse(rows: list[Row], flag: str, *, has_nested: bool, banners: int) -> Reason | None:
    """Tell what a table is used for where that is no grid of data.

    Args:
        rows: Its rows with a text, save the banners above them.
        flag: See `read_table`.
        has_nested: See `read_table`.
        banners: How many rows are a single text.
    """
    if flag:
        return "layout" if flag == LAYOUT else "infobox"
    if not rows and banners:
        return "layout" if banners == 1 else "one-column"
    if not rows:
        return "nested-layout" if has_nested else "empty"
    cells = [cell for row in rows for cell in row if cell]
    if any(cell.heads for cell in cells):
        pairs = not _is_head(rows[0]) and all(_is_pair(row) for row in rows)
        return "key-value" if pairs else None
    if has_nested:
        return "nested-layout"
    long = len(rows) == 1 or any(len(cell.text) > _LAYOUT_CELL for cell in cells)
    return "layout" if long else None


def _is_pair(row: Row) -> bool:
    return len(row) == 2 and row[0] is not None and row[0].heads


def _is_banner(row: Row) -> bool:
    """Tell a row of one text, over all columns or over the first few."""
    first = row[0]
    return first is not None and all(
        cell is first or (first.right > 1 and not (cell and cell.text)) for cell in row
    )


def _texts(row: Row) -> list[str]:
    return [cell.text if cell else "" for cell in row]


def _count_heads(rows: list[Row]) -> int:
    """Return how many rows at the top are header rows."""
    heads = 0
    while heads < len(rows) and _is_head(rows[heads]):
        heads += 1
    if heads == len(rows) > 2:  # a page may mark every cell as a header
        return 1
    if not heads and any(cell and cell.heads for row in rows for cell in row):
        return 1
    return heads or not is_data(list(zip(*map(_texts, rows), strict=True)))


def _is_head(row: Row) -> bool:
    """Tell a header row: all its cells are header cells, save an empty one in the corner."""
    return (
        len({id(cell) for cell in row if cell}) > (None in row)  # a lone one opens a part
        and any(cell and cell.heads for cell in row)
        and all(cell.heads or not (cell.text or index) for index, cell in enumerate(row) if cell)
    )


def _read(pieces: Iterable[str]) -> tuple[list[list[list[GridCell]]], str]:
    """Read row groups and caption from the pieces between a table's start and end."""
    group: list[list[GridCell]] = []
    groups = [group]
    caption = kind = ""
    in_head = False
    down = right = 1
    parts: list[str] = []
    for piece in (*pieces, CAPTION):  # the last one closes what is open
        code = piece[0]
        if code not in _STRUCTURE:
            parts.append(piece)
            continue
        if kind == CELL or kind == HEAD:
            text = plain(parts[0][1:]) if len(parts) == 1 else _joined(parts)
            group[-1].append(GridCell(text, in_head or kind == HEAD, down, right))
            down = right = 1
        elif kind == CAPTION:
            caption = caption or _joined(parts)
        if code == SPAN:
            down, right = map(int, piece[1:].split(","))
        elif code == GROUP or code == HEAD_GROUP:
            group = []
            groups.append(group)
            in_head = code == HEAD_GROUP
        elif code == ROW or not group:
            group.append([])
        kind, parts = code, [piece]
    return groups, caption


def _joined(parts: Sequence[str]) -> str:
    """Return the text of a cell; list items are set apart by commas."""
    text, was_item = "", False
    for piece in parts:
        is_item = piece[0] == ITEM
        if words := plain(piece[1:]):
            text += (", " if is_item and was_item else " ") * bool(text) + words
            was_item = is_item
    return text
