"""How fast a training would be: some real steps, of which nothing is kept."""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import dataclass

import torch
from accelerate import Accelerator

from gentap.training.loop import steps_of
from gentap.training.model import TwoDecoderModel
from gentap.training.plan import Plan
from gentap.training.run import Run
from gentap.training.settings import Settings
from gentap.training.store import TokenStore

# The first steps allocate and warm up.
_UNCOUNTED = 2


@dataclass(frozen=True, slots=True)
class Measurement:
    """What some steps of a training cost.

    Attributes:
        examples_per_second: Of both kinds.
        tokens_per_second: Input and target tokens.
        seconds_per_step: Mean.
        steps: Steps of the whole training.
        minutes: Estimate of the whole training.
        memory_gib: Peak memory so far, of the GPU where there is one.
    """

    examples_per_second: float
    tokens_per_second: float
    seconds_per_step: float
    steps: int
    minutes: float
    memory_gib: float


def measure(
    model: TwoDecoderModel,
    store: TokenStore,
    settings: Settings,
    accelerator: Accelerator,
    *,
    seconds: float,
) -> Measurement:
    """Train for some seconds; the model is changed by it, and nothing is written.

    Args:
        model: What would be trained.
        store: What it would learn.
        settings: How.
        accelerator: Where.
        seconds: How long to measure, after two steps that do not count; at least one step.
    """
    plan = Plan(store.cells, settings.batch_size, settings.seed)
    steps = steps_of(plan, settings)
    run = Run(model, store, plan, settings, accelerator, steps)
    for _ in range(_UNCOUNTED):
        run.advance()
    begun, taken, tokens = time.monotonic(), 0, 0
    while taken == 0 or time.monotonic() - begun < seconds:
        tokens += run.advance()["tokens"]
        taken += 1
    spent = time.monotonic() - begun
    total = settings.minutes or spent / taken * steps / 60
    return Measurement(
        examples_per_second=taken * plan.examples_per_step / spent,
        tokens_per_second=tokens / spent,
        seconds_per_step=spent / taken,
        steps=round(total * 60 * taken / spent),
        minutes=total,
        memory_gib=_peak_memory(accelerator) / 2**30,
    )


def _peak_memory(accelerator: Accelerator) -> int:
    if accelerator.device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(accelerator.device))
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
