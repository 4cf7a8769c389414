"""Tiny models made in memory: random weights, a vocabulary of a few words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer as Backend
from tokenizers import decoders, models, pre_tokenizers, processors
from transformers import (
    BartConfig,
    BartForConditionalGeneration,
    MBartConfig,
    MBartForConditionalGeneration,
    MT5Config,
    MT5ForConditionalGeneration,
    PreTrainedModel,
    T5Config,
    T5ForConditionalGeneration,
)

from gentap.training.model import TwoDecoderModel

WORDS = (
    "who what which won played is was the in a film role city river long year mountain height "
    "country first nepal peak everest k2 andes 1953 1954 8848 8611 red blue won lost . ? , - |"
).split()

# A record as FeTaQA has them.
FETAQA = {
    "feta_id": 1,
    "table_page_title": "Long rivers",
    "table_section_title": "",
    "table_array": [["River", "Mouth"], ["Nile", "Sea"], ["Volga", "Lake"]],
    "highlighted_cell_ids": [[1, 0], [1, 1]],
    "question": "which river was first ?",
    "answer": "Nile was first .",
}


def tiny_tokenizer(*, sentinels: bool = True) -> Backend:
    """Make a Unigram tokenizer in T5's manner, every ASCII letter and digit known."""
    specials = ["<pad>", "</s>", "<unk>"]
    if sentinels:
        specials += [f"<extra_id_{number}>" for number in range(3)]
    characters = [chr(code) for code in range(33, 127) if chr(code) not in "<>{}~^\\`"]
    pieces = dict.fromkeys([f"▁{word}" for word in WORDS] + ["▁"] + characters)
    vocabulary = [(special, 0.0) for special in specials]
    vocabulary += [(piece, -5.0 if len(piece) > 1 else -9.0) for piece in pieces]
    backend = Backend(models.Unigram(vocabulary, unk_id=2, byte_fallback=False))
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    backend.decoder = decoders.Metaspace()
    backend.add_special_tokens(specials)
    backend.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    return backend


def tiny_t5(
    folder: Path,
    *,
    tied: bool = False,
    gated: bool = True,
    seed: int = 0,
    multilingual: bool = False,
    **settings: Any,
) -> Path:
    """Write a stock T5 (or mT5) checkpoint of random weights; settings are of its configuration."""
    backend = tiny_tokenizer()
    configuration, architecture = (
        (MT5Config, MT5ForConditionalGeneration)
        if multilingual
        else (T5Config, T5ForConditionalGeneration)
    )
    config = configuration(
        vocab_size=backend.get_vocab_size(),
        d_model=32,
        d_kv=8,
        d_ff=48,
        num_layers=2,
        num_decoder_layers=2,
        num_heads=4,
        feed_forward_proj="gated-gelu" if gated else "relu",
        tie_word_embeddings=tied,
        decoder_start_token_id=0,
        eos_token_id=1,
        pad_token_id=0,
        **{"dropout_rate": 0.0} | settings,
    )
    torch.manual_seed(seed)
    model = architecture(config)
    if not tied:
        head = torch.nn.Parameter(torch.randn_like(model.lm_head.weight) * 0.3)
        model.lm_head.weight = head
        model.config.tie_word_embeddings = False
    return _write(model, backend, folder)


def tiny_bart(folder: Path, *, seed: int = 0, multilingual: bool = False) -> Path:
    """Write a stock BART (or mBART) checkpoint of random weights."""
    backend = tiny_tokenizer(sentinels=False)
    configuration, architecture = (
        (MBartConfig, MBartForConditionalGeneration)
        if multilingual
        else (BartConfig, BartForConditionalGeneration)
    )
    config = configuration(
        vocab_size=backend.get_vocab_size(),
        d_model=32,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=48,
        decoder_ffn_dim=48,
        max_position_embeddings=128,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=1,
        decoder_start_token_id=None if multilingual else 1,
        scale_embedding=multilingual,
        forced_eos_token_id=1,
        dropout=0.0,
        init_std=0.2,
    )
    torch.manual_seed(seed)
    model = architecture(config)
    # Random biases and norms, so that parity tests would notice a forgotten one.
    for name, value in model.named_parameters():
        if name.endswith("bias") or "norm" in name:
            value.data.add_(torch.randn_like(value) * 0.2)
    model.final_logits_bias.copy_(torch.randn_like(model.final_logits_bias) * 0.2)
    return _write(model, backend, folder)


def tiny_checkpoint(folder: Path, *, cell_layers: int = 1, **settings: Any) -> Path:
    """Write a GenTaP checkpoint: a tiny T5 with a cell decoder that differs from its own."""
    stock = tiny_t5(folder.with_name(folder.name + "-stock"), **settings)
    model = TwoDecoderModel.start(stock, cell_layers=cell_layers, budget=96)
    if model.cell_decoder is not None:
        torch.manual_seed(1)
        for name, value in model.cell_decoder.named_parameters():
            if not name.startswith("embed_tokens"):
                value.data.add_(torch.randn_like(value) * 0.05)
    model.save(folder)
    return folder


def _write(model: PreTrainedModel, backend: Backend, folder: Path) -> Path:
    model.eval().save_pretrained(folder)
    backend.save(str(folder / "tokenizer.json"))
    return folder
