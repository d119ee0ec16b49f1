"""B beside A: what chance does is not called a difference, however often one looks."""

import numpy as np
import pytest

from pushline.report.uplift import compare


def test_a_clear_difference_is_clear_both_ways():
    better = compare((2000, 100), (2000, 200))
    worse = compare((2000, 200), (2000, 100))
    assert better
    assert worse
    assert better.is_clear
    assert worse.is_clear
    assert better.difference == pytest.approx(0.05)
    assert 0 < better.low < 0.05 < better.high
    assert (worse.low, worse.high) == pytest.approx((-better.high, -better.low))


@pytest.mark.parametrize(
    ("base", "other"), [((10, 0), (10, 3)), ((2000, 100), (2000, 105)), ((5, 5), (5, 0))]
)
def test_little_is_not_clear(base: tuple[int, int], other: tuple[int, int]):
    found = compare(base, other)
    assert found
    assert not found.is_clear


def test_opens_without_an_answer_of_the_provider_do_not_break_it():
    assert compare((0, 0), (10, 1)) is None
    found = compare((10, 12), (10, 10))
    assert found
    assert (found.base_share, found.share, found.is_clear) == (1.0, 1.0, False)


def test_looking_again_and_again_is_rarely_fooled():
    """Two equal variants of 3,000, looked at 30 times while opens come in: 5 % may be wrong."""
    chance = np.random.default_rng(20261122)
    fooled, trials = 0, 300
    for _ in range(trials):
        arms = [np.sort(chance.random(chance.binomial(3000, 0.06))) for _ in "AB"]
        looks = np.linspace(0.03, 1, 30)
        counts = [np.searchsorted(arm, looks) for arm in arms]
        found = [compare((3000, int(a)), (3000, int(b))) for a, b in zip(*counts, strict=True)]
        fooled += any(one is not None and one.is_clear for one in found)
    assert fooled <= 0.05 * trials
