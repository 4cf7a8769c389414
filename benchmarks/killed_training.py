"""A training that is killed at random ends as one that was left alone: shown on real steps.

    python benchmarks/killed_training.py OUT [--kills 10] [--seed 0] -- pretrain EXAMPLES ...

What follows ``--`` is a `gentap` command without its ``-o``. It runs once undisturbed into
OUT/whole, and into OUT/killed with as many SIGKILLs, at random moments of the time that the first
run took; started again after each. Prints the largest difference between the losses of a step.
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
    begun = time.monotonic()
    subprocess.run([*command, str(options.out / "whole")], check=True)
    took = time.monotonic() - begun
    rng = random.Random(options.seed)
    killed, places = options.out / "killed", []
    while len(places) < options.kills:
        # Long enough to come past loading, short enough that kills are left for the rest.
        running = subprocess.Popen([*command, str(killed)])
        try:
            running.wait(timeout=took * rng.uniform(0.1, 0.25))
            break
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            running.wait()
            places.append(len(losses(killed)))
    subprocess.run([*command, str(killed)], check=True)
    whole, other = losses(options.out / "whole"), losses(killed)
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
