"""The one module that knows Transformers' names: loading, saving, and where the parts are."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import PreTrainedModel

from gentap.errors import CheckpointError
from gentap.training.kernels import gelu
from gentap.training.stack import Attention, FeedForward, Layer, Norm, Stack

FAMILIES = ("t5", "mt5", "bart", "mbart")
_T5 = ("t5", "mt5")

# Its bars and its remark on untied heads would hide our own lines on stderr.
transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()


def load_seq2seq(name: str | Path) -> PreTrainedModel:
    """Load a stock encoder-decoder in float32, its head tied or untied as it was saved.

    Args:
        name: A folder or a hub id of a T5, mT5, BART or mBART checkpoint.

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


def stack_of(model: PreTrainedModel, module: nn.Module) -> Stack:
    """Describe an encoder or decoder of the model's family in neutral terms."""
    describe = _t5_stack if model.config.model_type in _T5 else _bart_stack
    return describe(module, model.config)


def keep_layers(model: PreTrainedModel, layers: int) -> None:
    """Leave evenly spaced layers of the decoder, as `new_cell_decoder` copies them.

    Raises:
        CheckpointError: There are not so many layers.
    """
    _inner(model).decoder = new_cell_decoder(model, layers)
    name = "num_decoder_layers" if model.config.model_type in _T5 else "decoder_layers"
    setattr(model.config, name, layers)


def new_cell_decoder(model: PreTrainedModel, layers: int) -> nn.Module:
    """Copy evenly spaced layers of the sentence decoder; the embedding stays shared.

    Args:
        model: The backbone.
        layers: Layers of the copy, 1 up to the decoder's own number.

    Raises:
        CheckpointError: There are not so many layers.
    """
    decoder: Any = decoder_of(model)
    name = "block" if model.config.model_type in _T5 else "layers"
    stack: Any = getattr(decoder, name)
    if not 1 <= layers <= len(stack):
        raise CheckpointError(f"{layers} layers asked for; the decoder has {len(stack)}")
    # deepcopy's memo keeps what is in it shared instead of copied.
    shared: Any = model.get_input_embeddings()
    copied: Any = copy.deepcopy(decoder, {id(shared): shared, id(shared.weight): shared.weight})
    copied.embed_tokens = decoder.embed_tokens
    chosen = [round(i * (len(stack) - 1) / max(layers - 1, 1)) for i in range(layers)]
    new = nn.ModuleList(getattr(copied, name)[i] for i in chosen)
    if model.config.model_type in _T5:
        # Only a T5 stack's first layer holds the position bias, so the first is always chosen.
        block: Any
        for index, block in enumerate(new):
            for part in ("SelfAttention", "EncDecAttention"):
                place = 0 if part == "SelfAttention" else 1
                getattr(block.layer[place], part).layer_idx = index
    setattr(copied, name, new)
    return copied  # type: ignore[no-any-return]


def head_inputs(model: PreTrainedModel, hidden: Tensor) -> Tensor:
    """Scale decoder outputs as the head expects them (only a tied T5 head does)."""
    if getattr(model.config, "scale_decoder_outputs", False):
        return hidden * float(model.config.d_model**-0.5)
    return hidden


def head_bias(model: PreTrainedModel) -> Tensor | None:
    """Return what is added to the logits, *Shape:* (1, vocabulary); only BART has it."""
    return getattr(model, "final_logits_bias", None)


def start_token(model: PreTrainedModel) -> int:
    """Return the id that every decoder input begins with.

    mBART's is the last one of the labels, which here is the end token.
    """
    start = model.config.decoder_start_token_id
    return int(model.config.eos_token_id if start is None else start)


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
    return model if model.config.model_type in _T5 else model.model


def _t5_stack(stack: Any, config: Any) -> Stack:  # noqa: ANN401
    activation = gelu if "gelu" in config.dense_act_fn else F.relu

    def norm(layer: Any) -> Norm:  # noqa: ANN401
        return Norm(layer.weight, None, layer.variance_epsilon)

    def attention(layer: Any, name: str) -> Attention:  # noqa: ANN401
        part = getattr(layer, name)
        return Attention(part.q, part.k, part.v, part.o, norm(layer.layer_norm), 1.0)

    def feed(layer: Any) -> FeedForward:  # noqa: ANN401
        part = layer.DenseReluDense
        inner = (part.wi_0, part.wi_1) if config.is_gated_act else (part.wi,)
        return FeedForward(inner, part.wo, activation, norm(layer.layer_norm))

    def distances(size: int) -> Tensor:
        device = stack.embed_tokens.weight.device
        bias: Tensor = stack.block[0].layer[0].SelfAttention.compute_bias(size, size, device=device)
        return bias[0]

    layers = tuple(
        Layer(
            attention(block.layer[0], "SelfAttention"),
            attention(block.layer[1], "EncDecAttention") if len(block.layer) == 3 else None,
            feed(block.layer[-1]),
        )
        for block in stack.block
    )
    return Stack(
        stack.embed_tokens,
        layers,
        config.num_heads,
        norm_first=True,
        closing=norm(stack.final_layer_norm),
        distances=distances,
    )


def _bart_stack(stack: Any, config: Any) -> Stack:  # noqa: ANN401
    def norm(layer: Any) -> Norm:  # noqa: ANN401
        return Norm(layer.weight, layer.bias, layer.eps)

    def attention(part: Any, around: Any) -> Attention:  # noqa: ANN401
        return Attention(
            part.q_proj, part.k_proj, part.v_proj, part.out_proj, norm(around), part.scaling
        )

    def layer(part: Any) -> Layer:  # noqa: ANN401
        cross = hasattr(part, "encoder_attn")
        return Layer(
            attention(part.self_attn, part.self_attn_layer_norm),
            attention(part.encoder_attn, part.encoder_attn_layer_norm) if cross else None,
            FeedForward((part.fc1,), part.fc2, part.activation_fn, norm(part.final_layer_norm)),
        )

    layers = tuple(layer(part) for part in stack.layers)
    return Stack(
        stack.embed_tokens,
        layers,
        stack.layers[0].self_attn.num_heads,
        norm_first=config.model_type == "mbart",
        opening=norm(stack.layernorm_embedding),
        closing=norm(stack.layer_norm) if config.model_type == "mbart" else None,
        positions=stack.embed_positions.weight[stack.embed_positions.offset :],
    )
