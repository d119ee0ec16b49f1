"""How planning grows with the base: the same blast to five times as many people."""

import time

from bench.figures import Figure, Options
from bench.runs import (
    Engines,
    audit,
    connect,
    forget_decisions,
    forget_runs,
    freeze,
    make_run,
    plan,
)
from bench.world import describe_server, open_world

TIMES = 5


def measure_growth(options: Options) -> list[Figure]:
    """Measure a blast to everybody over one to a fifth of them, on two connections, interleaved.

    The small one is timed before and after the large one, which takes so much longer that the
    machine may be another by then.
    """
    small = open_world(options.users // TIMES, options.say)
    large = open_world(options.users, options.say)
    options.say(describe_server(large))
    samples = []
    with connect(small) as few, connect(large) as many:
        runs = [(engines, _make_frozen_run(engines)) for engines in (few, many)]
        small_run, large_run = runs
        for counts in options.rounds():
            before = _time_plan(*small_run)
            forget_decisions(few.planner, [small_run[1]])
            of_many = _time_plan(*large_run)
            after = _time_plan(*small_run)
            options.say(
                f"  {small.users:,}: {before:.2f} and {after:.2f} s, {large.users:,}:"
                f" {of_many:.2f} s"
            )
            for engines, run_id in runs:
                audit(engines.planner, run_id)
                forget_decisions(engines.planner, [run_id])
            if counts:
                samples.append(of_many * 2 / (before + after))
        for engines, run_id in runs:
            forget_runs(engines.planner, [run_id])
    name = f"plan_growth_{_name(large.users)}_over_{_name(small.users)}"
    return [Figure(name, "ratio", samples, "2 connections, every decision checked", bound=5.5)]


def _make_frozen_run(engines: Engines) -> int:
    forget_runs(engines.planner)
    run_id = make_run(engines.planner)
    freeze(engines, run_id)
    return run_id


def _time_plan(engines: Engines, run_id: int) -> float:
    started = time.perf_counter()
    plan(engines.planner, run_id)
    return time.perf_counter() - started


def _name(users: int) -> str:
    return f"{users // 1_000_000}m" if users >= 1_000_000 else f"{users // 1000}k"
