"""A run folder: predictions that survive a kill, and the settings they were made with."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gentap.errors import InputError
from gentap.evaluation.lines import parse_object, read_lines
from gentap.records import Answer, Example

PREDICTIONS = "predictions.jsonl"
SETTINGS = "settings.json"
SCORES = "scores.json"


def open_run(folder: Path, settings: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Start a run in a folder, or go on with the run it holds.

    A last line without its end, as a kill leaves it, is cut off.

    Args:
        folder: Made where there is none.
        settings: All that the predictions depend on, as JSON values.

    Returns:
        The predictions already there, by id.

    Raises:
        InputError: The folder holds a run of other settings, or a damaged one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _guard(folder, settings)
    path = folder / PREDICTIONS
    if not path.exists():
        return {}
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        with path.open("r+b") as stream:
            stream.truncate(whole)
    return read_predictions(folder)


def read_predictions(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the predictions of a run folder, by id.

    Raises:
        InputError: A line is damaged.
    """
    found = {}
    for place, line in read_lines(folder / PREDICTIONS):
        record = parse_object(line, place)
        if not all(isinstance(record.get(field), str) for field in ("id", "answer")):
            raise InputError(f'{place}: a prediction needs "id" and "answer": delete the line')
        found[record["id"]] = record
    return found


def append_predictions(
    folder: Path, examples: Sequence[Example], answers: Sequence[Answer]
) -> None:
    """Write one batch.

    Raises:
        ValueError: There are more answers than examples, or fewer.
    """
    pairs = zip(examples, answers, strict=True)
    records = [
        {"id": example.id, "reference": example.answer, **answer.to_record()}
        for example, answer in pairs
    ]
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    with (folder / PREDICTIONS).open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def data_hash(examples: Iterable[Example]) -> str:
    """Return the SHA-256 of the examples' records, in order."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update(json.dumps(example.to_record(), sort_keys=True).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write a file of indented JSON, whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    partial.write_text(text, encoding="utf-8", newline="\n")
    os.replace(partial, path)


def read_json(path: Path) -> dict[str, Any]:
    """Read a file of one JSON object.

    Raises:
        InputError: It is something else.
    """
    return parse_object("\n".join(line for _, line in read_lines(path)), str(path))


def _guard(folder: Path, settings: Mapping[str, Any]) -> None:
    path = folder / SETTINGS
    if not path.exists():
        if (folder / PREDICTIONS).exists():
            raise InputError(f"{folder} holds predictions of an unknown run: name another folder")
        write_json(path, settings)
        return
    there = read_json(path)
    wanted = json.loads(json.dumps(settings))
    differing = [key for key in {**there, **wanted} if there.get(key) != wanted.get(key)]
    if differing:
        key = differing[0]
        raise InputError(
            f"{folder} holds a run with another {' and '.join(differing)} "
            f"({key} was {there.get(key)!r}, now {wanted.get(key)!r}): "
            "name another folder, or delete this one"
        )
