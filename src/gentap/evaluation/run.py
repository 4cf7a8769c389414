"""One system on a benchmark: predictions and scores in a folder that survives a kill."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from gentap.errors import InputError
from gentap.evaluation.bootstrap import Measure
from gentap.evaluation.judge import judge
from gentap.evaluation.lineage import Lineage
from gentap.evaluation.metrics import Variant, require_metrics
from gentap.evaluation.predictions import (
    SCORES,
    append_predictions,
    data_hash,
    open_run,
    read_json,
    read_predictions,
    write_json,
)
from gentap.records import Answer, Example

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One system's scores, and what they were taken from.

    Attributes:
        record: What scores.json holds.
        measures: All that were taken, for comparisons with other systems.
    """

    record: dict[str, Any]
    measures: Sequence[Measure]


def evaluate(
    answer: Callable[[Sequence[Example]], Sequence[Answer]],
    examples: Sequence[Example],
    directory: str | Path,
    *,
    name: str,
    settings: Mapping[str, Any] | None = None,
    lineage: Lineage = (),
    variant: Variant = Variant(),  # noqa: B008 - a frozen value
    batch_size: int = 16,
    limit: int | None = None,
) -> Evaluated:
    """Answer every example and score the answers; go on where a killed run stopped.

    Writes predictions.jsonl batch by batch, settings.json and scores.json.

    Args:
        answer: Examples to their answers, in order.
        examples: With ids of their own.
        directory: Empty or missing, or the folder of the same run.
        name: Name of the system.
        lineage: How the model was made, as its `gentap.json` says; for the report.
        settings: What else the answers depend on, as JSON values: fingerprint, decoding.
        variant: Settings of the metrics; the answers do not depend on them.
        batch_size: Examples answered, and written, at a time.
        limit: Only the first so many examples.

    Returns:
        Its scores. ``seconds`` is None where a run was interrupted: nobody has timed the whole.

    Raises:
        InputError: Nothing to evaluate, ids that repeat, or a folder of another run.
        MissingExtraError: The metrics' libraries are not installed.
    """
    require_metrics()
    folder, chosen = Path(directory), list(examples[:limit])
    _check_ids(chosen)
    done = open_run(
        folder, {"model": name, "data": data_hash(chosen), "settings": dict(settings or {})}
    )
    left = [example for example in chosen if example.id not in done]
    if done:
        _logger.info("%s: %d of %d answers are there already", name, len(done), len(chosen))
    seconds = _answer(answer, left, folder, batch_size, name)
    found = read_predictions(folder)
    judged = judge([found[example.id] for example in chosen], chosen, variant)
    scores = {
        "model": name,
        **judged.to_record(),
        "examples": len(chosen),
        **({"lineage": list(lineage)} if lineage else {}),
        "seconds": _seconds(folder, seconds, len(done), len(left)),
    }
    write_json(folder / SCORES, scores)
    return Evaluated(scores, judged.measures)


def _answer(
    answer: Callable[[Sequence[Example]], Sequence[Answer]],
    examples: Sequence[Example],
    folder: Path,
    batch_size: int,
    name: str,
) -> float:
    """Answer and write the examples; return the seconds that took."""
    start = time.perf_counter()
    with tqdm(total=len(examples), desc=name, unit="ex", disable=None, file=sys.stderr) as bar:
        for first in range(0, len(examples), batch_size):
            batch = examples[first : first + batch_size]
            append_predictions(folder, batch, answer(batch))
            bar.update(len(batch))
    return time.perf_counter() - start


def _seconds(folder: Path, seconds: float, done: int, left: int) -> float | None:
    if not done:
        return round(seconds, 3)
    if left or not (folder / SCORES).exists():
        return None
    return read_json(folder / SCORES).get("seconds")


def _check_ids(examples: Sequence[Example]) -> None:
    if not examples:
        raise InputError("there is no example to evaluate")
    seen: set[str] = set()
    for example in examples:
        if example.id in seen:
            raise InputError(f"two examples have the id {example.id!r}: ids must differ")
        seen.add(example.id)
