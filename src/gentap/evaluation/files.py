"""The metrics alone, on two files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gentap.errors import InputError
from gentap.evaluation.lines import parse_object, read_lines
from gentap.evaluation.metrics import Scores, Variant, score

_IDS = ("id", "feta_id")


@dataclass(frozen=True, slots=True)
class _Texts:
    name: str
    texts: list[str]
    ids: list[str] | None


def score_files(
    predictions_path: str | Path,
    references_path: str | Path,
    variant: Variant = Variant(),  # noqa: B008 - a frozen value
) -> Scores:
    """Score a file of predictions against a file of references.

    A file is JSONL where its first line is a JSON object, else one text per line. Predictions
    are read from ``answer`` or ``prediction``, references from ``reference`` or ``answer``. Where
    all lines of both have an ``id`` or ``feta_id`` they are matched by it, else by order.

    Args:
        predictions_path: A file, or ``-`` for standard input.
        references_path: A file, or ``-`` for standard input.
        variant: Settings of the metrics.

    Raises:
        InputError: A file cannot be read, or the two do not match.
        MissingExtraError: The metrics' libraries are not installed.
    """
    if str(predictions_path) == str(references_path) == "-":
        raise InputError("predictions and references cannot both be standard input")
    predictions = _read(predictions_path, ("answer", "prediction"))
    references = _read(references_path, ("reference", "answer"))
    if predictions.ids is None or references.ids is None:
        return score(predictions.texts, references.texts, variant)
    by_id = dict(zip(predictions.ids, predictions.texts, strict=True))
    _check_same(predictions, references)
    return score([by_id[key] for key in references.ids], references.texts, variant)


def _read(path: str | Path, fields: Sequence[str]) -> _Texts:
    lines = list(read_lines(path))
    if not (lines and _is_object(*lines[0])):
        return _Texts(str(path), [line for _, line in lines], None)
    texts, ids = [], []
    for place, line in lines:
        if not line.strip():
            continue
        record = parse_object(line, place)
        texts.append(_field(record, fields, place))
        ids.append(next((str(record[key]) for key in _IDS if key in record), None))
    known = [key for key in ids if key is not None]
    return _Texts(str(path), texts, known if len(known) == len(ids) else None)


def _is_object(place: str, line: str) -> bool:
    try:
        parse_object(line, place)
    except InputError:
        return False
    return True


def _field(record: dict[str, Any], fields: Sequence[str], place: str) -> str:
    for field in fields:
        if isinstance(record.get(field), str):
            return str(record[field])
    names = " or ".join(f'"{field}"' for field in fields)
    raise InputError(f"{place}: no text in {names}")


def _check_same(predictions: _Texts, references: _Texts) -> None:
    given, wanted = predictions.ids or [], references.ids or []
    for name, ids in ((predictions.name, given), (references.name, wanted)):
        if len(set(ids)) < len(ids):
            twice = next(key for key in ids if ids.count(key) > 1)
            raise InputError(f"{name}: the id {twice} stands there twice")
    missing, foreign = set(wanted) - set(given), set(given) - set(wanted)
    if missing or foreign:
        some = ", ".join(sorted(missing or foreign)[:3])
        what = "without a prediction" if missing else "without a reference"
        raise InputError(
            f"{len(given)} predictions and {len(wanted)} references: "
            f"{len(missing or foreign)} are {what} ({some})"
        )
