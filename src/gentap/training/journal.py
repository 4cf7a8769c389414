"""What a training says: metrics as JSONL, for TensorBoard, and a bar on stderr."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tqdm import tqdm

from gentap.errors import require
from gentap.storage import write_jsonl

METRICS = "metrics.jsonl"


class Journal:
    """Keeps a training's metrics; only the main process has one."""

    def __init__(
        self, directory: Path, *, step: int, steps: int | None, label: str, tensorboard: bool
    ) -> None:
        """Go on after a step; what was written of later ones is forgotten.

        Args:
            directory: Where ``metrics.jsonl`` lies.
            step: The step to go on from.
            steps: Steps there will be; None where time decides.
            label: What the bar says.
            tensorboard: Whether to write for TensorBoard too.
        """
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / METRICS
        _cut(path, step)
        self._file = path.open("a", encoding="utf-8")
        self._bar = tqdm(total=steps, initial=step, desc=label, unit="step", file=sys.stderr)
        self._begun, self._tokens = time.monotonic(), 0
        self._board: Any = None
        if tensorboard:
            require("tensorboard", extra="report")
            from torch.utils.tensorboard import SummaryWriter

            self._board = SummaryWriter(directory / "tensorboard", purge_step=step + 1)

    def step(self, entry: Mapping[str, Any]) -> None:
        """Note one step."""
        self._note(entry)
        self._tokens += entry["tokens"]
        rate = self._tokens / max(time.monotonic() - self._begun, 1e-9)
        self._bar.set_postfix(loss=f"{entry['loss']:.3f}", tokens_s=f"{rate:.0f}", refresh=False)
        self._bar.update()

    def dev(self, entry: Mapping[str, Any]) -> None:
        """Note a dev evaluation."""
        self._note(entry)
        shown = " ".join(f"{k}={v:.3f}" for k, v in entry.items() if isinstance(v, float))
        self._bar.write(f"step {entry['step']}: {shown}", file=sys.stderr)

    def flush(self) -> None:
        """Hand everything to the system, before a checkpoint that builds on it."""
        self._file.flush()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close everything."""
        self._bar.close()
        self._file.close()
        if self._board is not None:
            self._board.close()

    def _note(self, entry: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(entry) + "\n")
        if self._board is not None:
            for name, value in entry.items():
                if isinstance(value, float):
                    self._board.add_scalar(name, value, entry["step"])


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a ``metrics.jsonl``; a line that a kill left half written is none."""
    entries = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else []:
        try:
            entries.append(json.loads(line))
        except ValueError:
            continue
    return entries


def _cut(path: Path, step: int) -> None:
    """Forget the steps after a checkpoint: they will be taken again."""
    write_jsonl(path, [entry for entry in read_metrics(path) if entry["step"] <= step])
