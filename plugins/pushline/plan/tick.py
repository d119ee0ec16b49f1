"""What one tick of a planning DAG does, in steps that are tasks: open, plan ranges, close.

Ints travel between the tasks; users and runs are read from the database inside each, so that a
retry sees what was cancelled meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Row

from pushline.audience import TRIGGERS, Catalogue, take_snapshot
from pushline.database.engine import transaction
from pushline.database.sql import Query
from pushline.errors import StopRun
from pushline.plan.due import create_due_runs, create_trigger_runs
from pushline.plan.passes import GET_SETTING
from pushline.plan.waves import (
    Lane,
    Wave,
    close_wave,
    freeze_audiences,
    refuse_held_run,
    release_held_run,
    start_wave,
    start_wave_of,
)
from pushline.send_queue.closing import expire_batches

NAME_WAVE = Query("plan/name_wave")
LIST_HELD_RUNS = Query("plan/list_held_runs")
LIST_REASONS = Query("plan/list_reasons")
LIST_WAVE_FAULTS = Query("plan/list_wave_faults")
# The Airflow run that asks about a held run is named after it, so that nobody is asked twice.
HELD_RUN = "held-run-"
# What a person presses, as Airflow's ApprovalOperator words it.
APPROVE = "Approve"
FIND_RUN_OF_BRIEF = Query("plan/find_run_of_brief")
LIST_RUNS_OF_DAG_RUN = Query("plan/list_runs_of_dag_run")


@dataclass(frozen=True, slots=True)
class StartedBy:
    """The Airflow run that plans a wave."""

    dag_id: str
    dag_run_id: str


def open_tick(
    engine: Engine, reader_engine: Engine, lane: Lane, by: StartedBy, now: datetime
) -> Wave:
    """Expire what is late, take the lane's due runs into a wave, freeze their audiences.

    Runs are made at `now`; the wave's own moment is read from the database. Repeating it after a
    crash takes along what the crashed one began. Without runs to plan the wave is closed at once.
    """
    expire_batches(engine, now)
    if lane == "marketing":
        create_due_runs(engine, now)
    else:
        create_trigger_runs(engine, Catalogue(TRIGGERS).sql_hash, now)
    return _freeze(engine, reader_engine, start_wave(engine, lane), by)


def open_by_hand(engine: Engine, reader_engine: Engine, run_id: int, by: StartedBy) -> Wave:
    """The same for one run that a person resumes. Raises StopRun when it cannot be planned now."""
    return _freeze(engine, reader_engine, start_wave_of(engine, run_id), by)


def _freeze(engine: Engine, reader_engine: Engine, wave: Wave, by: StartedBy) -> Wave:
    with transaction(engine) as conn:
        NAME_WAVE.execute(conn, wave_id=wave.wave_id, dag_id=by.dag_id, dag_run_id=by.dag_run_id)
    frozen = freeze_audiences(engine, wave, partial(take_snapshot, reader_engine, engine))
    if not frozen.run_ids:
        close_wave(engine, wave.wave_id)
    return frozen


def find_run(engine: Engine, campaign_code: str) -> int:
    """Return the run of a brief that a person means. Raises StopRun when none is under way."""
    with transaction(engine) as conn:
        run_id: int | None = FIND_RUN_OF_BRIEF.scalar(conn, campaign_code=campaign_code)
    if run_id is None:
        raise StopRun(
            f"No run of {campaign_code} is under way: it has none yet, or they are planned."
            " See: pushline run list"
        )
    return run_id


def split_buckets(engine: Engine, parts: int) -> list[tuple[int, int]]:
    """Return the buckets as `parts` ranges of about equal length, both ends included."""
    with transaction(engine) as conn:
        count = int(GET_SETTING.one(conn).bucket_count)
    parts = max(1, min(parts, count))
    edges = [count * part // parts for part in range(parts + 1)]
    return [(first, after - 1) for first, after in pairwise(edges)]


def list_held_runs(engine: Engine) -> Sequence[Row[Any]]:
    """Return every run that waits for somebody to agree to its reach."""
    with transaction(engine) as conn:
        return LIST_HELD_RUNS.all(conn, run_id=None)


def describe_held_run(engine: Engine, run_id: int) -> dict[str, str | int]:
    """Return the words and numbers by which a person decides, as plain values.

    Raises StopRun when the run is not held.
    """
    with transaction(engine) as conn:
        row = LIST_HELD_RUNS.one_or_none(conn, run_id=run_id)
    if row is None or row.status != "held":
        state = "does not exist" if row is None else f"is {row.status}"
        raise StopRun(f"Run {run_id} {state}, so nobody needs to agree to its reach.")
    deadline = row.expires_at.astimezone(ZoneInfo(row.project_zone))
    name = f"{row.campaign_code or f'Run {run_id}'} '{_bare_title(row)}'"
    band = f"{row.reach_low:,} to {row.reach_high:,}"
    approved = band if row.reach_expected is None else f"{row.reach_expected:,} ({band})"
    return {
        "run_id": run_id,
        "code": row.campaign_code or "",
        "question": f"{name}: approved for {approved}, would reach {row.reach:,}. Send?",
        "title": row.title,
        "reach": f"{row.reach:,}",
        "expected": "?" if row.reach_expected is None else f"{row.reach_expected:,}",
        "band": band,
        "writers": ", ".join(row.writers) or "-",
        "deadline": f"{deadline:%Y-%m-%d %H:%M} {row.project_zone}",
        "answer_until": row.expires_at.isoformat(),
    }


def _bare_title(row: Row[Any]) -> str:
    """A run's title without the code that those of briefs begin with."""
    title: str = row.title
    return title.removeprefix(row.campaign_code or "").strip()


def refuse_answer(engine: Engine, run_id: int, answer: str, by: str) -> str | None:
    """Say why an answer about a held run does not count; None when it does.

    Who wrote any of it may refuse its reach, but not agree to it.
    """
    if answer != APPROVE:
        return None
    with transaction(engine) as conn:
        row = LIST_HELD_RUNS.one_or_none(conn, run_id=run_id)
    writers = {name.strip().lower() for name in row.writers} if row else set()
    if by.strip().lower() not in writers:
        return None
    return (
        f"{by} wrote what run {run_id} sends and may not agree to its reach: the run stays held"
        " and somebody else is asked."
    )


def keep_reach_answer(
    engine: Engine, run_id: int, answer: str | None, by: str | None, now: datetime
) -> str:
    """Release or refuse a held run as a person answered, and say what was done.

    Only "Approve" with a name releases. Without an answer the run stays held until it expires.
    Raises StopRun when the person wrote what the run sends.
    """
    if answer is None or not by:
        return f"Nobody answered: run {run_id} stays held until it expires."
    refusal = refuse_answer(engine, run_id, answer, by)
    if refusal:
        raise StopRun(f"{refusal} To ask again, clear the task ask.")
    if answer == APPROVE:
        done = release_held_run(engine, run_id, by, now)
        return f"{by} approved run {run_id}." if done else f"Run {run_id} is not held any more."
    done = refuse_held_run(engine, run_id, by, now)
    return f"{by} refused run {run_id}." if done else f"Run {run_id} is not held any more."


def list_wave_faults(engine: Engine, wave_id: int) -> list[str]:
    """Return a sentence for every run that the wave set aside."""
    with transaction(engine) as conn:
        rows = LIST_WAVE_FAULTS.all(conn, wave_id=wave_id)
    return [
        f"Run {row.run_id} ({row.title}) "
        + ("failed before planning" if row.bucket < 0 else f"failed in bucket {row.bucket}")
        + f": {row.error.strip()}"
        for row in rows
    ]


def list_runs_of_dag_run(conn: Connection, by: StartedBy) -> list[int]:
    """Return the runs that an Airflow run planned, or the held run that it asks about."""
    held = by.dag_run_id.removeprefix(HELD_RUN)
    if held != by.dag_run_id and held.isdecimal():
        return [int(held)]
    rows = LIST_RUNS_OF_DAG_RUN.all(conn, dag_id=by.dag_id, dag_run_id=by.dag_run_id)
    return [row.run_id for row in rows]
