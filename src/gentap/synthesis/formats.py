"""Endings of files -> how their documents are parsed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gentap.errors import InputError
from gentap.markup import (
    Page,
    TooDeepError,
    decode,
    parse_docx,
    parse_html,
    parse_markdown,
    parse_wikitext,
)
from gentap.synthesis.packing import PACKINGS, check_zip, packing_of, without_packing
from gentap.synthesis.rejection import UnusableError


@dataclass(frozen=True, slots=True)
class Format:
    """How the documents in files with certain endings are parsed.

    Attributes:
        endings: The endings, in lower case.
        parse: Bytes of one unpacked document -> page; raises `UnusableError`.
        modules: Modules of the extra ``documents`` that this needs.
        packings: Endings that may follow.
    """

    endings: tuple[str, ...]
    parse: Callable[[bytes], Page]
    modules: tuple[str, ...] = ()
    packings: tuple[str, ...] = ("", *PACKINGS)


def format_of(path: str) -> Format | None:
    """Return the format that the ending of a path tells, in whatever case."""
    name, packing = without_packing(path).lower(), packing_of(path)
    known = (kind for kind in _FORMATS if name.endswith(kind.endings) and packing in kind.packings)
    return next(known, None)


def modules_of(path: str) -> tuple[str, ...]:
    """Return the modules of the extra ``documents`` that a file needs."""
    kind = format_of(path)
    if kind is None:
        return ()
    return (*kind.modules, "zstandard") if packing_of(path) == ".zst" else kind.modules


def _text(parse: Callable[[str], Page]) -> Callable[[bytes], Page]:
    def parse_bytes(data: bytes) -> Page:
        try:
            text = decode(data)
        except InputError as error:
            raise UnusableError("unreadable", error) from error
        try:
            return parse(text)
        except TooDeepError as error:
            raise UnusableError("too-deep", error) from error
        except InputError as error:
            raise UnusableError("too-large", error) from error

    return parse_bytes


def _docx(data: bytes) -> Page:
    check_zip(data)
    try:
        return parse_docx(data)
    except InputError as error:
        raise UnusableError("unreadable", error) from error


def _several(data: bytes) -> Page:
    raise UnusableError("unknown-format", f"{len(data):,} bytes that hold several documents")


HTML = Format((".html", ".htm"), _text(parse_html))
MARKDOWN = Format((".md", ".markdown"), _text(parse_markdown))
WIKITEXT = Format((".wikitext", ".mediawiki"), _text(parse_wikitext), ("mwparserfromhell",))
DOCX = Format((".docx",), _docx, ("docx",), ("",))
JSONL = Format((".jsonl",), _several)
WARC = Format((".warc",), _several, ("warcio", "zstandard"), ("", ".gz"))
_FORMATS = (HTML, MARKDOWN, WIKITEXT, DOCX, JSONL, WARC)
