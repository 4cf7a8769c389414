"""The report: one HTML page that needs no network and escapes all that it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from gentap.errors import MissingExtraError
from gentap.evaluation.bootstrap import Estimate
from gentap.evaluation.judge import said
from gentap.evaluation.metrics import ROUGE, rouge_f1
from gentap.evaluation.plots import bar_plot
from gentap.evaluation.tables import render_table
from gentap.records import Example

SHOWN = 40

_LABELS = {
    "bleu": "BLEU",
    "chrf": "chrF",
    "rouge1": "ROUGE-1",
    "rouge2": "ROUGE-2",
    "rougeL": "ROUGE-L",
    "meteor": "METEOR",
    "meteor_surface": "METEOR, surface synonyms",
    "parent": "PARENT",
    "exact_match": "Exact match",
    "denotation_accuracy": "Denotation accuracy",
    "right_row": "Right row",
    "cell_precision": "Cell precision",
    "row_precision": "Row precision",
    "cell_recall": "Cell recall",
    "unsupported_numbers": "Unsupported numbers (less is better)",
    "unsupported_names": "Unsupported names (less is better)",
}
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
    page = (files(__package__) / "report.html").read_text(encoding="utf-8")
    parts = {
        "{{summary}}": f"{len(examples)} examples. Scores run from 0 to 100; intervals are 95%.",
        "{{scores}}": _score_table(systems, estimates) + _difference_table(differences),
        "{{plots}}": _plots(estimates),
        "{{signatures}}": _signatures(estimates),
        "{{examples}}": "\n".join(_examples(examples, predictions)),
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


def _names(estimates: Mapping[str, Mapping[str, Estimate]]) -> list[str]:
    return list(dict.fromkeys(name for found in estimates.values() for name in found))


def _score_table(
    systems: Mapping[str, Scores], estimates: Mapping[str, Mapping[str, Estimate]]
) -> str:
    names = _names(estimates)
    heads = "".join(f"<th>{escape(_LABELS.get(name, name))}</th>" for name in names)
    lines = []
    for system, found in estimates.items():
        cells = "".join(_score_cell(found.get(name)) for name in names)
        length = systems[system].get("length")
        words = f"{length['predictions']:.1f}" if length else ""
        lines.append(f"<tr><th>{escape(system)}</th>{cells}<td>{words}</td></tr>")
    first = next(iter(systems.values()))
    note = ""
    if "length" in first:
        mean = f"{first['length']['references']:.1f}"
        note = f"<p>References have {mean} words on average.</p>"
    for name, remedy in first.get("missing", {}).items():
        note += f"<p>{escape(_LABELS.get(name, name))} is left out: {escape(remedy)}.</p>"
    return (
        f"<table class=scores><tr><th>System</th>{heads}<th>Words</th></tr>{''.join(lines)}</table>"
        f"{note}"
    )


def _score_cell(found: Estimate | None) -> str:
    if found is None:
        return "<td></td>"
    interval = f"{found.low:.1f} to {found.high:.1f}"
    return f"<td><b>{found.score:.1f}</b><br><small>{interval}</small></td>"


def _difference_table(differences: Mapping[str, Any] | None) -> str:
    if differences is None:
        return ""
    systems = differences["systems"]
    names = list(next(iter(systems.values())))
    heads = "".join(f"<th>{escape(_LABELS.get(name, name))}</th>" for name in names)
    lines = []
    for system, found in systems.items():
        cells = "".join(
            f"<td><b>{found[name]['score']:+.1f}</b><br>"
            f"<small>{found[name]['low']:+.1f} to {found[name]['high']:+.1f}, "
            f"p = {found[name]['p_value']:.3f}</small></td>"
            for name in names
        )
        lines.append(f"<tr><th>{escape(system)}</th>{cells}</tr>")
    return (
        f"<h2>Difference from {escape(differences['baseline'])}</h2>"
        f"<table class=scores><tr><th>System</th>{heads}</tr>{''.join(lines)}</table>"
        "<p>Paired: the interval by the bootstrap, p by approximate randomization.</p>"
    )


def _plots(estimates: Mapping[str, Mapping[str, Estimate]]) -> str:
    panels = {
        _LABELS[name]: {system: found[name] for system, found in estimates.items()}
        for name in _PLOTTED
        if all(name in found for found in estimates.values())
    }
    try:
        drawn = bar_plot(panels, list(estimates))
    except MissingExtraError as error:
        return f"<p>There are no plots: {escape(str(error))}</p>"
    label = "Bar plot of the scores above, with 95% intervals"
    return f'<figure role="img" aria-label="{label}">{drawn}</figure>'


def _signatures(estimates: Mapping[str, Mapping[str, Estimate]]) -> str:
    found = {name: one.signature for system in estimates.values() for name, one in system.items()}
    items = (
        f"<li>{escape(_LABELS.get(name, name))}: <code>{escape(signature)}</code></li>"
        for name, signature in found.items()
    )
    return f"<ul>{''.join(items)}</ul>"


def _examples(examples: Sequence[Example], predictions: Mapping[str, Predictions]) -> Iterator[str]:
    references = [example.answer for example in examples]
    closeness = {
        name: 100 * rouge_f1([said(found[one.id], one) for one in examples], references)[:, 2]
        for name, found in predictions.items()
    }
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
