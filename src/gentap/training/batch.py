"""Batches of concatenated sequences: nothing is padded, so nothing is wasted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from gentap.records import Kind


@dataclass(frozen=True, slots=True)
class Encoded:
    """One training example as token ids.

    Attributes:
        source: What the encoder reads.
        target: What the decoder is to write, end token included.
        kind: Which decoder writes it.
    """

    source: list[int]
    target: list[int]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Batch:
    """Concatenated sequences; those for the sentence decoder come first.

    Attributes:
        source: Encoder ids. *Shape:* (source_tokens,)
        source_lengths: Length of each source.
        target: Labels. *Shape:* (target_tokens,)
        target_lengths: Length of each target.
        sentences: How many of the examples are for the sentence decoder.
    """

    source: Tensor
    source_lengths: list[int]
    target: Tensor
    target_lengths: list[int]
    sentences: int

    @classmethod
    def of(cls, examples: Sequence[Encoded]) -> Batch:
        """Concatenate examples."""
        ordered = sorted(examples, key=lambda example: example.kind != "sentence")
        return cls(
            torch.tensor([token for example in ordered for token in example.source]),
            [len(example.source) for example in ordered],
            torch.tensor([token for example in ordered for token in example.target]),
            [len(example.target) for example in ordered],
            sum(example.kind == "sentence" for example in ordered),
        )

    def to(self, device: torch.device) -> Batch:
        """Return the batch on a device."""
        return Batch(
            self.source.to(device),
            self.source_lengths,
            self.target.to(device),
            self.target_lengths,
            self.sentences,
        )

    def decoder_inputs(self, start: int) -> Tensor:
        """Shift the labels right, sequence by sequence. *Shape:* (target_tokens,)."""
        shifted = self.target.roll(1)
        lengths = torch.tensor([0, *self.target_lengths[:-1]], device=self.target.device)
        shifted[lengths.cumsum(0)] = start
        return shifted
