"""Checkpoints of a running training: each whole or absent, the last two kept."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from gentap.errors import CheckpointError, InputError
from gentap.storage import read_json, write_json

_KEPT = 2
_NAME = re.compile(r"checkpoint-(\d+)")
_STATE, _POSITION = "state.safetensors", "position.json"


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """The checkpoints in a training's folder.

    Attributes:
        directory: The folder.
        identity: Settings and sizes that a run resumed from one of them has to share.
    """

    directory: Path
    identity: Mapping[str, Any]

    def save(self, step: int, tensors: Mapping[str, Tensor], position: Mapping[str, Any]) -> None:
        """Write the checkpoint of a step, and forget all but the last two.

        Raises:
            CheckpointError: The disk does not take it; those before it are whole.
        """
        place = self.directory / f"checkpoint-{step:08}"
        fresh = place.with_name(f".{place.name}.tmp")
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            with writing(fresh):
                fresh.mkdir(parents=True)
                save_file(dict(tensors), fresh / _STATE)
                write_json(fresh / _POSITION, {"identity": dict(self.identity), **position})
                shutil.rmtree(place, ignore_errors=True)
                fresh.rename(place)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        for old in self._all()[:-_KEPT]:
            shutil.rmtree(old)

    def last(self) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
        """Return tensors and position of the last checkpoint, or None.

        Raises:
            InputError: It belongs to a run with other settings or examples.
        """
        found = self._all()
        if not found:
            return None
        position = read_json(found[-1] / _POSITION)
        for key, value in self.identity.items():
            if (other := position["identity"].get(key)) != value:
                raise InputError(
                    f"{found[-1]}: made with {key}={other!r}, not {value!r}; "
                    "give the same settings to go on, or another folder to start anew"
                )
        return load_file(found[-1] / _STATE), position

    def clear(self) -> None:
        """Delete them all: the model is finished."""
        for place in self._all():
            shutil.rmtree(place)

    def _all(self) -> list[Path]:
        places = self.directory.glob("checkpoint-*")
        return sorted(place for place in places if _NAME.fullmatch(place.name))


@contextlib.contextmanager
def writing(place: Path) -> Iterator[None]:
    """Turn a write that fails into an error that says what to do.

    Raises:
        CheckpointError: The disk did not take it.
    """
    try:
        yield
    except (OSError, SafetensorError) as error:
        raise CheckpointError(
            f"{place}: could not be written ({error}); nothing of what was saved before is lost: "
            "make room on the disk and run the same command again"
        ) from error
