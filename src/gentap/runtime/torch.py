"""The torch engine: any backbone, any device; imported only where it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence
from transformers.modeling_outputs import BaseModelOutput

from gentap.runtime.engine import Choice, Decoding, Output, Sentence
from gentap.training import backbone
from gentap.training.model import TwoDecoderModel
from gentap.training.packed import Arithmetic


class TorchEngine:
    """Runs a checkpoint folder with torch and Transformers' own search."""

    def __init__(
        self,
        model: TwoDecoderModel,
        name: str,
        *,
        device: str | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        """Take a loaded model.

        Args:
            model: The model; it is moved and cast.
            name: What answers call it.
            device: Where to run; by default a GPU where there is one.
            dtype: Type of weights and arithmetic.
        """
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        self.model = model.to(self.device, dtype).eval()
        self.name = name
        self.linearizer = model.linearizer

    @classmethod
    def from_folder(
        cls,
        folder: str | Path,
        *,
        device: str | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> TorchEngine:
        """Load a checkpoint folder; see `__init__`."""
        model = TwoDecoderModel.load(folder)
        return cls(model, Path(folder).resolve().name, device=device, dtype=dtype)

    @torch.inference_mode()
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
        ids, mask = self._pad(inputs)
        encoder = backbone.encoder_of(self.model.seq2seq)
        memory = encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        sentences: list[Sentence | None] = [None] * len(inputs)
        if decoding is not None:
            sentences = list(self._sentences(memory, mask, decoding))
        chosen: list[Choice | None] = [None] * len(inputs)
        if choices is not None and self.model.cell_decoder is not None:
            for row, candidates in enumerate(choices):
                if candidates:
                    keep = int(mask[row].sum())
                    chosen[row] = self._choose(memory[row : row + 1, :keep], candidates)
        return [Output(*pair) for pair in zip(sentences, chosen, strict=True)]

    def _sentences(self, memory: Tensor, mask: Tensor, decoding: Decoding) -> list[Sentence]:
        seq2seq: Any = self.model.seq2seq
        result = seq2seq.generate(
            encoder_outputs=BaseModelOutput(last_hidden_state=memory),
            attention_mask=mask,
            decoder_start_token_id=backbone.start_token(seq2seq),
            num_beams=decoding.beams,
            do_sample=False,
            max_new_tokens=decoding.max_tokens,
            length_penalty=decoding.length_penalty,
            no_repeat_ngram_size=decoding.no_repeat,
            early_stopping=False,
            output_scores=True,
            return_dict_in_generate=True,
        )
        # What follows the first end token is padding, and no part of the sentence.
        ends = (result.sequences[:, 1:] == self.model.tokenizer.suffix[-1]).long()
        own = ends.cumsum(1) - ends == 0
        if decoding.beams > 1:
            # Transformers divides by the length; the whole sentence's is wanted here.
            totals = result.sequences_scores * own.sum(1) ** decoding.length_penalty
        else:
            steps = seq2seq.compute_transition_scores(
                result.sequences, result.scores, normalize_logits=True
            )
            totals = steps.masked_fill(~own, 0).sum(1)
        return [
            Sentence(self._strip(row), float(total))
            for row, total in zip(result.sequences.tolist(), totals, strict=True)
        ]

    def _strip(self, ids: list[int]) -> list[int]:
        tokenizer, seq2seq = self.model.tokenizer, self.model.seq2seq
        special = {*tokenizer.prefix, *tokenizer.suffix, backbone.start_token(seq2seq)}
        special.add(int(seq2seq.config.pad_token_id))
        return [token for token in ids if token not in special]

    def _choose(self, memory: Tensor, candidates: Sequence[list[int]]) -> Choice:
        """Score every candidate in one batch, and compare them with one another."""
        prefix, suffix = self.model.tokenizer.prefix, self.model.tokenizer.suffix
        labels, mask = self._pad([[*prefix, *cell, *suffix] for cell in candidates])
        start = torch.full_like(labels[:, :1], backbone.start_token(self.model.seq2seq))
        hidden = self.model.decoder("cell")(
            input_ids=torch.cat([start, labels[:, :-1]], 1),
            encoder_hidden_states=memory.expand(len(candidates), -1, -1),
            use_cache=False,
        ).last_hidden_state
        scores = self.model.head(hidden, Arithmetic(hidden.dtype)).float().log_softmax(-1)
        scores = scores.gather(-1, labels[..., None])[..., 0].masked_fill(mask == 0, 0).sum(1)
        scores = F.log_softmax(scores, 0)
        index = int(scores.argmax())
        return Choice(index, float(scores[index]))

    def _pad(self, sequences: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
        rows = [torch.tensor(row, device=self.device) for row in sequences]
        pad = int(self.model.seq2seq.config.pad_token_id)
        ones = [torch.ones_like(row) for row in rows]
        return (
            pad_sequence(rows, batch_first=True, padding_value=pad),
            pad_sequence(ones, batch_first=True),
        )
