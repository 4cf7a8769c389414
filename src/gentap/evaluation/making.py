"""What a report says about how the systems were made: origins, few-shot curves, ablations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from statistics import fmean

from gentap.errors import MissingExtraError
from gentap.evaluation.bootstrap import Estimate
from gentap.evaluation.lineage import Ablation, Training, ablations, curves
from gentap.evaluation.metrics import ROUGE
from gentap.evaluation.plots import curve_plot
from gentap.evaluation.tables import LABELS, figure, wide_table

_SHOWN = ("bleu", *ROUGE, "meteor", "parent", "cell_precision", "cell_recall",
          "exact_match", "denotation_accuracy", "right_row")  # fmt: skip
_DRAWN = ("bleu", "rougeL", "meteor", "parent", "cell_recall", "denotation_accuracy")

Estimates = Mapping[str, Mapping[str, Estimate]]


def making(trainings: Mapping[str, Training], estimates: Estimates) -> str:
    """Return the report's part on how the systems were made; empty where nothing is known.

    Args:
        trainings: Name of a system to what it has learnt from, where that is known.
        estimates: Name of a system to its scores, by name of the metric.
    """
    if not trainings:
        return ""
    return (
        _origins(trainings)
        + _curves(trainings, estimates)
        + "".join(_ablation(one, estimates) for one in ablations(trainings))
    )


def _origins(trainings: Mapping[str, Training]) -> str:
    heads = ("Pretrained on", "Examples seen", "Fine-tuned on", "Steps", "Minutes", "Seed")
    rows = {
        name: (
            escape(one.pretraining), f"{one.pretraining_seen:,}", f"{one.rows:,}", f"{one.steps:,}",
            f"{one.minutes:,}", str(one.seed),
        )
        for name, one in trainings.items()
    }  # fmt: skip
    return "<h2>How they were made</h2>" + wide_table("System", heads, rows)


def _curves(trainings: Mapping[str, Training], estimates: Estimates) -> str:
    found = curves(trainings)
    systems = [name for curve in found for names in curve.points.values() for name in names]
    if not systems:
        return ""
    labels = [one.start for one in found]
    panels = {
        LABELS[metric]: {
            # Two models of one name stay two lines.
            label if labels.count(label) == 1 else f"{label} ({number})": {
                rows: [estimates[name][metric].score for name in names]
                for rows, names in curve.points.items()
            }
            for number, (label, curve) in enumerate(zip(labels, found, strict=True), 1)
        }
        for metric in _DRAWN
        if all(metric in estimates[name] for name in systems)
    }
    try:
        drawn = figure("Scores over the number of examples fine-tuned on", curve_plot(panels))
    except MissingExtraError:
        drawn = ""  # said once, where the other plots would be
    note = "<p>Each line is one model before fine-tuning; bars span its seeds.</p>"
    return "<h2>With few examples</h2>" + drawn + note + _curve_table(panels)


def _curve_table(panels: Mapping[str, Mapping[str, Mapping[int, Sequence[float]]]]) -> str:
    first = next(iter(panels.values()))
    rows = {
        f"{model}, {count:,}": [
            f"{fmean(scores := panel[model][count]):.1f}{_spread(scores)}"
            for panel in panels.values()
        ]
        for model, points in first.items()
        for count in points
    }
    return wide_table("Model, examples", list(panels), rows)


def _ablation(ablation: Ablation, estimates: Estimates) -> str:
    systems = [name for names in ablation.systems.values() for name in names]
    metrics = [name for name in _SHOWN if all(name in estimates[one] for one in systems)]
    means = {
        kind: [fmean(estimates[name][metric].score for name in names) for metric in metrics]
        for kind, names in ablation.systems.items()
    }
    whole = next(iter(means.values()))
    rows = {
        kind: [
            f"<b>{score:.1f}</b>" + ("" if found is whole else f"<br><small>{score - best:+.1f}")
            for score, best in zip(found, whole, strict=True)
        ]
        for kind, found in means.items()
    }
    tuned = (
        f"fine-tuned on {ablation.given:,} examples" if ablation.given else "without fine-tuning"
    )
    return (
        f"<h2>What pretraining does, {tuned}</h2>"
        + wide_table("Pretrained on", [LABELS[name] for name in metrics], rows)
        + "<p>Below each score: its difference from the first row. Means over the systems of each "
        "kind.</p>"
    )


def _spread(scores: Sequence[float]) -> str:
    if len(scores) == 1:
        return ""
    return f"<br><small>{min(scores):.1f} to {max(scores):.1f}</small>"
