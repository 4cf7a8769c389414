"""One encoder, two decoders: one objective each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import PreTrainedModel

from gentap.errors import CheckpointError
from gentap.linearize import Linearizer, Separators
from gentap.records import Kind
from gentap.tokenization import Tokenizer
from gentap.training import backbone
from gentap.training.batch import Batch, Tokens, span
from gentap.training.kernels import cross_entropy
from gentap.training.packed import Arithmetic, Packed
from gentap.training.restore import restore

FORMAT = 1
CELL_DECODER = "cell_decoder.safetensors"
CARD = "gentap.json"


@dataclass(frozen=True, slots=True)
class Logits:
    """What the decoders make of a batch, each of its own examples.

    Attributes:
        sentence: *Shape:* (sentence_tokens, vocabulary)
        cell: *Shape:* (cell_tokens, vocabulary)
    """

    sentence: Tensor
    cell: Tensor


@dataclass(frozen=True, slots=True)
class Losses:
    """Cross-entropy of a batch, each kind through its own decoder.

    Attributes:
        sentence: Mean over the sentence targets' tokens, nats; 0 without any. *Shape:* ()
        cell: Mean over the cell targets' tokens, nats; 0 without any. *Shape:* ()
    """

    sentence: Tensor
    cell: Tensor

    @property
    def total(self) -> Tensor:
        """What is minimised: both kinds weigh the same. *Shape:* ()."""
        return self.sentence + self.cell


class TwoDecoderModel(nn.Module):
    """A stock encoder-decoder for sentences and a second decoder for cells.

    Embedding and head are shared by both decoders, in memory and on disk.

    Attributes:
        seq2seq: Encoder and sentence decoder.
        cell_decoder: The second decoder, or None where there is only one objective.
        tokenizer: The tokenizer.
        card: What ``gentap.json`` says: separators, budget, lineage.
    """

    def __init__(
        self,
        seq2seq: PreTrainedModel,
        cell_decoder: nn.Module | None,
        tokenizer: Tokenizer,
        card: dict[str, Any],
    ) -> None:
        """Put the parts together; see `load` and `start`."""
        super().__init__()
        self.seq2seq = seq2seq
        self.cell_decoder = cell_decoder
        self.tokenizer = tokenizer
        self.card = card

    @classmethod
    def start(
        cls, name: str | Path, *, cell_layers: int, budget: int, layers: int = 0
    ) -> TwoDecoderModel:
        """Begin from a stock backbone, or from encoder and sentence decoder of a GenTaP model.

        Args:
            name: A folder or hub id.
            cell_layers: Layers of the cell decoder, copied from the sentence decoder;
                0: no cell decoder.
            budget: Tokens of an input at most.
            layers: Layers to keep of the sentence decoder; 0: all.
        """
        seq2seq, tokenizer = _stock(name)
        if layers:
            backbone.keep_layers(seq2seq, layers)
        decoder = backbone.new_cell_decoder(seq2seq, cell_layers) if cell_layers else None
        card = {
            "format": FORMAT,
            "separators": Separators.for_tokenizer(tokenizer).to_record(),
            "budget": budget,
            "cell_layers": cell_layers,
            "lineage": [],
        }
        return cls(seq2seq, decoder, tokenizer, card)

    @classmethod
    def load(cls, folder: str | Path) -> TwoDecoderModel:
        """Load the folder of a GenTaP checkpoint, or of an exported model (see `restore`).

        Raises:
            CheckpointError: It is missing, incomplete or of another format.
        """
        path = Path(folder)
        card = backbone.read_json(path / CARD)
        if card.get("format") != FORMAT:
            raise CheckpointError(f"{path / CARD}: format {card.get('format')!r}, not {FORMAT}")
        if "runtime" in card:
            return cls(*restore(path, card))
        seq2seq = backbone.load_seq2seq(path)
        decoder = None
        if card["cell_layers"]:
            decoder = backbone.new_cell_decoder(seq2seq, card["cell_layers"])
            try:
                missing = decoder.load_state_dict(load_file(path / CELL_DECODER), strict=False)
            except (OSError, RuntimeError, SafetensorError) as error:
                raise CheckpointError(f"{path / CELL_DECODER}: {error}") from error
            absent = [key for key in missing.missing_keys if not key.startswith("embed_tokens")]
            if absent or missing.unexpected_keys:
                raise CheckpointError(f"{path / CELL_DECODER}: does not fit (missing {absent})")
        return cls(seq2seq, decoder, Tokenizer.from_folder(path), card)

    def save(self, folder: Path) -> None:
        """Write the checkpoint: a stock one, plus the cell decoder and ``gentap.json``."""
        folder.mkdir(parents=True, exist_ok=True)
        backbone.save_seq2seq(self.seq2seq, folder)
        if self.cell_decoder is not None:
            own = {
                key: value.detach().contiguous()
                for key, value in self.cell_decoder.state_dict().items()
                if not key.startswith("embed_tokens")
            }
            save_file(own, folder / CELL_DECODER, metadata={"format": "pt"})
        self.tokenizer.backend.save(str(folder / "tokenizer.json"))
        settings = {"tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "<unk>"}
        settings |= {"eos_token": "</s>", "pad_token": "<pad>"}
        (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
        text = json.dumps(self.card, indent=2, ensure_ascii=False) + "\n"
        (folder / CARD).write_text(text, encoding="utf-8")

    @property
    def linearizer(self) -> Linearizer:
        """The linearizer this model was trained with."""
        separators = Separators(**self.card["separators"])
        return Linearizer(self.tokenizer, separators, budget=self.card["budget"])

    def decoder(self, kind: Kind) -> nn.Module:
        """Return the decoder of one kind of example.

        Raises:
            CheckpointError: There is no cell decoder.
        """
        if kind == "sentence":
            return backbone.decoder_of(self.seq2seq)
        if self.cell_decoder is None:
            raise CheckpointError(
                "this model has no cell decoder: it was made with --cell-layers 0"
            )
        return self.cell_decoder

    def forward(
        self,
        batch: Batch,
        arithmetic: Arithmetic = Arithmetic(),  # noqa: B008 - a frozen value
        *,
        smoothing: float = 0.0,
        tokens: Tokens | None = None,
    ) -> Losses:
        """Compute the losses of a batch.

        Args:
            batch: Examples of both kinds; the encoder runs once over all of them.
            arithmetic: How to compute.
            smoothing: Share of the target's probability that goes to all tokens alike
                (label smoothing).
            tokens: Over how many target tokens to average, where the batch is one of several
                that add up to a step; by default over its own.
        """
        logits = self.logits(batch, arithmetic)
        tokens = tokens or batch.tokens
        losses = [
            cross_entropy(part, target, smoothing) / max(number, 1)
            for part, target, number in (
                (logits.sentence, batch.target[: len(logits.sentence)], tokens.sentence),
                (logits.cell, batch.target[len(logits.sentence) :], tokens.cell),
            )
        ]
        return Losses(*losses)

    def logits(self, batch: Batch, arithmetic: Arithmetic = Arithmetic()) -> Logits:  # noqa: B008
        """Run the encoder once, and each decoder over its own kind of example.

        Args:
            batch: Examples of both kinds.
            arithmetic: How to compute.
        """
        encoder = backbone.stack_of(self.seq2seq, backbone.encoder_of(self.seq2seq))
        memory = arithmetic.encode(encoder, batch.source, batch.source_lengths)
        inputs = batch.decoder_inputs(backbone.start_token(self.seq2seq))
        parts: dict[Kind, Tensor] = {}
        for kind, part in batch.parts().items():
            targets, sources = batch.target_lengths[part], batch.source_lengths[part]
            if not targets:
                parts[kind] = memory.hidden.new_zeros(0, self.seq2seq.config.vocab_size)
                continue
            hidden = arithmetic.decode(
                backbone.stack_of(self.seq2seq, self.decoder(kind)),
                inputs[span(batch.target_lengths, part)],
                targets,
                Packed(memory.hidden[span(batch.source_lengths, part)], sources),
            ).hidden
            parts[kind] = self.head(hidden, arithmetic)
        return Logits(parts["sentence"], parts["cell"])

    def head(self, hidden: Tensor, arithmetic: Arithmetic = Arithmetic()) -> Tensor:  # noqa: B008
        """Apply the head that both decoders share.

        Args:
            hidden: Outputs of either decoder. *Shape:* (..., d_model)
            arithmetic: How to compute.

        Returns:
            Logits. *Shape:* (..., vocabulary)
        """
        layer: Any = self.seq2seq.get_output_embeddings()
        logits = arithmetic.linear(backbone.head_inputs(self.seq2seq, hidden), layer)
        bias = backbone.head_bias(self.seq2seq)
        return logits if bias is None else logits + bias


def _stock(name: str | Path) -> tuple[PreTrainedModel, Tokenizer]:
    if (Path(name) / CARD).is_file():
        model = TwoDecoderModel.load(name)
        return model.seq2seq, model.tokenizer
    return backbone.load_seq2seq(name), _load_tokenizer(name)


def _load_tokenizer(name: str | Path) -> Tokenizer:
    if (Path(name) / "tokenizer.json").is_file():
        return Tokenizer.from_folder(name)
    import transformers

    try:
        fast = transformers.AutoTokenizer.from_pretrained(str(name))
        return Tokenizer(fast.backend_tokenizer)
    except (OSError, ValueError, AttributeError) as error:
        raise CheckpointError(f"{name}: no fast tokenizer there ({error})") from error
