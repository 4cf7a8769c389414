"""Averages the weights of two checkpoints of one shape, half and half (Wortsman et al., 2022).

    python benchmarks/average_models.py FIRST SECOND OUT

OUT has the lineage of SECOND.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from gentap.training.model import TwoDecoderModel


def main() -> None:
    """Average, and write a checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name in ("first", "second", "out"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    model = TwoDecoderModel.load(options.second)
    others = dict(TwoDecoderModel.load(options.first).named_parameters())
    with torch.no_grad():
        for name, own in model.named_parameters():
            own.lerp_(others[name], 0.5)
    model.save(options.out)


if __name__ == "__main__":
    main()
