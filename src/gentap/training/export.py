"""A checkpoint to the light runtime's files: ONNX graphs with 8-bit block weights."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from gentap.errors import CheckpointError, require
from gentap.training import backbone, graphs
from gentap.training.model import CARD, TwoDecoderModel
from gentap.training.sharing import share

_OPSET = 18
# What the graphs do not tell whoever restores the model.
_NOTED = (
    "feed_forward_proj",
    "relative_attention_num_buckets",
    "layer_norm_epsilon",
    "dropout_rate",
    "pad_token_id",
)
_BLOCK = 32


def export(checkpoint: Path, directory: Path, *, bits: int = 8, beside: Path | None = None) -> None:
    """Write the graphs, tables and tokenizer that `gentap.runtime.onnx` reads.

    Weights become 8-bit blocks of 32 (MatMulNBits): scales per tensor break T5, whose
    feed-forward outputs have outliers. The embedding becomes 8-bit rows.

    Args:
        checkpoint: A GenTaP checkpoint of the T5 family.
        directory: Where the files go; it must not exist.
        bits: 8, or 32 to leave the weights as they are.
        beside: An exported model of the same encoder, embedding, head and tokenizer (see
            ``Settings.freeze_encoder``): those are read from there. Only the way from one
            folder to the other is kept, so that both can be moved together.

    Raises:
        CheckpointError: It is of another family, the directory exists, or what is to be shared
            differs.
        MissingExtraError: onnx is not installed.
    """
    require("onnx", extra="train")
    if directory.exists():
        raise CheckpointError(f"{directory}: exists; export to a new folder")
    model = TwoDecoderModel.load(checkpoint)
    kind = model.seq2seq.config.model_type
    if kind != "t5":
        raise CheckpointError(f"{checkpoint}: the light runtime runs T5 models; this is {kind}")
    directory.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    try:
        _write(model, fresh, bits)
        if beside is not None:
            share(fresh, beside.resolve(), Path(os.path.relpath(beside.resolve(), directory)))
        card = checkpoint / "README.md"
        if card.is_file():
            shutil.copyfile(card, fresh / "README.md")
        fresh.chmod(0o755)
        fresh.rename(directory)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write(model: TwoDecoderModel, folder: Path, bits: int) -> None:
    seq2seq: Any = model.seq2seq
    config = seq2seq.config
    encoder = backbone.encoder_of(seq2seq)
    width, heads, size = config.d_model, config.num_heads, config.d_kv
    embedded, mask = torch.randn(2, 7, width), torch.zeros(2, 1, 1, 7)
    _graph(
        folder / "encoder.onnx",
        graphs.Encoder(encoder, config),
        {"embedded": (embedded, {0: "batch", 1: "tokens"}), "mask": _mask(mask)},
        {"hidden": {0: "batch", 1: "tokens"}},
        bits,
    )
    tables: dict[str, Any] = _embedding(seq2seq.get_input_embeddings().weight, bits)
    stacks = {"sentence": backbone.decoder_of(seq2seq)}
    if model.cell_decoder is not None:
        stacks["cell"] = model.cell_decoder
    for name, stack in stacks.items():
        parts = 2 * len(stack.block)  # type: ignore[arg-type]
        keys = torch.randn(parts, 2, heads, 7, size)
        _graph(
            folder / f"{name}_memory.onnx",
            graphs.Memory(stack, config),
            {"hidden": (embedded, {0: "batch", 1: "tokens"})},
            {"memory": {1: "batch", 3: "tokens"}},
            bits,
        )
        _graph(
            folder / f"{name}_decoder.onnx",
            graphs.DecoderStep(stack, config),
            {
                "embedded": (torch.randn(4, 3, width), {0: "rows", 1: "new"}),
                "bias": (torch.zeros(1, heads, 3, 8), {2: "new", 3: "all"}),
                "mask": _mask(mask),
                "past": (torch.randn(parts, 4, heads, 5, size), {1: "rows", 3: "past"}),
                "memory": (keys, {1: "batch", 3: "tokens"}),
            },
            {"hidden": {0: "rows", 1: "new"}, "fresh": {1: "rows", 3: "new"}},
            bits,
        )
        tables[f"{name}_bias"] = graphs.distance_bias(stack, two_sided=False).numpy()
    scale = float(backbone.head_inputs(seq2seq, torch.ones(())))
    _graph(
        folder / "head.onnx",
        graphs.Head(seq2seq.get_output_embeddings().weight, scale),
        {"hidden": (torch.randn(2, width), {0: "rows"})},
        {"logits": {0: "rows"}},
        bits,
    )
    np.savez(folder / "tables.npz", **tables)
    model.tokenizer.backend.save(str(folder / "tokenizer.json"), pretty=False)
    runtime = {"start": backbone.start_token(seq2seq), "heads": heads, "size": size, "bits": bits}
    noted = {name: getattr(config, name) for name in _NOTED}
    noted |= {"tie_word_embeddings": backbone.is_tied(seq2seq)}
    card = model.card | {"runtime": runtime | {"decoders": list(stacks), "config": noted}}
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    (folder / CARD).write_text(text, encoding="utf-8")


def _mask(mask: Tensor) -> tuple[Tensor, dict[int, str]]:
    return mask, {0: "batch", 3: "tokens"}


def _embedding(weight: Tensor, bits: int) -> dict[str, np.ndarray[Any, Any]]:
    """Store the embedding as rows of 8-bit integers and one scale each."""
    rows = weight.detach().float().numpy()
    if bits == 32:
        return {"embedding": rows, "scales": np.ones(len(rows), np.float32)}
    scales = np.maximum(np.abs(rows).max(1), 1e-12) / 127
    values = np.clip(np.rint(rows / scales[:, None]), -127, 127).astype(np.int8)
    return {"embedding": values, "scales": scales.astype(np.float32)}


def _graph(
    path: Path,
    module: nn.Module,
    inputs: Mapping[str, tuple[Tensor, dict[int, str]]],
    outputs: Mapping[str, dict[int, str]],
    bits: int,
) -> None:
    with warnings.catch_warnings():
        # The tracing exporter is the one that keeps these graphs' shapes free.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            tuple(tensor for tensor, _ in inputs.values()),
            str(path),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: axes for name, (_, axes) in inputs.items()} | dict(outputs),
            opset_version=_OPSET,
            dynamo=False,
        )
    if bits == 8:
        _quantize(path)


def _quantize(path: Path) -> None:
    onnx = require("onnx", extra="train")
    require("onnx_ir", extra="train")
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    quantizer = MatMulNBitsQuantizer(
        onnx.load(path), bits=8, block_size=_BLOCK, is_symmetric=True, accuracy_level=4
    )
    quantizer.process()
    onnx.save(quantizer.model.model, path)
