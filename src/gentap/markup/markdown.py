"""Markdown with pipe tables -> page (GitHub Flavored Markdown, section 4.10)."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from gentap.errors import InputError
from gentap.markup.grid import MAX_SLOTS
from gentap.markup.html import MAX_CHARACTERS, parse_html
from gentap.markup.page import MAX_COLUMNS, Page, Reason, counts_of, data_table, fold, heading
from gentap.table import Table

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:\s(.*))?$")
_CLOSING = re.compile(r"(?:^|(?<=\s))#+$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)\s*$")
_RULE = re.compile(r" {0,3}(?:[-*_]\s*){3,}$")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+(.*)")
_QUOTE = re.compile(r"^ {0,3}(?:> ?)+")
_DELIMITER = re.compile(r":?-+:?")
_PIPE = re.compile(r"(?<!\\)\|")
_HTML_TABLE = re.compile(r" {0,3}<table\b", re.IGNORECASE)
_TABLE_TAG = re.compile(r"<(/?)table\b", re.IGNORECASE)
_INLINE = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\[\^[^\[\]\s]++\]", ""),
        (r"!?\[([^\[\]]*)\]\([^()]*+(?:\([^()]*+\)[^()]*+)?\)", r"\1"),
        (r"!?\[([^\[\]]++)\]\[[^\[\]]*\]", r"\1"),
        (r"<(https?://[^<>\s]++)>", r"\1"),
        (r"<br\s*/?>", " "),
        (r"</?[a-zA-Z][^<>]*>", ""),
        (r"(\*{1,3}|~~)(?=\S)(.{1,200}?)(?<=\S)\1", r"\2"),
        (r"(?<!\w)(_{1,3})(?=\S)(.{1,200}?)(?<=\S)\1(?!\w)", r"\2"),
    )
)
_SPECIAL = re.compile(r"[\0&*<\[\\_`~]")
_HIDDEN = re.compile("\0(\\d+)\0")
_LITERAL = re.compile(r"(?<!`)(`++)(.{1,1000}?)(?<!`)\1(?!`)|\\([!-/:-@\[-`{-~])")


def markdown_tables(text: str) -> list[Table]:
    """Return the pipe tables of a Markdown text in document order (see `parse_markdown`)."""
    return list(parse_markdown(text).tables)


def parse_markdown(text: str) -> Page:
    """Read the title (first level-1 heading), the pipe tables and the prose of a Markdown text.

    Inline markup is stripped; front matter, comments and fenced code are left out. HTML tables
    are read as `parse_html` does.

    Raises:
        InputError: The text is larger than 20 MB.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputError(f"this text has {len(text):,} characters, more than 20 million; split it")
    text = text.encode("utf-8", errors="replace").decode()  # no lone surrogates
    text = _COMMENT.sub("", _FRONT_MATTER.sub("", text))
    reader = _Reader(text.expandtabs(4).splitlines())
    return reader.read()


class _Reader:
    """Reads lines one after the other; knows the heading they stand under."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._title = self._section = ""
        self._tables: list[Table] = []
        self._rejected: list[str] = []
        self._tables_close = True
        self._blocks: list[str] = []
        self._paragraph: list[str] = []

    def read(self) -> Page:
        number = 0
        while number < len(self._lines):
            number = self._take(number)
        self._close()
        tables = tuple(replace(table, title=self._title) for table in self._tables)
        rejected = counts_of(self._rejected)
        return Page(self._title, tables, tuple(self._blocks), rejected=rejected)

    def _take(self, number: int) -> int:
        """Read what starts in this line; return the number of the first line after it."""
        line = self._lines[number]
        if not line.strip():
            self._close()
            return number + 1
        if fence := _FENCE.match(line):
            self._close()
            return self._after_fence(number, fence[1])
        if head := _HEADING.match(line):
            self._close()
            self._enter(_CLOSING.sub("", (head[2] or "").strip()), len(head[1]))
        elif self._paragraph and (under := _UNDERLINE.match(line)):
            text, self._paragraph = " ".join(self._paragraph), []
            self._enter(text, 1 if under[1][0] == "=" else 2)
        elif _RULE.match(line):
            self._close()
        elif end := self._table_end(number):
            self._close()
            self._add_table(number, end)
            return end
        elif _HTML_TABLE.match(line):
            self._close()
            end = self._html_end(number)
            self._add_html("\n".join(self._lines[number:end]))
            return end
        elif item := _ITEM.match(line):
            self._close()
            self._paragraph.append(item[1])
        elif self._paragraph or not line.startswith("    "):  # else indented code
            self._paragraph.append(_QUOTE.sub("", line, count=1))
        return number + 1

    def _after_fence(self, number: int, fence: str) -> int:
        for after in range(number + 1, len(self._lines)):
            line = self._lines[after].strip()
            if len(line) >= len(fence) and set(line) == {fence[0]}:
                return after + 1
        return len(self._lines)

    def _table_end(self, number: int) -> int:
        """Return the number of the line after the table that starts here, or 0."""
        head, *rest = self._lines[number : number + 2]
        if not rest or "|" not in head + rest[0]:
            return 0
        rules = _cells(rest[0])
        if len(_cells(head)) != len(rules) or not all(map(_DELIMITER.fullmatch, rules)):
            return 0
        end = number + 2
        while end < len(self._lines) and not self._breaks_table(self._lines[end]):
            end += 1
        return end

    @staticmethod
    def _breaks_table(line: str) -> bool:
        return not line.strip() or any(
            block.match(line) for block in (_FENCE, _HEADING, _QUOTE, _RULE)
        )

    def _add_table(self, number: int, end: int) -> None:
        header = [_inline(cell) for cell in _cells(self._lines[number])]
        width = len(header)
        if width > MAX_COLUMNS:  # short rows are filled up: look before it is a large table
            self._rejected.append("too-wide")
        elif width * (end - number) > MAX_SLOTS:
            self._rejected.append("too-large")
        else:
            rows = [
                [_inline(cell) for cell in (_cells(line) + [""] * width)[:width]]
                for line in self._lines[number + 2 : end]
            ]
            self._take_over(data_table(header, rows, title="", section=self._section))

    def _html_end(self, number: int) -> int:
        """Return the number of the line after the HTML table that starts here.

        A table that is never closed ends with its first empty line.
        """
        depth = 0
        for after in range(number, len(self._lines) if self._tables_close else number):
            for tag in _TABLE_TAG.finditer(self._lines[after]):
                depth += -1 if tag[1] else 1
            if depth <= 0:
                return after + 1
        self._tables_close = False  # so look no further for the later ones: that takes too long
        end = number
        while end < len(self._lines) and self._lines[end].strip():
            end += 1
        return end

    def _add_html(self, text: str) -> None:
        try:
            page = parse_html(text)
        except InputError:
            self._rejected.append("too-large")
            return
        for table in page.tables:
            self._take_over(replace(table, section=table.section or self._section))
        self._blocks += page.blocks
        for reason, count in page.rejected:
            self._rejected += [reason] * count

    def _take_over(self, result: Table | Reason) -> None:
        if isinstance(result, Table):
            self._tables.append(result)
        else:
            self._rejected.append(result)

    def _enter(self, text: str, level: int) -> None:
        text = heading(_inline(text))
        if level == 1 and not self._title:
            self._title = text
        else:
            self._section = text

    def _close(self) -> None:
        if self._paragraph:
            text, self._paragraph = _inline(" ".join(self._paragraph)), []
            if text:
                self._blocks.append(text)


def _cells(line: str) -> list[str]:
    line = line.strip().removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _PIPE.split(line)]


def _inline(text: str) -> str:
    """Strip inline markup; what stands in back ticks or is escaped stays as it is."""
    if not _SPECIAL.search(text):
        return fold(text)
    literals: list[str] = []

    def hide(match: re.Match[str]) -> str:
        literals.append(match[2] or match[3])
        return f"\0{len(literals) - 1}\0"

    text = _LITERAL.sub(hide, text.replace("\0", ""))
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return fold(_HIDDEN.sub(lambda match: literals[int(match[1])], unescape(text)))
