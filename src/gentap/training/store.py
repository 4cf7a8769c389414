"""Token ids on disk: written once, memory-mapped from then on, whatever their number."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from gentap.errors import require
from gentap.records import Kind
from gentap.storage import read_json, replacing, write_json
from gentap.training.batch import Encoded

_CHUNK = 4096

Numbers = npt.NDArray[np.integer[Any]]
Notes = dict[str, Any]


class TokenStore(Sequence[Encoded]):
    """Encoded examples in an Arrow file that is mapped into memory and never read whole.

    Attributes:
        notes: What was counted when it was written.
        cells: Which examples are for the cell decoder. *Shape:* (examples,)
        source_lengths: Tokens of each input. *Shape:* (examples,)
        target_lengths: Tokens of each target. *Shape:* (examples,)
    """

    def __init__(self, path: Path) -> None:
        """Open a store that `write` made."""
        arrow = require("pyarrow", extra="train")
        self.notes: Notes = read_json(_note_of(path))["notes"]
        with arrow.memory_map(str(path)) as file:
            reader = arrow.ipc.open_file(file)
            batches = [reader.get_batch(number) for number in range(reader.num_record_batches)]
        self._sources = [_ragged(batch.column("source")) for batch in batches]
        self._targets = [_ragged(batch.column("target")) for batch in batches]
        cells = [batch.column("cell").to_numpy(zero_copy_only=False) for batch in batches]
        self.cells: npt.NDArray[np.bool_] = np.concatenate([*cells, np.zeros(0, np.bool_)])
        self.source_lengths = _lengths(self._sources)
        self.target_lengths = _lengths(self._targets)

    @classmethod
    def make(cls, path: Path, key: str, encode: Callable[[Notes], Iterable[Encoded]]) -> TokenStore:
        """Open the store of this key, or write it first.

        Args:
            path: The file; a killed run leaves it whole or not at all.
            key: What the examples and their encoding hang on; where the store at hand was
                written for another, it is written anew. Empty: always written.
            encode: Gives the examples; what it puts into the notes is kept with them.
        """
        note = _note_of(path)
        if not key or not note.is_file() or read_json(note).get("key") != key:
            note.unlink(missing_ok=True)
            notes: Notes = {}
            _write(path, encode(notes))
            # Written last: where it is, the store is whole.
            write_json(note, {"key": key, "notes": notes})
        return cls(path)

    @staticmethod
    def remove(path: Path) -> None:
        """Delete a store."""
        _note_of(path).unlink(missing_ok=True)
        path.unlink(missing_ok=True)

    def __len__(self) -> int:
        """Return the number of examples."""
        return len(self.cells)

    @overload
    def __getitem__(self, index: int) -> Encoded: ...
    @overload
    def __getitem__(self, index: slice) -> list[Encoded]: ...
    def __getitem__(self, index: int | slice) -> Encoded | list[Encoded]:
        """Return one example, or several; their ids are views into the file."""
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        chunk, row = divmod(index, _CHUNK)
        kind: Kind = "cell" if self.cells[index] else "sentence"
        return Encoded(_row(self._sources[chunk], row), _row(self._targets[chunk], row), kind)


def _note_of(path: Path) -> Path:
    return path.with_suffix(".json")


def _write(path: Path, examples: Iterable[Encoded]) -> None:
    arrow = require("pyarrow", extra="train")
    ids = arrow.list_(arrow.int32())
    schema = arrow.schema([("source", ids), ("target", ids), ("cell", arrow.bool_())])
    with (
        replacing(path) as temporary,
        arrow.OSFile(str(temporary), "wb") as sink,
        arrow.ipc.new_file(sink, schema) as writer,
    ):
        for chunk in _chunks(examples):
            columns = {
                "source": [example.source for example in chunk],
                "target": [example.target for example in chunk],
                "cell": [example.kind == "cell" for example in chunk],
            }
            writer.write_batch(arrow.record_batch(columns, schema=schema))


def _chunks(examples: Iterable[Encoded]) -> Iterator[list[Encoded]]:
    rest = iter(examples)
    while chunk := list(itertools.islice(rest, _CHUNK)):
        yield chunk


def _ragged(column: Any) -> tuple[Numbers, Numbers]:  # noqa: ANN401 - an Arrow list array
    return column.offsets.to_numpy(), column.values.to_numpy()


def _row(ragged: tuple[Numbers, Numbers], row: int) -> Numbers:
    offsets, values = ragged
    return values[offsets[row] : offsets[row + 1]]


def _lengths(chunks: list[tuple[Numbers, Numbers]]) -> Numbers:
    return np.concatenate([*(np.diff(offsets) for offsets, _ in chunks), np.zeros(0, np.int32)])


def key_of(**parts: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Return a key for `TokenStore.make` from what the tokens hang on."""
    return json.dumps(parts, sort_keys=True, ensure_ascii=False)
