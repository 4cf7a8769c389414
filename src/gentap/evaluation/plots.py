"""Plots of the scores, as SVG that a page can hold."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from gentap.errors import require
from gentap.evaluation.bootstrap import Estimate
from gentap.evaluation.strata import Stratified

# Told apart without colours too: Okabe and Ito's, and a mark each.
_COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
_MARKS = "osD^vPX"
LINES = len(_COLORS)  # that can be told apart
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))

Bars = Mapping[str, Mapping[str, Estimate]]
Lines = Mapping[str, Mapping[int, Sequence[float]]]


def bar_plot(panels: Bars, systems: Sequence[str]) -> str:
    """Draw one panel a metric, one bar a system, with its 95% interval.

    Args:
        panels: Title of a metric to the systems' scores of it.
        systems: Names, from top to bottom; a system without a score has no bar.

    Returns:
        An ``<svg>`` element; the same scores give the same text.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    size = 1.2 + 1.7 * len(panels), 0.9 + 0.35 * len(systems)
    with _drawing(size) as (figure, drawn):
        axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for axis, (title, scores) in zip(axes, panels.items(), strict=True):
            _bars(axis, title, scores, systems)
    return drawn()


def strata_plot(strata: Sequence[Stratified]) -> str:
    """Draw one panel a property of the examples, one line a system over its ranges.

    Args:
        strata: See `stratify`.

    Returns:
        An ``<svg>`` element; the same scores give the same text.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    systems = list(strata[0].means)
    size = 3.4 * len(strata), 2.8 + 0.2 * len(systems)
    with _drawing(size) as (figure, drawn):
        axes = figure.subplots(1, len(strata), sharey=True, squeeze=False)[0]
        for axis, found in zip(axes, strata, strict=True):
            _lines(axis, found)
        # Not before: a limit would keep the later panels from widening the scale that all share.
        axes[0].set_ylim(bottom=0)
        _legend(figure, axes[0].get_lines()[: len(systems)], systems)
    return drawn()


def curve_plot(panels: Mapping[str, Lines]) -> str:
    """Draw one panel a metric, one line a model, over the examples it was fine-tuned on.

    Args:
        panels: Title of a metric to every model's points: the number of examples, and the scores
            of all models trained on so many. The line goes through their means, a bar from the
            lowest to the highest.

    Returns:
        An ``<svg>`` element; the same scores give the same text.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    names = list(next(iter(panels.values())))
    with _drawing((2.6 * len(panels), 2.6 + 0.2 * len(names))) as (figure, drawn):
        axes = figure.subplots(1, len(panels), squeeze=False)[0]
        for axis, (title, lines) in zip(axes, panels.items(), strict=True):
            _curves(axis, title, lines)
        figure.supxlabel("Examples fine-tuned on", fontsize=8)
        _legend(figure, axes[0].get_lines()[: len(names)], names)
    return drawn()


@contextlib.contextmanager
def _drawing(size: tuple[float, float]) -> Iterator[tuple[Any, Callable[[], str]]]:
    """Yield a figure of so many inches, and what returns it as SVG once it is drawn."""
    matplotlib = require("matplotlib", extra="report")
    figure_module = require("matplotlib.figure", extra="report")
    stream = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "gentap"}):
        figure = figure_module.Figure(figsize=size, layout="constrained")
        yield figure, lambda: stream.getvalue()[stream.getvalue().index("<svg") :]
        figure.savefig(stream, format="svg", metadata=_NO_METADATA, transparent=True)


def _legend(figure: Any, lines: Sequence[Any], names: Sequence[str]) -> None:  # noqa: ANN401 - see _lines
    shown = [name.replace("$", r"\$") for name in names]
    figure.legend(lines, shown, fontsize=8, frameon=False, loc="outside lower left")


def _curves(axis: Any, title: str, lines: Lines) -> None:  # noqa: ANN401 - see _lines
    for number, points in enumerate(lines.values()):
        color, mark = _COLORS[number % len(_COLORS)], _MARKS[number % len(_MARKS)]
        means = [sum(scores) / len(scores) for scores in points.values()]
        axis.plot(list(points), means, color=color, marker=mark, markersize=4, linewidth=1.2)
    for number, points in enumerate(lines.values()):
        color = _COLORS[number % len(_COLORS)]
        for place, scores in points.items():
            axis.plot((place, place), (min(scores), max(scores)), color=color, linewidth=0.8)
    axis.set_title(title, fontsize=9)
    axis.tick_params(labelsize=7)
    axis.set_ylim(bottom=0)
    axis.spines[["top", "right"]].set_visible(False)


def _lines(axis: Any, found: Stratified) -> None:  # noqa: ANN401 - axes of an optional library
    places = range(len(found.labels))
    for number, means in enumerate(found.means.values()):
        color, mark = _COLORS[number % len(_COLORS)], _MARKS[number % len(_MARKS)]
        axis.plot(places, means, color=color, marker=mark, markersize=4, linewidth=1.2)
    for number, (name, means) in enumerate(found.means.items()):
        color = _COLORS[number % len(_COLORS)]
        for place, mean, error in zip(places, means, found.errors[name], strict=True):
            axis.plot((place, place), (mean - error, mean + error), color=color, linewidth=0.8)
    axis.set_title(found.title, fontsize=9)
    axis.set_xticks(list(places))
    pairs = zip(found.labels, found.counts, strict=True)
    ticks = [f"{label}\nn = {count}" for label, count in pairs]
    axis.set_xticklabels(ticks, fontsize=7)
    axis.tick_params(axis="y", labelsize=7)
    axis.spines[["top", "right"]].set_visible(False)


def _bars(
    axis: Any,  # noqa: ANN401 - axes of an optional library
    title: str,
    scores: Mapping[str, Estimate],
    systems: Sequence[str],
) -> None:
    for place, name in enumerate(systems):
        if name in scores:
            found = scores[name]
            axis.barh(place, found.score, height=0.6, color="#4c78a8")
            axis.plot((found.low, found.high), (place, place), color="#222222", linewidth=1.2)
    axis.set_title(title, fontsize=9)
    axis.set_yticks(range(len(systems)))
    axis.set_yticklabels(systems, fontsize=8, parse_math=False)
    axis.tick_params(axis="x", labelsize=7)
    axis.set_ylim(len(systems) - 0.5, -0.5)
    axis.set_xlim(left=0)
    axis.spines[["top", "right"]].set_visible(False)
