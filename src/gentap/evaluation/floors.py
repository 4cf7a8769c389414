"""What no model at all scores: two baselines that every honest table of results shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gentap.records import Answer, Coordinates, Example
from gentap.text import content_words


@dataclass(frozen=True, slots=True)
class Floor:
    """A baseline in the shape of a system.

    Attributes:
        name: Starts with ``floor:``.
        baseline: Example to answer.
        evidence: Example to the cells that the answer copies.
    """

    name: str
    baseline: Callable[[Example], str]
    evidence: Callable[[Example], Coordinates]

    def answer_batch(self, examples: Sequence[Example]) -> list[Answer]:
        """Answer every example."""
        return [
            Answer(
                question=example.question,
                answer=self.baseline(example),
                cell=None,
                evidence=self.evidence(example),
                agreement=0.0,
                rows_read="all",
                model=self.name,
            )
            for example in examples
        ]


def copy_question(example: Example) -> str:
    """Answer with the question itself."""
    return example.question


def best_row(example: Example) -> str:
    """Answer with the page's title and every cell of the row that best matches the question."""
    row = _best(example)
    cells = () if row is None else example.table.rows[row]
    return " ".join(text for text in (example.table.title, *cells) if text)


def _best(example: Example) -> int | None:
    """Return the first row with the most content words of the question, if there are rows."""
    wanted = content_words(example.question)
    rows = example.table.rows
    return max(
        range(len(rows)),
        key=lambda row: len(wanted & content_words(" ".join(rows[row]))),
        default=None,
    )


def _best_cells(example: Example) -> Coordinates:
    row = _best(example)
    return () if row is None else tuple((row, column) for column in range(example.table.width))


FLOORS: Mapping[str, Floor] = {
    floor.name: floor
    for floor in (
        Floor("floor:copy-question", copy_question, lambda _: ()),
        Floor("floor:best-row", best_row, _best_cells),
    )
}
