"""The light runtime's files back to weights that can be trained."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import PreTrainedModel, T5Config, T5ForConditionalGeneration

from gentap.errors import CheckpointError, GentapError
from gentap.tokenization import Tokenizer
from gentap.training import backbone
from gentap.training.graph_weights import Array, GraphWeights, read_graph
from gentap.training.graphs import distance_buckets

Parts = tuple[PreTrainedModel, nn.Module | None, Tokenizer, dict[str, Any]]

# What a card says of the model, and not of the folder that it was exported to.
_KEPT = ("format", "separators", "budget", "cell_layers", "lineage")


def restore(folder: Path, card: Mapping[str, Any]) -> Parts:
    """Read what ``gentap export`` wrote; weights of 8 bits become floats of the same value.

    Args:
        folder: The exported model.
        card: What its ``gentap.json`` says.

    Returns:
        What `gentap.training.model.TwoDecoderModel` is made of: encoder with sentence decoder,
        cell decoder, tokenizer, card.

    Raises:
        CheckpointError: A file is missing or damaged.
        MissingExtraError: onnx is not installed.
    """
    try:
        return _restore(folder, folder / card.get("beside", ""), card)
    except GentapError:
        raise
    except Exception as error:  # protobuf, numpy and torch have error types of their own
        reason = (str(error).strip() or repr(error)).partition("\n")[0]
        raise CheckpointError(
            f"{folder}: not a whole exported model ({reason}); export it again"
        ) from error


def _restore(folder: Path, shared: Path, card: Mapping[str, Any]) -> Parts:
    runtime = card["runtime"]
    tokenizer = Tokenizer.from_folder(shared)
    common, tables = np.load(shared / "tables.npz"), np.load(folder / "tables.npz")
    embedding = common["embedding"].astype(np.float32) * common["scales"][:, None]
    head = read_graph(shared / "head.onnx").matrices[0]
    encoder = read_graph(shared / "encoder.onnx")
    graphs = {name: read_graph(folder / f"{name}_decoder.onnx") for name in runtime["decoders"]}
    settings = _settings(encoder, graphs["sentence"], embedding, runtime)
    tied = settings.setdefault("tie_word_embeddings", _is_tied(head, embedding))
    config = T5Config(eos_token_id=tokenizer.suffix[-1], **settings)
    stacks = {"encoder": _stack(encoder, encoder.biases[0], config)}
    for name, graph in graphs.items():
        memory = read_graph(folder / f"{name}_memory.onnx").matrices[0]
        stacks[name] = _stack(graph, tables[f"{name}_bias"], config, memory)
    state = {"shared.weight": embedding, "lm_head.weight": embedding if tied else head}
    for part, name in (("encoder", "encoder"), ("decoder", "sentence")):
        state |= {f"{part}.{key}": value for key, value in stacks[name].items()}
        state[f"{part}.embed_tokens.weight"] = embedding
    # Without storage: nothing is drawn at random, and a weight left out cannot go unseen.
    with torch.device("meta"):
        seq2seq = T5ForConditionalGeneration(config)
    seq2seq.load_state_dict(_tensors(state), assign=True)
    seq2seq.set_input_embeddings(seq2seq.shared)
    if tied:
        seq2seq.lm_head.weight = seq2seq.shared.weight
    seq2seq.config.tie_word_embeddings = tied
    cells = None
    if "cell" in stacks:
        cells = backbone.new_cell_decoder(seq2seq, card["cell_layers"])
        cells.load_state_dict(_tensors(stacks["cell"] | {"embed_tokens.weight": embedding}))
    return seq2seq.eval(), cells, tokenizer, {name: card[name] for name in _KEPT}


def _settings(
    encoder: GraphWeights, decoder: GraphWeights, embedding: Array, runtime: Mapping[str, Any]
) -> dict[str, Any]:
    """Read the configuration off the shapes.

    They tell neither the number of buckets nor the norms' epsilon nor dropout. Exports note them;
    those from before they did have T5's defaults.
    """
    inner, outer = encoder.matrices[2:4]
    gated = len(inner) == 2 * outer.shape[1]
    function = "relu" if encoder.relu else "gelu" if gated else "gelu_new"
    settings: dict[str, Any] = {
        "vocab_size": len(embedding),
        "d_model": embedding.shape[1],
        "d_kv": runtime["size"],
        "d_ff": outer.shape[1],
        "num_layers": len(encoder.matrices) // 4,
        "num_decoder_layers": len(decoder.matrices) // 6,
        "num_heads": runtime["heads"],
        "relative_attention_max_distance": encoder.biases[0].shape[1] // 2,
        "feed_forward_proj": f"gated-{function}" if gated else function,
        "decoder_start_token_id": runtime["start"],
    }
    return {**settings, **runtime.get("config", {})}


def _is_tied(head: Array, embedding: Array) -> bool:
    """Tell whether the head is the embedding, scaled as T5 does it and rounded on its own.

    Either rounding moves a value by 1/127 of its row's largest at most.
    """
    apart = np.abs(head * embedding.shape[1] ** 0.5 - embedding).max(1)
    return bool((apart <= np.abs(embedding).max(1) * 2 / 127).all())


def _stack(
    graph: GraphWeights, bias: Array, config: T5Config, memory: Array | None = None
) -> dict[str, Array]:
    """Name the weights of a stack as Transformers does; ``memory`` makes it a decoder."""
    matrices, norms = iter(graph.matrices), iter(graph.norms)
    layers = len(graph.matrices) // (4 if memory is None else 6)
    crossing = iter([] if memory is None else np.split(memory, 2 * layers))
    inner = ("wi_0", "wi_1") if config.is_gated_act else ("wi",)
    state: dict[str, Array] = {}
    for block in range(layers):
        at = f"block.{block}.layer"
        state[f"{at}.0.layer_norm"] = next(norms)
        for name, value in zip("qkv", np.split(next(matrices), 3), strict=True):
            state[f"{at}.0.SelfAttention.{name}"] = value
        state[f"{at}.0.SelfAttention.o"] = next(matrices)
        if memory is not None:
            state[f"{at}.1.layer_norm"] = next(norms)
            for name, source in zip("qkvo", (matrices, crossing, crossing, matrices), strict=True):
                state[f"{at}.1.EncDecAttention.{name}"] = next(source)
        feed = f"{at}.{1 if memory is None else 2}"
        state[f"{feed}.layer_norm"] = next(norms)
        for name, value in zip(inner, np.split(next(matrices), len(inner)), strict=True):
            state[f"{feed}.DenseReluDense.{name}"] = value
        state[f"{feed}.DenseReluDense.wo"] = next(matrices)
    state["final_layer_norm"] = next(norms)
    state["block.0.layer.0.SelfAttention.relative_attention_bias"] = _by_bucket(
        bias, config, two_sided=memory is None
    )
    return {f"{name}.weight": value for name, value in state.items()}


def _by_bucket(bias: Array, config: T5Config, *, two_sided: bool) -> Array:
    """Undo `distance_bias`; what no distance reads, as an encoder's middle bucket, becomes 0."""
    number = config.relative_attention_num_buckets
    limit = config.relative_attention_max_distance
    buckets = distance_buckets(limit, number, two_sided=two_sided).numpy()
    learnt = np.zeros((number, len(bias)), np.float32)
    learnt[buckets] = bias.T
    if not np.array_equal(learnt[buckets], bias.T):
        raise ValueError(f"its position biases are not those of {number} buckets")
    return learnt


def _tensors(state: Mapping[str, Array]) -> dict[str, Tensor]:
    return {name: torch.from_numpy(value.copy()) for name, value in state.items()}
