"""Paths -> where each document is to be read; cheap, so that it can be dealt out to workers."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from gentap.errors import InputError

HTML, MARKDOWN, JSONL = (".html", ".htm"), (".md", ".markdown"), (".jsonl", ".jsonl.gz")
_PACKED = (".gz",)


@dataclass(frozen=True, slots=True)
class Input:
    """Where one document is to be read.

    Attributes:
        path: The file.
        line: Line number in a JSONL file, from 1; 0 = the whole file.
        offset: First byte of the document in the file.
        length: Its number of bytes.
        data: The bytes themselves where the file cannot be entered at an offset.
    """

    path: str
    line: int = 0
    offset: int = 0
    length: int = 0
    data: bytes | None = None

    @property
    def uri(self) -> str:
        """The file, and the line in it."""
        return f"{self.path}:{self.line}" if self.line else self.path

    def read(self) -> bytes:
        """Return the bytes of the document.

        Raises:
            OSError: The file cannot be read.
        """
        if self.data is not None:
            return self.data
        with open(self.path, "rb") as handle:
            handle.seek(self.offset)
            return handle.read(self.length)


def list_inputs(paths: Iterable[str | Path]) -> Iterator[Input]:
    """List the documents of files and folders without parsing them.

    Folders are walked in sorted order; in them, only HTML, Markdown and JSONL files count
    and hidden ones do not. Every non-empty line of a JSONL file is a document.

    Raises:
        InputError: A path does not exist, or a JSONL file cannot be read.
    """
    for path in map(Path, paths):
        if not path.exists():
            raise InputError(f"{path} does not exist; give HTML, Markdown or JSONL files")
        for file in _walk(path) if path.is_dir() else (path,):
            if has_suffix(file, JSONL):
                yield from _lines(file)
            else:
                yield Input(file.as_posix(), length=_size(file))


def has_suffix(path: str | Path, suffixes: tuple[str, ...]) -> bool:
    """Tell whether a path ends in one of these, in whatever case."""
    return str(path).lower().endswith(suffixes)


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if has_suffix(name, (*HTML, *MARKDOWN, *JSONL)) and not name.startswith("."):
                yield Path(root, name)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # a dangling link: reading it will say so
        return 0


def _lines(path: Path) -> Iterator[Input]:
    name, packed, offset = path.as_posix(), has_suffix(path, _PACKED), 0
    try:
        with _open(path, packed=packed) as handle:
            for number, line in enumerate(handle, 1):
                if line.strip():
                    yield Input(name, number, offset, len(line), line if packed else None)
                offset += len(line)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path} cannot be read to its end: {error}") from error


def _open(path: Path, *, packed: bool) -> AbstractContextManager[Iterable[bytes]]:
    return gzip.open(path) if packed else path.open("rb")
