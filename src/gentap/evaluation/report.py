"""The report: one HTML page that needs no network and escapes all that it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from gentap.errors import MissingExtraError
from gentap.evaluation.bootstrap import Estimate, FloatArray
from gentap.evaluation.judge import said
from gentap.evaluation.lineage import training_of
from gentap.evaluation.making import making
from gentap.evaluation.metrics import ROUGE, rouge_f1
from gentap.evaluation.plots import LINES, bar_plot, strata_plot
from gentap.evaluation.strata import Stratified, stratify
from gentap.evaluation.tables import (
    LABELS,
    difference_table,
    figure,
    render_table,
    score_table,
)
from gentap.records import Example

SHOWN = 40

_PLOTTED = ("bleu", *ROUGE, "meteor", "parent", "exact_match", "denotation_accuracy", "right_row")

Scores = Mapping[str, Any]
Predictions = Mapping[str, Mapping[str, Any]]


def write_report(
    path: Path,
    examples: Sequence[Example],
    systems: Mapping[str, Scores],
    predictions: Mapping[str, Predictions],
    differences: Mapping[str, Any] | None = None,
) -> None:
    """Write scores, plots and the best, middle and worst answers as one page.

    Without matplotlib the page has no plots and says so.

    Args:
        path: The page to write.
        examples: What was asked.
        systems: Name of a system to its scores.json; the first one's sentence ROUGE-L says which
            examples are shown.
        predictions: Name of a system to its predictions, by id of the example.
        differences: How the other systems differ from the first, as in scores.json.

    Raises:
        MissingExtraError: rouge-score is not installed.
    """
    estimates = {name: _estimates(scores) for name, scores in systems.items()}
    closeness = _closeness(examples, predictions)
    page = (files(__package__) / "report.html").read_text(encoding="utf-8")
    parts = {
        "{{summary}}": f"{len(examples)} examples. Scores run from 0 to 100; intervals are 95%.",
        "{{scores}}": score_table(systems, estimates) + difference_table(differences),
        "{{making}}": making(
            {
                name: training_of(scores["lineage"])
                for name, scores in systems.items()
                if scores.get("lineage")
            },
            estimates,
        ),
        "{{plots}}": _plots(estimates, stratify(examples, _first(closeness))),
        "{{signatures}}": _signatures(estimates),
        "{{examples}}": "\n".join(_examples(examples, predictions, closeness)),
    }
    page = re.sub(r"\{\{\w+\}\}", lambda mark: parts[mark[0]], page)
    path.write_text(page, encoding="utf-8", newline="\n")


def _estimates(scores: Scores) -> dict[str, Estimate]:
    return {
        name: Estimate(**value)
        for name, value in [
            *scores.items(),
            *scores.get("truth", {}).items(),
            *scores.get("cells", {}).items(),
        ]
        if isinstance(value, Mapping) and "score" in value
    }


def _plots(estimates: Mapping[str, Mapping[str, Estimate]], strata: Sequence[Stratified]) -> str:
    panels = {
        LABELS[name]: {system: found[name] for system, found in estimates.items()}
        for name in _PLOTTED
        if all(name in found for found in estimates.values())
    }
    try:
        bars, lines = bar_plot(panels, list(estimates)), strata_plot(strata)
    except MissingExtraError as error:
        return f"<p>There are no plots: {escape(str(error))}</p>"
    left = len(estimates) - LINES
    left_out = f"; {left} more systems are not drawn" if left > 0 else ""
    return (
        figure("Bar plot of the scores above, with 95% intervals", bars)
        + "<h2>Where answers come close</h2><p>Mean ROUGE-L of the questions of each kind, with "
        f"95% intervals{left_out}.</p>"
        + figure("Mean ROUGE-L by size of the table, length of the answer and evidence", lines)
    )


def _signatures(estimates: Mapping[str, Mapping[str, Estimate]]) -> str:
    found = {name: one.signature for system in estimates.values() for name, one in system.items()}
    items = (
        f"<li>{escape(LABELS.get(name, name))}: <code>{escape(signature)}</code></li>"
        for name, signature in found.items()
    )
    return f"<ul>{''.join(items)}</ul>"


def _first(closeness: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Return as many systems as lines can be told apart."""
    return dict(islice(closeness.items(), LINES))


def _closeness(
    examples: Sequence[Example], predictions: Mapping[str, Predictions]
) -> dict[str, FloatArray]:
    """Return ROUGE-L of every system's answers, 0 to 100; shape (examples,) each."""
    references = [example.answer for example in examples]
    return {
        name: 100 * rouge_f1([said(found[one.id], one) for one in examples], references)[:, 2]
        for name, found in predictions.items()
    }


def _examples(
    examples: Sequence[Example],
    predictions: Mapping[str, Predictions],
    closeness: Mapping[str, FloatArray],
) -> Iterator[str]:
    order = np.argsort(-next(iter(closeness.values())), kind="stable").tolist()
    for heading, chosen in _choose(order):
        yield f"<h2>{heading}</h2>"
        for index in chosen:
            example = examples[index]
            answers = "".join(
                f"<dt>{escape(name)} <small>ROUGE-L {closeness[name][index]:.0f}</small></dt>"
                f"<dd>{escape(said(found[example.id], example))}</dd>"
                for name, found in predictions.items()
            )
            yield (
                f"<article><h3>{escape(example.question or example.id)}</h3><dl>"
                f"<dt>Reference</dt><dd>{escape(example.answer)}</dd>{answers}</dl>"
                f"{render_table(example)}</article>"
            )


def _choose(order: Sequence[int]) -> list[tuple[str, Sequence[int]]]:
    """Split indices, best first, into what is shown: all of few, else both ends and the middle."""
    if len(order) <= SHOWN:
        return [("All examples, best first", order)]
    end, middle = SHOWN // 3, SHOWN - 2 * (SHOWN // 3)
    start = (len(order) - middle) // 2
    return [
        ("Best", order[:end]),
        ("Middle", order[start : start + middle]),
        ("Worst", order[-end:]),
    ]
