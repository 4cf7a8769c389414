"""Looking up from training: the loss on held-out examples, and scores of real answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch

from gentap.training.batch import Batch, Encoded, Tokens
from gentap.training.model import TwoDecoderModel
from gentap.training.packed import Arithmetic

_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Dev:
    """What to look at.

    Attributes:
        examples: Held-out examples; never trained on.
        score: Further scores of the model as it is, by name; it has to leave the model as is.
    """

    examples: Sequence[Encoded]
    score: Callable[[TwoDecoderModel], Mapping[str, float]] | None = None

    def evaluate(self, model: TwoDecoderModel, arithmetic: Arithmetic) -> dict[str, float]:
        """Return the losses, as in training but without dropout and smoothing, and the scores."""
        device = next(model.parameters()).device
        total = _tokens(self.examples)
        sentence = cell = 0.0
        ordered = sorted(self.examples, key=lambda example: len(example.source))
        with torch.inference_mode():
            for start in range(0, len(ordered), _AT_ONCE):
                batch = Batch.of(ordered[start : start + _AT_ONCE]).to(device)
                losses = model(batch, Arithmetic(arithmetic.dtype), tokens=total)
                sentence += losses.sentence.item()
                cell += losses.cell.item()
            scores = dict(self.score(model)) if self.score else {}
        entry = {"loss": sentence + cell, "sentence": sentence, "cell": cell} | scores
        return {f"dev_{name}": value for name, value in entry.items()}


def _tokens(examples: Sequence[Encoded]) -> Tokens:
    counts = {"sentence": 0, "cell": 0}
    for example in examples:
        counts[example.kind] += len(example.target)
    return Tokens(counts["sentence"], counts["cell"])
