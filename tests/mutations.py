"""Small real-looking pages, and what a bad day does to their bytes."""

from __future__ import annotations

from hypothesis import strategies as st

HTML = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Río Azul – Wiki</title>
<link rel="canonical" href="https://x.org/R%C3%ADo"><style>p{color:red}</style></head><body>
<h1>Río Azul</h1><table class="infobox"><tr><th colspan="2">Río Azul</th></tr><tr><th>Length</th>
<td>1,234 km</td></tr><tr><th>Mouth</th><td>Sea</td></tr><tr><th>Basin</th><td>9 km2</table>
<p>The <b>Río Azul</b> is 1,234 km long.<sup class="reference">[1]</sup> It ends in the sea.</p>
<div id="toc" class="toc"><ul><li><a href="#a">1 Towns</a></li></ul></div>
<h2>Towns<span class="mw-editsection">[edit]</span></h2>
<table class="wikitable"><caption>Towns &amp; people</caption><tr><th rowspan="2">Town</th>
<th colspan="2">People</th></tr><tr><th>1990</th><th>2000</th></tr><tr><td rowspan=2>Añil<br>(old)
</td><td>12</td><td style="display:none">no</td></tr><tr><td>15<td>16<tr><td>Bo<td>
<ul><li>1<li>2</ul><td><table><tr><td>7</td></tr></table></table><p>Añil had 12 people in 1990.
<ul><li>One thing.<li>Another.</ul><table class="navbox"><tr><td>v<td>t</table></body></html>"""

MARKDOWN = """---
title: x
---
# Río *Azul*

The **Río Azul** is [1,234 km](http://x.org/a_(b)) long.

## Towns

| Town | `People` | Note \\| more |
|:-----|---------:|--------------|
| Añil | 12 | <b>old</b> |
| Bo | 15 |

- One thing.
1. Another.

```
| no | table |
|----|-------|
```
<table><tr><th>A<th>B<tr><td>1<td>2</table>
"""


@st.composite
def mutated(draw: st.DrawFn, text: str) -> bytes:
    """Draw the bytes of a text in which some are deleted, doubled, moved or changed."""
    data = bytearray(text.encode())
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 60)))
        change = draw(st.sampled_from("delete double move flip insert".split()))
        part = bytes(data[start:end])
        if change == "delete" or change == "move":
            del data[start:end]
        if change == "double" or change == "move":
            place = draw(st.integers(0, len(data)))
            data[place:place] = part
        if change == "flip" and start < len(data):
            data[start] ^= 1 << draw(st.integers(0, 7))
        if change == "insert":
            data[start:start] = draw(st.binary(max_size=4))
    return bytes(data)
