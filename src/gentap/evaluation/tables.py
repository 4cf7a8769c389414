"""Tables of a report: scores, and examples with the cells that a reference rests on marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def figure(label: str, drawn: str) -> str:
    """Return a plot with what it shows in words."""
    return f'<figure role="img" aria-label="{label}">{drawn}</figure>'


def wide_table(corner: str, heads: Sequence[str], rows: Mapping[str, Sequence[str]]) -> str:
    """Return a table that scrolls where it is too wide.

    Args:
        corner: Head of the first column.
        heads: Of the others, as plain text.
        rows: Plain text of the first column to the other cells as HTML.
    """
    head = "".join(f"<th>{escape(name)}</th>" for name in (corner, *heads))
    lines = "".join(
        f"<tr><th>{escape(name)}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for name, cells in rows.items()
    )
    return f"<div class=wide><table class=scores><tr>{head}</tr>{lines}</table></div>"


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
    rows = {}
    for system, found in estimates.items():
        length = systems[system].get("length")
        words = f"{length['predictions']:.1f}" if length else ""
        rows[system] = [*(_score_cell(found.get(name)) for name in names), words]
    first = next(iter(systems.values()))
    note = ""
    if "length" in first:
        mean = f"{first['length']['references']:.1f}"
        note = f"<p>References have {mean} words on average.</p>"
    for name, remedy in first.get("missing", {}).items():
        note += f"<p>{escape(LABELS.get(name, name))} is left out: {escape(remedy)}.</p>"
    heads = [*(LABELS.get(name, name) for name in names), "Words"]
    return wide_table("System", heads, rows) + note


def _score_cell(found: Estimate | None) -> str:
    if found is None:
        return ""
    return f"<b>{found.score:.1f}</b><br><small>{found.low:.1f} to {found.high:.1f}</small>"


def difference_table(differences: Mapping[str, Any] | None) -> str:
    """Return how the others differ from the first system, where there are others."""
    if differences is None:
        return ""
    systems = differences["systems"]
    names = list(next(iter(systems.values())))
    rows = {
        system: [
            f"<b>{found[name]['score']:+.1f}</b><br>"
            f"<small>{found[name]['low']:+.1f} to {found[name]['high']:+.1f}<br>"
            f"p = {found[name]['p_value']:.3f}</small>"
            for name in names
        ]
        for system, found in systems.items()
    }
    return (
        f"<h2>Difference from {escape(differences['baseline'])}</h2>"
        + wide_table("System", [LABELS.get(name, name) for name in names], rows)
        + "<p>Paired: the interval by the bootstrap, p by approximate randomization.</p>"
    )
