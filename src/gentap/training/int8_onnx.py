"""Dynamically quantised ONNX graphs of a T5, made float again: their weights and their logits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from gentap.errors import require

Array = NDArray[Any]


# What the graphs' names of modules begin with, and what stock names have in its place.
_ENCODER = ("enc.", "encoder.")
_DECODER = ("m.", "")


class ReferenceT5:
    """A T5 of two ONNX graphs, run one sentence at a time."""

    def __init__(self, encoder: bytes, decoder: bytes) -> None:
        """Load the graphs.

        Args:
            encoder: Model of ``input_ids`` and ``attention_mask``.
            decoder: Model of ``input_ids``, ``encoder_hidden_states``, ``encoder_attention_mask``.
        """
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3  # a warning for each int8 matrix left unused
        self._encoder, self._decoder = (
            onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            for model in (encoder, decoder)
        )

    def logits(self, source: Sequence[int], target: Sequence[int]) -> Array:
        """Return what the decoder says at each position. *Shape:* (target, vocabulary).

        Args:
            source: Input ids.
            target: Decoder input ids.
        """
        ids = np.array([source], dtype=np.int64)
        mask = np.ones_like(ids)
        (hidden,) = self._encoder.run(None, {"input_ids": ids, "attention_mask": mask})
        feed = {
            "input_ids": np.array([target], dtype=np.int64),
            "encoder_hidden_states": hidden,
            "encoder_attention_mask": mask,
        }
        logits: Array = self._decoder.run(None, feed)[0][0]
        return logits


def read_t5(encoder: bytes, decoder: bytes) -> tuple[dict[str, Array], ReferenceT5]:
    """Make a quantised T5 float again.

    Args:
        encoder: ONNX model of the encoder, whose modules are named ``enc.*``.
        decoder: ONNX model of decoder and head, ``m.*``.

    Returns:
        The weights by their stock names, and the float graphs.

    Raises:
        MissingExtraError: onnx is not installed.
    """
    onnx = require("onnx", extra="train")
    weights: dict[str, Array] = {}
    models = []
    for content, (prefix, stock) in ((encoder, _ENCODER), (decoder, _DECODER)):
        model = onnx.load_model_from_string(content)
        for name, value in dequantise(model.graph).items():
            weights[stock + name.removeprefix(prefix)] = value
        models.append(model.SerializeToString())
    return weights, ReferenceT5(*models)


def dequantise(graph: Any) -> dict[str, Array]:  # noqa: ANN401 - onnx is optional
    """Make the int8 matrix products of a graph float ones, in place.

    Args:
        graph: A graph that ``onnxruntime.quantization.quantize_dynamic`` made of a PyTorch
            export: its nodes are named by the modules they come from.

    Returns:
        The weights, named by their modules, float32. *Shape:* matrices (out, in), as in PyTorch.
    """
    helper = require("onnx.numpy_helper", extra="train")
    values = {tensor.name: helper.to_array(tensor) for tensor in graph.initializer}
    readers = {name: node for node in graph.node for name in node.input}
    writers = {name: node for node in graph.node for name in node.output}
    weights: dict[str, Array] = {}
    for name, value in values.items():
        if name.endswith("layer_norm.weight"):
            weights[name] = value
        elif name.endswith(".weight_quantized"):
            table = name.removesuffix("_quantized")
            weights[table] = _float(values, table)
    for product in [node for node in graph.node if node.op_type == "MatMulInteger"]:
        name = product.name.removesuffix("/MatMul_quant").strip("/").replace("/", ".") + ".weight"
        matrix = _float(values, product.input[1].removesuffix("_quantized"))
        weights[name] = np.ascontiguousarray(matrix.T)
        graph.initializer.append(helper.from_array(matrix, name))
        # Integer product, cast, times both scales: one float product takes the place of all.
        cast = readers[product.output[0]]
        scaled = readers[cast.output[0]]
        hidden = writers[product.input[0]].input[0]
        product.op_type = "MatMul"
        product.ClearField("input")
        product.input.extend([hidden, name])
        product.output[0] = scaled.output[0]
        graph.node.remove(cast)
        graph.node.remove(scaled)
    return weights


def _float(values: dict[str, Array], name: str) -> Array:
    quantised, zero = values[f"{name}_quantized"], values[f"{name}_zero_point"]
    scale: Array = values[f"{name}_scale"].astype(np.float32)
    product: Array = (quantised.astype(np.float32) - zero.astype(np.float32)) * scale
    return product
