"""Where the entries of a TOML file stand, which its parser does not tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r'(?P<string>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')'
    r"|(?P<mark>[\[\]{}=,.])|(?P<end>\n)|(?P<blank>(?:[ \t\r]|#[^\n]*)+)|(?P<bare>[\w+:-]+)",
    re.DOTALL,
)
_NUMBER = re.compile(r"\[\d+\]$")


def lines_of(text: str) -> dict[str, int]:
    """Return the line of every entry of a valid TOML file, from 1.

    Entries go by dotted names, with places in lists from 0: ``families.lookup.templates[2].text``.
    """
    return _Scanner(text).found


def line_of(entry: str, lines: dict[str, int]) -> int:
    """Return the line of an entry, or of the nearest one around it that is in the file."""
    while entry and entry not in lines:
        shorter = _NUMBER.sub("", entry)
        entry = shorter if shorter != entry else entry.rpartition(".")[0]
    return lines.get(entry, 1)


class _Scanner:
    """Walks over the tokens of a file; what it holds was checked before."""

    def __init__(self, text: str) -> None:
        self.found: dict[str, int] = {}
        self._tokens = _tokens(text)
        self._kind = self._text = ""
        self._line = 1
        self._counts: dict[str, int] = {}
        self._step()
        table = ""
        while self._kind:
            if self._text == "[":
                table = self._header()
            elif self._kind in ("bare", "string"):
                self._pair(table)
            else:
                self._step()

    def _step(self) -> None:
        self._kind, self._text, self._line = next(self._tokens, ("", "", self._line))

    def _header(self) -> str:
        line, depth = self._line, 0
        while self._text == "[":
            depth += 1
            self._step()
        name = ""
        for part in self._name():
            name = _join(name, part)
            if name in self._counts:
                name += f"[{self._counts[name]}]"
            self.found.setdefault(name, line)
        if depth == 2:
            bare = _NUMBER.sub("", name)
            self._counts[bare] = self._counts.get(bare, -1) + 1
            self.found.setdefault(bare, line)
            name = f"{bare}[{self._counts[bare]}]"
        self.found[name] = line
        return name

    def _name(self) -> list[str]:
        parts = []
        while self._kind and self._text not in ("]", "="):
            if self._text != ".":
                parts.append(self._text.strip("\"'"))
            self._step()
        while self._text == "]":
            self._step()
        return parts

    def _pair(self, table: str) -> None:
        line, name = self._line, table
        for part in self._name():
            name = _join(name, part)
            self.found.setdefault(name, line)
        self._step()
        self._value(name)

    def _value(self, name: str) -> None:
        if self._text == "[" and self._kind == "mark":
            self._list(name)
        elif self._text == "{" and self._kind == "mark":
            self._step()
            while self._text != "}" or self._kind != "mark":
                if self._kind in ("bare", "string"):
                    self._pair(name)
                else:
                    self._step()
            self._step()
        else:
            self._step()
            while self._kind == "bare" or self._text == ".":
                self._step()

    def _list(self, name: str) -> None:
        self._step()
        number = 0
        while self._text != "]" or self._kind != "mark":
            if self._kind == "end" or self._text == ",":
                self._step()
                continue
            self.found[f"{name}[{number}]"] = self._line
            self._value(f"{name}[{number}]")
            number += 1
        self._step()


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind != "blank":
            yield kind, match[0], line
        line += match[0].count("\n")


def _join(name: str, part: str) -> str:
    return f"{name}.{part}" if name else part
