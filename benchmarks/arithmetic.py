"""What training costs by arithmetic alone: parameters, memory, operations, time.

    python benchmarks/arithmetic.py

prints the estimates of docs/training.md. Memory counts float32 weights, gradients and optimizer
moments, and the activations of one pass of 16,384 tokens in bfloat16. Time supposes that 40% of
the device's dense bfloat16 peak is reached.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

SOURCE, TARGET, PASS, SHARE, CELL_LAYERS = 512, 32, 16384, 0.4, 3
PEAKS = {"A100": 312e12, "H100": 989e12}


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of an encoder-decoder.

    Attributes:
        width: d_model.
        inner: Heads times d_kv.
        feed: d_ff.
        gated: Whether the feed-forward part has a gate.
        layers: Of the encoder, and as many of the decoder.
        vocabulary: Pieces.
        tied: Whether the head is the embedding.
    """

    width: int
    inner: int
    feed: int
    gated: bool
    layers: int
    vocabulary: int
    tied: bool

    def block(self, *, cross: bool) -> int:
        """Return the weights of one layer."""
        attention = 4 * self.width * self.inner
        return attention * (2 if cross else 1) + (3 if self.gated else 2) * self.width * self.feed

    def parameters(self, cell_layers: int = 0) -> int:
        """Return all weights, norms and biases left aside."""
        head = self.vocabulary * self.width * (1 if self.tied else 2)
        decoders = (self.layers + cell_layers) * self.block(cross=True)
        return head + self.layers * self.block(cross=False) + decoders

    def operations(self, source: int, target: int, decoder_layers: int | None = None) -> float:
        """Return the operations of a training step over one example: products, times three."""
        feed = (3 if self.gated else 2) * self.width * self.feed
        attention = 4 * self.width * self.inner
        encoder = self.layers * (source * (attention + feed) + 2 * source**2 * self.inner)
        own = target * (attention * 3 / 2 + feed) + 2 * target**2 * self.inner
        cross = 2 * source * self.width * self.inner + 2 * source * target * self.inner
        layers = self.layers if decoder_layers is None else decoder_layers
        head = target * self.width * self.vocabulary
        return 6.0 * (encoder + layers * (own + cross) + head)

    def activations(self, tokens: int) -> float:
        """Return the bytes that a pass keeps for its gradients, about."""
        feed = (3 if self.gated else 2) * self.feed
        numbers = 6 * self.width + 4 * self.inner + feed
        # Residuals and norms in float32, products in bfloat16, and the scores of 512 each.
        scores = 2 * 2 * tokens * SOURCE * self.inner / 64
        return self.layers * (tokens * (numbers * 2 + 4 * self.width * 4) + scores)


SHAPES = {
    "T5-small (v1.1, flan)": Shape(512, 384, 1024, True, 8, 32128, False),
    "T5-base (v1.1, flan)": Shape(768, 768, 2048, True, 12, 32128, False),
    "T5-large (v1.1, flan)": Shape(1024, 1024, 2816, True, 24, 32128, False),
    "BART-large": Shape(1024, 1024, 4096, False, 12, 50265, True),
}


def main() -> None:
    """Print the table."""
    lines = [
        "| backbone | parameters | memory, AdamW | memory, Adafactor | minutes for 1M examples: "
        "1 A100 | 1 H100 | 8 H100 |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, shape in SHAPES.items():
        count = shape.parameters(CELL_LAYERS)
        pass_bytes = shape.activations(PASS)
        adamw, adafactor = (count * size + pass_bytes for size in (16, 8))
        sentence = shape.operations(SOURCE, TARGET)
        cell = shape.operations(SOURCE, TARGET // 4, CELL_LAYERS)
        work = 1e6 * (sentence + cell) / 2
        minutes = [work / (SHARE * peak) / 60 for peak in PEAKS.values()]
        cells = [name, f"{count / 1e6:.0f}M", f"{adamw / 1e9:.0f} GB", f"{adafactor / 1e9:.0f} GB"]
        cells += [f"{value:.0f}" for value in (*minutes, minutes[-1] / 8)]
        lines.append("| " + " | ".join(cells) + " |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
