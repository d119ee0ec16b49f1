"""Runs that a bench makes, plans and takes away again."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from bench.world import NOW, World, read_sql
from pushline.audience import take_snapshot
from pushline.audience.catalogue import Catalogue
from pushline.database.engine import make_engine, transaction
from pushline.plan.waves import close_wave, plan_wave_buckets, start_wave_of

BUCKETS = 64
HASH = "bench"
# The oracle knows this salt and its control share.
SALT = 42
EVERY_CUSTOMER, EVERY_200TH = "every_customer", "every_200th"


@dataclass(frozen=True, slots=True)
class Engines:
    """Connections by role."""

    planner: Engine
    reader: Engine


@contextmanager
def connect(world: World) -> Iterator[Engines]:
    """Lend engines to a world, with the settings that the product's own have."""
    url = world.server.url
    engines = Engines(
        make_engine(url(world.name), "bench"),
        make_engine(url(world.name, "pushline_audience"), "bench-audience"),
    )
    try:
        yield engines
    finally:
        engines.planner.dispose()
        engines.reader.dispose()


def make_run(
    engine: Engine, number: int = 1, audience: str = EVERY_CUSTOMER, lane: str = "marketing"
) -> int:
    """Make the run of an approved brief, due now, with its texts; returns its id."""
    code = f"C-2026-{900 + number}"
    with transaction(engine) as conn:
        brief_id = conn.execute(text(read_sql("create_brief")), {"code": code, "now": NOW}).scalar()
        of_brief = {"brief_id": brief_id, "hash": HASH}
        conn.execute(text(read_sql("create_brief_version")), of_brief | {"now": NOW})
        conn.execute(text(read_sql("create_approval")), of_brief | {"now": NOW})
        run_id: int = conn.execute(
            text(read_sql("create_small_run")),
            of_brief
            | {
                "occasion": NOW,
                "title": f"Bench {number}",
                "class": lane,
                "lane": lane,
                "salt": SALT,
                "audience_name": audience,
            },
        ).scalar_one()
        conn.execute(text(read_sql("create_run_text")), {"run_id": run_id})
    return run_id


def freeze(engines: Engines, run_id: int) -> int:
    """Take the run's snapshot; how many users it holds."""
    audiences = Catalogue(sql_dir=Path(__file__).parent)
    with engines.planner.connect() as conn:
        name = conn.execute(
            text("SELECT audience_name FROM push.run WHERE run_id = :run_id"), {"run_id": run_id}
        ).scalar_one()
    taken = take_snapshot(
        engines.reader,
        engines.planner,
        run_id,
        NOW,
        audiences=audiences if name == EVERY_200TH else None,
    )
    return taken.users


def plan(engine: Engine, run_id: int, tasks: int = 2, at: datetime = NOW) -> None:
    """Plan a run with a snapshot in a wave of its own, its buckets shared among so many tasks."""
    wave = start_wave_of(engine, run_id, at)
    with ThreadPoolExecutor(tasks) as pool:
        ranges = list_ranges(tasks)
        for result in pool.map(partial(plan_range, engine, wave.wave_id), ranges):
            if result:
                raise RuntimeError("the run failed in a bucket")
    close_wave(engine, wave.wave_id, at)


def list_ranges(tasks: int) -> list[tuple[int, int]]:
    """Share the buckets among tasks: first and last bucket of each."""
    share = BUCKETS // tasks
    return [(first, first + share - 1) for first in range(0, BUCKETS, share)]


def plan_range(engine: Engine, wave_id: int, buckets: tuple[int, int]) -> int:
    """Plan one task's buckets; how many runs failed in them."""
    return plan_wave_buckets(engine, wave_id, *buckets).failed_runs


def audit(engine: Engine, run_id: int) -> Any:
    """Compare every decision with an oracle of plain joins; raises when one differs."""
    with engine.connect() as conn:
        conn.execute(text("SET LOCAL enable_nestloop = off"))
        # The oracle is not measured: on five million people it need not wait for temporary files.
        conn.execute(text("SET LOCAL work_mem = '512MB'"))
        found = conn.execute(text(read_sql("audit_blast")), {"run_id": run_id, "at": NOW}).one()
    if found.different:
        raise RuntimeError(f"{found.different:,} of {found.audience:,} decisions differ")
    return found


def forget_decisions(engine: Engine, run_ids: Sequence[int]) -> None:
    """Make runs as if they had never been planned; their snapshots stay."""
    _forget(engine, "forget_decisions", run_ids)


def forget_runs(engine: Engine, run_ids: Sequence[int] | None = None) -> None:
    """Take runs (None: all there are) away with all that came of them; their briefs stay."""
    if run_ids is None:
        with engine.connect() as conn:
            run_ids = conn.execute(text("SELECT run_id FROM push.run")).scalars().all()
    if run_ids:
        _forget(engine, "forget_decisions", run_ids)
        _forget(engine, "forget_runs", run_ids)


def _forget(engine: Engine, file: str, run_ids: Sequence[int]) -> None:
    """Run the statements of a file, and leave no dead rows to the next repetition."""
    with transaction(engine) as conn:
        for statement in read_sql(file).split(";\n"):
            conn.execute(text(statement), {"run_ids": list(run_ids)})
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
        for table in ("send_batch", "audience_block", "audience_field", "outcome"):
            conn.execute(text(f"VACUUM push.{table}"))
