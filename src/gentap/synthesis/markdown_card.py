"""Pieces of a dataset card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gentap.table import Table

_LONGEST, _COLUMNS = 240, 8


def counted(title: str, counts: Mapping[str, int] | None) -> str:
    """Return a section of counts, the largest first; "" where nothing was counted."""
    if not counts:
        return ""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rows = {name or "not stated": f"{count:,}" for name, count in ordered}
    return f"## {title}\n\n" + two_columns(("", "count"), rows)


def two_columns(heads: Sequence[str], rows: Mapping[str, str]) -> str:
    """Return a table of two columns."""
    lines = [f"| {heads[0]} | {heads[1]} |", "|---|---:|"]
    return "\n".join([*lines, *(f"| {plain(name)} | {text} |" for name, text in rows.items())]) + (
        "\n"
    )


def plain(text: str) -> str:
    """Return a text that cannot be taken for markup, cut where it is long."""
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def excerpt(table: Table, evidence: Sequence[tuple[int, int]]) -> str:
    """Return titles, header and the rows that hold the evidence, it in bold."""
    columns = range(min(table.width, _COLUMNS))
    lines = [
        plain(" / ".join(text for text in (table.title, table.section) if text)),
        "",
        "| " + " | ".join(plain(table.header[column]) for column in columns) + " |",
        "|" + "---|" * len(columns),
    ]
    for row in dict.fromkeys(row for row, _ in evidence):
        cells = (
            f"**{plain(table.rows[row][column])}**"
            if (row, column) in evidence
            else plain(table.rows[row][column])
            for column in columns
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
