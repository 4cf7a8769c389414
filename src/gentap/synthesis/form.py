"""The form of a sentence: what makes it prose worth learning from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from gentap.text import STOPWORDS, Token, tokens, values

_SHORTEST, _LONGEST = 5, 60
# Words that only English has, and the finite forms of its verbs that no ending tells. Participles
# are left out: alone ("a player taken in 1969") they make no sentence.
_ENGLISH = frozenset("of the with from by and".split())
_VERBS = frozenset(
    "am appear are be beat became become began bet bind bore bought bound broke brought built "
    "burst came can cast caught chose come comprise consist constitute contain cost could cut "
    "dealt did do done dove draw drew drove dug fell felt fled flew follow forgot form fought "
    "found froze gave go got grew had has have heard held hid hit hold hung hurt include is kept "
    "knew laid lay lead leave led left lent let lie lit live lost made make may meant meet met "
    "might move must outran overcame overtook paid play put quit ran rang read rode rose run said "
    "sang sank sat saw say seek sent serve set shall shone shook shot should show shut slept slid "
    "sold sought spent split spoke sprang spread spun stand stood stole struck stuck swam swept "
    "swore swung take taught think thought threw tore travel understood undertook underwent was "
    "wed went were will win withdrew woke won wore work would write wrote wrung".split()
)
_NO_VERB = ("ss", "us", "is")  # "class", "campus", "axis": these have no third person's s
_END = re.compile(r"""[.!?。！？][\])"'”’」』）]*$""")
_CAPTION = re.compile(r"(?:File|Image):\S|[A-Z]{2,}:\s|\d+ [–—-] ")
# What a converter left out: "a speed of.", "the population was in, compared to".
_GAP = re.compile(r"\b(?:of|the)[.,;:](?:\s|$)|\b(?:is|was|were) (?:in|of|at),\s|^According to,")
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
        a bracket left open, a word left out, a caption, mostly names and numbers, or English
        without a verb), or None.
    """
    if len(found) < _SHORTEST:
        return "too-short"
    if len(found) > _LONGEST:
        return "too-long"
    # What ends with "!" ends, as a rule, within a title.
    if text.endswith("!") or not _END.search(text) or _CAPTION.match(text) or _has_gap(text):
        return "not-prose"
    small = [token.value for token in found if text[token.start].islower()]
    if len(small) < len(found) / 4 and (small or not any(map(_is_caseless, text))):
        return "not-prose"
    return None if _ENGLISH.isdisjoint(small) or any(map(_may_be_verb, small)) else "not-prose"


def gist(text: str) -> bytes:
    """Return a digest that near-duplicates share: the same content words, in whatever order.

    "In 2001, Ali was made." has that of "Ali was made in 2001!".
    """
    words = sorted(value for value in values(text) if value not in STOPWORDS)
    joined = "\0".join(words).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=12).digest()


def pattern(text: str) -> str:
    """Return a sentence with its names and numbers left out: "_ was made in _"."""
    parts: list[str] = []
    for token in tokens(text):
        named = text[token.start].isupper() and token.value not in STOPWORDS
        part = "_" if named or token.kind == "number" else token.value
        if part != "_" or parts[-1:] != ["_"]:
            parts.append(part)
    return " ".join(parts)


def _has_gap(text: str) -> bool:
    return text.count("(") != text.count(")") or _GAP.search(text) is not None


def _may_be_verb(word: str) -> bool:
    return (
        word in _VERBS
        or word.endswith("ed")
        or (word.endswith("s") and not word.endswith(_NO_VERB))
    )


def _is_caseless(letter: str) -> bool:
    return letter.isalpha() and letter.lower() == letter.upper()
