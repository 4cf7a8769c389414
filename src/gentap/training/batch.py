"""Batches of concatenated sequences: nothing is padded, so nothing is wasted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from gentap.records import Kind

Ids = Sequence[int] | npt.NDArray[np.integer[Any]]


class Tokens(NamedTuple):
    """Numbers of target tokens.

    Attributes:
        sentence: For the sentence decoder.
        cell: For the cell decoder.
    """

    sentence: int
    cell: int


@dataclass(frozen=True, slots=True)
class Encoded:
    """One training example as token ids.

    Attributes:
        source: What the encoder reads.
        target: What the decoder is to write, end token included.
        kind: Which decoder writes it.
    """

    source: Ids
    target: Ids
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
            _joined([example.source for example in ordered]),
            [len(example.source) for example in ordered],
            _joined([example.target for example in ordered]),
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

    @property
    def tokens(self) -> Tokens:
        """Target tokens of each kind."""
        lengths = self.target_lengths
        return Tokens(sum(lengths[: self.sentences]), sum(lengths[self.sentences :]))

    def parts(self) -> dict[Kind, slice]:
        """Return which sequences are whose."""
        return {"sentence": slice(0, self.sentences), "cell": slice(self.sentences, None)}

    def decoder_inputs(self, start: int) -> Tensor:
        """Shift the labels right, sequence by sequence. *Shape:* (target_tokens,)."""
        shifted = self.target.roll(1)
        lengths = torch.tensor([0, *self.target_lengths[:-1]], device=self.target.device)
        shifted[lengths.cumsum(0)] = start
        return shifted


def span(lengths: Sequence[int], part: slice) -> slice:
    """Return where the tokens of these sequences lie in the concatenation."""
    start = sum(lengths[: part.start])
    return slice(start, start + sum(lengths[part]))


def _joined(pieces: Sequence[Ids]) -> Tensor:
    return torch.from_numpy(np.concatenate(pieces).astype(np.int64))
