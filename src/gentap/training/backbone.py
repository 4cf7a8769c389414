"""The one module that knows Transformers' names: loading, saving, and where the parts are."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors import safe_open
from torch import nn
from transformers import PreTrainedModel

from gentap.errors import CheckpointError

FAMILIES = ("t5", "bart")

# Its bars and its remark on untied heads would hide our own lines on stderr.
transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()


def load_seq2seq(name: str | Path) -> PreTrainedModel:
    """Load a stock encoder-decoder in float32, its head tied or untied as it was saved.

    Args:
        name: A folder or a hub id of a T5 or BART checkpoint.

    Raises:
        CheckpointError: It cannot be loaded, or is of another family.
    """
    try:
        model: PreTrainedModel = transformers.AutoModelForSeq2SeqLM.from_pretrained(
            str(name), dtype=torch.float32
        )
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise CheckpointError(f"{name}: no encoder-decoder checkpoint there ({reason})") from error
    if model.config.model_type not in FAMILIES:
        known = ", ".join(FAMILIES)
        raise CheckpointError(f"{name}: a {model.config.model_type} model; GenTaP knows {known}")
    # Transformers 5 loads every T5 as tied. An own head survives that in the weights but
    # not in the configuration, and the next load would scale its inputs as for a tied one.
    if not is_tied(model):
        model.config.tie_word_embeddings = False
    model.eval()
    return model


def is_tied(model: PreTrainedModel) -> bool:
    """Tell whether the output head is the input embedding."""
    head: Any = model.get_output_embeddings()
    embedding: Any = model.get_input_embeddings()
    return bool(head.weight.data_ptr() == embedding.weight.data_ptr())


def save_seq2seq(model: PreTrainedModel, folder: Path) -> None:
    """Write a stock checkpoint that `AutoModelForSeq2SeqLM` loads with equal logits."""
    model.save_pretrained(folder)
    stored = folder / "model.safetensors"
    if stored.is_file() and not is_tied(model):
        with safe_open(stored, "pt") as file:
            if "lm_head.weight" not in file.keys():
                raise CheckpointError(f"{stored}: the untied head was not stored")


def encoder_of(model: PreTrainedModel) -> nn.Module:
    """Return the encoder stack."""
    return _inner(model).encoder  # type: ignore[no-any-return]


def decoder_of(model: PreTrainedModel) -> nn.Module:
    """Return the sentence decoder stack."""
    return _inner(model).decoder  # type: ignore[no-any-return]


def new_cell_decoder(model: PreTrainedModel, layers: int) -> nn.Module:
    """Copy evenly spaced layers of the sentence decoder; the embedding stays shared.

    Args:
        model: The backbone.
        layers: Layers of the copy, 1 up to the decoder's own number.

    Raises:
        CheckpointError: There are not so many layers.
    """
    decoder: Any = decoder_of(model)
    name = "block" if model.config.model_type == "t5" else "layers"
    stack: Any = getattr(decoder, name)
    if not 1 <= layers <= len(stack):
        raise CheckpointError(f"{layers} cell layers asked for; the decoder has {len(stack)}")
    # deepcopy's memo keeps what is in it shared instead of copied.
    shared: Any = model.get_input_embeddings()
    copied: Any = copy.deepcopy(decoder, {id(shared): shared, id(shared.weight): shared.weight})
    copied.embed_tokens = decoder.embed_tokens
    chosen = [round(i * (len(stack) - 1) / max(layers - 1, 1)) for i in range(layers)]
    new = nn.ModuleList(getattr(copied, name)[i] for i in chosen)
    if model.config.model_type == "t5":
        # Only a T5 stack's first layer holds the position bias, so the first is always chosen.
        block: Any
        for index, block in enumerate(new):
            for part in ("SelfAttention", "EncDecAttention"):
                place = 0 if part == "SelfAttention" else 1
                getattr(block.layer[place], part).layer_idx = index
    setattr(copied, name, new)
    return copied  # type: ignore[no-any-return]


def head_inputs(model: PreTrainedModel, hidden: torch.Tensor) -> torch.Tensor:
    """Scale decoder outputs as the head expects them (only a tied T5 head does)."""
    if getattr(model.config, "scale_decoder_outputs", False):
        return hidden * float(model.config.d_model**-0.5)
    return hidden


def head_bias(model: PreTrainedModel) -> torch.Tensor | None:
    """Return what is added to the logits, *Shape:* (1, vocabulary); only BART has it."""
    return getattr(model, "final_logits_bias", None)


def start_token(model: PreTrainedModel) -> int:
    """Return the id that every decoder input begins with."""
    return int(model.config.decoder_start_token_id)


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object of a checkpoint folder.

    Raises:
        CheckpointError: The file is missing or broken.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path}: missing or broken ({error})") from error
    if not isinstance(value, dict):
        raise CheckpointError(f"{path}: not a JSON object")
    return value


def _inner(model: PreTrainedModel) -> Any:  # noqa: ANN401 - modules have dynamic attributes
    return model.model if model.config.model_type == "bart" else model
