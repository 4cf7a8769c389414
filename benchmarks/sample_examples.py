"""Prints random sentence examples with their evidence rows, to be read by people.

python benchmarks/sample_examples.py EXAMPLES [--number 50] [--seed 50]
"""

from __future__ import annotations

import argparse
import random
import sys

from gentap.evaluation import load_examples


def main() -> None:
    """Print the sample."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("examples", metavar="EXAMPLES", help="a folder that synthesize wrote")
    parser.add_argument("--number", type=int, default=50)
    parser.add_argument("--seed", type=int, default=50)
    options = parser.parse_args()
    examples = [e for e in load_examples(options.examples) if e.kind == "sentence"]
    random.Random(options.seed).shuffle(examples)
    for number, example in enumerate(examples[: options.number], 1):
        table = example.table
        lines = [f"{number}. {table.title} / {table.section}", " | ".join(table.header)]
        lines += [
            " | ".join(table.rows[row]) for row in sorted({row for row, _ in example.evidence})
        ]
        lines += [f"Q: {example.question}", f"A: {example.answer}", ""]
        sys.stdout.write("\n   ".join(lines) + "\n")


if __name__ == "__main__":
    main()
