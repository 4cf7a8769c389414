"""All measures of one system's predictions: which of them depends on what was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gentap.evaluation.bootstrap import SAMPLES, SEED, Measure
from gentap.evaluation.cells import cell_measures
from gentap.evaluation.metrics import Variant, mean_words, measures, summarize
from gentap.evaluation.parent import parent_measure
from gentap.evaluation.truth import truth_measures
from gentap.records import Example

Prediction = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """The measures of one system.

    Attributes:
        text: Of overlap with the references, for sentences; PARENT where there is no question.
        truth: Of agreement with the tables, for sentences.
        cells: Of the cells pointed at, for questions whose answer is one cell.
        words: Mean length of the sentences and of their references.
    """

    text: Sequence[Measure]
    truth: Sequence[Measure]
    cells: Sequence[Measure]
    words: tuple[float, float] | None

    @property
    def measures(self) -> list[Measure]:
        """All of them."""
        return [*self.text, *self.truth, *self.cells]

    def to_record(self) -> dict[str, Any]:
        """Return the scores as they stand in scores.json."""
        record: dict[str, Any] = {"bootstrap": {"samples": SAMPLES, "seed": SEED}}
        if self.words is not None:
            record = summarize(self.text, self.words).to_record()
        for name, found in (("truth", self.truth), ("cells", self.cells)):
            if found:
                record[name] = {one.name: one.estimate().to_record() for one in found}
        return record


def judge(
    predictions: Sequence[Prediction], examples: Sequence[Example], variant: Variant
) -> Judged:
    """Measure predictions: sentences by their text and its truth, cells by the cell.

    Args:
        predictions: As predictions.jsonl has them, one an example and in the same order.
        examples: What was asked.
        variant: Settings of the text metrics.
    """
    pairs = list(zip(predictions, examples, strict=True))
    sentences = [pair for pair in pairs if pair[1].kind == "sentence"]
    cells = [pair for pair in pairs if pair[1].kind == "cell"]
    text: list[Measure] = []
    truth: list[Measure] = []
    words = None
    if sentences:
        answers = [prediction["answer"] for prediction, _ in sentences]
        asked = [example for _, example in sentences]
        references = [example.answer for example in asked]
        text = measures(answers, references, variant)
        truth = truth_measures(answers, asked)
        words = mean_words(answers), mean_words(references)
        if all(not example.question for example in asked):
            text.append(parent_measure(answers, references, [one.table for one in asked]))
    of_cells = cell_measures(*zip(*cells, strict=True)) if cells else []
    return Judged(text, truth, of_cells, words)


def said(prediction: Prediction, example: Example) -> str:
    """Return what answers the example: the sentence, or the cell's text."""
    if example.kind == "sentence":
        return str(prediction["answer"])
    return str(prediction["cell"]["value"]) if prediction.get("cell") else ""
