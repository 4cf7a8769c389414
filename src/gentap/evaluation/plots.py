"""Bar plots of the scores, as SVG that a page can hold."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from gentap.errors import require
from gentap.evaluation.bootstrap import Estimate

_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))

Bars = Mapping[str, Mapping[str, Estimate]]


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
    matplotlib = require("matplotlib", extra="report")
    figure_module = require("matplotlib.figure", extra="report")
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "gentap"}):
        figure = figure_module.Figure(
            figsize=(1.2 + 1.7 * len(panels), 0.9 + 0.35 * len(systems)), layout="constrained"
        )
        axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for axis, (title, scores) in zip(axes, panels.items(), strict=True):
            _panel(axis, title, scores, systems)
        stream = io.StringIO()
        figure.savefig(stream, format="svg", metadata=_NO_METADATA, transparent=True)
    text = stream.getvalue()
    return text[text.index("<svg") :]


def _panel(
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
