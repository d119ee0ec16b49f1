"""Memory of a planning task and of its Postgres backend, on a small base and on a large one.

Counted is PSS from /proc without shared memory: the buffer pool is a setting, and the pages of it
that a process has touched say nothing of what the process needs.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Engine, text

from bench.figures import Figure, Options
from bench.runs import audit, connect, forget_decisions, forget_runs, freeze, make_run
from bench.world import World, describe_server, open_world, read_sql

SMALL = 100_000
PAUSE = 0.02
MEBIBYTE = 1024


def measure_memory(options: Options) -> list[Figure]:
    """Measure by how much the peak grows from 100,000 users to as many as were asked for.

    Snapshot and plan are each a process of its own, as their tasks are.
    """
    small = open_world(min(SMALL, options.users // 5), options.say)
    large = open_world(options.users, options.say)
    options.say(describe_server(large))
    growth: dict[str, list[float]] = {"snapshot": [], "plan": []}
    for repetition in range(options.repetitions):
        is_first = repetition == 0
        before, after = _measure_peaks(small, is_first), _measure_peaks(large, is_first)
        for step, samples in growth.items():
            samples.append(after[step] - before[step])
            options.say(
                f"  {step}: {before[step]:.0f} MB with {small.users:,} users,"
                f" {after[step]:.0f} MB with {large.users:,}"
            )
    note = f"{small.users:,} -> {large.users:,} users, peak of task and backends"
    return [
        Figure("planner_memory_growth_mb", "MB", growth["plan"], note, bound=200),
        Figure("snapshot_memory_growth_mb", "MB", growth["snapshot"], note),
    ]


def _measure_peaks(world: World, is_first: bool) -> dict[str, float]:
    """Return the peaks of a snapshot's and of a planning task, in MB; both sides together.

    The oracle judges the first repetition; planning the same again must decide as many users.
    """
    with connect(world) as engines:
        forget_runs(engines.planner)
        run_id = make_run(engines.planner)
        peaks = {"snapshot": _watch(world, engines.planner, "snapshot", run_id)}
        freeze(engines, run_id)  # it is there already; raises when it is not
        peaks["plan"] = _watch(world, engines.planner, "plan", run_id)
        if is_first:
            audit(engines.planner, run_id)
        _require_planned(engines.planner, run_id)
        forget_decisions(engines.planner, [run_id])
        forget_runs(engines.planner, [run_id])
    return peaks


def _require_planned(engine: Engine, run_id: int) -> None:
    with engine.connect() as conn:
        found = conn.execute(text(read_sql("count_planned")), {"run_id": run_id}).one()
    if not found.audience or found.decided != found.audience:
        raise RuntimeError(f"{found.decided:,} of {found.audience:,} users were decided")


def _watch(world: World, engine: Engine, step: str, run_id: int) -> float:
    """Run a step as a process of its own and return the peak of it and of its backends, in MB."""
    with engine.connect() as conn:
        ours: int = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
        conn.rollback()
        task = subprocess.Popen(
            [sys.executable, "-m", "bench.memory_task", step, str(world.users), str(run_id)]
        )
        backends: set[int] = set()
        finished = threading.Event()
        peaks: list[float] = [0.0]
        sampler = threading.Thread(target=_sample, args=(task.pid, backends, finished, peaks))
        sampler.start()
        try:
            while task.poll() is None:
                found = conn.execute(
                    text("SELECT pid FROM pg_stat_activity WHERE datname = :name AND pid <> :ours"),
                    {"name": world.name, "ours": ours},
                ).scalars()
                backends |= set(found)
                conn.rollback()
                time.sleep(PAUSE)
        finally:
            finished.set()
            sampler.join()
    if task.returncode:
        raise RuntimeError(f"the task that was watched failed: {step}")
    return max(peaks)


def _sample(
    task: int, backends: Iterable[int], finished: threading.Event, peaks: list[float]
) -> None:
    while not finished.wait(PAUSE):
        peaks.append(sum(read_own_memory(pid) for pid in (task, *tuple(backends))))


def read_own_memory(pid: int) -> float:
    """Return a process's proportional memory without shared memory, in MB; 0 when it has ended."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    sizes = dict(line.split(":", 1) for line in rollup.splitlines() if line.startswith("Pss"))
    kilobytes = {name: int(size.split()[0]) for name, size in sizes.items()}
    return (kilobytes["Pss"] - kilobytes.get("Pss_Shmem", 0)) / MEBIBYTE
