"""The three trainings: question generator, pretraining, fine-tuning; one loop under all."""

from __future__ import annotations

import logging
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from accelerate import Accelerator

from gentap.answering.models import find_start, meant
from gentap.errors import InputError
from gentap.linearize import Linearizer
from gentap.records import Example
from gentap.synthesis.inversion import Inverted
from gentap.training.batch import Encoded
from gentap.training.card import DataSummary, model_card
from gentap.training.checkpoints import Checkpoints, writing
from gentap.training.data import encode_examples
from gentap.training.dev import Dev
from gentap.training.devices import accelerator_for
from gentap.training.loop import train
from gentap.training.measure import Measurement, measure
from gentap.training.model import CARD, TwoDecoderModel
from gentap.training.settings import Settings
from gentap.training.store import Notes, TokenStore, key_of

logger = logging.getLogger(__name__)

ANSWERING_BUDGET = 512
TOKENS = "tokens.arrow"

Budgets = tuple[int, int]
Objective = Literal["both", "sentence", "cell"]
Score = Callable[[TwoDecoderModel], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Stage:
    """A training that is ready to begin; `questions`, `pretraining` and `finetuning` make one.

    Attributes:
        name: What the lineage calls it.
        origin: Folder or hub id that it starts from.
        start: Loads what it starts from.
        encode: Gives token ids: of a linearizer, notes to fill and a seed.
        key: What the examples hang on; empty: unknown, so that they are always read.
        budgets: Between how many tokens of input each example's budget is drawn.
    """

    name: str
    origin: str
    start: Callable[[], TwoDecoderModel]
    encode: Callable[[Linearizer, Notes, int], Iterable[Encoded]]
    key: str
    budgets: Budgets

    def train(
        self,
        directory: Path,
        settings: Settings,
        *,
        dev: Sequence[Example] = (),
        score: Score | None = None,
    ) -> Path:
        """Train, or go on after an interruption; a finished model is left as it is.

        Args:
            directory: Where the checkpoint goes.
            settings: How to train.
            dev: Held-out examples to look at from time to time.
            score: Further scores of the model for those looks.
        """
        if (directory / CARD).is_file():
            logger.warning("%s: a finished model is there already; nothing to do", directory)
            return directory
        accelerator = accelerator_for(settings.device)
        model = self.start()
        store = self._store(directory / TOKENS, model, settings, accelerator)
        for reason, count in sorted(store.notes.get("dropped", {}).items()):
            logger.warning("%d examples dropped: %s", count, reason)
        looks = Dev(self._held_out(dev, model.linearizer), score) if dev else None
        entry: dict[str, Any] = {"stage": self.name, "from": Path(self.origin).name}
        entry |= train(model, store, directory, settings,
                       accelerator=accelerator, label=self.name, dev=looks)  # fmt: skip
        if accelerator.is_main_process:
            _finish(model, entry | store.notes, directory)
        accelerator.wait_for_everyone()
        return directory

    def measure(self, settings: Settings, *, seconds: float = 20.0) -> Measurement:
        """Train for some seconds, keep nothing, and say how fast it was."""
        accelerator = accelerator_for(settings.device)
        model = self.start()
        with tempfile.TemporaryDirectory() as folder:
            store = self._store(Path(folder) / TOKENS, model, settings, accelerator)
            return measure(model, store, settings, accelerator, seconds=seconds)

    def _store(
        self, path: Path, model: TwoDecoderModel, settings: Settings, accelerator: Accelerator
    ) -> TokenStore:
        if accelerator.is_main_process:
            linearizer = model.linearizer
            key = self.key and key_of(
                data=self.key,
                seed=settings.seed,
                budgets=self.budgets,
                separators=model.card["separators"],
                tokenizer=model.tokenizer.backend.to_str(),
            )
            TokenStore.make(path, key, lambda notes: self.encode(linearizer, notes, settings.seed))
        accelerator.wait_for_everyone()
        return TokenStore(path)

    def _held_out(self, examples: Sequence[Example], linearizer: Linearizer) -> list[Encoded]:
        dropped: Counter[str] = Counter()
        most = (self.budgets[1], self.budgets[1])
        encoded = list(encode_examples(examples, linearizer, dropped=dropped, budgets=most))
        if not encoded:
            raise InputError(f"none of the {len(examples)} dev examples fits: {dict(dropped)}")
        return encoded


def questions(
    pairs: Iterable[Inverted], *, backbone: str | Path, layers: int = 0, key: str = ""
) -> Stage:
    """Prepare a question generator: sentence and the answer's span in, question out.

    Args:
        pairs: Inverted reading comprehension.
        backbone: Folder or hub id to start from, or ``default``; of a GenTaP model, exported or
            not, encoder and sentence decoder go on.
        layers: Layers to keep of the decoder; 0: all.
        key: Identifies the pairs, see `Stage`.
    """

    def encode(linearizer: Linearizer, notes: Notes, seed: int) -> Iterator[Encoded]:
        for pair in pairs:
            source = linearizer.text(pair.sentence, [pair.answer])
            yield Encoded(source, linearizer.target(pair.question), "sentence")

    def start() -> TwoDecoderModel:
        place = find_start(backbone)
        return TwoDecoderModel.start(place, cell_layers=0, budget=256, layers=layers)

    return Stage("questions", meant(backbone), start, encode, key, (256, 256))


def pretraining(
    examples: Iterable[Example],
    *,
    backbone: str | Path,
    objective: Objective = "both",
    cell_layers: int = 3,
    budgets: Budgets = (64, 224),
    key: str = "",
) -> Stage:
    """Prepare to pretrain both decoders on synthetic examples, equal numbers of each kind.

    Args:
        examples: Sentence and cell examples; read once, one by one.
        backbone: Folder or hub id to start from, or ``default``; from a GenTaP model, exported or
            not, both its decoders go on, whatever ``cell_layers`` says.
        objective: Which kinds to learn; the paper's ablation leaves one out.
        cell_layers: Layers of the cell decoder.
        budgets: Between how many tokens of input each example's budget is drawn. Positions
            are relative, so the model answers with `ANSWERING_BUDGET` all the same.
        key: Identifies the examples, see `Stage`.
    """

    def encode(linearizer: Linearizer, notes: Notes, seed: int) -> Iterator[Encoded]:
        wanted = (example for example in examples if objective in ("both", example.kind))
        yield from _encode(wanted, linearizer, notes, budgets, seed)
        kinds = notes["data"]["kinds"]
        if objective == "both" and len(kinds) < 2:
            raise InputError(
                f"pretraining needs examples of both kinds; here: {sorted(kinds) or 'none'}. "
                "Choose --objective sentence or cell to learn one"
            )

    layers = 0 if objective == "sentence" else cell_layers
    full = key and f"{key} {objective}"
    return Stage("pretrain", meant(backbone), _start(backbone, layers), encode, full, budgets)


def finetuning(
    examples: Iterable[Example],
    *,
    model: str | Path,
    budgets: Budgets = (128, 512),
    key: str = "",
) -> Stage:
    """Prepare to fine-tune a GenTaP model, or a stock backbone, on annotated examples.

    Args:
        examples: Annotated examples, of one kind or both; read once, one by one.
        model: Folder or hub id of a GenTaP model, exported or not, or ``default``; or of any
            stock backbone, for comparison.
        budgets: See `pretraining`.
        key: Identifies the examples, see `Stage`.
    """

    def encode(linearizer: Linearizer, notes: Notes, seed: int) -> Iterator[Encoded]:
        return _encode(examples, linearizer, notes, budgets, seed)

    return Stage("finetune", meant(model), _start(model, 0), encode, key, budgets)


def _start(name: str | Path, cell_layers: int) -> Callable[[], TwoDecoderModel]:
    """Load a GenTaP model as it is, or begin from a stock backbone."""

    def start() -> TwoDecoderModel:
        place = find_start(name)
        if (Path(place) / CARD).is_file():
            return TwoDecoderModel.load(place)
        return TwoDecoderModel.start(place, cell_layers=cell_layers, budget=ANSWERING_BUDGET)

    return start


def _encode(
    examples: Iterable[Example],
    linearizer: Linearizer,
    notes: Notes,
    budgets: Budgets,
    seed: int,
) -> Iterator[Encoded]:
    """Encode examples; what was dropped and what the data is goes into the notes."""
    dropped: Counter[str] = Counter()
    summary = DataSummary()
    counted = summary.count(examples)
    yield from encode_examples(counted, linearizer, dropped=dropped, budgets=budgets, seed=seed)
    notes |= {"dropped": dict(dropped), "data": summary.to_record()}


def _finish(model: TwoDecoderModel, entry: dict[str, Any], directory: Path) -> None:
    """Write the model; `gentap.json` comes last: where it is, the model is whole."""
    model.card["lineage"] = [*model.card["lineage"], entry]
    with writing(directory):
        card = model_card(model.card, directory.name)
        (directory / "README.md").write_text(card, encoding="utf-8")
        model.to("cpu").save(directory)
    Checkpoints(directory, {}).clear()
    TokenStore.remove(directory / TOKENS)
