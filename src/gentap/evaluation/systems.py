"""Systems side by side: the same examples, one scores.json, one report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from gentap.errors import InputError
from gentap.evaluation.predictions import SCORES, read_predictions, write_json
from gentap.evaluation.report import write_report
from gentap.evaluation.run import evaluate
from gentap.records import Answer, Example

REPORT = "report.html"


class Predictor(Protocol):
    """A system that can be evaluated."""

    @property
    def name(self) -> str:
        """What the system is called in scores and reports."""

    def answer_batch(self, examples: Sequence[Example]) -> list[Answer]:
        """Answer every example, in order."""


def benchmark(
    predictors: Sequence[Predictor],
    examples: Sequence[Example],
    directory: str | Path,
    *,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    batch_size: int = 16,
    limit: int | None = None,
) -> dict[str, Any]:
    """Evaluate systems on the same examples and write one report.

    One system's files lie in the folder itself; each of several has a folder of its own in it.

    Args:
        predictors: The systems; their names differ.
        examples: See `evaluate`.
        directory: See `evaluate`.
        settings: Name of a system to what else its answers depend on.
        batch_size: See `evaluate`.
        limit: See `evaluate`.

    Returns:
        What the folder's scores.json holds.

    Raises:
        InputError: See `evaluate`; or there is no system, or two have the same name.
        MissingExtraError: The metrics' libraries are not installed.
    """
    folder, chosen = Path(directory), list(examples[:limit])
    folders = _folders(folder, [predictor.name for predictor in predictors])
    systems = {
        predictor.name: evaluate(
            predictor.answer_batch,
            chosen,
            folders[predictor.name],
            name=predictor.name,
            settings=(settings or {}).get(predictor.name),
            batch_size=batch_size,
        )
        for predictor in predictors
    }
    predictions = {name: read_predictions(path) for name, path in folders.items()}
    write_report(folder / REPORT, chosen, systems, predictions)
    return compare(folder, systems) if len(systems) > 1 else next(iter(systems.values()))


def compare(directory: str | Path, systems: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Write the scores of several systems, by name, into one scores.json and return them."""
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    record = {"systems": {name: dict(scores) for name, scores in systems.items()}}
    write_json(folder / SCORES, record)
    return record


def _folders(folder: Path, names: Sequence[str]) -> dict[str, Path]:
    if not names:
        raise InputError("there is no system to evaluate")
    if len(names) == 1:
        return {names[0]: folder}
    slugs = [re.sub(r"[^\w.-]+", "-", name).strip("-.") for name in names]
    if "" in slugs or len({slug.casefold() for slug in slugs}) < len(slugs):
        raise InputError(f"systems need names of their own: {', '.join(names)}")
    return {name: folder / slug for name, slug in zip(names, slugs, strict=True)}
