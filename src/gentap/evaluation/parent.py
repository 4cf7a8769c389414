"""PARENT (Dhingra et al., 2019): table-to-text judged by the reference and by the table.

An n-gram that the reference lacks still counts as far as its words stand in the table, and what a
text leaves out of the reference counts only as far as the table holds it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from gentap.evaluation.bootstrap import Measure, mean_measure
from gentap.table import Table
from gentap.text import values

ORDERS = 4
# Half of the recall is of the reference, half of the table.
TABLE_SHARE = 0.5
_SMALLEST = 1e-5
_SIGNATURE = f"parent|orders:{ORDERS}|lambda:{TABLE_SHARE}|entailment:words|tok:typed|v:1"

Words = tuple[str, ...]


def parent_measure(
    answers: Sequence[str], references: Sequence[str], tables: Sequence[Table]
) -> Measure:
    """Return the mean F1 of PARENT, with its word-overlap model of entailment.

    Args:
        answers: Texts to judge.
        references: What each of them should say.
        tables: What each of them describes; every cell is an entry.
    """
    found = [
        parent(values(answer), values(reference), [values(cell) for cell in _cells(table)])
        for answer, reference, table in zip(answers, references, tables, strict=True)
    ]
    return mean_measure("parent", _SIGNATURE, np.array(found))


def parent(answer: Words, reference: Words, entries: Sequence[Words]) -> float:
    """Return the F1 of one text, 0 to 1.

    Args:
        answer: Its words.
        reference: Words of the reference.
        entries: Words of every entry of the table; those without words say nothing.
    """
    entries = [entry for entry in entries if entry]
    known = {word for entry in entries for word in entry}
    precisions, recalls = [], []
    for order in range(1, ORDERS + 1):
        own, wanted = _grams(answer, order), _grams(reference, order)
        precisions.append(_precision(own, wanted, known))
        recalls.append(_recall(own, wanted, known))
    mentioned = [_common(entry, answer) / len(entry) for entry in entries]
    of_table = sum(mentioned) / len(mentioned) if mentioned else 0.0
    precision = _geometric(precisions)
    recall = math.exp(
        (1 - TABLE_SHARE) * math.log(max(_geometric(recalls), _SMALLEST))
        + TABLE_SHARE * math.log(max(of_table, _SMALLEST))
    )
    return 2 * precision * recall / (precision + recall) if precision else 0.0


def _precision(own: Counter[Words], wanted: Counter[Words], known: set[str]) -> float:
    """Return the share of n-grams that the reference holds or, by words, the table."""
    total = sum(own.values())
    if not total:
        return 0.0
    entailed = 0.0
    for gram, count in own.items():
        matched = min(1.0, wanted[gram] / count)
        entailed += count * (matched + (1 - matched) * _entailment(gram, known))
    return entailed / total


def _recall(own: Counter[Words], wanted: Counter[Words], known: set[str]) -> float:
    """Return the share of the reference's n-grams, weighed by the table, that are there."""
    weights = {gram: _entailment(gram, known) for gram in wanted}
    total = sum(count * weights[gram] for gram, count in wanted.items())
    found = sum(min(count, own[gram]) * weights[gram] for gram, count in wanted.items())
    return found / total if total else 1.0


def _geometric(shares: Sequence[float]) -> float:
    """Return the mean over the orders; of those above one, nothing counts as nearly nothing."""
    first, *others = shares
    if not first:
        return 0.0
    logs = [math.log(share or _SMALLEST) for share in (first, *others)]
    return math.exp(sum(logs) / len(logs))


def _entailment(gram: Words, known: set[str]) -> float:
    return sum(word in known for word in gram) / len(gram)


def _common(entry: Words, answer: Words) -> int:
    """Return the length of the longest common subsequence."""
    row = [0] * (len(answer) + 1)
    for word in entry:
        before = 0
        for place, other in enumerate(answer, 1):
            above = row[place]
            row[place] = before + 1 if word == other else max(above, row[place - 1])
            before = above
    return row[-1]


def _grams(words: Words, order: int) -> Counter[Words]:
    return Counter(words[place : place + order] for place in range(len(words) - order + 1))


def _cells(table: Table) -> list[str]:
    return [cell for row in table.rows for cell in row]
