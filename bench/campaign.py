"""The blast as one would write it with pandas or polars, over our snapshot and plan of it.

Both sides read the same people and the same past and obey the same policy. Ours leaves a batch's
texts once and the fields of each push; the rivals leave a rendered row a push and device, as the
reference of the planner has it, in a table with a primary key and one on (run, device), and a row a
push in the log that the next campaign counts; ours counts the batches themselves. Both leave the
reason of everybody who gets none. Who gets one, in which variant and language, and why not, is
compared each time. The rivals take no lock and could not be resumed.
"""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, text

from bench.figures import Figure, Options
from bench.rivals.environment import HERE, install, plain_url, run_rival
from bench.runs import Engines, audit, connect, forget_runs, freeze, make_run, plan
from bench.world import NOW, World, describe_server, open_world
from pushline.database.engine import transaction


def measure_pandas(options: Options) -> list[Figure]:
    """Measure pandas with to_sql as it comes."""
    note = "pandas: read_sql, groupby, merge, to_sql in chunks of 10,000"
    rival = _rival("pandas_campaign.py", "insert", own_packages=False, dialect=True)
    samples = _measure(options, "pandas", rival)
    return [Figure("pandas_over_plan", "ratio", samples, note, bound=18.0, is_least=True)]


def measure_pandas_copy(options: Options) -> list[Figure]:
    """Measure pandas with COPY, as its documentation shows."""
    note = "the same with the COPY callable of its documentation"
    rival = _rival("pandas_campaign.py", "copy", own_packages=False, dialect=True)
    samples = _measure(options, "pandas with COPY", rival)
    return [Figure("pandas_copy_over_plan", "ratio", samples, note)]


def measure_polars(options: Options) -> list[Figure]:
    """Measure polars with ADBC: Arrow in and out by COPY BINARY."""
    install(options.say)
    samples = _measure(options, "polars", _rival("polars_campaign.py"))
    note = "polars + ADBC: read Arrow, group_by, join, adbc_ingest"
    return [Figure("polars_over_plan", "ratio", samples, note, bound=4.0, is_least=True)]


def _rival(
    script: str, *arguments: str, own_packages: bool = True, dialect: bool = False
) -> Callable[[World, int], dict[str, Any]]:
    def run(world: World, run_id: int) -> dict[str, Any]:
        url = world.server.url(world.name)
        address = url.render_as_string(hide_password=False) if dialect else plain_url(url)
        return run_rival(
            script, address, str(run_id), NOW.isoformat(), *arguments, own_packages=own_packages
        )

    return run


def _measure(
    options: Options, name: str, rival: Callable[[World, int], dict[str, Any]]
) -> list[float]:
    """Return how many times as long as ours the rival took; interleaved."""
    world = open_world(options.users, options.say)
    options.say(describe_server(world))
    samples: list[float] = []
    with connect(world) as engines:
        forget_runs(engines.planner)
        _create_tables(engines.planner)
        try:
            for counts in options.rounds():
                run_id, ours = _time_ours(engines)
                took = rival(world, run_id)
                same = _compare(engines.planner, run_id)
                options.say(f"  ours {ours:.2f} s, {name} {_in_words(took)}; {same}")
                if counts:
                    samples.append(took["seconds"] / ours)
                forget_runs(engines.planner, [run_id])
        finally:
            with transaction(engines.planner) as conn:
                conn.execute(text("DROP SCHEMA IF EXISTS rival CASCADE"))
    return samples


def _time_ours(engines: Engines) -> tuple[int, float]:
    """Take the snapshot and plan on two connections; the run, and the seconds of both together."""
    run_id = make_run(engines.planner)
    started = time.perf_counter()
    freeze(engines, run_id)
    plan(engines.planner, run_id)
    seconds = time.perf_counter() - started
    audit(engines.planner, run_id)
    return run_id, seconds


def _create_tables(engine: Engine) -> None:
    """Give the rivals their send log and their queue; not counted."""
    with transaction(engine) as conn:
        for statement in (HERE / "create_tables.sql").read_text(encoding="utf-8").split(";\n"):
            conn.execute(text(statement), {"at": NOW} if ":at" in statement else {})
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
        conn.execute(text("VACUUM ANALYZE rival.send_log"))


def _compare(engine: Engine, run_id: int) -> str:
    """Refuse a rival that decided anything else; empties its tables."""
    with transaction(engine) as conn:
        conn.execute(text("SET LOCAL enable_nestloop = off"))
        found = conn.execute(
            text((HERE / "compare.sql").read_text(encoding="utf-8")), {"run_id": run_id}
        ).one()
        conn.execute(text("TRUNCATE rival.queue, rival.decision"))
        conn.execute(text("DELETE FROM rival.send_log WHERE run_id = :run_id"), {"run_id": run_id})
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
        conn.execute(text("VACUUM rival.send_log"))
    if found.different or not found.ours or found.logged != found.enqueued:
        raise RuntimeError(
            f"{found.theirs:,} decisions, ours {found.ours:,}: {found.different:,} differ;"
            f" {found.logged:,} pushes in the log, ours {found.enqueued:,}"
        )
    return (
        f"{found.ours:,} decisions, 0 differ; {found.pushes:,} rendered rows"
        f" of {found.bytes:.0f} bytes"
    )


def _in_words(took: dict[str, Any]) -> str:
    steps = ", ".join(f"{step} {took[step]:.1f}" for step in ("read", "decide", "render", "write"))
    return f"{took['seconds']:.2f} s ({steps})"
