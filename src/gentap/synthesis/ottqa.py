"""OTT-QA's layout: one table a line, with a passage behind every linked cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from gentap.errors import InputError
from gentap.markup.page import unique_names
from gentap.records import Document, Sentence, Source
from gentap.synthesis.sentences import detokenize, is_prose, split, subject_of
from gentap.table import Table

_SUBJECT_WORDS = 6
_LICENSE = "MIT"


def is_ottqa(record: Mapping[str, Any]) -> bool:
    """Tell whether a line is of this layout."""
    return "passages" in record and "data" in record


def read_ottqa(record: Mapping[str, Any], *, license: str = "") -> Document:
    """Read one line: cells are pairs of tokenised text and links, passages are by link.

    A passage's sentences are given once for each cell that links it. Their subject is the
    text of that cell, where it is short and links nothing else.

    Raises:
        InputError: A field is missing or of the wrong type.
    """
    try:
        title = str(record["title"])
        header = [detokenize(name) for name, _ in record["header"]]
        rows = [[detokenize(text) for text, _ in row] for row in record["data"]]
        section = detokenize(str(record.get("section_title") or "")).replace(" -- ", ": ")
        table = Table.padded(header, rows, title=title, section=section)
        table = replace(table, header=unique_names(table.header))
        prose = [detokenize(str(record.get(field) or "")) for field in ("intro", "section_text")]
        subject = subject_of(title)
        sentences = [
            Sentence(text, subject) for part in prose for text in split(part) if is_prose(text)
        ]
        sentences += _linked(record["data"], rows, record["passages"])
        uri = str(record.get("url") or "")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"not a line of OTT-QA's layout: {error!r}") from error
    return Document(Source(uri, license or _LICENSE), title, (table,), tuple(sentences))


def _linked(
    data: list[list[Any]], rows: list[list[str]], passages: Mapping[str, str]
) -> Iterator[Sentence]:
    texts: dict[str, list[str]] = {}
    for row, cells in enumerate(data):
        for column, (_, links) in enumerate(cells):
            words = rows[row][column].split()
            subject = " ".join(words) if len(links) == 1 and len(words) <= _SUBJECT_WORDS else ""
            for link in dict.fromkeys(links):
                if link not in texts:
                    passage = detokenize(passages.get(link) or "")
                    texts[link] = [text for text in split(passage) if is_prose(text)]
                yield from (Sentence(text, subject, (row, column)) for text in texts[link])
