"""The training loop: seeded, resumable after a kill, its losses on disk step by step."""

from __future__ import annotations

import ctypes
import json
import logging
import math
import os
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from tqdm import tqdm

from gentap.errors import InputError
from gentap.training.backbone import read_json
from gentap.training.batch import Batch, Encoded
from gentap.training.data import Sampler
from gentap.training.model import TwoDecoderModel

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train; written beside the model, and what a resumed run is held to.

    Attributes:
        epochs: Passes over the smaller kind of example.
        max_steps: Steps at most, whatever the epochs; 0: no limit.
        batch_size: Examples a step.
        learning_rate: Peak of the schedule (AdamW).
        warmup: Share of the steps in which the rate rises; afterwards it falls to zero.
        dropout: Probability that a hidden value is dropped.
        seed: Seeds order and dropout.
        dtype: ``bfloat16`` or ``float32``, of the matrix products.
        device: Where to train, as torch names it.
        save_seconds: Seconds between two checkpoints.
        freeze_embeddings: Leave the input embedding as it is.
    """

    epochs: float = 1.0
    max_steps: int = 0
    batch_size: int = 32
    learning_rate: float = 5e-4
    warmup: float = 0.05
    dropout: float = 0.0
    seed: int = 0
    dtype: str = "float32"
    device: str = "cpu"
    save_seconds: float = 300.0
    freeze_embeddings: bool = False


# What may change between a killed run and the one that resumes it.
_FREE = ("device", "save_seconds")


def train(
    model: TwoDecoderModel,
    examples: Sequence[Encoded],
    directory: Path,
    settings: Settings,
    *,
    label: str = "train",
) -> dict[str, Any]:
    """Train a model in place and keep everything needed to go on after a kill.

    The folder gets ``metrics.jsonl``, a line a step, and ``checkpoint``, replaced atomically.
    Run again with the same settings and examples, it goes on from there and ends with the
    same losses.

    Args:
        model: What to train.
        examples: What to learn.
        directory: Where metrics and checkpoints go.
        settings: How to train.
        label: What the progress bar says.

    Returns:
        Steps, examples seen, last losses and seconds, ready for a lineage entry.

    Raises:
        InputError: There is nothing to learn, or the folder holds another run's checkpoint.
    """
    if not examples:
        raise InputError("no examples to train on: see the counts of dropped ones above")
    sampler = Sampler(examples, settings.batch_size, settings.seed)
    steps = max(1, round(settings.epochs * sampler.steps_per_epoch()))
    steps = min(steps, settings.max_steps or steps)
    run = _Run(model, directory, settings, {"steps": steps, "examples": len(examples)})
    started, before = time.monotonic(), run.seconds
    saved = started
    batches = sampler.batches(run.step)
    with (directory / "metrics.jsonl").open("a", encoding="utf-8") as metrics:
        bar = tqdm(total=steps, initial=run.step, desc=label, unit="step", file=sys.stderr)
        while run.step < steps:
            entry = run.advance(next(batches))
            metrics.write(json.dumps(entry) + "\n")
            bar.set_postfix(loss=f"{entry['loss']:.3f}", refresh=False)
            bar.update()
            run.seconds = before + time.monotonic() - started
            if time.monotonic() - saved >= settings.save_seconds and run.step < steps:
                metrics.flush()
                run.save()
                saved = time.monotonic()
        bar.close()
    run.save()
    return {
        "steps": steps,
        "examples_seen": steps * settings.batch_size,
        "examples": len(examples),
        "loss": run.last,
        "minutes": round(run.seconds / 60, 1),
        "settings": asdict(settings),
    }


class _Run:
    """Model, optimizer, position and random state: all that a checkpoint holds."""

    def __init__(
        self,
        model: TwoDecoderModel,
        directory: Path,
        settings: Settings,
        size: dict[str, int],
    ) -> None:
        keep_memory()
        self.model = model.to(settings.device)
        self.directory = directory
        self.settings = settings
        self.identity = {k: v for k, v in asdict(settings).items() if k not in _FREE} | size
        self.steps = size["steps"]
        self.step = 0
        self.seconds = 0.0
        self.last: dict[str, float] = {}
        model.seq2seq.get_input_embeddings().requires_grad_(not settings.freeze_embeddings)
        self.named = {k: v for k, v in model.named_parameters() if v.requires_grad}
        fused = torch.device(settings.device).type in ("cpu", "cuda")
        self.optimizer = torch.optim.AdamW(
            self.named.values(), lr=settings.learning_rate, weight_decay=0.0, fused=fused
        )
        torch.manual_seed(settings.seed)
        directory.mkdir(parents=True, exist_ok=True)
        self._restore()

    def advance(self, examples: list[Encoded]) -> dict[str, float]:
        """Take one optimizer step."""
        settings = self.settings
        rate = settings.learning_rate * self._schedule()
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        batch = Batch.of(examples).to(torch.device(settings.device))
        losses = self.model(batch, dtype=getattr(torch, settings.dtype), dropout=settings.dropout)
        losses.total.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.named.values(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        self.last = {
            "loss": losses.total.item(),
            "sentence": losses.sentence.item(),
            "cell": losses.cell.item(),
        }
        return {"step": self.step, **self.last, "norm": norm.item(), "rate": rate}

    def save(self) -> None:
        """Replace the checkpoint; a kill at any moment leaves a whole one."""
        place = self.directory / "checkpoint"
        fresh, stale = place.with_suffix(".new"), place.with_suffix(".old")
        for leftover in (fresh, stale):
            shutil.rmtree(leftover, ignore_errors=True)
        fresh.mkdir()
        state = {f"model.{name}": value.detach() for name, value in self.named.items()}
        for name, value in self.named.items():
            for key, moment in self.optimizer.state.get(value, {}).items():
                state[f"optimizer.{key}.{name}"] = moment
        state["random"] = torch.get_rng_state()
        if torch.cuda.is_available() and self.settings.device.startswith("cuda"):
            state["random.cuda"] = torch.cuda.get_rng_state()
        save_file(state, fresh / "state.safetensors")
        position = {"step": self.step, "seconds": self.seconds, "last": self.last}
        text = json.dumps({"identity": self.identity, **position}, indent=2)
        (fresh / "position.json").write_text(text + "\n", encoding="utf-8")
        if place.exists():
            place.rename(stale)
        fresh.rename(place)
        shutil.rmtree(stale, ignore_errors=True)

    def _restore(self) -> None:
        place = self.directory / "checkpoint"
        # Killed between the two renames: the old one is whole, and the only one.
        if not place.exists() and place.with_suffix(".old").exists():
            place.with_suffix(".old").rename(place)
        if not place.exists():
            (self.directory / "metrics.jsonl").unlink(missing_ok=True)
            return
        position = read_json(place / "position.json")
        for key, value in self.identity.items():
            if (found := position["identity"].get(key)) != value:
                raise InputError(
                    f"{place}: made with {key}={found!r}, not {value!r}; "
                    "give the same settings to go on, or another folder to start anew"
                )
        state = load_file(place / "state.safetensors")
        for name, value in self.named.items():
            value.data.copy_(state[f"model.{name}"])
            moments = {
                key: state[full]
                for key in ("step", "exp_avg", "exp_avg_sq")
                if (full := f"optimizer.{key}.{name}") in state
            }
            self.optimizer.state[value] = {
                key: moment if key == "step" else moment.to(value.device)
                for key, moment in moments.items()
            }
        torch.set_rng_state(state["random"])
        if "random.cuda" in state:
            torch.cuda.set_rng_state(state["random.cuda"])
        self.step, self.seconds = position["step"], position["seconds"]
        self.last = position["last"]
        self._cut_metrics()
        logger.info("%s: going on from step %d", place, self.step)

    def _cut_metrics(self) -> None:
        """Forget the steps after the checkpoint: they will be taken again."""
        path = self.directory / "metrics.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines()[: self.step]
        fresh = path.with_suffix(".new")
        fresh.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        os.replace(fresh, path)

    def _schedule(self) -> float:
        rise = max(1, math.ceil(self.settings.warmup * self.steps))
        if self.step < rise:
            return (self.step + 1) / rise
        return (self.steps - self.step) / max(1, self.steps - rise)


def best_dtype(device: str) -> str:
    """Return ``bfloat16`` where a device computes in it; to emulate it costs threefold."""
    if torch.device(device).type == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    lines = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").is_file() else ""
    return "bfloat16" if {"avx512_bf16", "amx_bf16"}.intersection(lines.split()) else "float32"


def keep_memory() -> None:
    """Tell glibc to keep freed memory: asking the kernel anew each step costs a tenth of it."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        trim_threshold, mmap_threshold = -1, -3
        if hasattr(libc, "mallopt"):
            libc.mallopt(trim_threshold, 2**31 - 1)
            libc.mallopt(mmap_threshold, 2**31 - 1)
