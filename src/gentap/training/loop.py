"""The training loop: seeded, resumable after a kill, on one device or many."""

from __future__ import annotations

import contextlib
import logging
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from accelerate import Accelerator

from gentap.training.checkpoints import Checkpoints
from gentap.training.dev import Dev
from gentap.training.journal import Journal
from gentap.training.model import TwoDecoderModel
from gentap.training.plan import Plan
from gentap.training.run import Run, shared
from gentap.training.settings import Settings
from gentap.training.store import TokenStore

logger = logging.getLogger(__name__)


def train(
    model: TwoDecoderModel,
    store: TokenStore,
    directory: Path,
    settings: Settings,
    *,
    accelerator: Accelerator,
    label: str = "train",
    dev: Dev | None = None,
) -> dict[str, Any]:
    """Train a model in place and keep everything needed to go on after a kill.

    The folder gets ``metrics.jsonl``, a line a step, and the last two checkpoints, each whole.
    Run again with the same settings and examples, it goes on from there and ends with the
    same losses; only ``minutes`` makes a run depend on the machine's speed.

    Args:
        model: What to train.
        store: What to learn.
        directory: Where metrics and checkpoints go.
        settings: How to train.
        accelerator: The devices, see `gentap.training.devices.accelerator_for`.
        label: What the progress bar says.
        dev: What to look at from time to time; the weights with its lowest loss are kept.

    Returns:
        Steps, examples seen, last losses and minutes, ready for a lineage entry.

    Raises:
        InputError: There is nothing to learn, or the folder holds another run's checkpoint.
        CheckpointError: The disk is full.
    """
    plan = Plan(store.cells, settings.batch_size, settings.seed)
    steps = None if settings.minutes else steps_of(plan, settings)
    run = Run(model, store, plan, settings, accelerator, steps)
    identity = settings.identity() | {"steps": steps, "examples": len(store)}
    checkpoints = Checkpoints(directory, identity)
    if (found := checkpoints.last()) is not None:
        run.restore(*found)
        logger.info("%s: going on from step %d", directory, run.step)
    with contextlib.ExitStack() as stack:
        journal = None
        if accelerator.is_main_process:
            journal = stack.enter_context(
                Journal(
                    directory,
                    step=run.step,
                    steps=steps,
                    label=label,
                    tensorboard=settings.tensorboard,
                )
            )
        _steps_until_done(run, checkpoints, journal, dev)
    run.finish(dev)
    return {
        "steps": run.step,
        "examples_seen": run.step * plan.examples_per_step,
        "examples": len(store),
        "loss": run.losses,
        "minutes": round(run.seconds / 60, 1),
        "processes": accelerator.num_processes,
        "settings": asdict(settings),
    } | ({"best": asdict(run.best)} if run.best else {})


def steps_of(plan: Plan, settings: Settings) -> int:
    """Return how many steps the settings ask for, time left aside."""
    steps = max(1, round(settings.epochs * plan.steps_per_epoch))
    return min(steps, settings.max_steps or steps)


def _steps_until_done(
    run: Run, checkpoints: Checkpoints, journal: Journal | None, dev: Dev | None
) -> None:
    settings = run.settings
    every = settings.dev_steps or run.plan.steps_per_epoch
    started, before = time.monotonic(), run.seconds
    saved = started
    while not run.done:
        entry = run.advance()
        if journal is not None:
            journal.step(entry)
        if dev is not None and (run.step % every == 0 or run.done):
            scores = run.look(dev)
            if journal is not None:
                journal.dev({"step": run.step, **scores})
        run.seconds = shared(before + time.monotonic() - started)
        due = shared(time.monotonic() - saved >= settings.save_seconds)
        if due or run.done:
            if journal is not None:
                journal.flush()
                checkpoints.save(run.step, run.tensors(), run.position())
            saved = time.monotonic()
            run.accelerator.wait_for_everyone()
