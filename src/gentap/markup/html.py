"""HTML -> page."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from gentap.errors import InputError
from gentap.markup.html_table import EDGE, HEAD, ITEM, NESTED, TABLE, read_table
from gentap.markup.page import Page, heading
from gentap.table import Table

MAX_CHARACTERS = 20_000_000
MAX_DEPTH = 2_000
_NOISE = """
script, style, noscript, template, svg, iframe, object, select, textarea, button, nav, footer,
aside, figure:not(:has(table)), figcaption, annotation, rp, rt, [hidden], [role="navigation"],
[style*="display:none"], [style*="display: none"], .noprint, .sortkey, sup.reference,
.mw-editsection, .editsection, .navbox, .vertical-navbox, .navbar, .sidebar, .infobox, .toc,
#toc, .metadata, .ambox, .mbox-small, .thumb, .gallery, .hatnote, .dablink, .reflist,
.references, .refbegin, .catlinks, .persondata, .geo-nondefault, .geo-multi-punct,
.Inline-Template, .Template-Fact, span.error, strong.error
"""
_HEADINGS = "h2, h3, h4, h5, h6"
_BLOCK = """
p, li, dt, dd, div, blockquote, pre, section, article, main, header, address, center, ul, ol, dl,
fieldset, form, details, summary, hr, caption, td, th, tr, h1, h2, h3, h4, h5, h6
"""
_SIGNS = re.compile(f"[{EDGE}{ITEM}{HEAD}{TABLE}]")
_BACK_MATTER = frozenset(
    "bibliography|citations|external links|footnotes|further reading|notes|"
    "notes and references|references|see also|sources|works cited".split("|")
)
# Elements whose end tag may be left out, or which have none, add no depth.
_FLAT = frozenset(
    "area base body br col colgroup dd dt embed head hr html img input li link meta option p "
    "param rp rt source tbody td tfoot th thead tr track wbr".split()
)
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|title|textarea)\b.*?(?:</\1\b|\Z)|<(/?)([a-z][^\s/>]*)",
    re.DOTALL | re.IGNORECASE,
)
_COMMENT_URI = re.compile(r"\s*<!--\s*(https?%3A\S+)", re.IGNORECASE)
_STOP = re.compile(r"[.!?:;,。！？…][\"'”’)\]]*$")
_PSEUDO_HEADING_WORDS = 8


def html_tables(text: str) -> list[Table]:
    """Return the data tables of an HTML page in document order (see `parse_html`)."""
    return list(parse_html(text).tables)


def parse_html(text: str) -> Page:
    """Read the title, the data tables and the prose of an HTML page.

    Row and column spans are expanded, header rows are joined, nested tables stand for
    themselves. Hidden text, footnote marks, navigation, info boxes and layout tables go;
    prose inside a layout table stays.

    Raises:
        InputError: The page is larger than 20 MB or nested deeper than 2,000 elements.
    """
    _check(text)
    tree = LexborHTMLParser(_SIGNS.sub(" ", text))
    title, uri = _title(tree), _uri(tree, text)
    # Children before parents: destroying a node destroys what is below it.
    for node in reversed(tree.css(_NOISE)):
        if node.tag not in ("html", "body"):
            node.decompose()
    _mark(tree)
    tables = _cut_tables(tree)
    flat = tree.body.text(deep=True) if tree.body else ""
    reader = _Reader(title, tables, guess_headings=not tree.css_matches(_HEADINGS))
    for piece in flat.split(EDGE):
        reader.feed(piece)
    return Page(title, tuple(reader.found), tuple(reader.blocks), uri)


def _check(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise InputError(f"this page has {len(text):,} characters, more than 20 million; split it")
    depth = deepest = 0
    for match in _TAG.finditer(text):
        name = match[3]
        if name and name.lower() not in _FLAT:
            depth = max(depth - 1, 0) if match[2] else depth + 1
            deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise InputError(f"this page nests {deepest:,} elements, more than 2,000; simplify it")


def _title(tree: LexborHTMLParser) -> str:
    nodes = (tree.css_first(selector) for selector in ("head > title", "h1"))
    return next(filter(None, (heading(node.text(deep=True)) for node in nodes if node)), "")


def _uri(tree: LexborHTMLParser, text: str) -> str:
    link = tree.css_first('link[rel="canonical"]')
    if link and (href := link.attributes.get("href")):
        return href
    comment = _COMMENT_URI.match(text)
    return unquote(comment[1]) if comment else ""


def _mark(tree: LexborHTMLParser) -> None:
    for node in tree.css("br"):
        node.insert_after(" ")
    for node in tree.css(_BLOCK):
        tag = node.tag or ""
        sign = ITEM if tag == "li" else HEAD + tag[1] if tag[1:].isdigit() else ""
        node.insert_before(EDGE + sign)
        node.insert_after(EDGE)


def _cut_tables(tree: LexborHTMLParser) -> dict[int, list[Table]]:
    """Put a mark in place of every data table; what is no data table stays prose.

    Returns:
        Mark -> the table and, after it, the tables nested in its cells.
    """
    cut: dict[int, list[Table]] = {}
    for index, node in reversed(list(enumerate(tree.css("table")))):
        nested = [int(mark) for mark in NESTED.findall(node.text(deep=True))]
        table = read_table(node, has_nested=bool(nested))
        if table:
            cut[index] = [table, *(inner for mark in nested for inner in cut.pop(mark))]
            node.replace_with(f"{EDGE}{TABLE}{index}{EDGE}")
    return cut


class _Reader:
    """Reads the pieces of a flattened page in order; knows the heading they stand under."""

    def __init__(self, title: str, tables: dict[int, list[Table]], *, guess_headings: bool) -> None:
        self.found: list[Table] = []
        self.blocks: list[str] = []
        self._title, self._tables, self._guess = title, tables, guess_headings
        self._section = ""
        self._skip_above = 0  # level of the heading whose part is left out; 0 = none

    def feed(self, piece: str) -> None:
        if piece.startswith(TABLE):
            for table in self._tables[int(piece[1:])]:
                section = table.section or self._section
                self.found.append(replace(table, title=self._title, section=section))
            return
        sign = piece[:1] if piece[:1] in (HEAD, ITEM) else ""
        level = int(piece[1]) if sign == HEAD else 0
        text = heading(piece[2:] if level else piece[len(sign) :])
        if not text:
            return
        if level > 1 or (not level and not sign and self._guess and _looks_like_heading(text)):
            self._enter(text, level or 2)
        elif not level and not self._skip_above:
            self.blocks.append(text)

    def _enter(self, text: str, level: int) -> None:
        self._section = text
        if not self._skip_above or level <= self._skip_above:
            self._skip_above = level if text.casefold() in _BACK_MATTER else 0


def _looks_like_heading(text: str) -> bool:
    return len(text.split()) <= _PSEUDO_HEADING_WORDS and not _STOP.search(text)
