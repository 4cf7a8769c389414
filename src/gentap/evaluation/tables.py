"""Tables of a report, the cells that a reference rests on marked."""

from __future__ import annotations

from html import escape

from gentap.records import Example

ROWS = 30


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
