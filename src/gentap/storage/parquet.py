"""Parquet files, written whole or not at all, and the Arrow schemas of our records."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from gentap.errors import InputError, require
from gentap.storage.files import replacing
from gentap.storage.remote import locate, reaching

_COUNTS = b"gentap.counts"
_GROUP = 4096
_BATCH = 256


def write_parquet(
    path: str | Path,
    records: Iterable[Mapping[str, Any]],
    schema: Any = None,  # noqa: ANN401 - pyarrow is optional
    counts: Mapping[str, Any] | None = None,
) -> int:
    """Write records as Parquet and return their number; the file appears complete or not at all.

    Args:
        path: The file.
        records: What to write; all of it is held in memory.
        schema: Arrow schema; guessed from the records if None.
        counts: What whoever made the file counted, kept in its metadata (see `read_counts`).

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    pyarrow = require("pyarrow", extra="data")
    parquet = require("pyarrow.parquet", extra="data")
    table = pyarrow.Table.from_pylist(list(records), schema=schema)
    if counts is not None:
        note = json.dumps(counts, sort_keys=True).encode()
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), _COUNTS: note})
    with replacing(path) as temporary:
        parquet.write_table(table, temporary, compression="zstd", row_group_size=_GROUP)
    return int(table.num_rows)


def read_parquet(path: str | Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a Parquet file, one by one.

    Raises:
        InputError: The file cannot be read.
        MissingExtraError: pyarrow is not installed.
    """
    parquet = require("pyarrow.parquet", extra="data")
    with _reading(path) as handle, parquet.ParquetFile(handle) as file:
        for batch in file.iter_batches(batch_size=_BATCH):
            yield from batch.to_pylist()


def read_counts(path: str | Path) -> dict[str, Any]:
    """Return the counts that `write_parquet` kept in a file.

    Raises:
        InputError: The file cannot be read or keeps none.
        MissingExtraError: pyarrow is not installed.
    """
    parquet = require("pyarrow.parquet", extra="data")
    with _reading(path) as handle:
        metadata = parquet.read_schema(handle).metadata or {}
    if _COUNTS not in metadata:
        raise InputError(f"{path} keeps no counts; delete it and run again")
    return dict(json.loads(metadata[_COUNTS]))


def alignment_schema() -> Any:  # noqa: ANN401 - pyarrow is optional
    """Return the Arrow schema of `gentap.records.Alignment` records."""
    arrow = require("pyarrow", extra="data")
    pairs = arrow.list_(arrow.list_(arrow.int32()))
    return _schema(
        arrow,
        ("sentence", arrow.string()),
        ("table", _table(arrow)),
        ("evidence", pairs),
        ("spans", pairs),
        ("rows", arrow.int32()),
        ("support", arrow.float64()),
        ("strength", arrow.float64()),
        ("foreign", arrow.list_(arrow.string())),
    )


def example_schema() -> Any:  # noqa: ANN401 - pyarrow is optional
    """Return the Arrow schema of `gentap.records.Example` records."""
    arrow = require("pyarrow", extra="data")
    return _schema(
        arrow,
        *((name, arrow.string()) for name in ("id", "kind", "question", "answer")),
        ("table", _table(arrow)),
        ("evidence", arrow.list_(arrow.list_(arrow.int32()))),
    )


def _schema(arrow: Any, *fields: tuple[str, Any]) -> Any:  # noqa: ANN401 - pyarrow is optional
    source = arrow.struct([("uri", arrow.string()), ("license", arrow.string())])
    return arrow.schema([*fields, ("source", source), ("schema", arrow.int32())])


def _table(arrow: Any) -> Any:  # noqa: ANN401 - pyarrow is optional
    texts = arrow.list_(arrow.string())
    return arrow.struct(
        [
            ("title", arrow.string()),
            ("section", arrow.string()),
            ("header", texts),
            ("rows", arrow.list_(texts)),
        ]
    )


@contextlib.contextmanager
def _reading(path: str | Path) -> Iterator[BinaryIO]:
    arrow = require("pyarrow", extra="data")
    try:
        with reaching(path), locate(path).open("rb") as handle:
            yield handle
    except (OSError, arrow.ArrowException) as error:
        raise InputError(f"{path} cannot be read as Parquet: {error}") from error
