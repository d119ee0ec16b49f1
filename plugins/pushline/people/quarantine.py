"""Tells a few odd rows, which are normal, from a broken export, which somebody must look at."""

from collections.abc import Mapping

from pushline.errors import StopRun

MOST_SHARE = 0.05
# Below this number of rows a share says nothing.
FEW_ROWS = 100


def refuse_many(rows: Mapping[str, int], quarantined: Mapping[str, int]) -> None:
    """Raise StopRun when more than 5 % of a source's rows of one sync could not be taken."""
    faults = [
        f"{source}: {bad:,} of {rows.get(source, 0):,} rows could not be taken"
        for source, bad in quarantined.items()
        if bad > FEW_ROWS * MOST_SHARE and bad > rows.get(source, 0) * MOST_SHARE
    ]
    if faults:
        raise StopRun(
            "; ".join(faults)
            + ". Look at push.quarantine for the reasons; the other rows were taken."
        )
