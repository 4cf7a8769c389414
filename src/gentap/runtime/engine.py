"""What an engine takes and gives, whatever runs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gentap.errors import InputError
from gentap.linearize import Linearizer


@dataclass(frozen=True, slots=True)
class Decoding:
    """How sentences are decoded.

    Attributes:
        beams: Beams of the search; 1 is greedy.
        max_tokens: Tokens of a sentence at most.
        length_penalty: Exponent of the length that a beam's log-probability is divided by.
        no_repeat: No run of this many tokens is written twice; 0 allows everything.
    """

    beams: int = 1
    max_tokens: int = 64
    length_penalty: float = 1.0
    no_repeat: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        for name, least in (("beams", 1), ("max_tokens", 1), ("no_repeat", 0)):
            if getattr(self, name) < least:
                raise InputError(f"{name}: {getattr(self, name)}; it is {least} or more")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A decoded sentence.

    Attributes:
        ids: Token ids, without start and end tokens.
        log_probability: Of the whole sentence, natural logarithm.
    """

    ids: list[int]
    log_probability: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The cell that the second decoder chose.

    Attributes:
        index: Position in the list of choices.
        log_probability: Of the choice among the choices, natural logarithm.
    """

    index: int
    log_probability: float


@dataclass(frozen=True, slots=True)
class Output:
    """Both decoders' results for one input; None where one was not asked for."""

    sentence: Sentence | None
    choice: Choice | None


class Engine(Protocol):
    """Runs one encoder pass over a batch and both decoders on it."""

    name: str
    linearizer: Linearizer

    def run(
        self,
        inputs: Sequence[list[int]],
        *,
        decoding: Decoding | None = None,
        choices: Sequence[Sequence[list[int]]] | None = None,
    ) -> list[Output]:
        """Decode a batch.

        Args:
            inputs: Token ids of each input, not padded, prefix and suffix included.
            decoding: How to write sentences; None: write none.
            choices: For each input the candidate cells' token ids (without prefix and
                suffix); None, or an empty list for one input: choose none.
        """
        ...
