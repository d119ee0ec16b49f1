"""All approved runs that are due at one tick, planned together by priority.

start_wave -> freeze_audiences -> plan_wave_buckets (a task per bucket range) -> close_wave. Each
may be repeated after a crash: what is decided stays.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from pushline.database.engine import transaction
from pushline.database.sql import Query
from pushline.errors import RetryLater, StopRun, Unapproved
from pushline.kill_points import reach
from pushline.plan.bands import hold_outside
from pushline.plan.bucket import BucketResult, plan_bucket
from pushline.plan.passes import RunPlan, prepare_run

INSERT_WAVE = Query("plan/insert_wave")
GET_WAVE = Query("plan/get_wave")
FINISH_WAVE = Query("plan/finish_wave")
TAKE_DUE_RUNS = Query("plan/take_due_runs")
LIST_WAVE_RUNS = Query("plan/list_wave_runs")
SET_ASIDE_RUN = Query("plan/set_aside_run")
WAIT_FOR_APPROVAL = Query("plan/wait_for_approval")
RELEASE_HELD_RUN = Query("plan/release_held_run")
REFUSE_HELD_RUN = Query("plan/refuse_held_run")
RESUME_RUN = Query("plan/resume_run")
CLOSE_EMPTY_RUN = Query("plan/close_empty_run")
CLOSE_RUNS = Query("plan/close_runs")
FLUSH_COMMITS = Query("plan/flush_commits")
GET_RUN_LANE = Query("plan/get_run_lane")
TAKE_RUN = Query("plan/take_run")

Lane = Literal["marketing", "trigger"]
# Serialization failure, deadlock, busy lock, shutdown or crash of the server, too many connections.
PASSING = {"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300"}
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wave:
    """A started wave: its number, its one moment, and the runs to plan."""

    wave_id: int
    planned_at: datetime
    run_ids: tuple[int, ...]
    held: tuple[int, ...] = ()
    set_aside: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RangeResult:
    """What one task did in its range of buckets."""

    buckets: int = 0
    enqueued: int = 0
    left_out: int = 0
    batches: int = 0
    failed_runs: int = 0


class TakesSnapshot(Protocol):
    """What a wave needs of the audience room: freeze a run's audience, once."""

    def __call__(self, run_id: int, now: datetime, /) -> object:
        """Raise PushlineError with a sentence when the audience can't be taken."""


def start_wave(engine: Engine, lane: Lane, now: datetime | None = None) -> Wave:
    """Begin a wave: read the clock of the database once, take the due runs of the lane into it.

    Runs that an earlier wave left unfinished are taken along and resumed, and so are those that
    lost their approval in the middle and have it again. Raises RetryLater when the database was
    busy or went away.
    """
    with retried_later(), transaction(engine) as conn:
        row = INSERT_WAVE.one(conn, lane=lane, now=now)
        taken = TAKE_DUE_RUNS.all(conn, wave_id=row.wave_id, lane=lane, now=row.planned_at)
        reach("wave.before_commit")
    reach("wave.after_commit")
    return Wave(row.wave_id, row.planned_at, tuple(run.run_id for run in taken))


def start_wave_of(engine: Engine, run_id: int, now: datetime | None = None) -> Wave:
    """Begin a wave of one run that a person resumes; what failed in it is forgotten first.

    Raises StopRun when the run is held, planned, cancelled, expired or not due yet.
    """
    with transaction(engine) as conn:
        if not RESUME_RUN.execute(conn, run_id=run_id):
            raise StopRun(
                f"Run {run_id} cannot be resumed: only runs that wait, are set aside or were left"
                " unfinished can."
            )
        lane: Lane = GET_RUN_LANE.scalar(conn, run_id=run_id)
        row = INSERT_WAVE.one(conn, lane=lane, now=now)
        if not TAKE_RUN.execute(conn, wave_id=row.wave_id, run_id=run_id, now=row.planned_at):
            raise StopRun(f"Run {run_id} is not due yet, or has expired: it cannot be planned now.")
    return Wave(row.wave_id, row.planned_at, (run_id,))


def freeze_audiences(engine: Engine, wave: Wave, take_snapshot: TakesSnapshot) -> Wave:
    """Take the runs' snapshots and compare what they would reach together with the approved bands.

    A run whose audience fails is set aside; one outside its band is held until a person decides.
    The others go on.
    """
    frozen: list[int] = []
    aside: list[int] = []

    def step_out(run_id: int, error: Exception) -> None:
        refuse_passing(error)
        set_aside(engine, run_id, -1, error, wave.planned_at)
        aside.append(run_id)

    for run_id in wave.run_ids:
        try:
            take_snapshot(run_id, wave.planned_at)
            with transaction(engine) as conn:
                CLOSE_EMPTY_RUN.execute(conn, run_id=run_id, at=wave.planned_at)
        except Exception as error:  # noqa: BLE001 - whatever breaks one run, the others go on
            step_out(run_id, error)
        else:
            frozen.append(run_id)
    held = hold_outside(engine, frozen, wave.planned_at, step_out)
    going = [run_id for run_id in frozen if run_id not in {*held, *aside}]
    log.info("audiences_frozen", wave_id=wave.wave_id, runs=len(going), held=held, set_aside=aside)
    return Wave(wave.wave_id, wave.planned_at, tuple(going), tuple(held), tuple(aside))


def plan_wave_buckets(
    engine: Engine, wave_id: int, first_bucket: int, last_bucket: int
) -> RangeResult:
    """Plan the wave's runs in a range of buckets (both ends included).

    Bucket by bucket, and within a bucket run by run by (priority, earliest deadline, run id), so
    that the more important run takes the slots. A run that fails is set aside here, the others go
    on. When it returns, all of it is on disk. Raises RetryLater when the database itself went
    away: a repeat resumes.
    """
    with transaction(engine) as conn:
        wave = GET_WAVE.one(conn, wave_id=wave_id)
        rows = LIST_WAVE_RUNS.all(conn, wave_id=wave_id)
    plans = _prepare(engine, [row.run_id for row in rows], wave.planned_at)
    failed: set[int] = set()
    total = RangeResult()
    # One connection from the first bucket to the flush: a crash of the server that takes back
    # commits breaks it, and the task is repeated instead of going on after buckets that are gone.
    with engine.connect() as conn:
        for bucket in range(first_bucket, last_bucket + 1):
            for plan in plans:
                run_id = plan.run.run_id
                if run_id in failed:
                    continue
                try:
                    result = _plan_one(conn, plan, bucket, wave.planned_at)
                except Exception as error:  # noqa: BLE001 - what breaks one run, the others go on
                    refuse_passing(error)
                    failed.add(run_id)
                    set_aside(engine, run_id, bucket, error, wave.planned_at)
                else:
                    total = _add(total, result)
        _flush(conn)
    log.info(
        "buckets_planned",
        wave_id=wave_id,
        first_bucket=first_bucket,
        last_bucket=last_bucket,
        runs=len(plans),
        enqueued=total.enqueued,
        left_out=total.left_out,
    )
    return RangeResult(total.buckets, total.enqueued, total.left_out, total.batches, len(failed))


def close_wave(engine: Engine, wave_id: int, now: datetime | None = None) -> list[int]:
    """Mark runs whose buckets are all decided as planned, those with failures as set aside.

    Returns the wave's run ids.
    """
    with transaction(engine) as conn:
        rows = LIST_WAVE_RUNS.all(conn, wave_id=wave_id)
        CLOSE_RUNS.execute(conn, wave_id=wave_id, now=now)
        FINISH_WAVE.execute(conn, wave_id=wave_id, now=now)
        reach("close_wave.before_commit")
    return [row.run_id for row in rows]


def plan_now(
    engine: Engine,
    run_id: int,
    take_snapshot: TakesSnapshot,
    bucket_count: int,
    now: datetime | None = None,
) -> list[int]:
    """Plan or resume one run by hand, in a wave of its own."""
    wave = freeze_audiences(engine, start_wave_of(engine, run_id, now), take_snapshot)
    plan_wave_buckets(engine, wave.wave_id, 0, bucket_count - 1)
    return close_wave(engine, wave.wave_id, now)


def set_aside(engine: Engine, run_id: int, bucket: int, error: Exception, now: datetime) -> None:
    """Keep what failed, so that the run's page can say it; bucket -1: before any bucket.

    A run that lost its approval did not fail: it waits for another one.
    """
    if isinstance(error, Unapproved):
        log.info("run_waits_for_approval", run_id=run_id, bucket=bucket)
        with transaction(engine) as conn:
            WAIT_FOR_APPROVAL.execute(conn, run_id=run_id)
        return
    sentence = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    log.error("run_set_aside", run_id=run_id, bucket=bucket, error=type(error).__name__)
    with transaction(engine) as conn:
        SET_ASIDE_RUN.execute(conn, run_id=run_id, bucket=bucket, error=sentence[:2000], now=now)


def release_held_run(engine: Engine, run_id: int, by: str, now: datetime) -> bool:
    """Put a held run back: somebody agreed to its reach.

    False when it is not held any more, and when `by` wrote the version that it is of.
    """
    with transaction(engine) as conn:
        return RELEASE_HELD_RUN.execute(conn, run_id=run_id, by=by, now=now) == 1


def refuse_held_run(engine: Engine, run_id: int, by: str, now: datetime) -> bool:
    """End a held run: somebody refused its reach. False when it is not held any more."""
    with transaction(engine) as conn:
        return REFUSE_HELD_RUN.execute(conn, run_id=run_id, by=by, now=now) == 1


@contextmanager
def retried_later() -> Iterator[None]:
    """Tell the caller to come again for what passes by itself."""
    try:
        yield
    except DBAPIError as error:
        refuse_passing(error)
        raise


def refuse_passing(error: Exception) -> None:
    """Raise RetryLater for what passes by itself: a lost connection, a deadlock, a busy lock."""
    if isinstance(error, RetryLater):
        raise error
    if not isinstance(error, DBAPIError):
        return
    state = getattr(error.orig, "sqlstate", None)
    # Without a state nobody answered: the server was away, or full, when we knocked.
    is_away = isinstance(error, OperationalError) and state is None
    if error.connection_invalidated or is_away or state in PASSING:
        raise RetryLater("The database was busy or went away; what is decided stays.") from error


def _prepare(engine: Engine, run_ids: list[int], at: datetime) -> list[RunPlan]:
    plans = []
    for run_id in run_ids:
        try:
            with transaction(engine) as conn:
                plans.append(prepare_run(conn, run_id, at))
        except Exception as error:  # noqa: BLE001 - whatever breaks one run, the others go on
            refuse_passing(error)
            set_aside(engine, run_id, -1, error, at)
    return plans


def _flush(conn: Connection) -> None:
    try:
        with conn.begin():
            FLUSH_COMMITS.one(conn)
    except DBAPIError as error:
        refuse_passing(error)
        raise


def _plan_one(conn: Connection, plan: RunPlan, bucket: int, at: datetime) -> BucketResult:
    with conn.begin():
        result = plan_bucket(conn, plan, bucket, at)
    reach("plan.after_commit")
    return result


def _add(total: RangeResult, result: BucketResult) -> RangeResult:
    return RangeResult(
        total.buckets + (not result.was_decided),
        total.enqueued + result.enqueued,
        total.left_out + result.left_out,
        total.batches + result.batches,
    )
