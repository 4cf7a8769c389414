"""Paths -> where each document is to be read; cheap, so that it can be dealt out to workers."""

from __future__ import annotations

import io
import itertools
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from gentap.errors import InputError, require
from gentap.storage import is_remote, locate, reaching, read_span
from gentap.synthesis import packing
from gentap.synthesis.formats import JSONL, WARC, format_of, modules_of
from gentap.synthesis.listing import STDIN, find
from gentap.synthesis.packing import BROKEN, packing_of, unpacking
from gentap.synthesis.warc import record_spans

_PIECE = 1 << 20
_REQUEST = 1 << 23
_BLANK = b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True, slots=True)
class Input:
    """Where one document is to be read.

    Attributes:
        path: The file; of standard input, a name whose ending tells the format.
        number: Of the line in a JSONL file or the record in a web archive, from 1; 0 = the
            whole file.
        offset: First byte of the document in the file, unpacked where the file is one of lines.
        length: Its number of bytes.
        data: The bytes themselves, compressed by zlib, where the file cannot be entered at an
            offset, or not without a request.
        fault: Why nothing can be read from here on, or "".
    """

    path: str
    number: int = 0
    offset: int = 0
    length: int = 0
    data: bytes | None = None
    fault: str = ""

    @property
    def uri(self) -> str:
        """The file, and the line or record in it."""
        return f"{self.path}:{self.number}" if self.number else self.path

    def read(self) -> bytes:
        """Return the bytes of the document: a line as text, all others as they are stored.

        Of a document that is too large, these are the first bytes, one more than allowed.

        Raises:
            OSError: The file cannot be read.
        """
        if self.data is not None:
            return zlib.decompress(self.data)
        length = min(self.length, packing.MAX_BYTES + 1)
        if is_remote(self.path):
            return read_span(self.path, self.offset, length)
        with open(self.path, "rb") as handle:
            handle.seek(self.offset)
            return handle.read(length)


def list_inputs(paths: Iterable[str | Path]) -> Iterator[Input]:
    """List the documents of files, folders, patterns and standard input without parsing them.

    Files, folders and patterns may also be addresses in object stores (``s3://bucket/pages``).

    Folders are walked in sorted order; in them, only files of known formats count and hidden
    ones do not. A path that does not exist may be a pattern (``pages/**/*.html``): what it
    matches is taken in sorted order, each file once. ``-`` is standard input. Every non-empty
    line of a JSONL file is a document, and so is every record of a web archive.

    Raises:
        InputError: A path does not exist, a pattern matches nothing, standard input is empty,
            or a JSONL file cannot be read.
        OSError: An object store cannot be listed.
        MissingExtraError: A file needs a library that is not installed. This and the first two
            are raised before the first document is listed.
    """
    names = list(map(str, paths))
    # Folders are walked twice, so that no list of all files has to be kept.
    found = (file for name in names for file, _ in find(name))
    for module in dict.fromkeys(module for file in found for module in modules_of(file)):
        require(module, extra="documents")
    for file, size in (found for name in names for found in find(name)):
        if file == STDIN:
            yield from _standard_input()
        elif format_of(file) is JSONL:
            yield from _lines(file)
        elif format_of(file) is WARC:
            yield from _records(file)
        else:
            yield Input(file, length=size)


def _opened(path: str) -> BinaryIO:
    if is_remote(path):
        raw = locate(path).open("rb", buffering=_REQUEST)
        return io.BufferedReader(cast("io.RawIOBase", raw), _PIECE)  # it reads lines up to a bound
    return open(path, "rb")


def _lines(path: str) -> Iterator[Input]:
    packed = packing_of(path)
    try:
        with reaching(path), _opened(path) as raw, unpacking(raw, packed) as handle:
            # A request for every line would take longer than to hand on what has been read.
            yield from _numbered(path, _bounded(handle), keep=bool(packed) or is_remote(path))
    except BROKEN as error:
        raise InputError(f"{path} cannot be read to its end: {error}") from error


def _numbered(path: str, lines: Iterable[tuple[bytes, int]], *, keep: bool) -> Iterator[Input]:
    offset = 0
    for number, (line, length) in enumerate(lines, 1):
        if line.strip():
            data = zlib.compress(line, level=1) if keep else None
            yield Input(path, number, offset, length, data)
        offset += length


def _bounded(handle: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Yield each line, cut where it is too large for a document, and its whole length."""
    while line := handle.readline(packing.MAX_BYTES + 1):
        length, piece = len(line), line
        while len(line) > packing.MAX_BYTES and piece and not piece.endswith(b"\n"):
            piece = handle.readline(_PIECE)
            length += len(piece)
        yield line, length


def _standard_input() -> Iterator[Input]:
    handle = sys.stdin.buffer
    lines = _bounded(handle)
    head = []
    for line, length in lines:
        head.append((line, length))
        if line.strip(_BLANK):
            break
    else:
        raise InputError("standard input is empty; send it JSONL, or one HTML or Markdown document")
    start = line.lstrip(_BLANK)
    if start.startswith(b"{"):
        yield from _numbered("stdin.jsonl", itertools.chain(head, lines), keep=True)
        return
    data = line + handle.read(max(packing.MAX_BYTES + 1 - length, 0))
    name = "stdin.html" if start.startswith(b"<") else "stdin.md"
    yield Input(name, length=max(length, len(data)), data=zlib.compress(data, level=1))


def _records(path: str) -> Iterator[Input]:
    number = end = 0
    try:
        with reaching(path), _opened(path) as handle:
            for offset, length in record_spans(handle, packed=bool(packing_of(path))):
                number, end = number + 1, offset + length
                yield Input(path, number, offset, length)
        fault = "" if number else "it holds no record"
    except BROKEN as error:
        fault = str(error)
    if fault:
        yield Input(path, number + 1, end, fault=fault)
