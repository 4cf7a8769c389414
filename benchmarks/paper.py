"""The paper's tables, a row a command: trains what the row needs, evaluates, writes the row.

    python benchmarks/paper.py ROW DATA WORK [--scale small|full|smoke] [--results docs/results.md]

ROW: zero-shot, fine-tuned, no-cells, no-pretraining (FeTaQA, development split), few-shot-e2e,
few-shot-infobox or few-shot-logicnlg (table-to-text, an empty question). DATA holds the unpacked
packs fetaqa and table2text; WORK the backbone and the examples that benchmarks/default_model.sh
made. Every step is resumable, and finished models are used again. small is for two CPU cores,
full for a GPU: all examples, inputs up to 512 tokens; smoke tries the commands.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import shlex
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from results_table import write_row

import gentap.cli
from gentap.evaluation import load_examples
from gentap.evaluation.lineage import training_of
from gentap.records import Example

# The baseline is first: what the others are compared with.
FETAQA = {
    "no-pretraining": ("without pretraining, fine-tuned", "", True),
    "fine-tuned": ("pretrained, fine-tuned", "both", True),
    "no-cells": ("pretrained without the cell objective, fine-tuned", "sentence", True),
    "zero-shot": ("pretrained, zero-shot", "both", False),
}
DOMAINS = {
    "e2e": "table2text/e2e_cleaned_devel.csv",
    "infobox": "table2text/infobox_lead.jsonl",
    "logicnlg": "table2text/logicnlg_val.json",
}
SIZES = (50, 100, 200, 500)
SCORES = ("bleu", "rouge1", "rouge2", "rougeL", "meteor")
TRUTH = ("cell_precision", "cell_recall")


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is trained and answered.

    Attributes:
        pretrain: Options of pretraining that learns both kinds.
        alone: Its batches without the cells, so that as many sentences are seen in as many steps.
        tune: Options of fine-tuning on all rows.
        few: Options of fine-tuning on few.
        seeds: Draws of the few.
        held_out: Examples that those are tested on.
    """

    pretrain: str
    alone: str
    tune: str
    few: str
    seeds: int
    held_out: int


SCALES = {
    "small": Scale(
        "--budgets 64 192 --epochs 2 --max-steps 600 --batch-size 32 --freeze-embeddings --seed 0",
        "--batch-size 16",
        "--budgets 128 320 --epochs 2 --freeze-embeddings --seed 0",
        "--budgets 64 256 --epochs 1000 --max-steps 40 --batch-size 16 --freeze-embeddings",
        2,
        100,
    ),
    "full": Scale(
        "--budgets 128 512 --epochs 3 --batch-size 128 --seed 0 --device cuda",
        "--batch-size 64",
        "--budgets 512 512 --epochs 10 --seed 0 --device cuda",
        "--budgets 512 512 --epochs 1000 --max-steps 300 --batch-size 16 --device cuda",
        5,
        1000,
    ),
    "smoke": Scale(
        "--budgets 64 96 --max-steps 2 --batch-size 4 --cell-layers 1",
        "--batch-size 2",
        "--budgets 64 96 --max-steps 2 --batch-size 4",
        "--budgets 64 96 --max-steps 2 --batch-size 4",
        2,
        4,
    ),
}


def main() -> None:
    """Make one row."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    rows = [*FETAQA, *(f"few-shot-{domain}" for domain in DOMAINS)]
    parser.add_argument("row", choices=rows)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--scale", choices=SCALES, default="small")
    parser.add_argument("--results", type=Path, default=Path("docs/results.md"))
    options = parser.parse_args()
    paper = Paper(
        options.data.resolve(), options.work.resolve(), options.scale, options.results.resolve()
    )
    if options.row in FETAQA:
        paper.fetaqa(options.row)
    else:
        paper.few_shot(options.row.removeprefix("few-shot-"))


class Paper:
    """The rows, at one scale."""

    def __init__(self, data: Path, work: Path, scale: str, results: Path) -> None:
        """Take where data lie, where to work, and the document to write into."""
        self.data, self.work, self.scale, self.results = data, work, scale, results
        self.settings = SCALES[scale]

    def fetaqa(self, row: str) -> None:
        """Train what the row is about, and evaluate it beside the rows that are there already."""
        label, objective, tuned = FETAQA[row]
        name = self._pretrained(objective)
        if tuned:
            train = self.data / "fetaqa" / "train_partial.jsonl"
            self._gentap(f"finetune {name} {train} -o {name}-tuned {self.settings.tune}")
            name += "-tuned"
        if not (self.work / f"{name}-light").is_dir():
            self._gentap(f"export {name} -o {name}-light")
        made = [f"{self._name(one)}{'-tuned' * t}-light" for _, one, t in FETAQA.values()]
        ready = [one for one in made if (self.work / one).is_dir()]
        found = self._evaluate(ready, self.data / "fetaqa" / "dev.jsonl", "paper-fetaqa")
        scores = found[f"{name}-light"]
        truth = [scores["truth"][one] for one in TRUTH]
        training = training_of(scores["lineage"])
        write_row(self.results, f"fetaqa {self.scale}", {
            "system": label,
            **{one: _interval(scores[one]) for one in SCORES if one in scores},
            **dict(zip(("precision", "recall"), map(_interval, truth), strict=True)),
            "pretrained on": f"{training.pretraining}, {training.pretraining_seen:,} seen",
            "fine-tuned on": f"{training.rows:,}",
            "steps": f"{training.steps:,}", "minutes": f"{training.minutes:,}",
            "seed": str(training.seed), "machine": machine(training.device), "row": f"`{row}`",
        })  # fmt: skip

    def few_shot(self, domain: str) -> None:
        """Fine-tune both models on few examples of a domain, several draws, and evaluate."""
        models = {self._name(""): "backbone", self._pretrained("both"): "pretrained"}
        draws = self._split(domain)
        names = [
            (model, size, seed, f"few-{domain}-{model}-{size}-{seed}")
            for size in draws for seed in range(self.settings.seeds) for model in models
        ]  # fmt: skip
        for model, size, seed, name in names:
            train = f"few-{domain}-{seed}.jsonl --limit {size} --seed {seed}"
            self._gentap(f"finetune {model} {train} -o {name} {self.settings.few}")
        systems = [name for *_, name in names]
        found = self._evaluate(systems, Path(f"few-{domain}-test.jsonl"), f"paper-few-{domain}")
        for size in draws:
            for model, label in models.items():
                drawn = [found[name] for one, count, _, name in names
                         if (one, count) == (model, size)]  # fmt: skip
                trainings = [training_of(scores["lineage"]) for scores in drawn]
                write_row(self.results, f"few-shot {self.scale}", {
                    "system": f"{domain}, {size} examples, {label}",
                    **{one: _range([scores[one]["score"] for scores in drawn])
                       for one in (*SCORES, "parent") if one in drawn[0]},
                    "tested on": f"{drawn[0]['examples']:,}", "draws": str(len(drawn)),
                    "steps": f"{trainings[0].steps:,}",
                    "minutes": f"{fmean(one.minutes for one in trainings):.1f}",
                    "machine": machine(trainings[0].device), "row": f"`few-shot-{domain}`",
                })  # fmt: skip

    def _name(self, objective: str) -> str:
        suffix = "" if self.scale == "small" else f"-{self.scale}"
        named = {"": "backbone", "both": "pretrained-short", "sentence": "pretrained-sentence"}
        return named[objective] + (suffix if objective else "")

    def _pretrained(self, objective: str) -> str:
        name = self._name(objective)
        if objective:
            alone = "" if objective == "both" else self.settings.alone
            learn = f"--backbone backbone --objective {objective} {self.settings.pretrain} {alone}"
            self._gentap(f"pretrain examples -o {name} {learn}")
        return name

    def _split(self, domain: str) -> list[int]:
        """Write the held-out examples and a draw a seed; return the sizes that there is enough for.

        No table is on both sides. Draws of one seed hold each other: the first 50 of 100 are
        the 50.
        """
        groups: defaultdict[str, list[Example]] = defaultdict(list)
        for example in load_examples(f"{domain}:{self.data / DOMAINS[domain]}"):
            groups[example.source.uri or example.id].append(example)
        order = sorted(groups)
        random.Random(0).shuffle(order)
        held_out = min(self.settings.held_out, sum(map(len, groups.values())) // 3)
        test: list[Example] = []
        pool: list[Example] = []
        for name in order:
            (test if len(test) < held_out else pool).extend(groups[name])
        files = {"test": test}
        for seed in range(self.settings.seeds):
            files[str(seed)] = random.Random(seed).sample(pool, min(len(pool), max(SIZES)))
        for name, chosen in files.items():
            lines = (json.dumps(example.to_record()) + "\n" for example in chosen)
            path = self.work / f"few-{domain}-{name}.jsonl"
            path.write_text("".join(lines), encoding="utf-8")
        return [size for size in SIZES if size <= len(pool)]

    def _evaluate(self, systems: Sequence[str], data: Path, out: str) -> dict[str, Any]:
        """Evaluate in one folder and one report; return the scores by name of the system."""
        self._gentap(f"evaluate {' '.join(systems)} {data} -o {out}")
        record = json.loads((self.work / out / "scores.json").read_text(encoding="utf-8"))
        return dict(record.get("systems", {systems[0]: record}))

    def _gentap(self, command: str) -> None:
        """Run a command of gentap in the work folder, in this process: torch is loaded once."""
        os.chdir(self.work)
        with contextlib.redirect_stdout(io.StringIO()):
            failed = gentap.cli.main(shlex.split(command))
        if failed:
            raise SystemExit(failed)


def machine(device: str) -> str:
    """Return what kind of machine this is."""
    if device == "cpu":
        cores = len(os.sched_getaffinity(0))
        return f"{cores} CPU core{'s' * (cores != 1)}"
    import torch

    return str(torch.cuda.get_device_name(device))


def _interval(estimate: Mapping[str, float]) -> str:
    return f"{estimate['score']:.1f} [{estimate['low']:.1f}, {estimate['high']:.1f}]"


def _range(scores: Sequence[float]) -> str:
    return f"{fmean(scores):.1f} [{min(scores):.1f}, {max(scores):.1f}]"


if __name__ == "__main__":
    main()
