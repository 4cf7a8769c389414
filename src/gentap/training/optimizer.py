"""Optimizers, and their state as named tensors."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.optim import Optimizer

from gentap.training.settings import Settings

_PREFIX = "optimizer/"


def make_optimizer(named: Mapping[str, Tensor], settings: Settings) -> Optimizer:
    """Return the optimizer that the settings ask for; nothing decays."""
    values = list(named.values())
    if settings.optimizer == "adafactor":
        return torch.optim.Adafactor(values, lr=settings.learning_rate, weight_decay=0.0)
    fused = values[0].device.type in ("cpu", "cuda")
    return torch.optim.AdamW(values, lr=settings.learning_rate, weight_decay=0.0, fused=fused)


def optimizer_tensors(optimizer: Optimizer, named: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the state of an optimizer under names that safetensors can store."""
    return {
        f"{_PREFIX}{key}/{name}": torch.as_tensor(moment)
        for name, value in named.items()
        for key, moment in optimizer.state.get(value, {}).items()
    }


def restore_optimizer(
    optimizer: Optimizer, named: Mapping[str, Tensor], tensors: Mapping[str, Tensor]
) -> None:
    """Put back what `optimizer_tensors` returned."""
    places = {name: place for place, name in enumerate(named)}
    state: dict[int, dict[str, Tensor]] = {}
    for full, moment in tensors.items():
        if full.startswith(_PREFIX):
            key, name = full.removeprefix(_PREFIX).split("/", 1)
            state.setdefault(places[name], {})[key] = moment
    optimizer.load_state_dict(
        {"state": state, "param_groups": optimizer.state_dict()["param_groups"]}
    )
