"""Folders of shards: named by what went into them, so that a stopped run can go on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from gentap.errors import InputError
from gentap.storage.files import JSONL, TEMPORARY, read_json, read_jsonl, write_json
from gentap.storage.parquet import read_counts, read_parquet, write_parquet
from gentap.storage.remote import is_remote, locate, reaching

_PARQUET = ".parquet"
_SETTINGS = "settings.json"
_REPORT = "report.json"


class Shards:
    """A folder of Parquet shards, each made from one chunk of the input.

    A shard is there as a whole or not at all, carries its own counts, and its name holds the
    content key of its chunk: whoever makes it again, in whatever process, makes the same file.
    """

    def __init__(self, directory: str | Path, schema: Any) -> None:  # noqa: ANN401
        """Use a folder, making it where it is missing; at an address, nothing is made.

        Args:
            directory: The folder.
            schema: Arrow schema of the records.
        """
        self.directory = locate(directory)
        if not is_remote(directory):
            self.directory.mkdir(parents=True, exist_ok=True)
        self._schema = schema

    def path(self, index: int, key: str) -> Path:
        """Return where the shard of a chunk belongs.

        Args:
            index: Number of the chunk, from 0.
            key: Content key of the chunk.
        """
        return self.directory / f"part-{index:05d}-{key}{_PARQUET}"

    def existing(self) -> dict[int, tuple[Path, ...]]:
        """Return the shards that are there by the numbers of their chunks."""
        found: dict[int, tuple[Path, ...]] = {}
        for path in sorted(self.directory.glob(f"part-*-*{_PARQUET}")):
            number = path.name.split("-")[1]
            if number.isdecimal():
                found[int(number)] = (*found.get(int(number), ()), path)
        return found

    def write(
        self, path: Path, records: Iterable[Mapping[str, Any]], counts: Mapping[str, Any]
    ) -> None:
        """Write one shard, with what was counted on the way."""
        write_parquet(path, records, self._schema, counts)

    def clean(self) -> None:
        """Remove what a killed run left half-written; call it while nobody else writes."""
        for leftover in self.directory.glob(f".*{TEMPORARY}"):
            leftover.unlink(missing_ok=True)

    def finish(self, paths: Collection[Path]) -> dict[str, Any]:
        """Write ``report.json``, the merged counts of the shards, and return it.

        Shards that are not among ``paths`` come from other inputs and are removed.
        """
        for stale in set(self.directory.glob(f"part-*{_PARQUET}")) - set(paths):
            stale.unlink()
        report = merged(read_counts(path) for path in paths)
        write_json(self.directory / _REPORT, report)
        return report


def merged(counts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Add up nested counts; the keys of inner ones are sorted."""
    total: dict[str, Any] = {}
    for count in counts:
        for name, value in count.items():
            if isinstance(value, Mapping):
                total[name] = merged([total.get(name, {}), value])
            else:
                total[name] = total.get(name, 0) + value
    return total


def read_records(path: str | Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a JSONL or Parquet file, or of a folder's ``part-*`` files in order.

    Raises:
        InputError: There is no such file, no part in the folder, or no known ending.
    """
    path = locate(path)
    if path.is_dir():
        parts = sorted(part for part in path.glob("part-*") if _is_known(part))
        if not parts:
            raise InputError(f"{path} holds no part-*.parquet and no part-*.jsonl")
        for part in parts:
            yield from read_records(part)
    elif not path.is_file():
        raise InputError(f"{path} does not exist")
    elif not _is_known(path):
        raise InputError(f"{path} is neither .jsonl, .jsonl.gz nor .parquet")
    else:
        yield from read_parquet(path) if path.suffix == _PARQUET else read_jsonl(path)


def run_settings(directory: str | Path, settings: Mapping[str, Any]) -> None:
    """Note the settings of a run in its folder, or check that it goes on with the same ones.

    Args:
        directory: The folder of the run.
        settings: Plain JSON values.

    Raises:
        InputError: The folder was begun with other settings.
    """
    path = locate(directory) / _SETTINGS
    with reaching(directory):
        begun = path.exists()
    if not begun:
        write_json(path, settings)
        return
    before = read_json(path)
    for name in sorted(before.keys() | settings.keys()):
        old, new = before.get(name), settings.get(name)
        if old != new:
            raise InputError(
                f"{directory} was begun with {name} = {old!r}, now it is {new!r}: "
                "give the same settings to go on, or another folder to begin anew"
            )


def _is_known(path: Path) -> bool:
    return path.name.endswith((*JSONL, _PARQUET))
