"""Number, ordinals and possessives of English words and phrases."""

from __future__ import annotations

import re

from gentap.values import remembered

ADJECTIVE = re.compile(r"(?:ish|ese|ian|ean|ican|ench|utch|eek|wiss|aeli|aqi)$")
"""What words such as "Spanish" and "Chinese" end with."""
_HEAD_END = re.compile(r"\s(?:of|in|at|for|by|from|per|to|on|with|as|or|and)\s|\s*[(,/]")
_NOT_PLURAL = re.compile(r"(?:ss|us|is|as|series|species|news|chassis|lens|tennis)$", re.IGNORECASE)
_ENDING_S = re.compile(r"[^siuo]s$")
_IRREGULAR = {"person": "people", "man": "men", "woman": "women"}
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
).split()


@remembered
def head_word(phrase: str) -> str:
    """Return the noun that a header is about: the last word before a preposition."""
    head = _HEAD_END.split(phrase, maxsplit=1)[0].split()
    return head[-1] if head else phrase


@remembered
def is_plural(phrase: str) -> bool:
    """Tell whether a header names several things."""
    head = head_word(phrase)
    return len(head) > 3 and head.endswith("s") and not _NOT_PLURAL.search(head)


@remembered
def singular(phrase: str) -> str:
    """Return the singular of a phrase that ends with a regular English plural."""
    if not is_plural(phrase) or not phrase.endswith("s"):
        return phrase
    if phrase.endswith("ies"):
        return phrase[:-3] + "y"
    if phrase.endswith("oes"):
        return phrase[:-2]
    return phrase[: -2 if re.search(r"(?:ss|[^o]us|x|ch|sh)es$", phrase) else -1]


def plural(phrase: str) -> str:
    """Return the plural of a phrase."""
    if phrase in _IRREGULAR:
        return _IRREGULAR[phrase]
    if phrase.endswith(("s", "x", "ch", "sh")):
        return f"{phrase}es"
    if phrase.endswith("y") and phrase[-2:-1] not in "aeiou":
        return f"{phrase[:-1]}ies"
    return f"{phrase}s"


def ordinal(number: int) -> str:
    """Return "first", "second", ..., "twelfth", "13th", ..."""
    if number < len(_ORDINALS):
        return _ORDINALS[number]
    teen = number % 100 in (11, 12, 13)
    ending = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def is_several(text: str) -> bool:
    """Tell whether a name is that of several, like those of most teams: "Buffalo Bills"."""
    return _ENDING_S.search(text) is not None


def possessive(name: str) -> str:
    """Return "Ann's", "James'"."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"
