"""Capitals that stand for bold type -> the case that the page uses elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_LETTERS = r"[^\W\d_]+(?:['’][^\W\d_]+)*"
_WORD = re.compile(_LETTERS)
_CAPITALS = re.compile(r"(?<!\w)[^\W\d_a-z]{2,}(?:['’][^\W\d_a-z]+)*(?!\w)")
_ORDINAL = re.compile(r"(?<=\d)(?:ST|ND|RD|TH)(?!\w)")
_OPENING = re.compile(r"[^(,;:]{0,80}")
_SHORTEST = 4  # shorter words in capitals are mostly abbreviations


def restore_case(blocks: Sequence[str], title: str) -> list[str]:
    """Write "THOMAS HAYDOCK" as "Thomas Haydock" where the page shows that it is no acronym.

    Some converters to plain markup render bold type as capitals, most often where the first
    block names its subject. A word in capitals takes the form that it has in the title or,
    from four letters, elsewhere in the prose. Where that happens in the opening words of
    the page, the words in capitals beside it become names.
    """
    if not any(_CAPITALS.search(block) for block in blocks):
        return list(blocks)
    named = _forms(_WORD.findall(title))
    words = {word for block in blocks for word in _WORD.findall(block)}
    known = {
        **_forms(word for word in words if word.islower()),
        **_forms(word for word in words if word[1:].islower() and word[0].isupper()),
        **named,
    }

    def restore(match: re.Match[str]) -> str:
        word = match[0]
        forms = named if len(word) < _SHORTEST else known
        return forms.get(word.replace("'", "’"), word)

    restored = [
        _ORDINAL.sub(lambda suffix: suffix[0].lower(), _CAPITALS.sub(restore, block))
        for block in blocks
    ]
    opening = _opening(blocks[0])
    if not restored[0].startswith(opening):
        fixed = _CAPITALS.sub(lambda word: _name(word[0], title), _opening(restored[0]))
        restored[0] = fixed + restored[0][len(opening) :]
    return restored


def _opening(block: str) -> str:
    match = _OPENING.match(block)
    return match[0] if match else ""


def _forms(words: Iterable[str]) -> dict[str, str]:
    return {
        word.upper().replace("'", "’"): word
        for word in words
        if len(word) > 1 and not word.isupper()
    }


def _name(word: str, title: str) -> str:
    return word if len(word) < _SHORTEST or word in title else word.capitalize()
