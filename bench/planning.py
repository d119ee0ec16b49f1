"""Planning a blast to everybody, and freezing its audience, over a bare INSERT of pushes."""

import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from bench.figures import Figure, Options
from bench.world import NOW, World, backend_seconds, describe_server, open_world, read_sql
from pushline.audience import take_snapshot
from pushline.database.engine import transaction
from pushline.plan.waves import close_wave, plan_wave_buckets, start_wave_of

BUCKETS = 64
# One task a core, as the DAG maps them.
TASKS = 2
CODE, HASH = "C-2026-999", "bench"


def measure_plan(options: Options) -> list[Figure]:
    """Measure snapshot given -> every bucket decided, written and committed, on both cores."""
    world = open_world(options.users, options.say)
    options.say(describe_server(world))
    engine = world.engine()
    reader = world.engine("pushline_audience")
    run_id = make_run(world)
    take_snapshot(reader, engine, run_id, NOW)
    wall, cpu = [], []
    for repetition in range(options.repetitions + 1):
        reference, reference_cpu = insert_bare(world)
        seconds, seconds_cpu = plan_blast(world, run_id)
        options.say(audit(world, run_id))
        options.say(
            f"  plan {seconds:.3f} s ({seconds_cpu:.2f} of the server's CPU), bare insert"
            f" {reference:.3f} s ({reference_cpu:.2f})"
        )
        forget_decisions(world, run_id)
        if repetition:  # the first warms caches on both sides
            wall.append(seconds / reference)
            cpu.append(seconds_cpu / reference_cpu)
    forget_run(world, run_id)
    note = f"{options.users:,} users, {TASKS} connections over a bare insert on 1"
    size = _suffix(options.users)
    return [
        Figure(f"plan_vs_bare_insert_{size}", "ratio", wall, note, bound=1.0),
        Figure(f"plan_cpu_vs_bare_insert_{size}", "ratio", cpu, "CPU of the server, same runs"),
    ]


def measure_snapshot(options: Options) -> list[Figure]:
    """Measure the audience SQL by the reader role into audience_block, two text fields a user."""
    world = open_world(options.users, options.say)
    engine = world.engine()
    reader = world.engine("pushline_audience")
    samples = []
    for repetition in range(options.repetitions + 1):
        run_id = make_run(world)
        reference, _ = insert_bare(world)
        started = time.perf_counter()
        snapshot = take_snapshot(reader, engine, run_id, NOW)
        seconds = time.perf_counter() - started
        if not snapshot.users:
            raise RuntimeError("the snapshot is empty")
        options.say(f"  {snapshot.users:,} users in {seconds:.3f} s, bare insert {reference:.3f} s")
        forget_run(world, run_id)
        if repetition:
            samples.append(seconds / reference)
    note = "every customer with two text fields"
    return [
        Figure(
            f"snapshot_vs_bare_insert_{_suffix(options.users)}", "ratio", samples, note, bound=0.6
        )
    ]


def make_run(world: World) -> int:
    """Make the run of an approved brief to everybody, due now; a killed bench's run goes first."""
    engine = world.engine()
    with engine.connect() as conn:
        left = conn.execute(text("SELECT run_id FROM push.run")).scalars().all()
    engine.dispose()
    for run_id in left:
        forget_decisions(world, run_id)
        forget_run(world, run_id)
    with transaction(world.engine()) as conn:
        brief_id = conn.execute(text(read_sql("create_brief")), {"code": CODE, "now": NOW}).scalar()
        conn.execute(
            text(read_sql("create_brief_version")),
            {"brief_id": brief_id, "hash": HASH, "now": NOW},
        )
        conn.execute(
            text(read_sql("create_approval")), {"brief_id": brief_id, "hash": HASH, "now": NOW}
        )
        made: int = conn.execute(
            text(read_sql("create_run")), {"brief_id": brief_id, "occasion": NOW, "hash": HASH}
        ).scalar_one()
    return made


def plan_blast(world: World, run_id: int) -> tuple[float, float]:
    """Plan the run in a wave of its own by TASKS tasks; wall and server CPU seconds.

    Each task connects anew, as a task of the DAG does; connecting and closing the wave count.
    """
    engine = world.engine("pushline_planner")
    tasks = [world.engine("pushline_planner") for _ in range(TASKS)]
    wave = start_wave_of(engine, run_id, NOW)
    share = BUCKETS // TASKS
    with ThreadPoolExecutor(TASKS) as pool, backend_seconds(engine) as spent:
        started = time.perf_counter()
        planning = [
            pool.submit(
                plan_wave_buckets, task, wave.wave_id, share * number, share * (number + 1) - 1
            )
            for number, task in enumerate(tasks)
        ]
        failed = sum(task.result().failed_runs for task in planning)
        close_wave(engine, wave.wave_id, NOW)
        wall, cpu = time.perf_counter() - started, spent()
    for each in (engine, *tasks):
        each.dispose()
    if failed:
        raise RuntimeError("the run failed in a bucket")
    return wall, cpu


def insert_bare(world: World) -> tuple[float, float]:
    """Insert the reference rows into a bare heap by one connection; wall and CPU seconds."""
    engine = world.engine()
    with backend_seconds(engine) as spent:
        started = time.perf_counter()
        with transaction(engine) as conn:
            conn.execute(
                text("INSERT INTO push.reference_target SELECT * FROM push.reference_source")
            )
        wall, cpu = time.perf_counter() - started, spent()
    with transaction(engine) as conn:
        conn.execute(text("TRUNCATE push.reference_target"))
    engine.dispose()
    return wall, cpu


def audit(world: World, run_id: int) -> str:
    """Compare every decision with an oracle of plain joins; raises when one differs."""
    engine = world.engine()
    with engine.connect() as conn:
        found = conn.execute(text(read_sql("audit_blast")), {"run_id": run_id, "at": NOW}).one()
    engine.dispose()
    if found.different:
        raise RuntimeError(f"{found.different:,} of {found.audience:,} decisions differ")
    return f"  oracle: {found.audience:,} decisions, {found.enqueued:,} enqueued, 0 differ"


def forget_decisions(world: World, run_id: int) -> None:
    """Make the run as if it had never been planned."""
    _execute(
        world,
        (
            "DELETE FROM push.send_batch WHERE run_id = :run_id",
            "DELETE FROM push.decision_block WHERE run_id = :run_id",
            "DELETE FROM push.run_bucket WHERE run_id = :run_id",
            "UPDATE push.run SET status = 'waiting', wave_id = NULL WHERE run_id = :run_id",
        ),
        run_id,
    )
    _vacuum(world)


def forget_run(world: World, run_id: int) -> None:
    """Take the run away; its brief stays, since versions are history."""
    _execute(
        world,
        (
            "DELETE FROM push.audience_field WHERE run_id = :run_id",
            "DELETE FROM push.audience_block WHERE run_id = :run_id",
            "DELETE FROM push.run_text WHERE run_id = :run_id",
            "DELETE FROM push.run WHERE run_id = :run_id",
        ),
        run_id,
    )
    _vacuum(world)


def _execute(world: World, statements: tuple[str, ...], run_id: int) -> None:
    engine = world.engine()
    with transaction(engine) as conn:
        for statement in statements:
            conn.execute(text(statement), {"run_id": run_id})
    engine.dispose()


def _vacuum(world: World) -> None:
    """Leave no dead rows to the next repetition, on neither side."""
    engine = world.engine().execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        for table in ("send_batch", "audience_block", "audience_field"):
            conn.execute(text(f"VACUUM push.{table}"))
    engine.dispose()


def _suffix(users: int) -> str:
    return f"{users // 1_000_000}m" if users >= 1_000_000 else f"{users // 1000}k"
