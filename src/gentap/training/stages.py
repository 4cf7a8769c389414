"""The three trainings: question generator, pretraining, fine-tuning; one loop under all."""

from __future__ import annotations

import logging
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from gentap.errors import InputError
from gentap.records import Example
from gentap.synthesis.inversion import Inverted
from gentap.training.batch import Encoded
from gentap.training.card import data_summary, model_card
from gentap.training.data import encode_examples
from gentap.training.loop import Settings, train
from gentap.training.model import TwoDecoderModel

logger = logging.getLogger(__name__)

ANSWERING_BUDGET = 512
Objective = Literal["both", "sentence", "cell"]


def train_questions(
    pairs: Sequence[Inverted],
    directory: Path,
    settings: Settings,
    *,
    backbone: str | Path,
) -> Path:
    """Train a question generator: sentence and the answer's span in, question out.

    Args:
        pairs: Inverted reading comprehension.
        directory: Where the checkpoint goes.
        settings: How to train.
        backbone: Folder or hub id to start from.
    """

    def encode(model: TwoDecoderModel, dropped: Counter[str]) -> list[Encoded]:
        return [
            Encoded(
                model.linearizer.text(pair.sentence, [pair.answer]),
                model.linearizer.target(pair.question),
                "sentence",
            )
            for pair in pairs
        ]

    def start() -> TwoDecoderModel:
        return TwoDecoderModel.start(backbone, cell_layers=0, budget=256)

    return _stage("questions", start, encode, directory, settings, origin=backbone)


def pretrain(
    examples: Iterable[Example],
    directory: Path,
    settings: Settings,
    *,
    backbone: str | Path,
    objective: Objective = "both",
    cell_layers: int = 3,
    budgets: tuple[int, int] = (64, 224),
) -> Path:
    """Pretrain both decoders on synthetic examples, equal numbers of each kind.

    Args:
        examples: Sentence and cell examples.
        directory: Where the checkpoint goes.
        settings: How to train.
        backbone: Folder or hub id to start from; from a GenTaP checkpoint, both its decoders go
            on, whatever ``cell_layers`` says.
        objective: Which kinds to learn; the paper's ablation leaves one out.
        cell_layers: Layers of the cell decoder.
        budgets: Between how many tokens of input each example's budget is drawn. Positions
            are relative, so the model answers with `ANSWERING_BUDGET` all the same.
    """
    wanted = [example for example in examples if objective in ("both", example.kind)]

    def encode(model: TwoDecoderModel, dropped: Counter[str]) -> list[Encoded]:
        kinds = {example.kind for example in wanted}
        if objective == "both" and len(kinds) < 2:
            raise InputError(
                f"pretraining needs examples of both kinds; here: {sorted(kinds) or 'none'}. "
                "Choose --objective sentence or cell to learn one"
            )
        linearizer = model.linearizer
        return list(
            encode_examples(
                wanted,
                linearizer,
                dropped=dropped,
                budgets=budgets,
                seed=settings.seed,
            )
        )

    def start() -> TwoDecoderModel:
        layers = 0 if objective == "sentence" else cell_layers
        return _open(backbone, layers)

    return _stage(
        "pretrain", start, encode, directory, settings, origin=backbone, data=data_summary(wanted)
    )


def finetune(
    examples: Sequence[Example],
    directory: Path,
    settings: Settings,
    *,
    model: str | Path,
    budgets: tuple[int, int] = (128, 512),
) -> Path:
    """Fine-tune a checkpoint, or a stock backbone, on annotated examples.

    Args:
        examples: Annotated examples, of one kind or both.
        directory: Where the checkpoint goes.
        settings: How to train.
        model: A GenTaP checkpoint, or any stock folder or hub id for comparison.
        budgets: See `pretrain`.
    """

    def encode(loaded: TwoDecoderModel, dropped: Counter[str]) -> list[Encoded]:
        encoded = encode_examples(
            examples, loaded.linearizer, dropped=dropped, budgets=budgets, seed=settings.seed
        )
        return list(encoded)

    def start() -> TwoDecoderModel:
        return _open(model, 0)

    data = data_summary(examples)
    return _stage("finetune", start, encode, directory, settings, origin=model, data=data)


def _open(name: str | Path, cell_layers: int) -> TwoDecoderModel:
    """Load a GenTaP checkpoint as it is, or begin from a stock backbone."""
    if (Path(name) / "gentap.json").is_file():
        return TwoDecoderModel.load(name)
    return TwoDecoderModel.start(name, cell_layers=cell_layers, budget=ANSWERING_BUDGET)


def _stage(
    name: str,
    start: Callable[[], TwoDecoderModel],
    encode: Callable[[TwoDecoderModel, Counter[str]], list[Encoded]],
    directory: Path,
    settings: Settings,
    *,
    origin: str | Path,
    data: dict[str, dict[str, int]] | None = None,
) -> Path:
    """Run one training; a finished one is left as it is."""
    if (directory / "gentap.json").is_file():
        logger.warning("%s: a finished model is there already; nothing to do", directory)
        return directory
    model = start()
    dropped: Counter[str] = Counter()
    examples = encode(model, dropped)
    for reason, count in sorted(dropped.items()):
        logger.warning("%d examples dropped: %s", count, reason)
    entry: dict[str, Any] = {"stage": name, "from": Path(origin).name}
    entry |= train(model, examples, directory, settings, label=name)
    entry |= {"dropped": dict(dropped), "data": data or {}}
    model.card["lineage"] = [*model.card["lineage"], entry]
    # The card is written last: where it is, the model is whole.
    card = model_card(model.card, directory.name)
    (directory / "README.md").write_text(card, encoding="utf-8")
    model.to("cpu").save(directory)
    shutil.rmtree(directory / "checkpoint", ignore_errors=True)
    return directory
