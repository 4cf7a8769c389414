"""Scores with intervals: every measure is a function of summed per-example statistics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

SAMPLES = 1000
SEED = 12345


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score and its 95% interval, 0 to 100.

    Attributes:
        score: On the examples as they are.
        low: The 2.5th percentile of the resamples.
        high: The 97.5th percentile of the resamples.
        signature: Which metric, settings and version it is.
    """

    score: float
    low: float
    high: float
    signature: str

    def to_record(self) -> dict[str, Any]:
        """Return the estimate as plain values, numbers rounded to four places."""
        return {
            key: round(value, 4) if isinstance(value, float) else value
            for key, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """How much higher one system scores than another on the same examples.

    Attributes:
        score: Points, -100 to 100.
        low: The 2.5th percentile over paired resamples.
        high: The 97.5th percentile over paired resamples.
        p_value: How likely so large a difference is, either way, between equal systems.
    """

    score: float
    low: float
    high: float
    p_value: float

    def to_record(self) -> dict[str, float]:
        """Return the difference as plain numbers, rounded to four places."""
        return {key: round(value, 4) for key, value in asdict(self).items()}


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """A corpus measure.

    Attributes:
        name: Its key in scores.json.
        signature: Which metric, settings and version it is.
        statistics: Shape (examples, statistics); their sum is all that `aggregate` needs.
        aggregate: Summed statistics, shape (statistics,), to a score of 0 to 100.
    """

    name: str
    signature: str
    statistics: FloatArray
    aggregate: Callable[[FloatArray], float]

    def estimate(self, *, samples: int = SAMPLES, seed: int = SEED) -> Estimate:
        """Score the corpus and bootstrap its percentile interval (Efron, 1979).

        One seed and number of examples always draw the same resamples, whatever the measure
        and the system.
        """
        resampled = self._resampled(samples, seed)
        low, high = np.percentile(resampled, (2.5, 97.5))
        score = self.aggregate(self.statistics.sum(axis=0))
        return Estimate(float(score), float(low), float(high), self.signature)

    def difference(
        self, baseline: Measure, *, samples: int = SAMPLES, seed: int = SEED
    ) -> Difference:
        """Compare with a baseline on the same examples.

        The interval is the paired bootstrap's (Koehn, 2004), the p-value that of approximate
        randomization (Riezler and Maxwell, 2005): it swaps the two systems' answers at random.

        Args:
            baseline: The same measure of the other system, the same examples in the same order.
            samples: Resamples of the interval, and random swaps.
            seed: Of both.

        Raises:
            ValueError: The two do not measure the same number of examples.
        """
        if self.statistics.shape != baseline.statistics.shape:
            raise ValueError(f"{self.name}: {len(self.statistics)} examples against "
                             f"{len(baseline.statistics)}")  # fmt: skip
        resampled = self._resampled(samples, seed) - baseline._resampled(samples, seed)
        low, high = np.percentile(resampled, (2.5, 97.5))
        own, other = self.statistics.sum(axis=0), baseline.statistics.sum(axis=0)
        found = self.aggregate(own) - self.aggregate(other)
        swaps = np.random.default_rng(seed).integers(0, 2, size=(samples, len(self.statistics)))
        moved = swaps.astype(np.float64) @ (self.statistics - baseline.statistics)
        swapped = [self.aggregate(own - part) - self.aggregate(other + part) for part in moved]
        # Rounding must not make the observed difference larger than its own mirror image.
        larger = int((np.abs(swapped) >= abs(found) - 1e-9).sum())
        return Difference(float(found), float(low), float(high), (1 + larger) / (1 + samples))

    def _resampled(self, samples: int, seed: int) -> FloatArray:
        draws = _draws(len(self.statistics), samples, seed)
        return np.array([self.aggregate(total) for total in draws @ self.statistics])


def mean_measure(name: str, signature: str, scores: FloatArray) -> Measure:
    """Return the mean of scores of 0 to 1, shape (examples,), as a measure of 0 to 100."""
    return Measure(name, signature, np.stack([scores, np.ones(len(scores))], axis=1), percentage)


@lru_cache(maxsize=2)
def _draws(count: int, samples: int, seed: int) -> NDArray[np.int64]:
    """Return how often each resample holds each example; shape (samples, count)."""
    shares = np.full(count, 1 / count)
    return np.random.default_rng(seed).multinomial(count, shares, size=samples)


def percentage(totals: FloatArray) -> float:
    """Aggregate statistics (part, whole) to 100 times part / whole, 0 where whole is 0."""
    part, whole = totals
    return 100 * float(part) / float(whole) if whole else 0.0
