"""How much more one variant is opened than another, read at any time without being fooled by it.

People look at results again and again while opens come in, and an ordinary interval leaves zero
sooner or later by chance alone. The interval here is an asymptotic confidence sequence for a mean
(Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas: "Time-uniform central limit theory", 2021): it holds
at all looks together. The price is that it is about one and a half times as wide.
"""

from dataclasses import dataclass
from math import log, sqrt

# How often all looks together may be wrong.
ALPHA = 0.05
# The number of pushes at which the interval is narrowest beside one that is read once.
TUNED_FOR = 5_000


@dataclass(frozen=True, slots=True)
class Uplift:
    """Opens of one variant beside another's, as shares of the pushes that providers accepted.

    difference and its bounds are shares, too: 0.015 is one and a half percentage points.
    """

    base_share: float
    share: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """How much more it was opened; less when negative."""
        return self.share - self.base_share

    @property
    def is_clear(self) -> bool:
        """Whether chance alone does not explain the difference."""
        return self.low > 0 or self.high < 0


def compare(base: tuple[int, int], other: tuple[int, int]) -> Uplift | None:
    """Compare (accepted, opened) of a variant with that of the base; None when one has no pushes.

    A push may be opened without having been accepted, when its answer was lost: it counts as one.
    """
    if base[0] <= 0 or other[0] <= 0:
        return None
    one, two = _share(base), _share(other)
    # As if one more of each had been opened and one more not: no arm is ever certain.
    error = sum(p * (1 - p) / n for n, p in (_soften(base), _soften(other)))
    pushes = base[0] + other[0]
    rho = sqrt((-2 * log(ALPHA) + log(-2 * log(ALPHA) + 1)) / TUNED_FOR)
    spread = pushes * rho**2 + 1
    half = sqrt(error * pushes) * sqrt(2 * spread * log(sqrt(spread) / ALPHA) / (pushes * rho) ** 2)
    return Uplift(one, two, max(-1.0, two - one - half), min(1.0, two - one + half))


def _share(counts: tuple[int, int]) -> float:
    accepted, opened = counts
    return min(1.0, opened / accepted)


def _soften(counts: tuple[int, int]) -> tuple[int, float]:
    accepted, opened = counts
    return accepted, min(opened + 1, accepted + 1) / (accepted + 2)
