"""The former tool's pushes as finished runs: they hold slots of the caps, and `why` knows them."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from pushline.database.sql import Query

# In this order: each stands on the one before.
STEPS = (
    Query("demo/keep_past_runs"),
    Query("demo/keep_past_audiences"),
    Query("demo/keep_past_marks"),
    Query("demo/keep_past_batches"),
    Query("demo/keep_past_opens"),
)
KEEP_PAST_OFFERS = Query("demo/keep_past_offers")

# Batches are kept 62 days; what is older would be dropped at once.
HISTORY = timedelta(days=60)


def keep_history(conn: Connection, now: datetime) -> None:
    """Take the last 60 days of past pushes over; a second call changes nothing."""
    KEEP_PAST_OFFERS.execute(conn, since=now - HISTORY)
    for step in STEPS:
        step.execute(conn)
