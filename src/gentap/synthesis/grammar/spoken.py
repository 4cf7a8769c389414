"""How cells are said in a question: without the marks that only the table needs."""

from __future__ import annotations

import re

from gentap.values import is_blank, remembered, strip_footnotes

MAX_CELL, MAX_WORDS = 60, 8

_DOUBTFUL = 2
"""Words of a cell that is in doubt and not a question: "Serbia?"."""
_TOKEN = re.compile(r"\w+(?:[.,]\d+)*")
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
_AWAY = re.compile(r"^(?:@|at|vs\.?|v\.?)\s*(?=[A-Z#])|^#\d+\s+(?=[A-Z])")
_RAISED = re.compile(r"(?<=\d)[¹²³⁰⁴-⁹]+$")
"""The mark of a footnote after a number."""
EITHER = re.compile(r"[^\W\d]/[^\W\d]")
_UNSAID = re.compile(
    r"https?:|www\.|[°{}\[\]|<>=\\_→•]|\.[a-z]{2,3}$|;|\s/|/\s|[-–] [-–]|^[^\w\"'“‘(.$€£¥+\-−–&]"
)


@remembered
def said(text: str) -> str:
    """Return a cell as it is said: no footnotes, no brackets at its end, no "@" before a team."""
    plain = strip_footnotes(text)
    if plain.endswith(")"):
        plain = _BRACKETS.sub("", plain) or plain
    if plain[:1] in "@#av":
        plain = _AWAY.sub("", _AWAY.sub("", plain)) or plain
    if not plain.isascii():
        plain = _RAISED.sub("", plain)
    return plain.removesuffix(" details").strip()


def is_away(text: str) -> bool:
    """Tell whether a cell says against whom, and where, and not what: "at Rome"."""
    return text[:1] in "@#av" and _AWAY.match(text) is not None


@remembered
def usable(text: str) -> bool:
    """Tell whether a cell says something in few enough words to be an answer."""
    return (
        0 < len(text) <= MAX_CELL
        and not is_blank(text)
        and any(map(str.isalnum, text))
        and not (text.endswith("?") and len(text.split()) <= _DOUBTFUL)
        and not _UNSAID.search(strip_footnotes(text))
    )


@remembered
def speakable(text: str) -> bool:
    """Tell whether what a cell says can stand in the middle of a question."""
    # A quotation that does not end would go on to the end of the question.
    fits = usable(text) and len(text.split()) <= MAX_WORDS and not text.count('"') % 2
    return fits and text[-1] not in "?!" and not set(text) & set("()") and not EITHER.search(text)


@remembered
def words(text: str) -> str:
    """Return the words of a text, each between spaces, for search of one text in another."""
    if not text.isascii():
        text = _RAISED.sub("", text)
    return " " + "  ".join(_TOKEN.findall(text.casefold())) + " "
