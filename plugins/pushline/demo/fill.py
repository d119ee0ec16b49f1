"""Fills an empty database with the demo company; run as a process by `make demo`."""

from datetime import UTC, datetime

from pushline.database.engine import get_engine
from pushline.demo.company import refresh, seed


def fill(now: datetime) -> None:
    """Make the company when it is not there; else play what happened in its shop since."""
    engine = get_engine("owner")
    if not seed(engine, now):
        refresh(engine, now)


if __name__ == "__main__":
    fill(datetime.now(UTC))
