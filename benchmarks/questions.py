"""How good and how fast a question generator is, on reading comprehension that it never saw.

    python benchmarks/questions.py score MODEL FILES... [--backbone B] [--limit 1000] [--seed 1]
    python benchmarks/questions.py speed CHECKPOINT FILES... [--limit 256] [--batch 64] [--beams 1]

FILES are SQuAD-format JSON or QAMR's TSV, turned round as in training: sentence and answer in,
question out. ``score`` prints BLEU-4, ROUGE-L and METEOR of MODEL (a checkpoint, an exported one,
or ``default``, the one that ships), of two floors (a wh-word and the sentence without its answer;
the backbone, untrained), with intervals. ``speed`` times, taking turns, Transformers' generate
over batches in the files' order, then over inputs of a length together, as `EngineWriter` puts
them; the light runtime with the same weights, and with 8-bit ones; and counts equal questions.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gentap.answering.models import find_model, open_engine
from gentap.evaluation import score
from gentap.runtime.engine import Decoding, Engine
from gentap.runtime.torch import TorchEngine
from gentap.synthesis.inversion import Inverted, read_inverted
from gentap.synthesis.questions import EngineWriter
from gentap.text import tokens
from gentap.training.export import export
from gentap.training.model import TwoDecoderModel

SCORES = ("bleu", "rougeL", "meteor")


def main() -> None:
    """Score or time, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("task", choices=("score", "speed"))
    parser.add_argument("model", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--backbone", type=Path)
    parser.add_argument("--limit", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--beams", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    pairs = list(read_inverted(options.files, Counter()))
    random.Random(options.seed).shuffle(pairs)
    task = scores if options.task == "score" else speeds
    report = task(pairs[: options.limit], options)
    sys.stdout.write(json.dumps(report, indent=2) + "\n")


def scores(pairs: list[Inverted], options: argparse.Namespace) -> dict[str, Any]:
    """Score a model and the floors against the questions that people asked."""
    systems = {
        "model": ask(open_engine(find_model(str(options.model), "questions")), pairs, options)
    }
    systems["wh-word and sentence"] = [floor(pair) for pair in pairs]
    if options.backbone:
        raw = TwoDecoderModel.start(options.backbone, cell_layers=0, budget=256)
        systems["backbone"] = ask(TorchEngine(raw, "raw"), pairs, options)
    expected = [pair.question for pair in pairs]
    found = {name: score(said, expected).to_record() for name, said in systems.items()}
    return {
        "pairs": len(pairs),
        **{
            name: {one: record[one] for one in SCORES if one in record} | record["length"]
            for name, record in found.items()
        },
        "samples": [
            {
                "sentence": pair.sentence,
                "answer": pair.answer,
                "question": pair.question,
                "model": said,
            }
            for pair, said in list(zip(pairs, systems["model"], strict=True))[:20]
        ],
    }


def speeds(pairs: list[Inverted], options: argparse.Namespace) -> dict[str, Any]:
    """Time the engines in turns."""
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    said: dict[str, list[str]] = {}
    stock = TorchEngine.from_folder(options.model)
    batches = [
        pairs[start : start + options.batch] for start in range(0, len(pairs), options.batch)
    ]
    with tempfile.TemporaryDirectory() as folder:
        runs: dict[str, tuple[Engine, list[list[Inverted]]]] = {
            "transformers": (stock, batches),
            "transformers, like lengths together": (stock, [pairs]),
        }
        for bits in (32, 8):
            export(options.model, Path(folder, str(bits)), bits=bits)
            runs[f"light, {bits} bits"] = (open_engine(Path(folder, str(bits))), [pairs])
        for _ in range(options.rounds):
            for name, (engine, parts) in runs.items():
                begun = time.perf_counter()
                said[name] = [text for part in parts for text in ask(engine, part, options)]
                seconds[name].append(time.perf_counter() - begun)
    own = said["transformers"]
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    return {
        name: {
            "questions_per_second": len(pairs) / medians[name],
            "times_transformers": medians["transformers"] / medians[name],
            "equal_questions": statistics.fmean(map(str.__eq__, own, said[name])),
        }
        for name in runs
    }


def ask(engine: Engine, pairs: Sequence[Inverted], options: argparse.Namespace) -> list[str]:
    """Return a question for each pair."""
    decoding = Decoding(beams=options.beams, max_tokens=40)
    writer = EngineWriter(engine, batch_size=options.batch, decoding=decoding)
    return [one.text for one in writer.ask([(pair.sentence, pair.answer) for pair in pairs])]


def floor(pair: Inverted) -> str:
    """Ask with a wh-word in front of the sentence, its answer left out."""
    found = tokens(pair.answer)
    number = any(token.kind == "number" for token in found)
    name = any(pair.answer[token.start].isupper() for token in found)
    word = "When" if number and len(found) < 4 else "Who" if name else "What"
    rest = " ".join(pair.sentence.replace(pair.answer, "", 1).rstrip(" .!?").split())
    return f"{word} {rest}?"


if __name__ == "__main__":
    main()
