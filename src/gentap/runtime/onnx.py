"""The light engine: onnxruntime, tokenizers and numpy; one encoder run feeds both decoders."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from gentap.errors import CheckpointError
from gentap.linearize import Linearizer, Separators
from gentap.runtime.engine import Choice, Decoding, Output
from gentap.runtime.search import beam_search, greedy_search
from gentap.runtime.trie import walk
from gentap.tokenization import Tokenizer

Array = NDArray[np.float32]
_BLOCKED = np.float32(-1e9)
_TOGETHER = 256  # tokens that the encoder takes at a time: enough to keep it busy


class OnnxEngine:
    """Runs what ``gentap export`` wrote.

    Attributes:
        name: Name of the model.
        linearizer: Writes its inputs.
    """

    def __init__(self, folder: Path, card: dict[str, Any], *, threads: int | None = None) -> None:
        """Open the graphs; see `from_folder`."""
        runtime = card["runtime"]
        self.name = str(card.get("name") or folder.resolve().name)
        # What another model holds, too, is stored there (see `gentap.training.sharing`).
        shared = folder / card.get("beside", "")
        tokenizer = Tokenizer.from_folder(shared)
        self.linearizer = Linearizer(
            tokenizer, Separators(**card["separators"]), budget=card["budget"]
        )
        common, tables = np.load(shared / "tables.npz"), np.load(folder / "tables.npz")
        self._embedding, self._scales = common["embedding"], common["scales"]
        self._encoder = _session(shared / "encoder.onnx", threads)
        self._head = _session(shared / "head.onnx", threads)
        self.decoders = {
            name: Decoder(self, folder, name, tables[f"{name}_bias"], runtime, threads)
            for name in runtime["decoders"]
        }

    @classmethod
    def from_folder(cls, folder: str | Path, *, threads: int | None = None) -> OnnxEngine:
        """Open a folder that ``gentap export`` wrote.

        Args:
            folder: The folder.
            threads: Threads of one graph run; by default the machine's cores.

        Raises:
            CheckpointError: A file is missing or damaged.
        """
        path = Path(folder)
        try:
            card = json.loads((path / "gentap.json").read_text(encoding="utf-8"))
            return cls(path, card, threads=threads)
        except CheckpointError:
            raise
        except Exception as error:  # onnxruntime has no error type of its own
            reason = str(error).strip().partition("\n")[0]
            raise CheckpointError(
                f"{folder}: not a whole exported model ({reason}); export it again"
            ) from error

    def run(
        self,
        inputs: Sequence[list[int]],
        *,
        decoding: Decoding | None = None,
        choices: Sequence[Sequence[list[int]]] | None = None,
    ) -> list[Output]:
        """Decode a batch; see `gentap.runtime.engine.Engine`."""
        if not inputs:
            return []
        hidden, mask = self._encode(inputs)
        sentences: list[Any] = [None] * len(inputs)
        if decoding is not None:
            decoder = self.decoders["sentence"]
            memory = decoder.memory(hidden)
            search = beam_search if decoding.beams > 1 else greedy_search
            sentences = search(decoder, memory, mask, decoding)
        chosen: list[Choice | None] = [None] * len(inputs)
        if choices is not None and "cell" in self.decoders:
            decoder = self.decoders["cell"]
            for row, candidates in enumerate(choices):
                if candidates:
                    size = len(inputs[row])
                    memory = decoder.memory(hidden[row : row + 1, :size])
                    chosen[row] = walk(decoder, memory, mask[row : row + 1, ..., :size], candidates)
        return [Output(*pair) for pair in zip(sentences, chosen, strict=True)]

    def embed(self, ids: NDArray[np.int64]) -> Array:
        """Look tokens up. *Shape:* (...) -> (..., d_model)."""
        rows: Array = self._embedding[ids].astype(np.float32) * self._scales[ids][..., None]
        return rows

    def logits(self, hidden: Array) -> Array:
        """Apply the shared head. *Shape:* (rows, d_model) -> (rows, vocabulary)."""
        found: Array = self._head.run(None, {"hidden": hidden})[0]
        return found

    def _encode(self, inputs: Sequence[list[int]]) -> tuple[Array, Array]:
        """Encode, and pad. *Shape:* (batch, tokens, d_model) and (batch, 1, 1, tokens)."""
        lengths = [len(ids) for ids in inputs]
        mask = np.full((len(inputs), 1, 1, max(lengths)), _BLOCKED)
        for row, length in enumerate(lengths):
            mask[row, ..., :length] = 0
        parts = []
        for rows in _alike(lengths):
            size = max(lengths[row] for row in rows)
            ids = np.zeros((len(rows), size), np.int64)
            for place, row in enumerate(rows):
                ids[place, : lengths[row]] = inputs[row]
            feed = {"embedded": self.embed(ids), "mask": mask[rows, ..., :size]}
            parts.append((rows, self._encoder.run(None, feed)[0]))
        hidden = np.zeros((len(inputs), max(lengths), parts[0][1].shape[2]), np.float32)
        for rows, found in parts:
            hidden[rows, : found.shape[1]] = found
        return hidden, mask


def _alike(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield groups of rows of similar length: a whole batch in one would be padded by half."""
    group: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if group and lengths[row] * (len(group) + 1) > _TOGETHER:
            yield group
            group = []
        group.append(row)
    yield group


class Decoder:
    """One of the two decoders, step by step.

    Attributes:
        start: Id that every output begins with.
        end: Id that ends one.
    """

    def __init__(
        self,
        engine: OnnxEngine,
        folder: Path,
        name: str,
        bias: Array,
        runtime: dict[str, Any],
        threads: int | None,
    ) -> None:
        """Open the two graphs of a decoder."""
        self._engine = engine
        self._memory = _session(folder / f"{name}_memory.onnx", threads)
        self._decoder = _session(folder / f"{name}_decoder.onnx", threads)
        self._bias = bias
        self.start = int(runtime["start"])
        self.end = int(engine.linearizer.tokenizer.suffix[-1])
        self._parts = int(self._decoder.get_inputs()[3].shape[0])
        self._shape = (int(runtime["heads"]), 0, int(runtime["size"]))

    def memory(self, hidden: Array) -> Array:
        """Project the encoder's states. *Shape:* (parts, batch, heads, tokens, d_kv)."""
        found: Array = self._memory.run(None, {"hidden": hidden})[0]
        return found

    def empty(self, rows: int) -> Array:
        """Return the past of rows that have none. *Shape:* (parts, rows, heads, 0, d_kv)."""
        return np.zeros((self._parts, rows, *self._shape), np.float32)

    def step(
        self, tokens: NDArray[np.int64], past: Array, memory: Array, mask: Array
    ) -> tuple[Array, Array]:
        """Read new tokens and say what may follow the last of them.

        Args:
            tokens: New tokens. *Shape:* (rows, new)
            past: Keys and values so far. *Shape:* (parts, rows, heads, past, d_kv)
            memory: What `memory` gave, for each input; rows are a multiple of inputs.
            mask: 0 for tokens, -1e9 for padding. *Shape:* (batch, 1, 1, tokens)

        Returns:
            Logits, *Shape:* (rows, vocabulary), and the grown past.
        """
        done, new = past.shape[3], tokens.shape[1]
        distance = np.arange(done, done + new)[:, None] - np.arange(done + new)[None]
        bias = self._bias[:, np.clip(distance, 0, self._bias.shape[1] - 1)]
        bias = np.where(distance >= 0, bias, _BLOCKED).astype(np.float32)[None]
        feed = {"embedded": self._engine.embed(tokens), "bias": bias, "mask": mask}
        hidden, fresh = self._decoder.run(None, feed | {"past": past, "memory": memory})
        logits = self._engine.logits(np.ascontiguousarray(hidden[:, -1]))
        return logits, np.concatenate([past, fresh], 3)


def _session(path: Path, threads: int | None) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or 0
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Spinning threads cost more than they save, most of all beside other work.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
