"""Bytes and markup -> pages: a title, data tables and blocks of prose."""

from gentap.markup.docx import parse_docx
from gentap.markup.encoding import decode
from gentap.markup.html import html_tables, parse_html
from gentap.markup.markdown import markdown_tables, parse_markdown
from gentap.markup.page import Page
from gentap.markup.taming import TooDeepError
from gentap.markup.wikitext import parse_wikitext

__all__ = [
    "Page",
    "TooDeepError",
    "decode",
    "html_tables",
    "markdown_tables",
    "parse_docx",
    "parse_html",
    "parse_markdown",
    "parse_wikitext",
]
