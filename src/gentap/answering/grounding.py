"""What an answer rests on: matching cells, restored spellings, unsupported numbers.

All of it is found by matching text. It is a hint for a reader, never a proof.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from gentap.records import Coordinates
from gentap.table import Table
from gentap.text import STOPWORDS, tokens, values

_WORD = re.compile(r"[^\W_]+")


def matching_cells(answer: str, table: Table, rows: Sequence[int]) -> Coordinates:
    """Find the cells whose value an answer states.

    A value that stands in several rows counts only where most other values match too.

    Args:
        answer: The answer.
        table: The table.
        rows: The rows the model has read.

    Returns:
        (row, column) pairs, sorted.
    """
    stated = values(answer)
    places: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for row in rows:
        for column, cell in enumerate(table.rows[row]):
            if value := values(cell):
                places.setdefault(value, []).append((row, column))
    runs = {
        stated[start : start + length]
        for length in {len(value) for value in places}
        for start in range(len(stated) - length + 1)
    }
    found = {value: where for value, where in places.items() if value in runs and _tells(value)}
    # "York" is not stated where "New York" is.
    whole = [v for v in found if not any(_inside(v, other) for other in found)]
    counts = Counter(row for value in whole for row in {row for row, _ in found[value]})
    best: set[tuple[int, int]] = set()
    for value in whole:
        most = max(counts[row] for row, _ in found[value])
        best.update(place for place in found[value] if counts[place[0]] == most)
    return tuple(sorted(best))


def unsupported_numbers(answer: str, known: Iterable[str]) -> list[str]:
    """Return the numbers of an answer that none of the known texts holds, as written."""
    there = {token.value for text in known for token in tokens(text)}
    return [
        answer[token.start : token.end]
        for token in tokens(answer)
        if token.kind == "number" and token.value not in there
    ]


def restore(answer: str, known: Iterable[str], fold: Callable[[str], str]) -> str:
    """Give words back the characters that the model's vocabulary lacks.

    Args:
        answer: What the model wrote, such as "Lodz won."
        known: Texts that may hold the true spelling, such as "Łódź".
        fold: How the tokenizer folded them.
    """
    spelling: dict[str, str] = {}
    for text in known:
        if text.isascii():
            continue
        for match in _WORD.finditer(text):
            if (folded := fold(match[0])) != match[0]:
                spelling.setdefault(folded, match[0])
    if not spelling:
        return answer
    return _WORD.sub(lambda match: spelling.get(match[0], match[0]), answer)


def _tells(value: tuple[str, ...]) -> bool:
    return any(word not in STOPWORDS for word in value)


def _inside(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    size = len(short)
    return size < len(long) and any(
        long[start : start + size] == short for start in range(len(long) - size + 1)
    )
