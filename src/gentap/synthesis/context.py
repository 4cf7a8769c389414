"""What stands around a stretch of a sentence: whether it is only a part of a name or a date."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gentap.text import MONTHS, STOPWORDS, Token

_MONTHS = frozenset(MONTHS)


def is_part(
    text: str, found: Sequence[Token], position: int, size: int, own: Collection[str]
) -> bool:
    """Tell whether a match is only a part of a longer name or date than its cell holds."""
    before = found[position - 1] if position else None
    after = found[position + size] if position + size < len(found) else None
    first, last = found[position], found[position + size - 1]
    if first.kind == "number" and size == 1:
        near = {token.value for token in (before, after) if token}
        return len(first.value) < 3 and not near.isdisjoint(_MONTHS)
    if not text[first.start].isupper():
        return False
    if after and after.value not in own and continues(text, last, after):
        return True
    if before is None or not text[before.start].isupper() or before.value in own:
        return False
    if size > 1 and not own:
        return False
    return continues(text, before, first)


def is_of_longer_date(found: Sequence[Token], position: int, size: int) -> bool:
    """Tell whether what could be a part of a cell's date is a part of another date."""
    before = [token.value for token in found[max(position - 2, 0) : position]]
    after = found[position + size].value if position + size < len(found) else ""
    key = [token.value for token in found[position : position + size]]
    if not any(value in _MONTHS for value in key):
        return any(value in _MONTHS for value in before)
    has_year = len(key[-1]) == 4
    if has_year:
        return bool(before) and before[-1].isdigit() and len(before[-1]) < 3
    return after.isdigit() and len(after) == 4


def continues(text: str, left: Token, right: Token) -> bool:
    """Tell whether two tokens are parts of one name."""
    return (
        text[left.end : right.start] in (" ", "-")
        and text[right.start].isupper()
        and left.value not in STOPWORDS
        and right.value not in STOPWORDS
    )
