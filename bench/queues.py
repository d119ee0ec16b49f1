"""Pushes per second into the queue: ours beside three queues on Postgres, on the same server.

All start from decided pushes, one row or message each, and end when the last commit is durable.

- Ours: rows in a table; the planner's own writing statement with the deciding SELECT replaced by
  that table, in its transaction of a bucket: lock, group, cut, insert batches, mark, commit. Their
  personal fields are written, too, as the snapshot does.
- Theirs: their fastest batch call, one message of 430 bytes a push. The libraries' messages lie in
  memory, ready as bytes; pgmq's lie in a table as jsonb, and never cross the wire.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from sqlalchemy import Engine, create_engine, text

from bench.figures import Figure, Options
from bench.rivals.environment import install, plain_url, run_rival
from bench.runs import (
    BUCKETS,
    audit,
    connect,
    forget_decisions,
    forget_runs,
    freeze,
    make_run,
    plan,
)
from bench.world import NOW, World, describe_server, open_world, read_sql
from pushline.database.engine import transaction
from pushline.database.sql import Query
from pushline.plan.bucket import FAVOUR_PASS, INSERT_RUN_BUCKET, LOCK_BUCKET

WRITE_DECISIONS = Query("plan/write_decisions")
FLUSH_COMMITS = Query("plan/flush_commits")
DECIDING = re.compile(r"FROM push\.decide\(.*?\n    \) AS d\n", re.DOTALL)
DECIDED = "FROM rival.decided AS d\n    WHERE d.bucket = CAST(:bucket AS smallint)\n"
# Messages a repetition, and messages a call: as many as were fastest.
COUNTS = {"pgqueuer": (100_000, 1_000), "procrastinate": (10_000, 1_000), "pgmq": (200_000, 1_000)}
BOUNDS = {"pgqueuer": 8.0, "procrastinate": 40.0, "pgmq": 3.0}


def measure_queue(rival: str, options: Options) -> list[Figure]:
    """Measure our pushes per second over those of one rival; interleaved."""
    install(options.say)
    world = open_world(options.users, options.say)
    options.say(describe_server(world))
    samples = []
    count, size = COUNTS[rival]
    count = min(count, options.users)
    with connect(world) as engines:
        engine = engines.planner
        forget_runs(engine)
        run_id = make_run(engine)
        freeze(engines, run_id)
        plan(engine, run_id)
        audit(engine, run_id)
        with _decided_pushes(engine, run_id):
            for counts in options.rounds():
                ours = _enqueue_ours(engine, run_id)
                with _empty_database(world) as url:
                    took = run_rival(f"{rival}_enqueue.py", url, str(count), str(size))
                if took["pushes"] != count:
                    raise RuntimeError(f"{rival} holds {took['pushes']:,} of {count:,} messages")
                theirs = took["seconds"] / count
                options.say(
                    f"  ours {ours * 1e6:.2f} us a push, {rival} {theirs * 1e6:.2f} us:"
                    f" {1 / ours:,.0f} and {1 / theirs:,.0f} a second"
                )
                if counts:
                    samples.append(theirs / ours)
        forget_runs(engine, [run_id])
    note = f"pushes a second, 1 connection each; {rival} in calls of {size:,}"
    return [Figure(f"enqueue_over_{rival}", "ratio", samples, note, BOUNDS[rival], is_least=True)]


measure_pgqueuer = partial(measure_queue, "pgqueuer")
measure_procrastinate = partial(measure_queue, "procrastinate")
measure_pgmq = partial(measure_queue, "pgmq")


@contextmanager
def _decided_pushes(engine: Engine, run_id: int) -> Iterator[None]:
    """Lay the run's decided pushes ready as rows, and take the run's batches away."""
    with transaction(engine) as conn:
        conn.execute(text("DROP SCHEMA IF EXISTS rival CASCADE"))
        for statement in read_sql("prepare_decided").split(";\n"):
            conn.execute(text(statement), {"run_id": run_id} if ":run_id" in statement else {})
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
        conn.execute(text("VACUUM ANALYZE rival.decided, rival.field"))
    try:
        yield
    finally:
        with transaction(engine) as conn:
            conn.execute(text("DROP SCHEMA rival CASCADE"))


def _enqueue_ours(engine: Engine, run_id: int) -> float:
    """Write the decided pushes as the planner does; the seconds of one."""
    forget_decisions(engine, [run_id])
    with transaction(engine) as conn:
        conn.execute(
            text("DELETE FROM push.audience_field WHERE run_id = :run_id"), {"run_id": run_id}
        )
    source, replaced = DECIDING.subn(lambda _: DECIDED, WRITE_DECISIONS.sql_text)
    if replaced != 1:
        raise RuntimeError("sql/plan/write_decisions.sql has another shape: look at bench/queues")
    write, write_fields = text(source), text(read_sql("write_fields"))
    started = time.perf_counter()
    for bucket in range(BUCKETS):
        with transaction(engine) as conn:
            LOCK_BUCKET.one(conn, run_id=run_id, bucket=bucket)
            FAVOUR_PASS.one(conn, is_small=False)
            here = {"run_id": run_id, "bucket": bucket}
            conn.execute(write_fields, here)
            written = conn.execute(write, here | {"planned_at": NOW, "first_batch_no": 0}).one()
            INSERT_RUN_BUCKET.execute(
                conn,
                **here,
                planned_at=NOW,
                policy_id=None,
                audience_users=written.enqueued_users,
                enqueued_users=written.enqueued_users,
                batch_count=written.batch_count,
            )
    with transaction(engine) as conn:
        FLUSH_COMMITS.one(conn)
    seconds = time.perf_counter() - started
    with engine.connect() as conn:
        found = conn.execute(text(read_sql("count_enqueued")), {"run_id": run_id}).one()
    if found.different:
        raise RuntimeError(f"{found.different:,} of {found.pushes:,} pushes differ")
    return seconds / int(found.pushes)


@contextmanager
def _empty_database(world: World) -> Iterator[str]:
    """Lend a rival a database of its own on the same server."""
    name = "bench_rival"
    server = create_engine(world.server.url("postgres", "postgres"), isolation_level="AUTOCOMMIT")
    drop = text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    with server.connect() as conn:
        conn.execute(drop)
        conn.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield plain_url(world.server.url(name, "postgres"))
    finally:
        with server.connect() as conn:
            conn.execute(drop)
        server.dispose()
