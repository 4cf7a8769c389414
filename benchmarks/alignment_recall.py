"""How many annotated answers the alignment finds in their own tables, and why not the others.

    python benchmarks/alignment_recall.py DATA [--misses REASON]

DATA is what `gentap evaluate` reads (FeTaQA's JSONL): every answer is aligned with its own table as
a sentence of a document would be. ``found`` is the share of the answers whose form is that of a
sentence alone; ``rows_right`` and ``cells_right`` are the shares of the rows and cells found that
are among the data's evidence. --misses prints those that a reason left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from gentap.evaluation import read_examples
from gentap.records import Alignment, Document, Example, Sentence, Source
from gentap.synthesis.alignment import Dropped, align
from gentap.synthesis.sentences import subject_of

OF_FORM = ("too-short", "too-long", "not-prose", "pronoun")


def main() -> None:
    """Align, count, and print one JSON object, or the misses of one reason."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data")
    parser.add_argument("--misses", metavar="REASON")
    options = parser.parse_args()
    found = list(outcomes(options.data))
    if options.misses:
        for example, outcome in found:
            if isinstance(outcome, Dropped) and outcome.reason == options.misses:
                sys.stdout.write(f"{example.answer}\t[{example.table.title}]\n")
        return
    reasons = Counter(
        outcome.reason if isinstance(outcome, Dropped) else f"kept-{min(len(outcome.rows), 2)}"
        for _, outcome in found
    )
    judged = len(found) - sum(reasons[reason] for reason in OF_FORM)
    kept = reasons["kept-1"] + reasons["kept-2"]
    report = {
        "answers": len(found),
        "of_one_row": reasons.pop("kept-1", 0),
        "of_several_rows": reasons.pop("kept-2", 0),
        "found": round(kept / judged, 4) if judged else None,
        "rows_right": agreement(found, lambda cell: cell[0]),
        "cells_right": agreement(found, lambda cell: cell),
        "dropped": dict(reasons.most_common()),
    }
    sys.stdout.write(json.dumps(report, indent=2) + "\n")


def agreement(
    found: Iterable[tuple[Example, Alignment | Dropped]],
    part: Callable[[tuple[int, int]], object],
) -> float | None:
    """Return the share of what was found that the evidence of its example names, too."""
    right = total = 0
    for example, outcome in found:
        if example.evidence and isinstance(outcome, Alignment):
            parts = set(map(part, outcome.evidence))
            right += len(parts & set(map(part, example.evidence)))
            total += len(parts)
    return round(right / total, 4) if total else None


def outcomes(data: str) -> Iterator[tuple[Example, Alignment | Dropped]]:
    """Yield every example with the outcome of aligning its answer with its table."""
    for example in read_examples(data):
        title = example.table.title
        sentence = Sentence(example.answer, subject_of(title))
        document = Document(Source(), title, (example.table,), (sentence,))
        yield example, next(align(document))


if __name__ == "__main__":
    main()
