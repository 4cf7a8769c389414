"""Text metrics: the reference implementations' scores, with signatures and intervals.

BLEU (Papineni et al., 2002) and chrF (Popović, 2015) are sacreBLEU's (Post, 2018); ROUGE-1, -2 and
-L (Lin, 2004) are rouge-score's F1, averaged over the examples; METEOR is nltk's, see `meteor`.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from gentap.errors import InputError, MissingExtraError, require
from gentap.evaluation.bootstrap import (
    SAMPLES,
    SEED,
    Estimate,
    FloatArray,
    Measure,
    mean_measure,
)
from gentap.evaluation.meteor import meteor_measures
from gentap.evaluation.wordnet import WordNet

_logger = logging.getLogger(__name__)

ROUGE = ("rouge1", "rouge2", "rougeL")


@dataclass(frozen=True, slots=True)
class Variant:
    """What papers set differently; the defaults are the reference implementations' own.

    Attributes:
        lowercase: Lower-case both sides for BLEU and chrF.
        stem: Compare Porter stems in ROUGE.
    """

    lowercase: bool = False
    stem: bool = True


@dataclass(frozen=True, slots=True)
class Scores:
    """The metrics of one system on one set of references.

    Attributes:
        estimates: Name of the metric to its score.
        prediction_words: Mean length of the predictions, in words between white space.
        reference_words: The same of the references.
        examples: Number of pairs scored.
        samples: Resamples of the intervals.
        seed: Of the resamples.
        missing: Name of a metric that could not be computed here to what to do about it.
    """

    estimates: Mapping[str, Estimate]
    prediction_words: float
    reference_words: float
    examples: int
    samples: int
    seed: int
    missing: Mapping[str, str]

    def to_record(self) -> dict[str, Any]:
        """Return the scores as they stand in scores.json."""
        return {
            **{name: estimate.to_record() for name, estimate in self.estimates.items()},
            "length": {
                "predictions": round(self.prediction_words, 4),
                "references": round(self.reference_words, 4),
            },
            "examples": self.examples,
            "bootstrap": {"samples": self.samples, "seed": self.seed},
            **({"missing": dict(self.missing)} if self.missing else {}),
        }


def score(
    predictions: Sequence[str],
    references: Sequence[str],
    variant: Variant = Variant(),
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> Scores:
    """Score predictions against one reference each.

    Args:
        predictions: Texts to judge.
        references: What each of them should say.
        variant: Settings of the metrics.
        samples: Resamples of the 95% intervals.
        seed: Of the resamples.

    Raises:
        InputError: There is nothing to score, or the counts differ.
        MissingExtraError: The metrics' libraries are not installed.
    """
    require_metrics()
    if not predictions or len(predictions) != len(references):
        raise InputError(
            f"{len(predictions)} predictions and {len(references)} references: "
            "scores need one reference a prediction, and at least one pair"
        )
    found = measures(predictions, references, variant)
    words = mean_words(predictions), mean_words(references)
    return summarize(found, words, samples=samples, seed=seed)


def summarize(
    found: Sequence[Measure],
    words: tuple[float, float],
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> Scores:
    """Return the scores of measures that are already taken.

    Args:
        found: At least one; all of the same pairs.
        words: Mean length of the predictions and of the references.
        samples: Resamples of the 95% intervals.
        seed: Of the resamples.
    """
    estimates = {one.name: one.estimate(samples=samples, seed=seed) for one in found}
    return Scores(estimates, *words, len(found[0].statistics), samples, seed, missing_metrics())


def missing_metrics() -> dict[str, str]:
    """Return the metrics that cannot be computed here, each with what to do about it."""
    try:
        WordNet.find()
    except MissingExtraError as error:
        return {"meteor": str(error)}
    return {}


def require_metrics() -> None:
    """Check that the metrics can be computed, before hours go into the predictions.

    Raises:
        MissingExtraError: The metrics' libraries are not installed.
    """
    for module in ("sacrebleu.metrics", "rouge_score.rouge_scorer", "nltk.translate.meteor_score"):
        require(module, extra="metrics")
    for name, remedy in missing_metrics().items():
        _remark(f"{name} is left out: {remedy}")


@functools.cache
def _remark(text: str) -> None:
    """Say something once, however many systems it holds for."""
    _logger.warning(text)


def measures(
    predictions: Sequence[str],
    references: Sequence[str],
    variant: Variant = Variant(),
) -> list[Measure]:
    """Return every metric's statistics of these pairs; the counts must agree."""
    library = require("sacrebleu.metrics", extra="metrics")
    rouge = rouge_f1(predictions, references, stem=variant.stem)
    signature = f"stem:{'yes' if variant.stem else 'no'}|v:{version('rouge-score')}"
    found = [
        _sacrebleu("bleu", library.BLEU(lowercase=variant.lowercase), predictions, references),
        _sacrebleu("chrf", library.CHRF(lowercase=variant.lowercase), predictions, references),
        *(
            mean_measure(name, f"{name}|{signature}", rouge[:, column])
            for column, name in enumerate(ROUGE)
        ),
    ]
    if not missing_metrics():
        found += meteor_measures(predictions, references, WordNet.find())
    return found


def rouge_f1(
    predictions: Sequence[str], references: Sequence[str], *, stem: bool = True
) -> FloatArray:
    """Return ROUGE-1, -2 and -L F1 of every pair, 0 to 1; shape (pairs, 3)."""
    scorer = require("rouge_score.rouge_scorer", extra="metrics").RougeScorer(
        list(ROUGE), use_stemmer=stem
    )
    pairs = zip(predictions, references, strict=True)
    found = [scorer.score(reference, prediction) for prediction, reference in pairs]
    return np.array([[row[name].fmeasure for name in ROUGE] for row in found], dtype=np.float64)


def _sacrebleu(
    name: str,
    metric: Any,  # noqa: ANN401 - BLEU or CHRF of an optional library
    predictions: Sequence[str],
    references: Sequence[str],
) -> Measure:
    # The public corpus_score gives a symmetric interval and takes its seed from the
    # environment; these two methods are what it is made of.
    statistics = metric._extract_corpus_statistics(list(predictions), [list(references)])
    return Measure(
        name,
        f"{name}|{metric.get_signature()}",
        np.array(statistics, dtype=np.float64),
        lambda totals: float(metric._compute_score_from_stats(totals).score),
    )


def mean_words(texts: Sequence[str]) -> float:
    """Return the mean number of words between white space."""
    return sum(len(text.split()) for text in texts) / len(texts)
