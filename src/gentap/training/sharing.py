"""Leaves out of an exported model what another one holds already."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from gentap.errors import CheckpointError, require
from gentap.training.model import CARD

_GRAPHS = ("encoder.onnx", "head.onnx")
_ARRAYS = ("embedding", "scales")
_TOKENIZER = "tokenizer.json"
_TABLES = "tables.npz"


def share(folder: Path, other: Path, way: Path) -> None:
    """Delete what both hold, and note where it is.

    Args:
        folder: An exported model, which is changed.
        other: Another one.
        way: How the first is to find the second, relative to where it will be.

    Raises:
        CheckpointError: The other is no exported model, or what is to be shared differs.
    """
    try:
        theirs = dict(np.load(other / _TABLES))
        differs = [name for name in _GRAPHS if _content(folder / name) != _content(other / name)]
        if (folder / _TOKENIZER).read_bytes() != (other / _TOKENIZER).read_bytes():
            differs.append(_TOKENIZER)
    except OSError as error:
        raise CheckpointError(f"{other}: not an exported model ({error})") from error
    own = dict(np.load(folder / _TABLES))
    differs += [name for name in _ARRAYS if not np.array_equal(own.pop(name), theirs[name])]
    if differs:
        raise CheckpointError(
            f"{other}: it cannot be shared, {' and '.join(differs)} differ; train from its "
            "checkpoint with --freeze-encoder"
        )
    for name in (*_GRAPHS, _TOKENIZER):
        (folder / name).unlink()
    np.savez(folder / _TABLES, **own)
    card: dict[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
    text = json.dumps(card | {"beside": way.as_posix()}, indent=2, ensure_ascii=False) + "\n"
    (folder / CARD).write_text(text, encoding="utf-8")


def _content(path: Path) -> tuple[list[str], list[bytes]]:
    """Return what a graph computes with; who wrote it does not matter."""
    graph = require("onnx", extra="train").load(path).graph
    return [node.op_type for node in graph.node], [one.raw_data for one in graph.initializer]
