"""One encoder, two decoders: one objective each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence
from transformers import PreTrainedModel

from gentap.errors import CheckpointError
from gentap.linearize import Linearizer, Separators
from gentap.records import Kind
from gentap.tokenization import Tokenizer
from gentap.training import backbone
from gentap.training.batch import Batch
from gentap.training.packed_t5 import PackedT5

FORMAT = 1
CELL_DECODER = "cell_decoder.safetensors"
CARD = "gentap.json"


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
    def start(cls, name: str | Path, *, cell_layers: int, budget: int) -> TwoDecoderModel:
        """Begin from a stock backbone.

        Args:
            name: A folder or hub id.
            cell_layers: Layers of the cell decoder, copied from the sentence decoder;
                0: no cell decoder.
            budget: Tokens of an input at most.
        """
        seq2seq = backbone.load_seq2seq(name)
        decoder = backbone.new_cell_decoder(seq2seq, cell_layers) if cell_layers else None
        tokenizer = _load_tokenizer(name)
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
        """Load a GenTaP checkpoint folder.

        Raises:
            CheckpointError: It is missing, incomplete or of another format.
        """
        path = Path(folder)
        card = backbone.read_json(path / CARD)
        if card.get("format") != FORMAT:
            raise CheckpointError(f"{path / CARD}: format {card.get('format')!r}, not {FORMAT}")
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

    def forward(self, batch: Batch, *, dtype: torch.dtype, dropout: float = 0.0) -> Losses:
        """Compute the losses of a batch.

        Args:
            batch: Examples of both kinds; the encoder runs once over all of them.
            dtype: Type of the matrix products.
            dropout: Probability that a hidden value is dropped.
        """
        if self.seq2seq.config.model_type == "t5":
            return self._packed(batch, dtype, dropout)
        return self._padded(batch, dtype, dropout)

    def _packed(self, batch: Batch, dtype: torch.dtype, dropout: float) -> Losses:
        t5 = PackedT5(self.seq2seq.config, dtype=dtype, dropout=dropout)
        stack = backbone.encoder_of(self.seq2seq)
        memory = t5.encode(stack, batch.source, batch.source_lengths)
        inputs = batch.decoder_inputs(backbone.start_token(self.seq2seq))
        head = self.seq2seq.get_output_embeddings().weight
        losses: dict[Kind, Tensor] = {}
        for kind, part in _parts(batch):
            if not batch.target_lengths[part]:
                losses[kind] = memory.new_zeros((), dtype=torch.float32)
                continue
            targets, sources = batch.target_lengths, batch.source_lengths
            span = _span(targets, part)
            hidden = t5.decode(
                self.decoder(kind),
                inputs[span],
                targets[part],
                memory[_span(sources, part)],
                sources[part],
            )
            logits = t5.linear(backbone.head_inputs(self.seq2seq, hidden), head)
            losses[kind] = F.cross_entropy(logits.float(), batch.target[span])
        return Losses(losses["sentence"], losses["cell"])

    def _padded(self, batch: Batch, dtype: torch.dtype, dropout: float) -> Losses:
        """Run Transformers' own modules over padded batches: any backbone, more arithmetic."""
        for module in self.modules():
            if isinstance(module, nn.Dropout):
                module.p = dropout
            elif isinstance(getattr(module, "dropout", None), float):
                module.dropout = dropout  # type: ignore[assignment]
        sources = _pad(batch.source, batch.source_lengths)
        mask = _pad(torch.ones_like(batch.source), batch.source_lengths)
        shifted = batch.decoder_inputs(backbone.start_token(self.seq2seq))
        inputs = _pad(shifted, batch.target_lengths)
        labels = _pad(batch.target, batch.target_lengths, fill=-100)
        with torch.autocast(sources.device.type, dtype, enabled=dtype != torch.float32):
            encoder = backbone.encoder_of(self.seq2seq)
            memory = encoder(input_ids=sources, attention_mask=mask).last_hidden_state
            losses: dict[Kind, Tensor] = {}
            for kind, part in _parts(batch):
                if not batch.target_lengths[part]:
                    losses[kind] = memory.new_zeros((), dtype=torch.float32)
                    continue
                hidden = self.decoder(kind)(
                    input_ids=inputs[part],
                    encoder_hidden_states=memory[part],
                    encoder_attention_mask=mask[part],
                    use_cache=False,
                ).last_hidden_state
                logits = self.logits(hidden).float()
                losses[kind] = F.cross_entropy(logits.flatten(0, 1), labels[part].flatten())
        return Losses(losses["sentence"], losses["cell"])

    def logits(self, hidden: Tensor) -> Tensor:
        """Apply the shared head.

        Args:
            hidden: Outputs of either decoder. *Shape:* (..., d_model)

        Returns:
            Logits. *Shape:* (..., vocabulary)
        """
        logits: Tensor = self.seq2seq.get_output_embeddings()(
            backbone.head_inputs(self.seq2seq, hidden)
        )
        bias = backbone.head_bias(self.seq2seq)
        return logits if bias is None else logits + bias


def _parts(batch: Batch) -> tuple[tuple[Kind, slice], tuple[Kind, slice]]:
    return ("sentence", slice(0, batch.sentences)), ("cell", slice(batch.sentences, None))


def _span(lengths: list[int], part: slice) -> slice:
    """Return where the tokens of these sequences lie in the concatenation."""
    start = sum(lengths[: part.start])
    return slice(start, start + sum(lengths[part]))


def _pad(tokens: Tensor, lengths: list[int], *, fill: int = 0) -> Tensor:
    return pad_sequence(list(tokens.split(lengths)), batch_first=True, padding_value=fill)


def _load_tokenizer(name: str | Path) -> Tokenizer:
    if (Path(name) / "tokenizer.json").is_file():
        return Tokenizer.from_folder(name)
    import transformers

    try:
        fast = transformers.AutoTokenizer.from_pretrained(str(name))
        return Tokenizer(fast.backend_tokenizer)
    except (OSError, ValueError, AttributeError) as error:
        raise CheckpointError(f"{name}: no fast tokenizer there ({error})") from error
