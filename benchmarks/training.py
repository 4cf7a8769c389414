"""Examples per second against Transformers' own trainer, in one run on the same examples.

    python benchmarks/training.py BACKBONE DATA [--examples 64] [--rounds 3]
    python benchmarks/training.py BACKBONE DATA --curve OUT.json [--steps 300] [--of SYSTEM...]

BACKBONE is a stock T5 folder or hub id, DATA what `gentap finetune` reads (FeTaQA's JSONL). The
systems take turns, so that a busy machine slows all of them alike. `Seq2SeqTrainer` has its
defaults (AdamW, batches of 8, the model's dropout); its inputs are padded to the longest of the
batch, or all to the longest input. Ours steps over the same 8 or over 32 examples. The matmul
peak is that of square float32 (or bfloat16) products on the same cores, before and after.
--curve trains over the same examples in the same order, each SYSTEM (transformers, in float32; this
loop in float32 or bfloat16) with dropout of hidden states, and prints the losses side by side, also
those of other systems that OUT.json holds from before.
"""

from __future__ import annotations

import argparse
import json
import logging
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from arithmetic import Shape
from transformers import PrinterCallback, Seq2SeqTrainer, Seq2SeqTrainingArguments

from gentap.evaluation import load_examples
from gentap.training.backbone import load_seq2seq
from gentap.training.batch import Encoded
from gentap.training.data import encode_examples
from gentap.training.devices import accelerator_for
from gentap.training.model import TwoDecoderModel
from gentap.training.plan import Plan
from gentap.training.run import Run
from gentap.training.settings import Settings, best_dtype
from gentap.training.store import TokenStore

DROPOUT, RATE, BUDGET, TARGET = 0.1, 5e-4, 512, 64
Turn = Callable[[], float]


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("backbone")
    parser.add_argument("data")
    parser.add_argument("--examples", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--curve", help="instead: train by each SYSTEM, and write the losses here")
    parser.add_argument("--steps", type=int, default=300, help="of the curves")
    systems = ("transformers", "float32", "bfloat16")
    parser.add_argument("--of", nargs="+", choices=systems, metavar="SYSTEM",
                        default=["transformers", best_dtype("cpu")])  # fmt: skip
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    model = TwoDecoderModel.start(options.backbone, cell_layers=0, budget=BUDGET)
    found = encode_examples(load_examples(options.data), model.linearizer, dropped=Counter())
    examples = list(found)
    if options.curve:
        path = Path(options.curve)
        losses = json.loads(path.read_text()) if path.is_file() else {}
        for system in options.of:
            losses[system] = curve(options.backbone, examples, options.steps, system)
            path.write_text(json.dumps(losses) + "\n")
        sys.stdout.write(side_by_side(losses))
        return
    report = speeds(options.backbone, examples[: options.examples], options.rounds)
    sys.stdout.write(json.dumps(report, indent=2) + "\n")


def speeds(backbone: str, examples: Sequence[Encoded], rounds: int) -> dict[str, Any]:
    """Return examples per second of every system, and the share of the peak that ours reaches."""
    dtype = best_dtype("cpu")
    with tempfile.TemporaryDirectory() as folder:
        store = TokenStore.make(Path(folder) / "t.arrow", "", lambda notes: examples)
        turns: dict[str, Turn] = {
            "trainer, padded to the longest input": _trainer(backbone, examples, folder, full=True),
            "trainer, padded to the longest of the batch": _trainer(
                backbone, examples, folder, full=False
            ),
            "ours, float32, steps of 8": _ours(backbone, store, 8, "float32"),
            f"ours, {dtype}, steps of 32": _ours(backbone, store, 32, dtype),
        }
        peaks = [peak(dtype)]
        seconds: dict[str, list[float]] = {name: [] for name in turns}
        for _ in range(rounds):
            for name, turn in turns.items():
                seconds[name].append(turn())
            peaks.append(peak(dtype))
    rates = {name: len(examples) / statistics.median(spent) for name, spent in seconds.items()}
    baseline, dynamic, *_, best = rates.values()
    shape = shape_of(backbone)
    work = sum(shape.operations(len(e.source), len(e.target)) for e in examples)
    return {
        "examples_per_second": rates,
        "ratio_to_padded": best / baseline,
        "ratio_to_dynamic": best / dynamic,
        "peak_gflops": statistics.median(peaks) / 1e9,
        "share_of_peak": work / len(examples) * best / statistics.median(peaks),
        "dtype": dtype,
        "threads": torch.get_num_threads(),
        "mean_input": statistics.mean(len(example.source) for example in examples),
        "mean_target": statistics.mean(len(example.target) for example in examples),
    }


def _trainer(backbone: str, examples: Sequence[Encoded], folder: str, *, full: bool) -> Turn:
    rows = [{"input_ids": list(e.source), "labels": list(e.target)} for e in examples]
    length = max(len(example.source) for example in examples) if full else 0

    def collate(batch: list[dict[str, list[int]]]) -> dict[str, torch.Tensor]:
        source = max(length, *(len(row["input_ids"]) for row in batch))
        target = max(TARGET if full else 0, *(len(row["labels"]) for row in batch))
        return {
            "input_ids": _padded([row["input_ids"] for row in batch], source, 0),
            "attention_mask": _padded([[1] * len(row["input_ids"]) for row in batch], source, 0),
            "labels": _padded([row["labels"] for row in batch], target, -100),
        }

    model = _with_dropout(backbone)

    def turn() -> float:
        arguments = Seq2SeqTrainingArguments(
            folder, num_train_epochs=1, report_to="none", save_strategy="no", disable_tqdm=True,
            learning_rate=RATE, use_cpu=True, logging_strategy="no",
        )  # fmt: skip
        trainer = Seq2SeqTrainer(model, arguments, data_collator=collate, train_dataset=rows)
        trainer.remove_callback(PrinterCallback)
        begun = time.perf_counter()
        trainer.train()
        return time.perf_counter() - begun

    return turn


def _ours(backbone: str, store: TokenStore, batch_size: int, dtype: str) -> Turn:
    settings = Settings(batch_size=batch_size, dropout=DROPOUT, learning_rate=RATE, dtype=dtype)
    model = TwoDecoderModel.start(backbone, cell_layers=0, budget=BUDGET)
    plan = Plan(store.cells, batch_size, 0)
    run = Run(model, store, plan, settings, accelerator_for("cpu"), 10**6)

    def turn() -> float:
        begun = time.perf_counter()
        for _ in range(plan.steps_per_epoch):
            run.advance()
        return time.perf_counter() - begun

    return turn


def curve(backbone: str, examples: Sequence[Encoded], steps: int, system: str) -> list[float]:
    """Return the losses of so many steps of 8 by stock Transformers, or by this loop in a type."""
    with tempfile.TemporaryDirectory() as folder:
        store = TokenStore.make(Path(folder) / "t.arrow", "", lambda notes: examples)
        plan = Plan(store.cells, 8, 0)
        if system == "transformers":
            batches = ([store[int(i)] for i in plan.step(n)[0]] for n in range(steps))
            return list(_stock_losses(backbone, batches, steps))
        settings = Settings(batch_size=8, dropout=DROPOUT, learning_rate=RATE, dtype=system,
                            warmup=0.0)  # fmt: skip
        model = TwoDecoderModel.start(backbone, cell_layers=0, budget=BUDGET)
        run = Run(model, store, plan, settings, accelerator_for("cpu"), steps)
        return [run.advance()["loss"] for _ in range(steps)]


def side_by_side(losses: Mapping[str, Sequence[float]], size: int = 50) -> str:
    """Return mean losses of so many steps each, and differences from the first system's."""
    (first, reference), *others = losses.items()
    lines = [" | ".join(["| steps", first, *(f"{name} | difference" for name, _ in others)]) + " |"]
    lines.append("|---" * (2 + 2 * len(others)) + "|")
    for start in range(0, len(reference), size):
        part = reference[start : start + size]
        cells = [f"{start + 1} to {start + len(part)}", f"{statistics.fmean(part):.3f}"]
        for _, values in others:
            own = values[start : start + size]
            differences = [one - other for one, other in zip(own, part, strict=True)]
            error = 1.96 * statistics.stdev(differences) / len(part) ** 0.5
            cells += [f"{statistics.fmean(own):.3f}",
                      f"{statistics.fmean(differences):+.3f} ± {error:.3f}"]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _stock_losses(backbone: str, batches: Iterator[list[Encoded]], steps: int) -> Iterator[float]:
    model = _with_dropout(backbone)
    for module in model.modules():
        if isinstance(getattr(module, "dropout", None), float):
            module.dropout = 0.0  # of attention weights, which this loop does not drop
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.0, fused=True)
    torch.manual_seed(0)
    for step, batch in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = RATE * (1 - (step + 0.5) / steps)
        source = max(len(example.source) for example in batch)
        target = max(len(example.target) for example in batch)
        loss = model(
            input_ids=_padded([list(e.source) for e in batch], source, 0),
            attention_mask=_padded([[1] * len(e.source) for e in batch], source, 0),
            labels=_padded([list(e.target) for e in batch], target, -100),
        ).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        yield float(loss.item())


def _with_dropout(backbone: str) -> Any:  # noqa: ANN401 - a stock model
    model = load_seq2seq(backbone)
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = DROPOUT
    return model


def _padded(rows: list[list[int]], length: int, fill: int) -> torch.Tensor:
    return torch.tensor([row + [fill] * (length - len(row)) for row in rows], dtype=torch.long)


def shape_of(backbone: str) -> Shape:
    """Return the sizes of a T5 backbone."""
    config: Any = load_seq2seq(backbone).config
    return Shape(
        config.d_model, config.num_heads * config.d_kv, config.d_ff, config.is_gated_act,
        config.num_layers, config.vocab_size, config.tie_word_embeddings,
    )  # fmt: skip


def peak(dtype: str, size: int = 2048) -> float:
    """Return the best rate of square matrix products, operations a second."""
    left, right = torch.randn(2, size, size, dtype=getattr(torch, dtype))
    best = float("inf")
    for _ in range(8):
        begun = time.perf_counter()
        left @ right
        best = min(best, time.perf_counter() - begun)
    return 2 * size**3 / best


if __name__ == "__main__":
    main()
