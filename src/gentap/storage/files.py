"""JSON and JSONL files, written whole or not at all."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

from gentap.errors import InputError
from gentap.storage.remote import is_remote, locate, put, reaching

JSONL = (".jsonl", ".jsonl.gz")
TEMPORARY = ".tmp"


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Give a temporary path that takes the place of ``path`` when the block ends well.

    The folder is made where it is missing; a failed block leaves nothing behind. An object store
    renames nothing, but puts an object as a whole: there the file is made on this machine.
    """
    path = locate(path)
    if is_remote(path):
        with tempfile.TemporaryDirectory() as folder:
            yield (temporary := Path(folder, path.name))
            put(path, temporary.read_bytes())
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_jsonl(path: str | Path, records: Iterable[Mapping[str, Any]]) -> int:
    """Write records as UTF-8 JSON, one a line, and return their number.

    The file appears complete or not at all; a name ending in ``.gz`` makes it compressed.
    """
    number = 0
    with replacing(path) as temporary, _writer(temporary, packed=_is_packed(path)) as handle:
        for record in records:
            handle.write(json.dumps(record, ensure_ascii=False) + "\n")
            number += 1
    return number


def read_jsonl(path: str | Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a JSONL file, one by one; empty lines are skipped.

    Raises:
        InputError: The file cannot be read, or a line is no JSON object.
    """
    try:
        with reaching(path), locate(path).open("rb") as raw:
            stream = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if _is_packed(path) else raw
            for number, line in enumerate(io.TextIOWrapper(stream, encoding="utf-8-sig"), 1):
                if line.strip():
                    yield _object(line, f"{path}:{number}")
    except (OSError, EOFError, UnicodeError, zlib.error) as error:
        raise InputError(f"{path} cannot be read as JSONL: {error}") from error


def write_json(path: str | Path, value: Mapping[str, Any]) -> None:
    """Write one JSON object, indented; the file appears complete or not at all."""
    with replacing(path) as temporary:
        text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
        temporary.write_text(text, encoding="utf-8", newline="\n")


def read_json(path: str | Path) -> dict[str, Any]:
    """Read one JSON object.

    Raises:
        InputError: The file cannot be read, or holds no JSON object.
    """
    try:
        return _object(locate(path).read_text(encoding="utf-8-sig"), str(path))
    except (OSError, UnicodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error


def digest(*paths: str | Path) -> str:
    """Return a hash of what files hold, and of every file in folders, names included.

    Raises:
        InputError: One cannot be read.
    """
    total = hashlib.sha256()
    try:
        for path in map(Path, paths):
            for file in sorted(path.iterdir()) if path.is_dir() else [path]:
                if file.is_file():
                    with file.open("rb") as handle:
                        own = hashlib.file_digest(handle, "sha256").hexdigest()
                    total.update(f"{file.name} {own}\n".encode())
    except OSError as error:
        raise InputError(f"{error.filename} cannot be read: {error.strerror}") from error
    return total.hexdigest()


def _is_packed(path: str | Path) -> bool:
    return str(path).endswith(".gz")


@contextlib.contextmanager
def _writer(path: Path, *, packed: bool) -> Iterator[TextIO]:
    with contextlib.ExitStack() as stack:
        raw = stack.enter_context(path.open("wb"))
        # Neither time nor name in the head: the same records make the same bytes.
        stream = gzip.GzipFile("", "wb", fileobj=raw, mtime=0) if packed else raw
        yield stack.enter_context(io.TextIOWrapper(stream, encoding="utf-8", newline="\n"))


def _object(text: str, where: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise InputError(f"{where} is not a JSON object")
    return value
