"""Draws sentence examples to be judged by a reader, one JSON object a line.

    python benchmarks/sample_examples.py EXAMPLES [--number 100] [--seed 1] > verdicts.jsonl

EXAMPLES is a folder that `gentap synthesize` wrote. Tables are cut to the rows that the answer
speaks of and some others. Whoever judges fills in ``verdict``, good or bad, and the ``cause`` of a
bad one: good is a question that the table answers, with the sentence as a right answer.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from typing import Any

from judging import shown

from gentap.evaluation import load_examples
from gentap.records import Example


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("examples", metavar="EXAMPLES")
    parser.add_argument("--number", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    examples = [one for one in load_examples(options.examples) if one.kind == "sentence"]
    random.Random(options.seed).shuffle(examples)
    for example in examples[: options.number]:
        sys.stdout.write(json.dumps(to_judge(example), ensure_ascii=False) + "\n")


def to_judge(example: Example) -> dict[str, Any]:
    """Return what a reader needs, the table cut."""
    return {
        **shown(example.table, example.evidence),
        "question": example.question,
        "answer": example.answer,
        "verdict": "",
        "cause": "",
    }


if __name__ == "__main__":
    main()
