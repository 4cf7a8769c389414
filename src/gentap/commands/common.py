"""What several verbs share."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gentap.runtime.engine import Decoding


def write(text: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(text + "\n")


def decoding_of(options: argparse.Namespace) -> Decoding:
    """Return how the options ask to decode."""
    from gentap.runtime.engine import Decoding

    return Decoding(
        beams=options.beams,
        max_tokens=options.max_tokens,
        length_penalty=options.length_penalty,
        no_repeat=options.no_repeat,
    )
