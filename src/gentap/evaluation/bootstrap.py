"""Scores with intervals: every measure is a function of summed per-example statistics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
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
        count = len(self.statistics)
        draws = np.random.default_rng(seed).multinomial(
            count, np.full(count, 1 / count), size=samples
        )
        resampled = [self.aggregate(total) for total in draws @ self.statistics]
        low, high = np.percentile(resampled, (2.5, 97.5))
        score = self.aggregate(self.statistics.sum(axis=0))
        return Estimate(float(score), float(low), float(high), self.signature)


def percentage(totals: FloatArray) -> float:
    """Aggregate statistics (part, whole) to 100 times part / whole, 0 where whole is 0."""
    part, whole = totals
    return 100 * float(part) / float(whole) if whole else 0.0
