"""Two campaigns at once to the same million, and the price of the lock that keeps them apart."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from sqlalchemy import Engine, text

from bench.figures import Figure, Options
from bench.runs import (
    Engines,
    audit,
    connect,
    forget_decisions,
    forget_runs,
    freeze,
    list_ranges,
    make_run,
    plan_range,
)
from bench.world import NOW, SQL, describe_server, open_world, read_sql
from pushline.database.sql import Query
from pushline.plan import bucket
from pushline.plan.waves import close_wave, start_wave_of

# Each campaign has as many connections.
TASKS = 2


def measure_two_campaigns(options: Options) -> list[Figure]:
    """Measure two blasts planned at once, 2 + 2 connections, over the same without the lock.

    With the lock each decision is the oracle's, in whichever order the two came to a bucket.
    Without it, it is counted how many people would get both. The lock is taken out here alone, by
    a statement that only looks at its row.
    """
    world = open_world(options.users, options.say)
    options.say(describe_server(world))
    unlocked_query = Query("look_at_bucket", folder=SQL)
    ratios, locked_walls, unlocked_walls = [], [], []
    with connect(world) as engines:
        run_ids = _make_runs(engines)
        for counts in options.rounds():
            locked = _plan_at_once(engines.planner, run_ids)
            enqueued = sum(audit(engines.planner, run_id).enqueued for run_id in run_ids)
            forget_decisions(engines.planner, run_ids)
            with patch.object(bucket, "LOCK_BUCKET", unlocked_query):
                unlocked = _plan_at_once(engines.planner, run_ids)
            doubled = _count_doubled(engines.planner, run_ids)
            forget_decisions(engines.planner, run_ids)
            options.say(
                f"  locked {locked:.2f} s, {enqueued:,} pushes, 0 differ from the oracle;"
                f" unlocked {unlocked:.2f} s, {doubled:,} people got both"
            )
            if counts:
                ratios.append(locked / unlocked)
                locked_walls.append(locked)
                unlocked_walls.append(unlocked)
        forget_runs(engines.planner, run_ids)
    note = f"{options.users:,} users, {TASKS} + {TASKS} connections"
    return [
        Figure("two_campaigns_vs_unlocked", "ratio", ratios, note, bound=1.4),
        Figure("two_campaigns_s", "s", locked_walls, "with the lock, same runs"),
        Figure("two_campaigns_unlocked_s", "s", unlocked_walls, "without it: caps are broken"),
    ]


def _make_runs(engines: Engines) -> Sequence[int]:
    forget_runs(engines.planner)
    run_ids = [make_run(engines.planner, number) for number in (1, 2)]
    for run_id in run_ids:
        freeze(engines, run_id)
    return run_ids


def _plan_at_once(engine: Engine, run_ids: Sequence[int]) -> float:
    """Plan the runs at the same time, each in a wave of its own and from bucket 0; seconds."""
    waves = [start_wave_of(engine, run_id, NOW).wave_id for run_id in run_ids]
    work = [(wave, buckets) for buckets in list_ranges(TASKS) for wave in waves]
    with ThreadPoolExecutor(len(work)) as pool:
        started = time.perf_counter()
        failed = list(pool.map(lambda one: plan_range(engine, *one), work))
        seconds = time.perf_counter() - started
    if any(failed):
        raise RuntimeError("a run failed in a bucket")
    for wave in waves:
        close_wave(engine, wave, NOW)
    return seconds


def _count_doubled(engine: Engine, run_ids: Sequence[int]) -> int:
    with engine.connect() as conn:
        found: int = conn.execute(
            text(read_sql("count_doubled")), {"run_ids": list(run_ids)}
        ).scalar_one()
    return found
