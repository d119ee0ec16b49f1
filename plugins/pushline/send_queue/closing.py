"""Ends what will not leave any more: cancelled runs, expired batches, expired runs.

Cancel and expiry take slots of the caps away or give them back, so each bucket is closed under its
lock, in a transaction of its own: planning waits for milliseconds, a crash leaves whole buckets.
The run's own row goes first and stops claiming and planning at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Engine

from pushline.database.sql import Query
from pushline.errors import PushlineError
from pushline.kill_points import reach
from pushline.send_queue.client import Lane
from pushline.send_queue.sentences import SENTENCES
from pushline.sentence import Sentence

CANCEL_RUNS = Query("send_queue/cancel_runs")
LIST_OPEN_BUCKETS = Query("send_queue/list_open_buckets")
LOCK_QUEUE_BUCKET = Query("send_queue/lock_queue_bucket")
CLOSE_BUCKET = Query("send_queue/close_bucket")
CLOSE_RUN = Query("send_queue/close_run")
COUNT_RUN_ENDS = Query("send_queue/count_run_ends")
EXPIRE_RUNS = Query("send_queue/expire_runs")
LIST_UNCLOSED_RUNS = Query("send_queue/list_unclosed_runs")
LIST_LATE_BATCHES = Query("send_queue/list_late_batches")
EXPIRE_WAITING_BATCHES = Query("send_queue/expire_waiting_batches")
RECOVER_LEASES = Query("send_queue/recover_leases")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A cancelled run in numbers: pushes that had left, pushes stopped, users never decided."""

    run_id: int
    left_already: int
    cancelled: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Expired:
    """What one round of expiry ended."""

    batches: int
    runs: int
    leases: int


def cancel_run(engine: Engine, run_id: int, by: str, now: datetime) -> Cancelled:
    """Cancel one run; repeating it finishes what a crash cut short.

    Nothing of the run is claimed or begun once this has begun; what a taker had begun goes on to
    its end. Raises PushlineError when there is no such run, or it has expired.
    """
    _mark_cancelled(engine, run_ids=[run_id], lane=None, by=by, now=now)
    with engine.begin() as conn:
        ends = COUNT_RUN_ENDS.one_or_none(conn, run_id=run_id)
    if ends is None:
        raise PushlineError(sentence=Sentence.say(SENTENCES, "unknown_run", run=str(run_id)))
    if ends.status != "cancelled":
        message = f"Run {run_id} has {ends.status} before: nothing is left to cancel."
        raise PushlineError(message, Sentence.say(SENTENCES, "nothing_left", run=str(run_id)))
    return _close(engine, run_id, now)


def cancel_lane(engine: Engine, lane: Lane | None, by: str, now: datetime) -> list[Cancelled]:
    """Cancel every run of a lane (None: of all) that is under way; future runs stay.

    To hold back future ones, too, pause the lane.
    """
    run_ids = _mark_cancelled(engine, run_ids=None, lane=lane, by=by, now=now)
    return [_close(engine, run_id, now) for run_id in run_ids]


def expire_batches(engine: Engine, now: datetime) -> Expired:
    """End what may not leave any more: lost leases, late batches, runs past their expires_at.

    Also goes on with cancels and expiries that were cut short. Call it every few minutes.
    """
    with engine.begin() as conn:
        leases = int(RECOVER_LEASES.scalar(conn, at=now))
        runs = len(EXPIRE_RUNS.all(conn, now=now))
    with engine.begin() as conn:
        late = LIST_LATE_BATCHES.all(conn, now=now)
    batches = 0
    for row in late:
        with engine.begin() as conn:
            LOCK_QUEUE_BUCKET.one(conn, bucket=row.bucket)
            batches += EXPIRE_WAITING_BATCHES.execute(
                conn,
                run_days=row.run_days,
                batch_ids=row.batch_ids,
                bucket=row.bucket,
                now=now,
            )
    with engine.begin() as conn:
        unclosed = LIST_UNCLOSED_RUNS.all(conn)
    for row in unclosed:
        _close(engine, row.run_id, now)
    if batches or runs or leases:
        log.info("queue_expired", batches=batches, runs=runs, leases=leases)
    return Expired(batches, runs, leases)


def _mark_cancelled(
    engine: Engine, run_ids: Sequence[int] | None, lane: Lane | None, by: str, now: datetime
) -> list[int]:
    with engine.begin() as conn:
        rows = CANCEL_RUNS.all(conn, run_ids=run_ids, lane=lane, who=by, now=now)
    reach("cancel.after_mark")
    return [row.run_id for row in rows]


def _close(engine: Engine, run_id: int, now: datetime) -> Cancelled:
    """Close every open bucket of a cancelled or expired run, then note that on the run."""
    with engine.begin() as conn:
        buckets = [row.bucket for row in LIST_OPEN_BUCKETS.all(conn, run_id=run_id)]
    for bucket in buckets:
        close_bucket(engine, run_id, bucket, now)
    with engine.begin() as conn:
        CLOSE_RUN.one(conn, run_id=run_id, now=now)
        ends = COUNT_RUN_ENDS.one(conn, run_id=run_id)
    log.info("run_closed", run_id=run_id, buckets=len(buckets), cancelled=ends.cancelled)
    return Cancelled(run_id, ends.left_already, ends.cancelled, ends.undecided)


def close_bucket(engine: Engine, run_id: int, bucket: int, now: datetime) -> None:
    """Close one bucket of a cancelled or expired run: stop its batches, give its users a reason."""
    with engine.begin() as conn:
        CLOSE_BUCKET.one(conn, run_id=run_id, bucket=bucket, now=now)
        reach("cancel.before_commit")
    reach("cancel.after_bucket")
