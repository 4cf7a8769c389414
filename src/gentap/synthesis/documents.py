"""Files -> documents, one by one and independent of each other."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from gentap.errors import InputError
from gentap.markup import Page, decode
from gentap.records import Document, Sentence, Source
from gentap.synthesis import packing
from gentap.synthesis.capitals import restore_case
from gentap.synthesis.formats import HTML, JSONL, WARC, WIKITEXT, format_of
from gentap.synthesis.inputs import Input, list_inputs
from gentap.synthesis.ottqa import is_ottqa, read_ottqa
from gentap.synthesis.packing import packing_of, unpack, without_packing
from gentap.synthesis.rejection import Rejected, UnusableError
from gentap.synthesis.sentences import is_prose, split, subject_of
from gentap.synthesis.warc import read_record
from gentap.table import Table

__all__ = [
    "Input",
    "Rejected",
    "list_inputs",
    "load",
    "parse_document",
    "read_documents",
]

# What is left of wiki templates in pages that were rendered without them.
_RESIDUE = re.compile(r"^[|{!*#=]|^Category:|\{\{|\}\}|\[\[|\]\]|\|\s?\w+\s?=")


def read_documents(
    paths: Iterable[str | Path], *, license: str = ""
) -> Iterator[Document | Rejected]:
    """Read files, folders, patterns and standard input, one document after the other.

    Args:
        paths: What to read; see `list_inputs`.
        license: Licence of the documents, where they do not name their own.

    Raises:
        InputError: See `list_inputs`, as for `MissingExtraError`.
    """
    return (load(source, license=license) for source in list_inputs(paths))


def load(source: Input, *, license: str = "", data: bytes | None = None) -> Document | Rejected:
    """Read one document; whatever is wrong with it becomes a named reason.

    Args:
        source: Where it is.
        license: Its licence, where it does not name its own.
        data: What was read there, so that it is not read again.
    """
    try:
        data = _stored(source, data)
        kind = format_of(source.path)
        if kind is JSONL:
            return _parse_line(source.uri, data, license)
        if kind is WARC:
            uri, data = read_record(unpack(data, packing_of(source.path)))
            page = HTML.parse(data)
            return _checked(_from_page(page, Source(uri or source.uri, license), page.title))
    except UnusableError as error:
        return Rejected(source.uri, error.reason, str(error))
    named = kind in (HTML, WIKITEXT) and source.data is None
    title, uri = _beside(source.path) if named else ("", "")
    return parse_document(source.path, data, license=license, title=title, uri=uri)


def _stored(source: Input, data: bytes | None) -> bytes:
    if source.fault:
        raise UnusableError("unreadable", source.fault)
    if source.length > packing.MAX_BYTES:
        raise UnusableError("too-large")
    try:
        return source.read() if data is None else data
    except OSError as error:
        raise UnusableError("unreadable", error) from error


def parse_document(
    path: str, data: bytes, *, license: str = "", title: str = "", uri: str = ""
) -> Document | Rejected:
    """Parse the bytes of a file that holds one document.

    Args:
        path: Path or address; its ending tells the format.
        data: What it holds, packed where the ending says so.
        license: Licence of the document.
        title: Title that goes before the document's own.
        uri: Address that goes before the document's own.

    Raises:
        MissingExtraError: The format needs a library that is not installed.
    """
    kind = format_of(path)
    if kind is None:
        return Rejected(path, "unknown-format")
    try:
        page = kind.parse(unpack(data, packing_of(path)))
    except UnusableError as error:
        return Rejected(path, error.reason, str(error))
    if kind is WIKITEXT and not page.title:
        # Pages of a wiki do not say what they are called, but their files do.
        page = replace(page, title=unquote(Path(without_packing(path)).stem).replace("_", " "))
    return _checked(_from_page(page, Source(uri or page.uri or path, license), title))


def _checked(document: Document) -> Document | Rejected:
    if not any(table.rows and table.width > 1 for table in document.tables):
        reason = "no-table"
    elif not document.sentences:
        reason = "no-sentence"
    else:
        return document
    unused = ((reason, len(document.tables)),) if document.tables else ()
    return Rejected(document.source.uri, reason, tables=document.rejected_tables + unused)


def _from_page(page: Page, source: Source, title: str) -> Document:
    title = title or page.title
    prose = restore_case([block for block in page.blocks if not _RESIDUE.search(block)], title)
    tables = tuple(replace(table, title=title) for table in page.tables)
    return Document(source, title, tables, tuple(_sentences(prose, title)), page.rejected)


def _sentences(blocks: Iterable[str], title: str) -> Iterator[Sentence]:
    subject = subject_of(title)
    for block in blocks:
        yield from (Sentence(text, subject) for text in split(block) if is_prose(text))


def _parse_line(uri: str, data: bytes, license: str) -> Document | Rejected:
    try:
        record = _loaded(decode(data))
        if not isinstance(record, dict):
            raise InputError("a line must be a JSON object")
        if is_ottqa(record):
            return _checked(read_ottqa(record, license=license))
        return _checked(_from_record(record, uri, license))
    except (InputError, ValueError, RecursionError) as error:
        return Rejected(uri, "bad-record", str(error))


def _loaded(text: str) -> Any:  # noqa: ANN401 - untrusted input
    record = json.loads(text)
    if "\\ud" in text.lower():  # an escaped half of a character, which no file can hold
        record = json.loads(json.dumps(record, ensure_ascii=False).encode(errors="replace"))
    return record


def _from_record(record: Mapping[str, Any], uri: str, license: str) -> Document:
    tables = record.get("tables")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise InputError('"tables" must be a list of table records')
    title = str(record.get("title") or "")
    given = record.get("sentences")
    if given is None:
        sentences = list(_sentences(str(record.get("text") or "").splitlines(), title))
    elif isinstance(given, list) and all(isinstance(text, str) for text in given):
        folded = (" ".join(text.split()) for text in given)
        sentences = [Sentence(text, subject_of(title)) for text in folded if text]
    else:
        raise InputError('"sentences" must be a list of strings')
    source = Source(str(record.get("uri") or uri), str(record.get("license") or license))
    return Document(source, title, tuple(map(Table.from_record, tables)), tuple(sentences))


def _beside(path: str) -> tuple[str, str]:
    """Return title and address from the JSON file beside a page, where there is one."""
    try:
        beside = os.path.splitext(without_packing(path))[0] + ".json"
        record = json.loads(decode(Input(beside, length=packing.MAX_BYTES).read()))
        return str(record.get("title") or ""), str(record.get("url") or "")
    except (OSError, ValueError, AttributeError, InputError):
        return "", ""
