"""The weights of exported graphs, made float again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gentap.errors import require

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class GraphWeights:
    """The constants of one of the graphs of `gentap.training.graphs`, in the order of their use.

    Attributes:
        matrices: As PyTorch has them. *Shape:* (out, in)
        norms: Weights of the norms. *Shape:* (d_model,)
        biases: By distance; only the encoder has them inside. *Shape:* (heads, distances)
        relu: Whether its feed-forward layers are rectified; T5's other function is GELU.
    """

    matrices: list[Array]
    norms: list[Array]
    biases: list[Array]
    relu: bool


def read_graph(path: Path) -> GraphWeights:
    """Read a graph that ``gentap export`` wrote.

    Args:
        path: The ONNX file, of 8 or 32 bits.

    Raises:
        MissingExtraError: onnx is not installed.
    """
    onnx = require("onnx", extra="train")
    helper = require("onnx.numpy_helper", extra="train")
    graph = onnx.load(path).graph
    values = {tensor.name: helper.to_array(tensor) for tensor in graph.initializer}
    found: dict[str, list[Array]] = {"MatMul": [], "Mul": [], "Gather": []}
    for node in graph.node:
        constants = [values[name] for name in node.input if name in values]
        if node.op_type == "Identity" and constants:
            # Of weights that are equal, such as norms before any training, one is stored.
            values[node.output[0]] = constants[0]
        elif node.op_type == "MatMulNBits":
            found["MatMul"].append(_float(node, *constants))
        elif node.op_type == "MatMul" and constants:
            found["MatMul"].append(constants[0].T)
        elif node.op_type in found:
            found[node.op_type] += constants
    relu = any(node.op_type == "Relu" for node in graph.node)
    return GraphWeights(found["MatMul"], found["Mul"], found["Gather"], relu)


def _float(node: Any, blocks: Array, scales: Array) -> Array:  # noqa: ANN401 - onnx is optional
    """Make the weight of a MatMulNBits float. *Shape:* (N, blocks, 32) -> (N, K)."""
    width = next(one.i for one in node.attribute if one.name == "K")
    # Blocks are symmetric: their zero is in the middle of the bytes.
    signed = blocks.astype(np.float32) - 128
    whole: Array = signed * scales.reshape(len(blocks), -1, 1)
    return whole.reshape(len(blocks), -1)[:, :width]
