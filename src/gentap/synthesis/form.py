"""The form of a sentence: what makes it prose worth learning from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from gentap.text import STOPWORDS, Token, values

_SHORTEST, _LONGEST = 5, 60
_END = re.compile(r"""[.!?。！？][\])"'”’」』）]*$""")
_CAPTION = re.compile(r"(?:File|Image):\S")
# Life dates, pronunciations and names in other scripts or languages.
_ASIDE = re.compile(
    r"\s*\((?=[^()]*(?:\bborn\b|\bdied\b|\s[–-]\s|\d\s*[–-]\s*\d|"
    r"[;:/\u0250-\u02af\u0370-\u1fff\u3040-\uffef]))[^()]*\)"
)


def without_asides(text: str) -> str:
    """Return a sentence without bracketed life dates, pronunciations and foreign names."""
    return _ASIDE.sub("", text) if "(" in text else text


def fault(text: str, found: Sequence[Token]) -> str | None:
    """Return what is wrong with a sentence's form, or None.

    Args:
        text: A sentence.
        found: Its tokens.

    Returns:
        ``too-short`` (under 5 tokens), ``too-long`` (over 60), ``not-prose`` (no closing mark,
        a bracket left open, a picture's caption, or mostly names and numbers), or None.
    """
    if len(found) < _SHORTEST:
        return "too-short"
    if len(found) > _LONGEST:
        return "too-long"
    if not _END.search(text) or _CAPTION.match(text) or text.count("(") != text.count(")"):
        return "not-prose"
    small = sum(text[token.start].islower() for token in found)
    if small < len(found) / 4 and (small or not any(map(_is_caseless, text))):
        return "not-prose"
    return None


def gist(text: str) -> bytes:
    """Return a digest that near-duplicates share: the same content words, in whatever order.

    "In 2001, Ali was made." has that of "Ali was made in 2001!".
    """
    words = sorted(value for value in values(text) if value not in STOPWORDS)
    joined = "\0".join(words).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=12).digest()


def _is_caseless(letter: str) -> bool:
    return letter.isalpha() and letter.lower() == letter.upper()
