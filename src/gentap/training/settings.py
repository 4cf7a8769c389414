"""How to train: one value for all three trainings."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import torch

from gentap.errors import InputError

OptimizerName = Literal["adamw", "adafactor"]

# What may change between a killed run and the one that resumes it.
_FREE = ("device", "save_seconds", "tensorboard")


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train; written beside the model, and what a resumed run is held to.

    Attributes:
        epochs: Passes over the smaller kind of example.
        max_steps: Steps at most, whatever the epochs; 0: no limit.
        minutes: Train for so long instead, the schedule ending in time; 0: by epochs.
        batch_size: Examples a step, of all processes together; with both kinds, half of each.
        pass_tokens: Input tokens that one pass through the model holds, about: a larger step
            is taken in several passes, whose gradients add up.
        optimizer: ``adamw``, or ``adafactor``, whose moments take less memory.
        learning_rate: Peak of the schedule.
        warmup: Share of the training in which the rate rises; afterwards it falls to zero.
        dropout: Probability that a hidden value is dropped.
        smoothing: Label smoothing.
        average: Average the weights over this last share of the training; 0: take the last.
        patience: Stop after so many dev evaluations without a lower loss; 0: never.
        dev_steps: Steps between two dev evaluations; 0: one at the end of each epoch.
        seed: Seeds order and dropout.
        dtype: ``bfloat16`` or ``float32``, of the matrix products.
        device: Where to train, as torch names it.
        save_seconds: Seconds between two checkpoints.
        freeze_embeddings: Leave the input embedding as it is.
        freeze_encoder: Leave encoder, embedding and head as they are; decoders alone learn.
        tensorboard: Write the metrics for TensorBoard too.
    """

    epochs: float = 1.0
    max_steps: int = 0
    minutes: float = 0.0
    batch_size: int = 32
    pass_tokens: int = 16384
    optimizer: OptimizerName = "adamw"
    learning_rate: float = 5e-4
    warmup: float = 0.05
    dropout: float = 0.0
    smoothing: float = 0.0
    average: float = 0.0
    patience: int = 0
    dev_steps: int = 0
    seed: int = 0
    dtype: str = "float32"
    device: str = "cpu"
    save_seconds: float = 300.0
    freeze_embeddings: bool = False
    freeze_encoder: bool = False
    tensorboard: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        for name in ("epochs", "batch_size", "pass_tokens", "learning_rate"):
            if getattr(self, name) <= 0:
                raise InputError(f"{name}: {getattr(self, name)}; it has to be more than 0")
        for name in ("warmup", "dropout", "smoothing", "average"):
            if not 0 <= getattr(self, name) < 1:
                raise InputError(f"{name}: {getattr(self, name)}; it is a share, 0 up to 1")
        for name in ("max_steps", "minutes", "patience", "dev_steps"):
            if getattr(self, name) < 0:
                raise InputError(f"{name}: {getattr(self, name)}; it cannot be negative")

    def identity(self) -> dict[str, Any]:
        """Return what a resumed run has to share with the one it resumes."""
        return {name: value for name, value in asdict(self).items() if name not in _FREE}

    def rate(self, progress: float) -> float:
        """Return the learning rate when this share, 0 to 1, of the training is behind."""
        if progress < self.warmup:
            return self.learning_rate * progress / self.warmup
        return self.learning_rate * (1 - min(progress, 1.0)) / (1 - self.warmup)


def best_device() -> str:
    """Return ``cuda`` where there is a GPU, else ``cpu``."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def best_dtype(device: str) -> str:
    """Return ``bfloat16`` where a device computes in it; to emulate it costs threefold."""
    if torch.device(device).type == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    lines = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").is_file() else ""
    return "bfloat16" if {"avx512_bf16", "amx_bf16"}.intersection(lines.split()) else "float32"
