"""Scores by what a question is like: size of the table, length of the answer, evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gentap.evaluation.bootstrap import FloatArray
from gentap.records import Example

RANGES = 4
_PROPERTIES: Mapping[str, Callable[[Example], int]] = {
    "Rows of the table": lambda example: len(example.table.rows),
    "Words of the reference": lambda example: len(example.answer.split()),
    "Evidence cells": lambda example: len(example.evidence),
}


@dataclass(frozen=True, slots=True)
class Stratified:
    """Scores of the systems by one property of the examples.

    Attributes:
        title: The property.
        labels: Its ranges, lowest first, such as ``"3-5"``.
        counts: Examples of each range.
        means: Name of a system to its mean score in each range.
        errors: Name of a system to half the 95% interval of each mean, from its standard error.
    """

    title: str
    labels: Sequence[str]
    counts: Sequence[int]
    means: Mapping[str, Sequence[float]]
    errors: Mapping[str, Sequence[float]]


def stratify(examples: Sequence[Example], scores: Mapping[str, FloatArray]) -> list[Stratified]:
    """Split the examples into ranges of about equal size by each of three properties.

    Args:
        examples: At least one.
        scores: Name of a system to the score of every example. *Shape:* (examples,) each.
    """
    return [
        _stratify(title, np.array([measure(example) for example in examples]), scores)
        for title, measure in _PROPERTIES.items()
    ]


def _stratify(
    title: str, values: np.ndarray[tuple[int], np.dtype[np.int64]], scores: Mapping[str, FloatArray]
) -> Stratified:
    cuts = np.quantile(values, np.arange(1, RANGES) / RANGES, method="inverted_cdf")
    # A range ends at each cut; the last one at the highest value.
    ends = sorted({*cuts.astype(int).tolist(), int(values.max())})
    places = np.searchsorted(ends, values)
    groups = [np.flatnonzero(places == number) for number in range(len(ends))]
    starts = [int(values[group].min()) for group in groups]
    ranges = zip(starts, ends, strict=True)
    return Stratified(
        title,
        [str(low) if low == high else f"{low}-{high}" for low, high in ranges],
        [len(group) for group in groups],
        {name: [float(found[group].mean()) for group in groups] for name, found in scores.items()},
        {name: [_error(found[group]) for group in groups] for name, found in scores.items()},
    )


def _error(found: FloatArray) -> float:
    return 1.96 * float(found.std(ddof=1)) / len(found) ** 0.5 if len(found) > 1 else 0.0
