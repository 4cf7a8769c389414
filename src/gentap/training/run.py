"""A training in progress: model, optimizer and position, and how one step is taken."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list
from accelerate.utils.memory import should_reduce_batch_size
from torch import Tensor

from gentap.errors import InputError
from gentap.training import backbone
from gentap.training.batch import Batch, Tokens
from gentap.training.dev import Dev
from gentap.training.model import TwoDecoderModel
from gentap.training.optimizer import make_optimizer, optimizer_tensors, restore_optimizer
from gentap.training.packed import Arithmetic
from gentap.training.plan import Places, Plan, split_step
from gentap.training.settings import Settings
from gentap.training.store import TokenStore

logger = logging.getLogger(__name__)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Best:
    """The dev evaluation with the lowest loss so far.

    Attributes:
        step: After which step.
        loss: What it was.
        since: How many evaluations ago.
    """

    step: int
    loss: float
    since: int


class Run:
    """Model, optimizer and position of a training.

    Attributes:
        step: Steps behind.
        seconds: Time behind, of resumed runs too.
        losses: Losses of the last step.
        best: The best dev evaluation so far.
    """

    def __init__(
        self,
        model: TwoDecoderModel,
        store: TokenStore,
        plan: Plan,
        settings: Settings,
        accelerator: Accelerator,
        steps: int | None,
    ) -> None:
        """Put a model in place.

        Args:
            model: What to train.
            store: The examples.
            plan: Their order.
            settings: How to train.
            accelerator: The devices.
            steps: Steps there will be; None where `Settings.minutes` decides.
        """
        if plan.share % accelerator.num_processes:
            raise InputError(
                f"batch_size: {settings.batch_size}; {plan.share} examples of each kind a step "
                f"cannot be shared evenly by {accelerator.num_processes} processes"
            )
        self.store, self.plan, self.settings = store, plan, settings
        self.accelerator, self.steps = accelerator, steps
        self.step, self.seconds = 0, 0.0
        self.losses: dict[str, float] = {}
        self.best: Best | None = None
        self._stopped = False
        self._limit = settings.pass_tokens
        self._arithmetic = Arithmetic(getattr(torch, settings.dtype), settings.dropout)
        self.model = model.to(accelerator.device)
        _freeze(model, plan, store, settings)
        self.named = {k: v for k, v in model.named_parameters() if v.requires_grad}
        self.optimizer = make_optimizer(self.named, settings)
        self._mean: dict[str, Tensor] = {}
        self._summed = 0
        self._kept: dict[str, Tensor] = {}
        self._wrapped: Any = accelerator.prepare(model)

    @property
    def progress(self) -> float:
        """Share of the training that is behind, 0 to 1."""
        if self.steps is None:
            return min(1.0, self.seconds / (60 * self.settings.minutes))
        return self.step / self.steps

    @property
    def done(self) -> bool:
        """Whether the last step is taken."""
        return self._stopped or self.progress >= 1

    def advance(self) -> dict[str, Any]:
        """Take one optimizer step; one that does not fit into memory is split and retried."""
        # In the middle of the step, so that neither the first nor the last one is idle.
        half = 0.5 / self.steps if self.steps else 1e-3
        rate = self.settings.rate(self.progress + half)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        places = self.plan.step(self.step)
        losses = self._gradients(places)
        norm = self.accelerator.clip_grad_norm_(self.named.values(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        self._average()
        self.losses = {"loss": sum(losses), "sentence": losses[0], "cell": losses[1]}
        tokens = sum(
            int(self.store.source_lengths[kind].sum() + self.store.target_lengths[kind].sum())
            for kind in places
        )
        return {"step": self.step, **self.losses, "norm": float(norm), "rate": rate,
                "tokens": tokens}  # fmt: skip

    def look(self, dev: Dev) -> dict[str, float]:
        """Evaluate, remember the best weights, and stop where patience ends."""
        scores: dict[str, float] = shared(dev.evaluate(self.model, self._arithmetic))
        loss = scores["dev_loss"]
        if self.best is None or loss < self.best.loss:
            self.best = Best(self.step, loss, 0)
            self._kept = {name: value.detach().clone() for name, value in self.named.items()}
        else:
            self.best = Best(self.best.step, self.best.loss, self.best.since + 1)
        patience = self.settings.patience
        self._stopped = bool(patience) and self.best.since >= patience
        return scores

    def finish(self, dev: Dev | None) -> None:
        """Leave the weights in the model that are to be kept: averaged, or the best on dev."""
        if self._mean:
            self._load(self._mean)
        if dev is None or self.best is None:
            return
        if self._mean:
            loss = shared(dev.evaluate(self.model, self._arithmetic))["dev_loss"]
            if loss <= self.best.loss:
                return
        self._load(self._kept)

    def tensors(self) -> dict[str, Tensor]:
        """Return everything that a checkpoint has to hold, by name."""
        groups: dict[str, dict[str, Tensor]] = {
            "model": dict(self.named),
            "mean": self._mean,
            "best": self._kept,
        }
        return {
            f"{group}/{name}": value.detach()
            for group, values in groups.items()
            for name, value in values.items()
        } | optimizer_tensors(self.optimizer, self.named)

    def position(self) -> dict[str, Any]:
        """Return the rest of what a checkpoint has to hold."""
        return {
            "step": self.step,
            "seconds": self.seconds,
            "losses": self.losses,
            "best": asdict(self.best) if self.best else None,
            "stopped": self._stopped,
            "averaged": self._summed,
        }

    def restore(self, tensors: Mapping[str, Tensor], position: Mapping[str, Any]) -> None:
        """Go on from a checkpoint."""
        groups: dict[str, dict[str, Tensor]] = {"model": {}, "mean": {}, "best": {}}
        for full, value in tensors.items():
            group, _, name = full.partition("/")
            if group in groups:
                groups[group][name] = value.to(self.accelerator.device)
        self._load(groups["model"])
        self._mean, self._kept = groups["mean"], groups["best"]
        restore_optimizer(self.optimizer, self.named, tensors)
        self.step, self.seconds = position["step"], position["seconds"]
        self.losses, self._stopped = position["losses"], position["stopped"]
        self.best = Best(**position["best"]) if position["best"] else None
        self._summed = position["averaged"]

    def _gradients(self, kinds: list[Places]) -> tuple[float, float]:
        """Compute the gradients of a step; return its mean losses, sentence and cell."""
        while True:
            try:
                return self._passes(kinds)
            except RuntimeError as error:
                if not should_reduce_batch_size(error) or self.accelerator.num_processes > 1:
                    raise
                self.optimizer.zero_grad(set_to_none=True)
                held = sum(int(self.store.source_lengths[kind].sum()) for kind in kinds)
                self._limit = min(self._limit, held) // 2
                if not self._limit:
                    raise InputError("memory does not hold one example of each kind") from error
                logger.warning("out of memory: passes hold %d tokens from now on", self._limit)

    def _passes(self, kinds: list[Places]) -> tuple[float, float]:
        rank, world = self.accelerator.process_index, self.accelerator.num_processes
        # Dropout is drawn from the step's number: no random state has to be stored.
        seed = np.random.SeedSequence([self.settings.seed, self.step, rank])
        torch.manual_seed(int(seed.generate_state(1)[0]))
        own = split_step([kind[rank::world] for kind in kinds], self.store.source_lengths,
                         self._limit)  # fmt: skip
        tokens = self._tokens(kinds)
        total = torch.zeros(2, device=self.accelerator.device)
        for number, places in enumerate(own, 1):
            batch = Batch.of([self.store[int(place)] for place in places])
            last = number == len(own)
            quiet = contextlib.nullcontext() if last else self.accelerator.no_sync(self._wrapped)
            with quiet:
                losses = self._wrapped(
                    batch.to(self.accelerator.device),
                    self._arithmetic,
                    smoothing=self.settings.smoothing,
                    tokens=tokens,
                )
                # Processes average their gradients; each holds its share of the whole sum.
                self.accelerator.backward(losses.total * world)
            total += torch.stack([losses.sentence.detach(), losses.cell.detach()])
        sentence, cell = self.accelerator.reduce(total, "sum").tolist()
        return sentence, cell

    def _tokens(self, kinds: list[Places]) -> Tokens:
        counts = {False: 0, True: 0}
        for places in kinds:
            counts[bool(self.store.cells[places[0]])] = int(self.store.target_lengths[places].sum())
        return Tokens(counts[False], counts[True])

    def _average(self) -> None:
        if self.progress < 1 - self.settings.average or not self.settings.average:
            return
        self._summed += 1
        for name, value in self.named.items():
            if self._summed == 1:
                self._mean[name] = value.detach().clone()
            else:
                self._mean[name].lerp_(value.detach(), 1 / self._summed)

    def _load(self, values: Mapping[str, Tensor]) -> None:
        with torch.no_grad():
            for name, value in self.named.items():
                value.copy_(values[name])


def shared(value: Value) -> Value:
    """Return the main process's value in every process, so that all decide alike."""
    values = [value]
    broadcast_object_list(values)
    return values[0]


def _freeze(model: TwoDecoderModel, plan: Plan, store: TokenStore, settings: Settings) -> None:
    """Leave alone what has nothing to learn from: a decoder without examples, if asked more."""
    if settings.freeze_encoder:
        backbone.encoder_of(model.seq2seq).requires_grad_(False)
        model.seq2seq.get_output_embeddings().requires_grad_(False)
    frozen = settings.freeze_embeddings or settings.freeze_encoder
    learnt = {bool(store.cells[places[0]]) for places in plan.kinds}
    if False not in learnt:
        backbone.decoder_of(model.seq2seq).requires_grad_(False)
    if model.cell_decoder is not None and True not in learnt:
        model.cell_decoder.requires_grad_(False)
    # Shared with both decoders, so set last.
    model.seq2seq.get_input_embeddings().requires_grad_(not frozen)
