"""Typed tokens: what two spellings of the same thing have in common.

"1,234" is 1234, "3rd" is 3, "Beyoncé's" is "beyonce", "Sept. 5" is "september 5"; and 500 is
never found inside "4,500".
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal["number", "word"]

STOPWORDS = frozenset(
    """
    a about above after again against all also although am among an and any are as at be became
    because become been before being below between both but by can could did do does during each
    either few for from further had has have having he her here hers him himself his how i if in
    into is it its itself just may me might more most my near no nor not now of off on once one
    only onto or other our out over own same she should since so some such than that the their them
    then there these they this those through to too under until up upon us was we were what when
    where whether which while who whom whose why will with within without would you your
    """.split()
)
MONTHS = tuple(
    "january february march april may june july august september october november december".split()
)

_APOSTROPHE = "['’ʼ]"
_DASHES = "-−–"
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"


def _pattern(letter: str, rest: str) -> re.Pattern[str]:
    word = f"{letter}{rest}"
    return re.compile(
        rf"""
        (?P<possessive>{_APOSTROPHE}[sS]\b)
        |(?P<acronym>\b(?:{letter}\.){{2,}})
        |(?P<word>{word}(?:{_APOSTROPHE}(?![sS]\b){word})*)
        |(?P<iso>\b(?P<year>[12]\d{{3}})-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3]\d)\b)
        |(?P<decade>\d{{2,4}}s\b)
        |(?P<number>(?:(?<![^\s(\[$€£])[{_DASHES}])?[$€£]?  # a sign, not a hyphen or a range
            (?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?:\.\d+)?)(?:(?i:st|nd|rd|th)\b)?
        |(?P<cjk>[{_CJK}])
        """,
        re.VERBOSE,
    )


_ASCII = _pattern("[A-Za-z]", "[A-Za-z0-9]*+")
_UNICODE = _pattern(rf"[^\W\d_{_CJK}]", rf"(?:[^\W_{_CJK}]|[\u0300-\u036f])*+")
_SHORT_MONTHS = {month[:3]: month for month in MONTHS} | {"sept": "september"}


class Token(NamedTuple):
    """One token of a text.

    Attributes:
        kind: Whether it is a number or a word.
        value: Its normal form; two spellings of the same thing have the same value.
        start: Offset of its first character in the text.
        end: Offset after its last character.
    """

    kind: Kind
    value: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Return the typed tokens of a text, in order.

    Case, accents, quotes and thousands separators are folded; ordinals are numbers; a sign
    belongs to its number; a decade is no year; possessive endings are left out; the parts of a
    date are tokens, the month by its full name; Chinese, Japanese and Korean characters stand
    alone.
    """
    found: list[Token] = []
    pattern = _ASCII if text.isascii() else _UNICODE
    for match in pattern.finditer(text):
        start, end = match.span()
        group = match.lastgroup
        if group == "word" or group == "acronym" or group == "cjk":
            found.append(Token("word", _word(match[0]), start, end))
        elif group == "number":
            found.append(Token("number", _number(match["number"]), start, end))
        elif group == "decade":
            found.append(Token("number", match[0], start, end))
        elif group == "iso":
            month = MONTHS[int(match["month"]) - 1]
            found += [
                Token("number", match["year"], *match.span("year")),
                Token("word", month, *match.span("month")),
                Token("number", _number(match["day"]), *match.span("day")),
            ]
    return found


def values(text: str) -> tuple[str, ...]:
    """Return only the normal forms of the tokens of a text."""
    return tuple(token.value for token in tokens(text))


def content_words(text: str) -> set[str]:
    """Return the normal forms that carry meaning: numbers, and words that are no stop-words."""
    return {token.value for token in tokens(text)} - STOPWORDS


def is_name(text: str, token: Token) -> bool:
    """Tell whether a word is capitalised where no sentence begins."""
    before = text[: token.start].rstrip(" \"'(“‘")
    return (
        token.kind == "word"
        and text[token.start].isupper()
        and token.value not in STOPWORDS
        and bool(before)
        and before[-1] not in ".!?:"
    )


@lru_cache(maxsize=1 << 15)
def _word(text: str) -> str:
    folded = text.casefold()
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    folded = re.sub(rf"{_APOSTROPHE}|\.", "", folded)
    return _SHORT_MONTHS.get(folded, folded)


@lru_cache(maxsize=1 << 14)
def _number(text: str) -> str:
    digits = re.sub(r"[^\d.]", "", unicodedata.normalize("NFKC", text))
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0")
    value = (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
    return f"-{value}" if text[0] in _DASHES and value != "0" else value
