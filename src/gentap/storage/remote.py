"""Paths of this machine and addresses of object stores, used alike."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from gentap.errors import GentapError, InputError, MissingExtraError, require


def is_remote(path: str | Path) -> bool:
    """Tell an address such as ``s3://bucket/pages`` from a path of this machine."""
    return "://" in path if isinstance(path, str) else not isinstance(path, Path)


def locate(path: str | Path) -> Path:
    """Return a path, or of an address what acts like one: a `UPath`, which fsspec serves.

    Pass addresses on as text: a process that is forked cannot use the connections of its parent.

    Raises:
        MissingExtraError: The library that reaches the address is not installed.
        InputError: No library knows its protocol, or one refuses its settings.
    """
    if not isinstance(path, str):
        return path
    if not is_remote(path):
        return Path(path)
    library = require("upath", extra="storage")
    try:
        # Others write there too: a listing that is kept grows old.
        remote = library.UPath(path, use_listings_cache=False)
        remote.fs  # noqa: B018 - connects
    except ImportError as error:
        raise MissingExtraError(f"{path} cannot be reached: {error}") from error
    except Exception as error:  # each store has errors of its own
        raise InputError(f"{path} cannot be reached: {error}") from error
    return cast("Path", remote)


@contextlib.contextmanager
def reaching(path: str | Path) -> Iterator[None]:
    """Turn whatever the library of a store raises into an `OSError` of one line with its place."""
    if not is_remote(path):
        yield
        return
    try:
        yield
    except (MemoryError, GentapError):
        raise
    except Exception as error:
        raise OSError(f"{path}: {' '.join(str(error).split())}") from error


def put(address: str | Path, data: bytes) -> None:
    """Write an object as a whole, in place of the one that may be there.

    Raises:
        OSError: It cannot be written.
    """
    remote: Any = locate(address)
    with reaching(address):
        remote.fs.pipe_file(remote.path, data)


def read_span(address: str, start: int, length: int) -> bytes:
    """Read bytes at an address by one request; all of them where the length is 0, or unknown.

    Raises:
        OSError: They cannot be read.
    """
    remote: Any = locate(address)
    span = {"start": start, "end": start + length} if length else {}
    with reaching(address):
        return bytes(remote.fs.cat_file(remote.path, **span))
