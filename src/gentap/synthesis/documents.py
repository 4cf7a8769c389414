"""Files -> documents, one by one and independent of each other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gentap.errors import InputError
from gentap.markup import Page, TooDeepError, decode, parse_html, parse_markdown
from gentap.records import Counts, Document, Sentence, Source
from gentap.synthesis.capitals import restore_case
from gentap.synthesis.inputs import HTML, MARKDOWN, Input, has_suffix, list_inputs
from gentap.synthesis.ottqa import is_ottqa, read_ottqa
from gentap.synthesis.sentences import is_prose, split, subject_of
from gentap.table import Table

__all__ = [
    "Input",
    "Rejected",
    "list_inputs",
    "load",
    "parse_document",
    "read_documents",
]

MAX_BYTES = 20_000_000
# What is left of wiki templates in pages that were rendered without them.
_RESIDUE = re.compile(r"^[|{!*#=]|^Category:|\{\{|\}\}|\[\[|\]\]|\|\s?\w+\s?=")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document that cannot be used.

    Attributes:
        uri: The file, with the line number for JSONL, or the document's own address.
        reason: ``unreadable``, ``too-large``, ``too-deep``, ``unknown-format``,
            ``bad-record``, ``no-table`` or ``no-sentence``.
        detail: What exactly was wrong, where there is more to say.
        tables: How many tables it has, by the reason why none is used.
    """

    uri: str
    reason: str
    detail: str = field(default="", compare=False)
    tables: Counts = field(default=(), compare=False)


def read_documents(
    paths: Iterable[str | Path], *, license: str = ""
) -> Iterator[Document | Rejected]:
    """Read files and folders (see `list_inputs`), one document after the other.

    Args:
        paths: Files and folders.
        license: Licence of the documents, where they do not name their own.

    Raises:
        InputError: A path does not exist.
    """
    return (load(source, license=license) for source in list_inputs(paths))


def load(source: Input, *, license: str = "") -> Document | Rejected:
    """Read one document; whatever is wrong with it becomes a named reason."""
    if source.length > MAX_BYTES:
        return Rejected(source.uri, "too-large")
    try:
        data = source.read()
    except OSError as error:
        return Rejected(source.uri, "unreadable", str(error))
    if source.line:
        return _parse_line(source.uri, data, license)
    title, uri = _beside(Path(source.path)) if has_suffix(source.path, HTML) else ("", "")
    return parse_document(source.path, data, license=license, title=title, uri=uri)


def parse_document(
    path: str, data: bytes, *, license: str = "", title: str = "", uri: str = ""
) -> Document | Rejected:
    """Parse the bytes of an HTML or Markdown file.

    Args:
        path: Path or address; its ending tells the format.
        data: What it holds.
        license: Licence of the document.
        title: Title that goes before the document's own.
        uri: Address that goes before the document's own.
    """
    if not has_suffix(path, (*HTML, *MARKDOWN)):
        return Rejected(path, "unknown-format")
    if len(data) > MAX_BYTES:
        return Rejected(path, "too-large")
    try:
        text = decode(data)
    except InputError:
        return Rejected(path, "unreadable")
    try:
        page = parse_html(text) if has_suffix(path, HTML) else parse_markdown(text)
    except TooDeepError as error:
        return Rejected(path, "too-deep", str(error))
    except InputError as error:
        return Rejected(path, "too-large", str(error))
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


def _beside(path: Path) -> tuple[str, str]:
    """Return title and address from the JSON file beside an HTML file, where there is one."""
    try:
        record = json.loads(decode(path.with_suffix(".json").read_bytes()))
        return str(record.get("title") or ""), str(record.get("url") or "")
    except (OSError, ValueError, AttributeError, InputError):
        return "", ""
