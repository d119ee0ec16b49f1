"""Stops and restarts what leaves (a run, a lane, everything) from the next claim and begin on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from pushline.database.sql import Query
from pushline.send_queue.client import Lane
from pushline.send_queue.refusal import refusals

PAUSE_QUEUE = Query("send_queue/pause_queue")
RESUME_QUEUE = Query("send_queue/resume_queue")
COUNT_UNDER_BEGIN = Query("send_queue/count_under_begin")
COUNT_LEFT = Query("send_queue/count_left")


@dataclass(frozen=True, slots=True)
class Left:
    """Pushes that have left, whatever came of them, and those that have not."""

    left_already: int
    waiting: int


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


def look_what_left(
    conn: Connection, now: datetime, lane: Lane | None = None, run_id: int | None = None
) -> Left:
    """Count what has left by now, whether it is paused or not; waits for nobody."""
    row = COUNT_LEFT.one(conn, lane=lane, run_ids=_only(run_id), now=now)
    return Left(row.left_already, row.waiting)


def look_what_left_of(conn: Connection, now: datetime, run_ids: Sequence[int]) -> Left:
    """The same of several runs together."""
    row = COUNT_LEFT.one(conn, lane=None, run_ids=list(run_ids), now=now)
    return Left(row.left_already, row.waiting)


def count_left(
    engine: Engine, now: datetime, lane: Lane | None = None, run_id: int | None = None
) -> Left:
    """Count what had left when a pause that is committed took hold; nothing leaves after it.

    Waits for the begins that were on their way. Of a lane, or of everything, runs count whose
    deadline lies ahead.
    """
    with engine.begin() as conn:
        COUNT_UNDER_BEGIN.one(conn, lane=lane, run_id=run_id)
        row = COUNT_LEFT.one(conn, lane=lane, run_ids=_only(run_id), now=now)
    return Left(row.left_already, row.waiting)


def _only(run_id: int | None) -> list[int] | None:
    return None if run_id is None else [run_id]
