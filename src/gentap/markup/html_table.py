"""One HTML table -> table."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from gentap.markup.grid import GridCell, lay_out
from gentap.markup.page import data_table, plain
from gentap.table import Table

# The page is flattened once, in document order: these marks part its blocks, open its list
# items and headings, and stand for its tables.
EDGE, ITEM, HEAD, TABLE = "\x1c", "\x1d", "\x1e", "\x1f"
NESTED = re.compile(f"{TABLE}(\\d+)")
_LAYOUT_CELL = 2_000
_NUMBER = re.compile(r"\s*\+?(\d{1,6})")


def read_table(node: LexborNode, *, has_nested: bool) -> Table | None:
    """Read a marked-up ``table`` element, or None where it holds no rows of data.

    Args:
        node: The element; its blocks are marked, and its inner tables already cut out.
        has_nested: It holds other data tables.

    Returns:
        The table, without a title, its caption as section.
    """
    if node.attributes.get("role") in ("presentation", "none"):
        return None
    rows = [row for row in lay_out(_groups(node)) if any(row)]
    caption = next((_cell_text(child) for child in node.iter() if child.tag == "caption"), "")
    while rows and _is_banner(rows[0]):
        banner = rows.pop(0)[0]
        caption = caption or (banner.text if banner else "")
    cells = [cell for row in rows for cell in row if cell]
    if not any(cell.heads for cell in cells) and (
        has_nested or any(len(cell.text) > _LAYOUT_CELL for cell in cells)
    ):
        return None
    heads = 0
    while heads < len(rows) and all(cell and cell.heads for cell in rows[heads]):
        heads += 1
    if not heads and all(len(row) == 2 and row[0] and row[0].heads for row in rows):
        return None  # names and values one below the other: no row has two cells to share
    top = [_texts(row) for row in rows[: max(heads, 1)] if not _is_banner(row)]
    names = [" ".join(dict.fromkeys(filter(None, column))) for column in zip(*top, strict=True)]
    body = [_texts(row) for row in rows[max(heads, 1) :] if not _is_banner(row)]
    return data_table(names, [row for row in body if row not in top], title="", section=caption)


def _is_banner(row: list[GridCell | None]) -> bool:
    return len(row) > 1 and all(cell is row[0] for cell in row)


def _texts(row: list[GridCell | None]) -> list[str]:
    return [cell.text if cell else "" for cell in row]


def _groups(table: LexborNode) -> Iterator[list[list[GridCell]]]:
    for group in table.iter():
        if group.tag in ("thead", "tbody", "tfoot"):
            yield [
                [
                    GridCell(
                        _cell_text(cell),
                        cell.tag == "th" or group.tag == "thead",
                        _span(cell, "rowspan"),
                        _span(cell, "colspan"),
                    )
                    for cell in row.iter()
                    if cell.tag in ("td", "th")
                ]
                for row in group.iter()
                if row.tag == "tr"
            ]


def _span(cell: LexborNode, name: str) -> int:
    match = _NUMBER.match(cell.attributes.get(name) or "")
    return int(match[1]) if match else 1


def _cell_text(cell: LexborNode) -> str:
    """Return the text of a cell; list items are set apart by commas."""
    raw = cell.text(deep=True)
    if not any(sign in raw for sign in (EDGE, TABLE)):
        return plain(raw)
    text, was_item = "", False
    for piece in NESTED.sub("", raw).split(EDGE):
        is_item = piece.startswith(ITEM)
        words = plain(piece.lstrip(ITEM) if is_item else re.sub(f"^{HEAD}.", "", piece))
        if words:
            text += (", " if is_item and was_item else " ") * bool(text) + words
            was_item = is_item
    return text
