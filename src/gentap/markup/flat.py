"""The pieces of a flattened page -> its tables and prose, in document order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from gentap.markup.html_table import END, FLAGS, INFOBOX, ITEM, SPAN, TABLE, TERM, TEXT, read_table
from gentap.markup.page import Reason, heading
from gentap.table import Table

_HEADINGS = "123456"
_BACK_MATTER = frozenset(
    "bibliography|citations|external links|footnotes|further reading|notes|"
    "notes and references|references|references and notes|see also|sources|works cited".split("|")
)
_STOP = re.compile(r"[.!?:;,。！？…][\"'”’)\]]*$")
_PSEUDO_HEADING_WORDS = 8
# The name of a picture's file, which some converters leave before a paragraph.
_PICTURE = re.compile(
    r"^(?:\S*_\S*\.(?i:jpe?g|png|svg|gif)\s+|\S+\.(?i:jpe?g|png|svg|gif)\s+(?=[A-Z]))"
)
# The text of such tables stays where it is: part of the page, or of the cell around it.
_DISSOLVED = frozenset(("empty", "layout", "nested-layout", "one-column"))

_BOUNDS = (TABLE, END)
_MOST_NESTED = 12  # tables in tables; what is deeper is text


def read_pieces(
    pieces: list[str], title: str
) -> tuple[tuple[Table, ...], tuple[str, ...], list[Reason]]:
    """Read the pieces of a page; they are changed on the way.

    Args:
        pieces: What a page was flattened to (see `gentap.markup.html_table`).
        title: Title of the page, which its tables get.

    Returns:
        Tables, those made of infoboxes last; blocks of prose; and for every other table, why
        it is none of data.
    """
    cutter = _Cutter(pieces)
    cutter.cut()
    has_headings = any(piece[0] in _HEADINGS[1:] for piece in pieces)
    reader = _Reader(title, guess_headings=not has_headings)
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        if piece[0] == TABLE:
            index, tables = cutter.cuts[index]
            reader.add(tables)
        elif len(piece) > 1 and not piece[1:].isspace():
            reader.feed(piece)
        index += 1
    reader.tables += [replace(table, title=title) for table in cutter.facts]
    return tuple(reader.tables), tuple(reader.blocks), cutter.reasons


class _Cutter:
    """Reads all tables of a page, inner ones first; those that only place text become text."""

    def __init__(self, pieces: list[str]) -> None:
        self.cuts: dict[int, tuple[int, list[Table]]] = {}  # start -> end, it and those in it
        self.facts: list[Table] = []  # made of infoboxes
        self.reasons: list[Reason] = []
        self._pieces = pieces
        self._opened: list[tuple[int, list[int]]] = [(-1, [])]  # start, and starts of cuts in it

    def cut(self) -> None:
        """Read the tables."""
        for index in [i for i, piece in enumerate(self._pieces) if piece[0] in _BOUNDS]:
            if self._pieces[index][0] == TABLE:
                self._opened.append((index, []))
            else:
                self._close(index)

    def _close(self, end: int) -> None:
        start, inner = self._opened.pop()
        depth = len(self._opened)
        if depth > _MOST_NESTED:
            self.reasons.append("nested-layout")
            if depth == _MOST_NESTED + 1:
                self._dissolve(range(start, end + 1))
            return
        own = list(self._own(start, end)) if inner else range(start + 1, end)
        found = [table for index in inner for table in self.cuts[index][1]]
        flag = self._pieces[start - 1][0]
        result = read_table(
            [self._pieces[index] for index in own],
            flag=flag if flag in FLAGS else "",
            has_nested=bool(found),
        )
        if not isinstance(result, Table):
            self.reasons.append(result)
            if result in _DISSOLVED:
                self._dissolve((start, *own, end))
                self._opened[-1][1].extend(inner)
                return
        if flag == INFOBOX:  # what it is put together of belongs to it
            self.reasons += ["infobox"] * len(found)
            self.facts += [result] if isinstance(result, Table) else []
            found = []
        elif isinstance(result, Table):
            found = [result, *found]
        for index in inner:
            del self.cuts[index]
        self.cuts[start] = end, found
        self._opened[-1][1].append(start)

    def _own(self, start: int, end: int) -> Iterator[int]:
        """Yield the indices between a table's start and end that are in none of its cuts."""
        index = start + 1
        while index < end:
            if index in self.cuts:
                index = self.cuts[index][0]
            else:
                yield index
            index += 1

    def _dissolve(self, indices: Iterable[int]) -> None:
        for index in indices:
            self._pieces[index] = _as_text(self._pieces[index])


def _as_text(piece: str) -> str:
    if piece[0] in (ITEM, TERM, *_HEADINGS):
        return piece
    return TEXT if piece[0] in (SPAN, *FLAGS) else TEXT + piece[1:]


class _Reader:
    """Reads the pieces outside tables in order; knows the heading they stand under."""

    def __init__(self, title: str, *, guess_headings: bool) -> None:
        self.tables: list[Table] = []
        self.blocks: list[str] = []
        self._title, self._guess = title, guess_headings
        self._section = ""
        self._term = ""  # of a list, with nothing after it so far
        self._skip_above = 0  # level of the heading whose part is left out; 0 = none

    def add(self, tables: list[Table]) -> None:
        """Take a table and those in its cells."""
        for table in tables:
            section = table.section or self._term or self._section
            self.tables.append(replace(table, title=self._title, section=section))

    def feed(self, piece: str) -> None:
        """Take a heading or a block of prose."""
        code = piece[0]
        level = int(code) if code in _HEADINGS else 0
        text = _PICTURE.sub("", heading(piece[1:]), count=1)
        if not text:
            return
        may_be = not level and code != ITEM and (self._guess or code == TERM)
        is_short = may_be and _looks_like_heading(text)
        self._term = text if is_short and code == TERM else ""
        if level > 1 or (is_short and self._guess):
            self._enter(text, level or 2)
        elif not (level or is_short or self._skip_above):
            self.blocks.append(text)

    def _enter(self, text: str, level: int) -> None:
        self._section = text
        if not self._skip_above or level <= self._skip_above:
            self._skip_above = level if text.casefold() in _BACK_MATTER else 0


def _looks_like_heading(text: str) -> bool:
    return len(text.split()) <= _PSEUDO_HEADING_WORDS and not _STOP.search(text)
