import numpy as np
import pytest

from gentap.evaluation.bootstrap import Measure, percentage


def test_interval_of_a_share_is_the_binomial_one() -> None:
    statistics = np.ones((400, 2))
    statistics[:200, 0] = 0
    found = Measure("share", "", statistics, percentage).estimate(samples=4000, seed=3)
    half = 100 * 1.96 * np.sqrt(0.25 / 400)
    assert found.score == 50
    assert found.low == pytest.approx(50 - half, abs=0.6)
    assert found.high == pytest.approx(50 + half, abs=0.6)


def test_measures_of_one_size_share_their_resamples() -> None:
    generator = np.random.default_rng(0)
    part = generator.integers(0, 2, size=(50, 1)).astype(float)
    one = Measure("a", "", np.hstack([part, np.ones_like(part)]), percentage)
    other = Measure("b", "", np.hstack([1 - part, np.ones_like(part)]), percentage)
    first, second = one.estimate(samples=300), other.estimate(samples=300)
    assert first.low == pytest.approx(100 - second.high)


def test_nothing_of_nothing_is_zero() -> None:
    assert percentage(np.array([0.0, 0.0])) == 0
