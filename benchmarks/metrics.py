"""Our scores against the reference implementations' own, and how long they take.

    python benchmarks/metrics.py PREDICTIONS.jsonl [--pairs 1000] [--timed 2000]

PREDICTIONS.jsonl is what `gentap evaluate` writes. BLEU and chrF are compared with sacreBLEU's
command line, ROUGE with rouge-score, METEOR with nltk reading the same WordNet. Fails where a
printed digit differs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

import nltk
from nltk.corpus.reader import WordNetCorpusReader
from nltk.tokenize import NLTKWordTokenizer
from nltk.translate.meteor_score import single_meteor_score
from rouge_score.rouge_scorer import RougeScorer

from gentap.evaluation.metrics import ROUGE, score
from gentap.evaluation.wordnet import WordNet


def main() -> None:
    """Compare, time, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("predictions", type=Path)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--timed", type=int, default=2000)
    options = parser.parse_args()
    records = [json.loads(line) for line in options.predictions.read_text().splitlines()]
    pairs = [(one["answer"], one["reference"]) for one in records][: options.pairs]
    ours = {name: found.score for name, found in score(*zip(*pairs, strict=True)).estimates.items()}
    theirs = {**sacrebleu(pairs), **rouge(pairs), "meteor": meteor(pairs)}
    begun = time.perf_counter()
    score(*zip(*islice(cycle(pairs), options.timed), strict=True))
    seconds = time.perf_counter() - begun
    rows = {name: {"ours": ours[name], "theirs": value} for name, value in theirs.items()}
    report = {"pairs": len(pairs), "scores": rows, "timed": options.timed, "seconds": seconds}
    sys.stdout.write(json.dumps(report, indent=2) + "\n")
    if any(f"{row['ours']:.4f}" != f"{row['theirs']:.4f}" for row in rows.values()):
        sys.exit("a score differs")


def sacrebleu(pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Return what sacreBLEU's command line prints."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("answers", "references")]
        for file, texts in zip(files, zip(*pairs, strict=True), strict=True):
            file.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
        command = [sys.executable, "-m", "sacrebleu", str(files[1]), "-i", str(files[0])]
        command += ["-m", "bleu", "chrf", "-w", "4", "-f", "json"]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {
        {"BLEU": "bleu", "chrF2": "chrf"}[found["name"]]: found["score"]
        for found in json.loads(printed)
    }


def rouge(pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Return the means of rouge-score's F1."""
    scorer = RougeScorer(list(ROUGE), use_stemmer=True)
    found = [scorer.score(reference, answer) for answer, reference in pairs]
    return {name: 100 * statistics.fmean(one[name].fmeasure for one in found) for name in ROUGE}


def meteor(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the mean of nltk's score, its own reader on a copy of the same files."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "corpora" / "wordnet"
        place.mkdir(parents=True)
        for file in WordNet.find().folder.glob("*.*"):
            if file.is_file():
                shutil.copy(file, place)
        names = "".join(f"{number:02d}\tname{number}\t1\n" for number in range(45))
        (place / "lexnames").write_text(names)
        nltk.data.path = [folder]
        reader = _Reader(str(place), None)
        split = NLTKWordTokenizer().tokenize
        return 100 * statistics.fmean(
            single_meteor_score(split(reference), split(answer), wordnet=reader)
            for answer, reference in pairs
        )


class _Reader(WordNetCorpusReader):
    def map_wn(self, version: str = "wordnet") -> None:
        """Map no other version's synsets, which takes a file that scores do not need."""


if __name__ == "__main__":
    main()
