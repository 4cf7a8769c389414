from collections.abc import Sequence

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


def share(right: Sequence[int]) -> Measure:
    statistics = np.stack([np.array(right), np.ones(len(right))], axis=1).astype(np.float64)
    return Measure("share", "", statistics, percentage)


def test_a_measure_does_not_differ_from_itself() -> None:
    one = share([0, 1] * 20)
    found = one.difference(one)
    assert (found.score, found.low, found.high, found.p_value) == (0, 0, 0, 1)


def test_the_p_value_is_that_of_the_sign_test() -> None:
    # Eight answers are better and none is worse: 2 of the 2**8 ways to swap go as far.
    better, worse = share([1] * 8 + [0, 1] * 20), share([0] * 8 + [0, 1] * 20)
    found = better.difference(worse, samples=20000)
    assert found.score == pytest.approx(100 * 8 / 48)
    assert found.p_value == pytest.approx(2 / 256, abs=0.003)
    assert found.low > 0
    mirrored = worse.difference(better, samples=20000)
    assert mirrored.score == pytest.approx(-found.score)
    assert mirrored.p_value == pytest.approx(found.p_value, abs=0.003)


def test_chance_is_not_significant() -> None:
    generator = np.random.default_rng(1)
    draws = generator.integers(0, 2, size=(100, 2, 60))
    found = [share(one).difference(share(other), samples=200).p_value for one, other in draws]
    assert sum(p < 0.05 for p in found) < 12


def test_different_examples_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="3 examples against 2"):
        share([1, 1, 0]).difference(share([1, 1]))
