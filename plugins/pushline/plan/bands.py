"""Whether the runs of a wave stay within their approved bands, counted as the planner decides.

A run that is planned alone is estimated. Runs of one wave take slots from each other: trials plan
them together, bucket by bucket in the planner's order and by the planner's own steps, and are
rolled back.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row

from pushline.database.engine import transaction
from pushline.database.sql import Query
from pushline.kill_points import passing, reach
from pushline.plan.bucket import plan_bucket
from pushline.plan.estimate import estimate_run
from pushline.plan.passes import RunPlan, prepare_run

LIST_RUNS_TO_JUDGE = Query("plan/list_runs_to_judge")
KEEP_REACH = Query("plan/keep_reach")
HOLD_RUN = Query("plan/hold_run")

# Seconds: so long the buckets of one trial stay locked. After it the driver forgets its prepared
# statements, and planning them anew for each bucket took ten times as long as the deciding.
LONGEST_TRIAL = 0.5

# Told of a run that failed, and what happened.
SetsAside = Callable[[int, Exception], None]


class _RunError(Exception):
    """What broke one run of a trial; the others are tried again without it."""

    def __init__(self, run_id: int, error: Exception) -> None:
        super().__init__(run_id)
        self.run_id, self.error = run_id, error


def hold_outside(
    engine: Engine, run_ids: Sequence[int], at: datetime, set_aside: SetsAside
) -> list[int]:
    """Keep the reach of runs that have their snapshots, and hold those outside their band.

    A run is judged with the slots that the runs before it in the wave will take. One that is held
    leaves its slots to the next ones, which are then judged again. Returns the runs that are held;
    `set_aside` is told of those that fail, and may raise to stop.
    """
    with transaction(engine) as conn:
        going = list(LIST_RUNS_TO_JUDGE.all(conn, run_ids=list(run_ids)))
    held: list[int] = []
    while going:
        is_shared = any(run.is_judged for run in going[1:])
        try:
            reaches = _try_wave(engine, going, at) if is_shared else _try_each(engine, going, at)
        except _RunError as failed:
            set_aside(failed.run_id, failed.error)
            going = [run for run in going if run.run_id != failed.run_id]
            continue
        outside = _hold(engine, reaches, at, only_first=is_shared)
        held += outside
        if not (is_shared and outside):
            break
        going = [run for run in going if run.run_id not in outside]
    return held


def _try_each(engine: Engine, runs: Sequence[Row[Any]], at: datetime) -> dict[int, int]:
    """Return what each run would reach without the others."""
    reaches = {}
    for run in runs:
        try:
            reaches[run.run_id] = estimate_run(engine, run.run_id, at).reach
        except Exception as error:
            raise _RunError(run.run_id, error) from error
    return reaches


def _try_wave(engine: Engine, runs: Sequence[Row[Any]], at: datetime) -> dict[int, int]:
    """Return what each run would reach when all of them are planned, in this order."""
    plans = []
    for run in runs:
        try:
            with transaction(engine) as conn:
                plans.append((prepare_run(conn, run.run_id, at), frozenset(run.buckets)))
        except Exception as error:
            raise _RunError(run.run_id, error) from error
    reaches = {run.run_id: 0 for run in runs}
    left = sorted(frozenset().union(*(buckets for _, buckets in plans)), reverse=True)
    with engine.connect() as conn:
        while left:
            with conn.begin() as trial:
                ends_at = time.monotonic() + LONGEST_TRIAL
                while left and time.monotonic() < ends_at:
                    bucket = left.pop()
                    for plan, buckets in plans:
                        if bucket in buckets:
                            reaches[plan.run.run_id] += _try_bucket(conn, plan, bucket, at)
                reach("reach.before_rollback")
                trial.rollback()
    return reaches


def _try_bucket(conn: Connection, plan: RunPlan, bucket: int, at: datetime) -> int:
    try:
        with passing():
            return plan_bucket(conn, plan, bucket, at).enqueued
    except Exception as error:
        raise _RunError(plan.run.run_id, error) from error


def _hold(
    engine: Engine, reaches: Mapping[int, int], at: datetime, *, only_first: bool
) -> list[int]:
    """Keep the reaches and hold what they forbid: all of it, or the first, for the rest changes."""
    held = []
    for run_id, expected in reaches.items():
        with transaction(engine) as conn:
            KEEP_REACH.execute(conn, run_id=run_id, reach=expected)
            if HOLD_RUN.execute(conn, run_id=run_id, at=at):
                held.append(run_id)
            reach("reach.before_commit")
        if held and only_first:
            break
    return held
