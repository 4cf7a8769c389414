"""What a parsed page holds, and how a grid of cells becomes a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from gentap.records import Counts
from gentap.table import Table

MAX_COLUMNS = 60
# Why a table of a page is not among its data tables.
Reason = Literal[
    "calendar",  # the days of a month
    "contents",  # a table of contents
    "empty",  # no row of data
    "hidden",  # in what nobody sees, such as a script's spare text, or beside the page's text
    "infobox",  # names and values about the page's subject, one below the other
    "key-value",  # the same without being called so
    "layout",  # places text on the page
    "navigation",  # links to other pages
    "nested-layout",  # places other tables on the page
    "notice",  # a remark on the page itself
    "one-column",
    "too-large",  # more than a million cells
    "too-wide",  # more than 60 columns
]
_MARK = re.compile(r"\s*\[(?:\d{1,3}|[a-z]|(?:n|nb|note|lower-alpha)\.? ?\w{1,3})\]", re.IGNORECASE)
_ATTRIBUTES = re.compile(r"^\s*!?\s*(?:\w+ ?= ?[“\"'][^|]*\||\w+=[^|\s]+\s*\|)\s*")
_TEMPLATE = re.compile(r"\{\{[^{}]*(?:\}\}|$)")
_EDIT = re.compile(r"\s*\[\s*edit\s*\]")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its title, its data tables, and its prose in document order.

    Attributes:
        title: Title of the page, or "".
        tables: Data tables; layout and navigation are left out.
        blocks: Paragraphs and list items outside tables, white space folded.
        uri: The address that the page gives as its own, or "".
        rejected: How many tables are left out, by reason (see `Reason`).
    """

    title: str
    tables: tuple[Table, ...]
    blocks: tuple[str, ...]
    uri: str = ""
    rejected: Counts = ()


def fold(text: str) -> str:
    """Fold white space, and drop the zero-width characters that hide in copied text."""
    return " ".join(text.replace("\u200b", "").replace("\xad", "").split())


def plain(text: str) -> str:
    """Fold white space; drop footnote marks ("[1]") and wiki markup that was not rendered."""
    text = fold(text)
    if "[" in text:
        text = _MARK.sub("", text).strip()
    if "{{" in text:
        text = fold(_TEMPLATE.sub("", text))
    return _ATTRIBUTES.sub("", text, count=1) if "|" in text else text


def heading(text: str) -> str:
    """Return a heading without its edit link and footnote marks."""
    return plain(_EDIT.sub("", fold(text)) if "edit" in text else text)


def counts_of(reasons: Iterable[str]) -> Counts:
    """Count reasons, in the order of the alphabet."""
    return tuple(sorted(Counter(reasons).items()))


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Name every column once: repeated names get " (2)", empty ones are "column N"."""
    seen: set[str] = set()
    unique = []
    for number, name in enumerate(names, 1):
        base = name or f"column {number}"
        name, copy = base, 1
        while name in seen:
            copy += 1
            name = f"{base} ({copy})"
        seen.add(name)
        unique.append(name)
    return tuple(unique)


def data_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, title: str, section: str
) -> Table | Reason:
    """Make a table of equally wide rows, or say why there is no data in them.

    Rows without any text go, and so do columns without a text in any row, save those that have
    a name which their neighbours have not.
    """
    rows = [row for row in rows if any(row)]
    names = ("", *header, "")
    columns = [
        index
        for index, name in enumerate(header)
        if (name and name not in (names[index], names[index + 2]))
        or any(row[index] for row in rows)
    ]
    if not rows:
        return "empty"
    if len(columns) < 2:
        return "one-column"
    if len(columns) > MAX_COLUMNS:
        return "too-wide"
    body = tuple(tuple(row[index] for index in columns) for row in rows)
    return Table(unique_names([header[index] for index in columns]), body, title, section)
