"""Stops and restarts what leaves (a run, a lane, everything) from the next claim and begin on."""

from datetime import datetime

from sqlalchemy import Connection

from pushline.database.sql import Query
from pushline.send_queue.client import Lane
from pushline.send_queue.refusal import refusals

PAUSE_QUEUE = Query("send_queue/pause_queue")
RESUME_QUEUE = Query("send_queue/resume_queue")


def pause(
    conn: Connection, by: str, now: datetime, lane: Lane | None = None, run_id: int | None = None
) -> bool:
    """Pause a run, a lane, or everything (neither given); False when it was paused already.

    Raises ContractBreach for both at once or an unknown run.
    """
    with refusals():
        return bool(PAUSE_QUEUE.scalar(conn, who=by, lane=lane, run_id=run_id, at=now))


def resume(
    conn: Connection, by: str, now: datetime, lane: Lane | None = None, run_id: int | None = None
) -> bool:
    """End exactly that pause; False when there was none."""
    with refusals():
        return bool(RESUME_QUEUE.scalar(conn, who=by, lane=lane, run_id=run_id, at=now))
