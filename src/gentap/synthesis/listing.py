"""Paths, addresses and patterns -> files and their sizes, in an order that is always the same."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gentap.errors import InputError
from gentap.storage import is_remote, locate, reaching
from gentap.synthesis.formats import format_of

STDIN = ""  # stands for standard input among the files
_PATTERN = re.compile(r"[*?[]")


def find(path: str) -> Iterable[tuple[str, int]]:
    """Find the files that a path, an address or a pattern of either stands for.

    See `gentap.synthesis.inputs.list_inputs` for which these are.

    Returns:
        Path or address of each file, and its size in bytes.

    Raises:
        InputError: The path does not exist, or the pattern matches nothing.
        OSError: An object store cannot be listed.
    """
    if path == "-":
        return [(STDIN, 0)]
    if is_remote(path):
        return _find_remote(path)
    if os.path.exists(path):
        return _walk(path)
    _check_pattern(path)
    matches = glob.glob(path, recursive=True)
    return _sorted(path, (file for match in matches for file in _walk(match)))


def _check_pattern(path: str) -> None:
    if not _PATTERN.search(path):
        raise InputError(f"{path} does not exist; give files, folders or patterns")


def _sorted(path: str, files: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    found = sorted(set(files))
    if not found:
        raise InputError(f"{path} matches no document; ** stands for any number of folders")
    return found


def _walk(path: str) -> Iterator[tuple[str, int]]:
    if not os.path.isdir(path):
        yield Path(path).as_posix(), _size(path)
    for root, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if format_of(name) and not name.startswith("."):
                file = Path(root, name).as_posix()
                yield file, _size(file)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:  # a dangling link: reading it will say so
        return 0


def _find_remote(address: str) -> Iterator[tuple[str, int]]:
    remote: Any = locate(address)
    store, path = remote.fs, remote.path.rstrip("/")
    with reaching(address):
        if store.exists(path):
            for name, size in _walk_remote(store, store.info(path)):
                yield address.rstrip("/") + name[len(path) :], size
            return
        _check_pattern(address)
        start, above = _fixed(address), _fixed(path)
        matches = store.glob(path, detail=True).items()
        entries = [info for name, info in matches if "/." not in f"/{name[len(above) :]}"]
        files = (file for info in entries for file in _walk_remote(store, info))
        yield from _sorted(address, ((start + name[len(above) :], size) for name, size in files))


def _fixed(pattern: str) -> str:
    """Return the folders of a pattern up to the first that it leaves open."""
    return pattern[: re.split(_PATTERN, pattern)[0].rfind("/") + 1]


def _walk_remote(store: Any, info: dict[str, Any]) -> Iterator[tuple[str, int]]:  # noqa: ANN401
    """Walk what fsspec says is there, like `_walk`: its own walk leaves out what fails."""
    if info["type"] != "directory":
        yield info["name"], info["size"] or 0
        return
    folder = info["name"].rstrip("/")
    # Some stores mark a folder by an empty object of its name.
    inside = [
        entry for entry in store.ls(folder, detail=True) if entry["name"].rstrip("/") != folder
    ]
    for entry in sorted(inside, key=lambda entry: (entry["type"] == "directory", entry["name"])):
        name = entry["name"].rstrip("/").rpartition("/")[2]
        if not name.startswith(".") and (entry["type"] == "directory" or format_of(name)):
            yield from _walk_remote(store, entry)
