"""From what a user calls a model to an engine that runs it."""

from __future__ import annotations

import hashlib
import json
import os
import re
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from gentap.errors import CheckpointError, require
from gentap.runtime.engine import Engine

_DEFAULT = "default"
# What ships, by the folder of the package, and the variable that names another one.
_VARIABLES = {"model": "GENTAP_MODEL", "questions": "GENTAP_QUESTION_MODEL"}
Role = Literal["model", "questions"]
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")


def find_model(model: str | Path, role: Role = "model") -> Path:
    """Return the folder of a model.

    Args:
        model: A folder; a hub id, which is downloaded unless the cache has it; or ``default``:
            what a variable names, else what ships.
        role: Which default: the ``model`` that answers (GENTAP_MODEL), or the one that writes
            ``questions`` (GENTAP_QUESTION_MODEL).

    Raises:
        CheckpointError: There is no such model.
    """
    model = meant(model, role)
    if model == _DEFAULT:
        return _shipped(role)
    if Path(model).is_dir():
        return Path(model)
    if not _HUB_ID.fullmatch(str(model)):
        raise CheckpointError(f"{model}: no such folder")
    return _downloaded(str(model))


def find_start(model: str | Path) -> str | Path:
    """Return what training is to load: the folder of a GenTaP model, else the name as it is.

    Of a stock backbone's files on the hub, Transformers knows which ones it needs.

    Args:
        model: Folder or hub id of a GenTaP model or of a stock backbone; or ``default``.

    Raises:
        CheckpointError: There is no such model.
    """
    model = meant(model)
    if model == _DEFAULT or (_HUB_ID.fullmatch(model) and _has_card(model)):
        return find_model(model)
    return model


def meant(model: str | Path, role: Role = "model") -> str:
    """Return the name that ``default`` stands for; any other one as it is."""
    return os.environ.get(_VARIABLES[role]) or _DEFAULT if model == _DEFAULT else str(model)


def open_engine(folder: Path, *, device: str | None = None) -> Engine:
    """Open an exported model with ONNX Runtime, or a checkpoint with torch.

    Args:
        folder: The model.
        device: Where a checkpoint runs, as torch names it.

    Raises:
        CheckpointError: The folder holds neither, or not all of it.
        MissingExtraError: A checkpoint needs torch, which is not installed.
    """
    if (folder / "sentence_decoder.onnx").is_file():
        from gentap.runtime.onnx import OnnxEngine

        return OnnxEngine.from_folder(folder)
    if not (folder / "gentap.json").is_file():
        raise CheckpointError(f"{folder}: neither an exported model nor a GenTaP checkpoint there")
    require("torch", extra="train")
    from gentap.runtime.torch import TorchEngine

    return TorchEngine.from_folder(folder, device=device)


def fingerprint(folder: Path) -> str:
    """Digest names, sizes and the card of a model folder: cheap, and enough to tell two apart."""
    state = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        state.update(f"{path.name}:{path.stat().st_size}\n".encode())
    state.update((folder / "gentap.json").read_bytes())
    return state.hexdigest()[:12]


def lineage(folder: Path) -> list[dict[str, Any]]:
    """Return how a model was made, stage by stage, as its card says."""
    card = json.loads((folder / "gentap.json").read_text(encoding="utf-8"))
    return list(card.get("lineage", []))


def _shipped(role: Role) -> Path:
    folder = Path(str(resources.files("gentap") / role))
    if not folder.is_dir():
        what = "model" if role == "model" else "question generator"
        raise CheckpointError(
            f"no {what} ships with this copy of gentap: name one, here or in {_VARIABLES[role]}"
        )
    return folder


def _has_card(name: str) -> bool:
    """Tell whether a hub id is that of a GenTaP model; a folder of that name goes first."""
    if Path(name).is_dir():
        return False
    from huggingface_hub import file_exists, try_to_load_from_cache

    if isinstance(try_to_load_from_cache(name, "gentap.json"), str):
        return True
    try:
        return file_exists(name, "gentap.json")
    except Exception:  # without a network, say: then whoever loads it says what is wrong
        return False


def _downloaded(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name))
    except Exception as error:  # network, hub and cache each have error types of their own
        reason = str(error).strip().partition("\n")[0]
        raise CheckpointError(
            f"{name}: no such folder, and nothing to be had from the hub ({reason})"
        ) from error
