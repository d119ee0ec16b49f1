"""Keeps the funnels of old runs, so that they outlive the rows they were counted from."""

from datetime import datetime

from sqlalchemy import Engine

from pushline.database.engine import transaction
from pushline.database.sql import Query

KEEP_TOTALS = Query("report/keep_totals")


def keep_totals(engine: Engine, now: datetime) -> int:
    """Write push.run_total for every run past its deadline that may still change; returns how many.

    A run is counted again until two days after its deadline, for late outcomes, and never after
    its rows were dropped.
    """
    with transaction(engine) as conn:
        return KEEP_TOTALS.execute(conn, now=now)
