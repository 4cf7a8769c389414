"""Metrics with signatures and intervals, benchmarks, floors, and reports that anyone can check."""

from gentap.evaluation.benchmarks import load_examples, read_examples
from gentap.evaluation.files import score_files
from gentap.evaluation.floors import FLOORS
from gentap.evaluation.metrics import Scores, Variant, score
from gentap.evaluation.run import evaluate
from gentap.evaluation.systems import Predictor, benchmark, compare

__all__ = [
    "FLOORS",
    "Predictor",
    "Scores",
    "Variant",
    "benchmark",
    "compare",
    "evaluate",
    "load_examples",
    "read_examples",
    "score",
    "score_files",
]
