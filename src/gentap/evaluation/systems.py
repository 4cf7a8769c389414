"""Systems side by side: the same examples, one scores.json, one report."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from gentap.errors import InputError
from gentap.evaluation.lineage import Lineages
from gentap.evaluation.metrics import Variant
from gentap.evaluation.predictions import (
    PREDICTIONS,
    SCORES,
    SETTINGS,
    read_json,
    read_predictions,
    write_json,
)
from gentap.evaluation.report import write_report
from gentap.evaluation.run import Evaluated, evaluate
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
    lineages: Lineages | None = None,
    variant: Variant = Variant(),  # noqa: B008 - a frozen value
    batch_size: int = 16,
    limit: int | None = None,
) -> dict[str, Any]:
    """Evaluate systems on the same examples and write one report.

    One system's files lie in the folder itself; each of several has a folder of its own in it.
    What the folder holds of a system is used again, wherever it lies.

    Args:
        predictors: The systems; their names differ.
        examples: See `evaluate`.
        directory: See `evaluate`.
        settings: Name of a system to what else its answers depend on.
        lineages: Name of a system to how it was made, as its `gentap.json` says.
        variant: See `evaluate`.
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
            lineage=(lineages or {}).get(predictor.name, ()),
            variant=variant,
            batch_size=batch_size,
        )
        for predictor in predictors
    }
    predictions = {name: read_predictions(path) for name, path in folders.items()}
    if len(systems) == 1:
        records = {name: system.record for name, system in systems.items()}
        write_report(folder / REPORT, chosen, records, predictions)
        alone = next(iter(records.values()))
        write_json(folder / SCORES, alone)
        return alone
    record = compare(folder, systems)
    write_report(folder / REPORT, chosen, record["systems"], predictions, record["differences"])
    return record


def compare(directory: str | Path, systems: Mapping[str, Evaluated]) -> dict[str, Any]:
    """Write several systems' scores, and how each differs from the first, into one scores.json.

    Args:
        directory: The folder; made where it is missing.
        systems: Name to scores, all of the same examples.

    Returns:
        What scores.json holds.
    """
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    (baseline, first), *others = systems.items()
    record = {
        "systems": {name: system.record for name, system in systems.items()},
        "differences": {
            "baseline": baseline,
            "systems": {name: _differences(system, first) for name, system in others},
        },
    }
    write_json(folder / SCORES, record)
    return record


def _differences(system: Evaluated, baseline: Evaluated) -> dict[str, dict[str, float]]:
    pairs = zip(system.measures, baseline.measures, strict=True)
    return {own.name: own.difference(other).to_record() for own, other in pairs}


def _folders(folder: Path, names: Sequence[str]) -> dict[str, Path]:
    if not names:
        raise InputError("there is no system to evaluate")
    slugs = [re.sub(r"[^\w.-]+", "-", name).strip("-.") for name in names]
    if len(names) == 1:
        own = folder / slugs[0]
        return {names[0]: own if slugs[0] and (own / SETTINGS).is_file() else folder}
    if "" in slugs or len({slug.casefold() for slug in slugs}) < len(slugs):
        raise InputError(f"systems need names of their own: {', '.join(names)}")
    found = {name: folder / slug for name, slug in zip(names, slugs, strict=True)}
    if (folder / SETTINGS).is_file():
        alone = read_json(folder / SETTINGS).get("model")
        if alone in found:
            _move(folder, found[alone])
    return found


def _move(source: Path, target: Path) -> None:
    """Give a system that was alone a folder of its own; a kill leaves the answers whole."""
    names = [name for name in (PREDICTIONS, SCORES, SETTINGS) if (source / name).is_file()]
    if not target.exists():
        partial = target.with_name(f".{target.name}.partial")
        partial.mkdir(exist_ok=True)
        for name in names:
            shutil.copy2(source / name, partial / name)
        partial.replace(target)
    for name in names:
        (source / name).unlink()
