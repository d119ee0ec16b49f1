"""Fills an empty database with the demo company; run as a process by `make demo`."""

from datetime import UTC, datetime

from pushline.database.engine import get_engine, transaction
from pushline.database.sql import Query
from pushline.demo.campaigns import (
    fill_briefs,
    fill_history,
    fill_people,
    fill_policy,
    fill_triggers,
)
from pushline.demo.company import is_seeded, refresh, seed

HAS_BRIEFS = Query("demo/has_briefs")


def is_filled() -> bool:
    """Whether the demo company and its campaigns are there."""
    with transaction(get_engine("owner")) as conn:
        return is_seeded(conn) and bool(HAS_BRIEFS.scalar(conn))


def fill(now: datetime) -> None:
    """Make the company and its campaigns; when they are there, play what happened since.

    Each step may be repeated, so a fill that was killed goes on where it stopped.
    """
    engine = get_engine("owner")
    if is_filled():
        refresh(engine, now)
        return
    seed(engine, now)
    fill_people(engine, now)
    fill_policy(engine, now)
    fill_history(engine, now)
    fill_triggers(engine, now)
    fill_briefs(engine, get_engine("audience"), now)


if __name__ == "__main__":
    fill(datetime.now(UTC))
