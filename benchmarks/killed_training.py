"""A training that is killed at random ends as one that was left alone: shown on real steps.

    python benchmarks/killed_training.py OUT [--kills 10] [--seed 0] -- pretrain EXAMPLES ...

What follows ``--`` is a `gentap` command without its ``-o``. It runs once undisturbed into
OUT/whole, and into OUT/killed with as many SIGKILLs, each when a step drawn at random is noted;
started again after each. Prints the largest difference between the losses of a step.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from gentap.training.journal import METRICS, read_metrics


def main() -> None:
    """Run both, compare, and fail where they differ."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    command = [sys.executable, "-m", "gentap", *options.command, "-o"]
    whole_folder, killed = options.out / "whole", options.out / "killed"
    subprocess.run([*command, str(whole_folder)], check=True)
    last = max(losses(whole_folder))
    places = sorted(random.Random(options.seed).sample(range(1, last), options.kills))
    for place in places:
        running = subprocess.Popen([*command, str(killed)])
        while max(losses(killed), default=0) < place:
            if running.poll() is not None:
                sys.exit(f"the training ended before step {place} was seen")
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
        running.wait()
    subprocess.run([*command, str(killed)], check=True)
    whole, other = losses(whole_folder), losses(killed)
    difference = max(abs(whole[step] - other[step]) for step in whole)
    report = {"steps": len(whole), "killed_at": places, "largest_difference": difference}
    sys.stdout.write(json.dumps(report) + "\n")
    if whole.keys() != other.keys() or difference > 1e-6:
        sys.exit(1)


def losses(folder: Path) -> dict[int, float]:
    """Return the loss of every step noted so far."""
    entries = read_metrics(folder / METRICS)
    return {entry["step"]: entry["loss"] for entry in entries if "loss" in entry}


if __name__ == "__main__":
    main()
