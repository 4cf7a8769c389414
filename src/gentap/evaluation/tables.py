"""Tables of a report: scores, and examples with the cells that a reference rests on marked."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from gentap.evaluation.bootstrap import Estimate
from gentap.records import Example

ROWS = 30

LABELS = {
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
    "unsupported_numbers": "Unsupported numbers ↓",
    "unsupported_names": "Unsupported names ↓",
}


def render_table(example: Example) -> str:
    """Return an example's table as HTML: its first rows and every row with evidence.

    Rows left out are counted below it.
    """
    table = example.table
    evidence = set(example.evidence)
    kept = sorted({*range(min(ROWS, len(table.rows))), *(row for row, _ in evidence)})
    heads = "".join(f"<th>{escape(name)}</th>" for name in table.header)
    lines = []
    for row in kept:
        cells = "".join(
            f"<td><mark>{escape(cell)}</mark></td>"
            if (row, column) in evidence
            else f"<td>{escape(cell)}</td>"
            for column, cell in enumerate(table.rows[row])
        )
        lines.append(f"<tr>{cells}</tr>")
    caption = " / ".join(escape(text) for text in (table.title, table.section) if text)
    left_out = len(table.rows) - len(kept)
    note = f"<p><small>{left_out} rows are not shown.</small></p>" if left_out else ""
    return (
        f"<div class=wide><table><caption>{caption}</caption><tr>{heads}</tr>"
        f"{''.join(lines)}</table></div>{note}"
    )


def _names(estimates: Mapping[str, Mapping[str, Estimate]]) -> list[str]:
    return list(dict.fromkeys(name for found in estimates.values() for name in found))


def score_table(
    systems: Mapping[str, Mapping[str, Any]], estimates: Mapping[str, Mapping[str, Estimate]]
) -> str:
    """Return every score of every system, with its interval.

    Args:
        systems: Name of a system to its scores.json.
        estimates: Name of a system to its scores, by name of the metric.
    """
    names = _names(estimates)
    heads = "".join(f"<th>{escape(LABELS.get(name, name))}</th>" for name in names)
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
        note += f"<p>{escape(LABELS.get(name, name))} is left out: {escape(remedy)}.</p>"
    return (
        f"<div class=wide><table class=scores><tr><th>System</th>{heads}<th>Words</th></tr>"
        f"{''.join(lines)}</table></div>{note}"
    )


def _score_cell(found: Estimate | None) -> str:
    if found is None:
        return "<td></td>"
    interval = f"{found.low:.1f} to {found.high:.1f}"
    return f"<td><b>{found.score:.1f}</b><br><small>{interval}</small></td>"


def difference_table(differences: Mapping[str, Any] | None) -> str:
    """Return how the others differ from the first system, where there are others."""
    if differences is None:
        return ""
    systems = differences["systems"]
    names = list(next(iter(systems.values())))
    heads = "".join(f"<th>{escape(LABELS.get(name, name))}</th>" for name in names)
    lines = []
    for system, found in systems.items():
        cells = "".join(
            f"<td><b>{found[name]['score']:+.1f}</b><br>"
            f"<small>{found[name]['low']:+.1f} to {found[name]['high']:+.1f}<br>"
            f"p = {found[name]['p_value']:.3f}</small></td>"
            for name in names
        )
        lines.append(f"<tr><th>{escape(system)}</th>{cells}</tr>")
    return (
        f"<h2>Difference from {escape(differences['baseline'])}</h2>"
        f"<div class=wide><table class=scores><tr><th>System</th>{heads}</tr>{''.join(lines)}"
        "</table></div>"
        "<p>Paired: the interval by the bootstrap, p by approximate randomization.</p>"
    )
