"""Word documents -> page, by way of HTML of the same structure."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from gentap.errors import InputError, require
from gentap.markup.html import parse_html
from gentap.markup.page import Page

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.table import CT_Row
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

# What the library takes for the title of a document that has no properties at all.
_NO_TITLE = "Word Document"
_HEADING = re.compile(r"Heading ([1-9])")
_DEEPEST = 6
_CONTINUED = "continue"


def parse_docx(data: bytes) -> Page:
    """Read the title, the tables and the prose of a Word document.

    The title is that of its properties, else its first paragraph in the style Title, else its
    first heading. Merged cells are expanded; rows that Word repeats on every page are header
    rows. What is read then is what `parse_html` reads of a page.

    Raises:
        InputError: The document is damaged or protected.
        MissingExtraError: python-docx is not installed.
    """
    library = require("docx", extra="documents")
    try:
        html = _Writer(library.Document(io.BytesIO(data))).write()
    except Exception as error:  # what a parser raises on foreign bytes is anybody's guess
        raise InputError(f"this DOCX file cannot be read: {error!r}") from error
    return parse_html(html)


@dataclass(slots=True)
class _Span:
    """A cell, which grows with the rows that continue it."""

    tag: str
    text: str
    right: int
    down: int = 1

    def html(self) -> str:
        spans = f' rowspan="{self.down}" colspan="{self.right}"'
        return f"<{self.tag}{spans}>{self.text}</{self.tag}>"


class _Writer:
    """Writes one document as HTML."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._styles = {style.style_id: style.name or "" for style in document.styles}
        self._titles: list[str] = []
        self._headings: list[str] = []

    def write(self) -> str:
        body = self._blocks(self._document)
        title = self._document.core_properties.title.strip()
        own = [title] if title and title != _NO_TITLE else []
        shown = next(iter([*own, *self._titles, *self._headings]), "")
        return f"<title>{escape(shown)}</title>{body}"

    def _blocks(self, container: Document | _Cell) -> str:
        from docx.text.paragraph import Paragraph

        return "".join(
            self._paragraph(block) if isinstance(block, Paragraph) else self._table(block)
            for block in container.iter_inner_content()
        )

    def _paragraph(self, paragraph: Paragraph) -> str:
        style, text = self._styles.get(paragraph._p.style or "", ""), paragraph.text.strip()
        if not text or style.startswith("toc "):
            return ""
        if style == "Title":
            self._titles.append(text)
            return f"<h1>{escape(text)}</h1>"
        if match := _HEADING.fullmatch(style):
            self._headings.append(text)
            # Level 1 is the title's; Word counts the headings below it from 1.
            level = min(int(match[1]) + 1, _DEEPEST)
            return f"<h{level}>{escape(text)}</h{level}>"
        tag = "li" if style.startswith("List") else "p"
        return f"<{tag}>{escape(text)}</{tag}>"

    def _table(self, table: Table) -> str:
        above: dict[int, _Span] = {}
        rows = []
        for row in table._tbl.tr_lst:
            spans, above = self._row(row, table, above)
            rows.append(spans)
        body = ("".join(span.html() for span in spans) for spans in rows)
        return f"<table>{''.join(f'<tr>{cells}</tr>' for cells in body)}</table>"

    def _row(
        self, row: CT_Row, table: Table, above: dict[int, _Span]
    ) -> tuple[list[_Span], dict[int, _Span]]:
        """Read a row; return the cells that start in it, and by first column all that are in it."""
        from docx.table import _Cell

        tag = "th" if _is_header(row) else "td"
        starts = [_Span("td", "", row.grid_before)] if row.grid_before else []
        inside: dict[int, _Span] = {}
        column = row.grid_before
        for cell in row.tc_lst:
            span = above.get(column) if cell.vMerge == _CONTINUED else None
            if span and span.right == cell.grid_span:
                span.down += 1
            else:
                span = _Span(tag, self._blocks(_Cell(cell, table)), cell.grid_span)
                starts.append(span)
            inside[column] = span
            column += cell.grid_span
        return starts, inside


def _is_header(row: CT_Row) -> bool:
    marks = row.xpath("w:trPr/w:tblHeader[not(@w:val) or not(contains('0 false off', @w:val))]")
    return bool(marks)
