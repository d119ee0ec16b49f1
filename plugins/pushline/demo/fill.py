"""Fills an empty database with the demo company; run as a process by `make demo`."""

from datetime import UTC, datetime

from pushline.database.engine import get_engine, transaction
from pushline.demo.company import is_seeded, refresh, seed


def is_filled() -> bool:
    """Whether the demo company is there."""
    with transaction(get_engine("owner")) as conn:
        return is_seeded(conn)


def fill(now: datetime) -> None:
    """Make the company when it is not there; else play what happened in its shop since."""
    engine = get_engine("owner")
    if not seed(engine, now):
        refresh(engine, now)


if __name__ == "__main__":
    fill(datetime.now(UTC))
