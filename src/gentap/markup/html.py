"""HTML -> page."""

from __future__ import annotations

import re
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gentap.errors import InputError
from gentap.markup.flat import read_pieces
from gentap.markup.html_table import (
    CAPTION,
    CELL,
    EDGE,
    END,
    GROUP,
    HEAD,
    HEAD_GROUP,
    INFOBOX,
    ITEM,
    LAYOUT,
    ROW,
    SPAN,
    TABLE,
    TERM,
    TEXT,
)
from gentap.markup.noise import remove_noise
from gentap.markup.page import Page, counts_of, heading
from gentap.markup.taming import tame
from gentap.table import Table

MAX_CHARACTERS = 20_000_000
_BLOCKS = """
    p dd div blockquote pre section article main header address center ul ol dl fieldset form
    details summary hr figure
""".split()
# Tag -> what stands before and after such an element in the flattened page.
_MARKS = {name: (EDGE + TEXT, EDGE + TEXT) for name in _BLOCKS} | {
    "li": (EDGE + ITEM, EDGE + TEXT),
    "dt": (EDGE + TERM, EDGE + TEXT),
    "table": (EDGE + TABLE, EDGE + END + EDGE + TEXT),
    "caption": (EDGE + CAPTION, ""),
    "thead": (EDGE + HEAD_GROUP, ""),
    "tbody": (EDGE + GROUP, ""),
    "tfoot": (EDGE + GROUP, ""),
    "tr": (EDGE + ROW, ""),
    "td": (EDGE + CELL, ""),
    "th": (EDGE + HEAD, ""),
    **{f"h{level}": (f"{EDGE}{level}", EDGE + TEXT) for level in range(1, 7)},
}
_ALL = ", ".join(_MARKS)
# Other elements may be parts of tables too, by their role or by their style.
_ROLES = {"table": "table", "grid": "table", "treegrid": "table", "rowgroup": "tbody",
          "row": "tr", "cell": "td", "gridcell": "td", "columnheader": "th",
          "rowheader": "th"}  # fmt: skip
_DISPLAYS = {"table": "table", "table-caption": "caption", "table-header-group": "thead",
             "table-row-group": "tbody", "table-footer-group": "tfoot", "table-row": "tr",
             "table-cell": "td"}  # fmt: skip
_DISPLAY = re.compile(r"(?<![-\w])display\s*:\s*(table[-a-z]*)", re.IGNORECASE)
_NATIVE = frozenset(("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"))
_SPANNING = "td[rowspan], td[colspan], th[rowspan], th[colspan]"
_NUMBER = re.compile(r"\s*\+?(\d{1,6})")
_COMMENT_URI = re.compile(r"\s*<!--\s*(https?%3A\S+)", re.IGNORECASE)


def html_tables(text: str) -> list[Table]:
    """Return the data tables of an HTML page in document order (see `parse_html`)."""
    return list(parse_html(text).tables)


def parse_html(text: str) -> Page:
    """Read the title, the data tables and the prose of an HTML page.

    Row and column spans are expanded, header rows are joined, nested tables stand for
    themselves, and grids of ARIA roles are tables. Hidden text, footnote marks and navigation
    go; tables that hold no rows of data are counted by reason, and the prose inside layout
    tables stays.

    Raises:
        InputError: The page has more than 20 million characters or 2 million tags.
        TooDeepError: It nests too many elements.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputError(f"this page has {len(text):,} characters, more than 20 million; split it")
    tree = LexborHTMLParser(tame(text).encode("utf-8", errors="replace"))
    title, uri = _title(tree), _uri(tree, text)
    reasons = remove_noise(tree)
    _mark(tree)
    flat = tree.body.text(deep=True) if tree.body else ""
    tables, blocks, others = read_pieces(f"{TEXT}{flat}".split(EDGE), title)
    return Page(title, tables, blocks, uri, counts_of(reasons + others))


def _title(tree: LexborHTMLParser) -> str:
    node = tree.head.css_first("title") if tree.head else None
    if node and (title := heading(node.text(deep=True))):
        return title
    node = tree.css_first("h1")
    return heading(node.text(deep=True)) if node else ""


def _uri(tree: LexborHTMLParser, text: str) -> str:
    link = tree.head.css_first('link[rel="canonical"]') if tree.head else None
    if link and (href := link.attributes.get("href")):
        return href
    comment = _COMMENT_URI.match(text)
    return unquote(comment[1]) if comment else ""


def _mark(tree: LexborHTMLParser) -> None:
    """Put marks before and after every element that parts the text."""
    for node in tree.css("br"):
        node.insert_after(" ")
    for node in tree.css("table.infobox:not(.wikitable)"):
        node.insert_before(EDGE + INFOBOX)
    for node in tree.css(_SPANNING):
        spans = (_span(node.attributes.get(name)) for name in ("rowspan", "colspan"))
        node.insert_before(f"{EDGE}{SPAN}{','.join(spans)}")
    for node in tree.css("[role], [style*=display i]"):
        if node.tag not in _NATIVE and (tag := _stands_for(node)):
            _surround(node, *_MARKS[tag])
        elif node.tag == "table" and node.attributes.get("role") in ("none", "presentation"):
            node.insert_before(EDGE + LAYOUT)
    for node in tree.css(_ALL):
        _surround(node, *_MARKS[node.tag or ""])


def _surround(node: LexborNode, before: str, after: str) -> None:
    node.insert_before(before)
    if after:
        node.insert_after(after)


def _stands_for(node: LexborNode) -> str:
    """Return the part of a table that an element is by its role or its style, or ""."""
    if tag := _ROLES.get(node.attributes.get("role") or ""):
        return tag
    display = _DISPLAY.search(node.attributes.get("style") or "")
    return _DISPLAYS.get(display[1].lower(), "") if display else ""


def _span(value: str | None) -> str:
    match = _NUMBER.match(value or "")
    return match[1] if match else "1"
