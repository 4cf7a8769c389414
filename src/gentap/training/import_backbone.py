"""Int8 ONNX weights of a PyPI wheel into a stock T5 folder, for places that reach no model hub."""

from __future__ import annotations

import hashlib
import logging
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from tokenizers import Tokenizer as Backend
from tqdm import tqdm
from transformers import T5Config, T5ForConditionalGeneration

from gentap.errors import CheckpointError, InputError
from gentap.storage.files import read_json, write_json
from gentap.training import backbone
from gentap.training.int8_onnx import Array, ReferenceT5, read_t5

PACKAGE = "traceforge-title-model==0.2.0"
WHEEL_SHA256 = "41e051205c01f724a0d12ad65a52ca4e90661de3fd959e6ce2efab4919024d31"
FILES_SHA256 = {
    "encoder.onnx": "b82bef1400cec815c3e5addd04dc451ec31491ac6598b166bbc6594656823787",
    "decoder.onnx": "76b40328b8a6bd8b8fc029d80006284c6d644d6e0938c18339bc05fb31a927bc",
    "tokenizer.json": "3550c5f922922567115f702e0543b57276366fc321cf1f088859c71491656cf6",
}
RECORD = "import.json"
TOLERANCE = 1e-3

_FETCH = f"get it with: pip download --no-deps {PACKAGE}"
_INSIDE = "traceforge_title_model/data/span"
_SENTENCES = (
    ("Who won the race in 1998?", "Anna Berg won the race in 1998, 3.5 seconds ahead of Li Wei."),
    ("translate English to German: The house is small.", "Das Haus ist klein."),
    # Longer than 128 tokens: beyond that distance all positions share one bias.
    ("year: 1998 | city: Oslo | medals: 12 | rank: 3; " * 12, "Oslo took 12 medals in 1998."),
)
_README = """\
---
license: apache-2.0
base_model: google/flan-t5-small
---
# A FLAN-T5 small backbone, out of int8 ONNX files

A stock Transformers T5 checkpoint: the weights of a PyPI wheel, made float32 again. They are
google/flan-t5-small, tuned by the wheel's authors to write titles and rounded to 8 bits.

- Wheel: {package}, MIT; sha256
  {sha256}
- Base model: google/flan-t5-small, Apache-2.0
- Check: largest logit difference to the float form of the wheel's own graphs
  {logit_difference:.1e} over {positions} positions; logits reach {largest_logit:.1f}
"""
_log = logging.getLogger(__name__)


def import_backbone(source: Path, directory: Path) -> dict[str, Any]:
    """Turn the wheel's int8 ONNX graphs into a stock T5 folder and check its logits.

    The folder appears complete and checked, or not at all. A finished import is left as it is.

    Args:
        source: The wheel; or a folder it was unpacked to, or the one with ``encoder.onnx``.
        directory: The folder to write.

    Returns:
        What ``import.json`` there says: source, licences, the check's figures.

    Raises:
        CheckpointError: The source is another file than the one this import knows, or the
            written checkpoint computes other logits than its graphs.
        InputError: There is no such source, or something else is in the folder.
        MissingExtraError: onnx is not installed.
    """
    if (directory / RECORD).is_file():
        _log.warning("%s: imported before; nothing to do", directory)
        return read_json(directory / RECORD)
    if directory.exists() and not (directory.is_dir() and not any(directory.iterdir())):
        raise InputError(f"{directory}: exists and is no finished import; name another folder")
    files = _read(source)
    directory.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=directory.parent, prefix=f".{directory.name}.") as scratch,
        tqdm(total=3, desc="import", unit="step", disable=None, file=sys.stderr) as bar,
    ):
        folder = Path(scratch) / "model"
        folder.mkdir()
        weights, reference = read_t5(files["encoder.onnx"], files["decoder.onnx"])
        bar.update()
        tokenizer = Backend.from_str(files["tokenizer.json"].decode())
        _write(weights, tokenizer, folder)
        bar.update()
        record: dict[str, Any] = {
            "package": PACKAGE,
            "sha256": WHEEL_SHA256,
            "license": "MIT",
            "base": "google/flan-t5-small",
            "base_license": "Apache-2.0",
            **_check(folder, reference, tokenizer),
        }
        bar.update()
        (folder / "README.md").write_text(_README.format(**record), encoding="utf-8", newline="\n")
        write_json(folder / RECORD, record)
        if directory.exists():
            directory.rmdir()
        folder.rename(directory)
    return record


def _read(source: Path) -> dict[str, bytes]:
    if source.is_file():
        _verify(source, source.read_bytes(), WHEEL_SHA256)
        with zipfile.ZipFile(source) as wheel:
            return {name: wheel.read(f"{_INSIDE}/{name}") for name in FILES_SHA256}
    for folder in (source, source / _INSIDE):
        if all((folder / name).is_file() for name in FILES_SHA256):
            files = {name: (folder / name).read_bytes() for name in FILES_SHA256}
            for name, content in files.items():
                _verify(folder / name, content, FILES_SHA256[name])
            return files
    raise InputError(f"{source}: neither the wheel of {PACKAGE} nor its folder; {_FETCH}")


def _verify(path: Path, content: bytes, expected: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise CheckpointError(
            f"{path}: not the file of {PACKAGE} (sha256 {found}, not {expected}); {_FETCH}"
        )


def _config(weights: dict[str, Array]) -> T5Config:
    block = "encoder.block.0.layer"
    vocabulary, width = weights["shared.weight"].shape
    buckets, heads = weights[f"{block}.0.SelfAttention.relative_attention_bias.weight"].shape
    layers = {
        stack: len({key.split(".")[2] for key in weights if key.startswith(f"{stack}.block.")})
        for stack in ("encoder", "decoder")
    }
    settings: dict[str, Any] = {
        "vocab_size": vocabulary,
        "d_model": width,
        "d_kv": len(weights[f"{block}.0.SelfAttention.q.weight"]) // heads,
        "d_ff": len(weights[f"{block}.1.DenseReluDense.wi_0.weight"]),
        "num_layers": layers["encoder"],
        "num_decoder_layers": layers["decoder"],
        "num_heads": heads,
        "relative_attention_num_buckets": buckets,
        "feed_forward_proj": "gated-gelu",
        "tie_word_embeddings": False,
        "decoder_start_token_id": 0,
    }
    return T5Config(**settings)


def _write(weights: dict[str, Array], tokenizer: Backend, folder: Path) -> None:
    state = {name: torch.from_numpy(value.copy()) for name, value in weights.items()}
    for stack in ("encoder", "decoder"):
        state[f"{stack}.embed_tokens.weight"] = state["shared.weight"]
    # Without storage: nothing is drawn at random, and a weight left out cannot go unseen.
    with torch.device("meta"):
        model = T5ForConditionalGeneration(_config(weights))
    model.load_state_dict(state, assign=True)
    model.config.tie_word_embeddings = False
    backbone.save_seq2seq(model, folder)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "<unk>"}
    write_json(
        folder / "tokenizer_config.json", settings | {"eos_token": "</s>", "pad_token": "<pad>"}
    )


@torch.inference_mode()
def _check(folder: Path, reference: ReferenceT5, tokenizer: Backend) -> dict[str, Any]:
    model = backbone.load_seq2seq(folder)
    difference, largest, positions = 0.0, 0.0, 0
    for question, answer in _SENTENCES:
        source, target = tokenizer.encode(question).ids, tokenizer.encode(answer).ids
        target = [backbone.start_token(model), *target[:-1]]
        ids = {"input_ids": torch.tensor([source]), "decoder_input_ids": torch.tensor([target])}
        expected = reference.logits(source, target)
        # Unlike max, np.maximum lets no NaN slip through.
        apart = np.abs(model(**ids).logits[0].numpy() - expected).max()
        difference = float(np.maximum(difference, apart))
        largest = max(largest, float(np.abs(expected).max()))
        positions += len(target)
    if backbone.is_tied(model) or not difference <= TOLERANCE:
        raise CheckpointError(
            f"the imported logits are {difference:.2g} off the graphs' ({TOLERANCE:g} allowed): "
            f"Transformers {transformers.__version__} computes this T5 otherwise; try another"
        )
    return {"logit_difference": difference, "largest_logit": largest, "positions": positions}
