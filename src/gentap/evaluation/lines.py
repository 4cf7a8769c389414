"""Text files line by line, every error with the place it stands in."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gentap.errors import InputError


def read_lines(path: str | Path) -> Iterator[tuple[str, str]]:
    """Yield (place, line) of a UTF-8 text file; the place reads ``file:number``.

    Args:
        path: A file, gzipped where its name ends in ``.gz``; ``-`` is standard input.

    Raises:
        InputError: The file cannot be read or is no UTF-8 text.
    """
    try:
        if str(path) == "-":
            yield from _numbered("standard input", sys.stdin)
            return
        opener = gzip.open if str(path).endswith(".gz") else open
        with opener(path, "rt", encoding="utf-8-sig") as stream:
            yield from _numbered(str(path), stream)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"cannot read {path}: {error}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text: save it as UTF-8 ({error})") from error


def parse_object(line: str, place: str) -> dict[str, Any]:
    """Parse one line of JSONL.

    Raises:
        InputError: The line is not a JSON object.
    """
    try:
        record = json.loads(line)
    except ValueError as error:
        raise InputError(f"{place}: not JSON ({error})") from error
    if not isinstance(record, dict):
        raise InputError(f"{place}: a JSON {type(record).__name__}, not an object")
    return record


def _numbered(name: str, stream: Iterator[str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(stream, 1):
        yield f"{name}:{number}", line.rstrip("\n")
