"""Small runs on a large base: a campaign to every 200th, and a trigger that found one person."""

import time

from sqlalchemy import text

from bench.figures import Figure, Options
from bench.runs import (
    BUCKETS,
    EVERY_200TH,
    Engines,
    audit,
    connect,
    forget_runs,
    freeze,
    make_run,
    plan,
)
from bench.world import NOW, describe_server, open_world, read_sql
from pushline.database.engine import transaction
from pushline.plan.bands import hold_outside
from pushline.plan.bucket import plan_bucket
from pushline.plan.passes import prepare_run
from pushline.plan.waves import FLUSH_COMMITS, close_wave, start_wave_of


def measure_small_run(options: Options) -> list[Figure]:
    """Measure snapshot and plan of 5,000 users of a million, from the wave's start to its end."""
    world = open_world(options.users, options.say)
    options.say(describe_server(world))
    seconds, estimates = [], []
    with connect(world) as engines:
        forget_runs(engines.planner)
        users = 0
        for counts in options.rounds():
            run_id = make_run(engines.planner, audience=EVERY_200TH)
            started = time.perf_counter()
            users = freeze(engines, run_id)
            plan(engines.planner, run_id)
            took = time.perf_counter() - started
            found = audit(engines.planner, run_id)
            forget_runs(engines.planner, [run_id])
            estimate = _time_estimate(engines)
            options.say(
                f"  {users:,} users, {found.enqueued:,} enqueued, 0 differ: {took * 1e3:.0f} ms;"
                f" estimate of its reach {estimate * 1e3:.0f} ms"
            )
            if counts:
                seconds.append(took * 1e3)
                estimates.append(estimate * 1e3)
    note = f"{users:,} of {options.users:,} users, 2 connections"
    return [
        Figure("small_run_ms", "ms", seconds, f"{note}, snapshot and plan", bound=500),
        Figure("small_run_estimate_ms", "ms", estimates, f"{note}, the reach before it, once"),
    ]


def _time_estimate(engines: Engines) -> float:
    """Return the seconds of the reach check that a wave makes between snapshot and plan."""
    run_id = make_run(engines.planner, audience=EVERY_200TH)
    freeze(engines, run_id)
    start_wave_of(engines.planner, run_id, NOW)
    started = time.perf_counter()
    hold_outside(engines.planner, [run_id], NOW, _stop)
    seconds = time.perf_counter() - started
    forget_runs(engines.planner, [run_id])
    return seconds


def _stop(_run_id: int, error: Exception) -> None:
    raise error


def measure_trigger(options: Options) -> list[Figure]:
    """Measure one user's transaction: lock, decide, write, mark, commit; one user in each bucket.

    A sample is the median over the buckets of one run. The first run warms the connection, as
    that of a trigger that runs every five minutes is. Beside it: what a task does once a run, its
    flush at the end included.
    """
    world = open_world(options.users, options.say)
    options.say(describe_server(world))
    samples, prepared = [], []
    with connect(world) as engines:
        engine = engines.planner
        forget_runs(engine)
        for number, counts in enumerate(options.rounds()):
            run_id = make_run(engine, number=2, lane="trigger")
            with transaction(engine) as conn:
                conn.execute(
                    text(read_sql("freeze_one_user_each")),
                    {"run_id": run_id, "now": NOW, "skip": number * 100},
                )
            wave = start_wave_of(engine, run_id, NOW)
            started = time.perf_counter()
            with transaction(engine) as conn:
                run_plan = prepare_run(conn, run_id, NOW)
            preparing = time.perf_counter() - started
            took = []
            for bucket in range(BUCKETS):
                started = time.perf_counter()
                with transaction(engine) as conn:
                    plan_bucket(conn, run_plan, bucket, NOW)
                took.append(time.perf_counter() - started)
            started = time.perf_counter()
            with transaction(engine) as conn:
                FLUSH_COMMITS.one(conn)
            preparing += time.perf_counter() - started
            close_wave(engine, wave.wave_id, NOW)
            found = audit(engine, run_id)
            forget_runs(engine, [run_id])
            median = sorted(took)[len(took) // 2] * 1e3
            options.say(
                f"  {found.audience} users, {found.enqueued} enqueued, 0 differ:"
                f" {median:.2f} ms each, once a run {preparing * 1e3:.2f} ms"
            )
            if counts:
                samples.append(median)
                prepared.append(preparing * 1e3)
    note = f"history of {options.users:,} users, 1 connection"
    return [
        Figure("trigger_decide_ms", "ms", samples, f"{note}, a user's transaction", bound=5),
        Figure("trigger_prepare_ms", "ms", prepared, "once a run and task: policy, moments, flush"),
    ]
