"""What the tests of training share: encoded examples, a store of them, and a run."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from gentap.training.batch import Encoded
from gentap.training.devices import accelerator_for
from gentap.training.loop import train
from gentap.training.model import TwoDecoderModel
from gentap.training.settings import Settings
from gentap.training.store import TokenStore

EXAMPLES = [
    Encoded(
        [7 + i % 9, 8, 9 + i % 5, *range(10, 10 + i % 4), 1],
        [10 + i % 7, 11, 1],
        "sentence" if i % 2 else "cell",
    )
    for i in range(24)
]
SETTINGS = Settings(epochs=4, batch_size=8, learning_rate=1e-2, dropout=0.1, save_seconds=0.0)


def store_of(examples, path: Path) -> TokenStore:
    return TokenStore.make(path, "", lambda notes: examples)


def run(stock: Path, folder: Path, settings=SETTINGS, *, examples=EXAMPLES, dev=None, **changes):
    """Train a tiny model; return what training returns, and the model."""
    model = TwoDecoderModel.start(stock, cell_layers=1, budget=64)
    store = store_of(examples, folder.with_name(folder.name + "-tokens.arrow"))
    accelerator = accelerator_for("cpu")
    settings = replace(settings, **changes)
    return train(model, store, folder, settings, accelerator=accelerator, dev=dev), model


def metrics(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def losses(folder: Path) -> list[tuple[int, float]]:
    return [(entry["step"], entry["loss"]) for entry in metrics(folder) if "loss" in entry]
