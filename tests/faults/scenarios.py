"""What the processes do: each command of the product as its callers (DAG, CLI, sender) call it.

The clock is a parameter. `url` is the owner's address; each command connects as the role that the
product gives it.
"""

import os
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, make_url

from pushline.audience import Catalogue, Limits, take_snapshot
from pushline.brief.approval import approve_brief, withdraw_approval
from pushline.brief.import_briefs import import_sheet
from pushline.brief.notes import Rules
from pushline.brief.read_sheet import make_sheet
from pushline.brief.versions import list_briefs
from pushline.database.engine import make_engine, transaction
from pushline.database.roles import role_name
from pushline.message.checks import MessageChecks
from pushline.plan.due import create_due_runs
from pushline.plan.waves import (
    close_wave,
    freeze_audiences,
    plan_now,
    plan_wave_buckets,
    start_wave,
)
from pushline.send_queue.client import Answer, Batch, Lane, Outcome, SendQueue
from pushline.send_queue.closing import cancel_run, expire_batches
from pushline.send_queue.offer import offer_pushes
from pushline.send_queue.refusal import StaleFence
from pushline.settings import Role

BUCKETS = 4
RULES = Rules(zone=ZoneInfo("Asia/Almaty"))
AUDIENCES = Catalogue(sql_dir=Path(__file__).parent)
LIMITS = Limits(seconds=20)
LEASE = timedelta(minutes=2)


def engine_of(url: str, role: Role) -> Engine:
    """The engine that the product would use for a role."""
    address = make_url(url)
    if role != "owner":
        address = address.set(username=role_name(role))
    return make_engine(address, role)


def bring(url: str, rows: list[dict[str, str]], now: str) -> None:
    """Import a sheet, as `pushline brief import` does."""
    keys = sorted({key for row in rows for key in row})
    sheet = make_sheet([keys, *([row.get(key, "") for key in keys] for row in rows)], "sheet.csv")
    with transaction(engine_of(url, "owner")) as conn:
        report = import_sheet(
            conn,
            sheet,
            by="writer",
            now=datetime.fromisoformat(now),
            rules=RULES,
            audiences=AUDIENCES,
            texts=MessageChecks(),
        )
    if report.errors:
        raise ValueError([problem.as_dict() for problem in report.errors])


def approve(url: str, ideas: list[str], now: str) -> None:
    """Approve the briefs of some ideas, each in a transaction, as `pushline brief approve` does."""
    engine = engine_of(url, "owner")
    with transaction(engine) as conn:
        briefs = [brief for brief in list_briefs(conn) if brief.notes["idea"] in ideas]
    for brief in briefs:
        if brief.approval_id:
            continue
        with transaction(engine) as conn:
            approve_brief(
                conn,
                brief.campaign_code,
                by="boss",
                now=datetime.fromisoformat(now),
                expected_reach=150,
                audiences=AUDIENCES,
                band=(0, 1000),
            )


def withdraw(url: str, now: str) -> None:
    """Take every approval back."""
    with transaction(engine_of(url, "owner")) as conn:
        for brief in list_briefs(conn, ["approved", "scheduled"]):
            withdraw_approval(
                conn, brief.campaign_code, by="writer", now=datetime.fromisoformat(now)
            )


def offer(url: str, offers: list[dict[str, Any]], at: str) -> None:
    """Offer pushes, as another team does from its own program."""
    engine = engine_of(url, "owner")
    for given in offers:
        values = dict(given)
        for key in ("not_before", "expires_at"):
            values[key] = datetime.fromisoformat(values[key])
        with transaction(engine) as conn:
            offer_pushes(conn, **values, at=datetime.fromisoformat(at))


def tick(url: str, now: str, lanes: tuple[Lane, ...] = ("marketing", "trigger")) -> None:
    """Plan what is due, as one tick of the planning DAGs does."""
    moment = datetime.fromisoformat(now)
    engine, reader = engine_of(url, "planner"), engine_of(url, "audience")
    expire_batches(engine, moment)
    create_due_runs(engine, moment)
    snapshot = partial(take_snapshot, reader, engine, limits=LIMITS, audiences=AUDIENCES)
    for lane in lanes:
        wave = freeze_audiences(engine, start_wave(engine, lane, moment), snapshot)
        plan_wave_buckets(engine, wave.wave_id, 0, BUCKETS - 1)
        close_wave(engine, wave.wave_id, moment)


def open_wave(url: str, now: str, numbers: str) -> None:
    """Begin the marketing wave and write its number down: the first task of the DAG."""
    moment = datetime.fromisoformat(now)
    engine, reader = engine_of(url, "planner"), engine_of(url, "audience")
    expire_batches(engine, moment)
    create_due_runs(engine, moment)
    snapshot = partial(take_snapshot, reader, engine, limits=LIMITS, audiences=AUDIENCES)
    wave = freeze_audiences(engine, start_wave(engine, "marketing", moment), snapshot)
    Path(numbers).write_text(str(wave.wave_id))


def plan_range(url: str, wave_id: int, first: int, last: int) -> None:
    """Plan a range of a wave's buckets: one mapped task of the DAG."""
    plan_wave_buckets(engine_of(url, "planner"), wave_id, first, last)


def end_wave(url: str, wave_id: int, now: str) -> None:
    """Close a wave: the last task of the DAG."""
    close_wave(engine_of(url, "planner"), wave_id, datetime.fromisoformat(now))


def resume(url: str, run_id: int, now: str) -> None:
    """Plan one run again by hand, as `pushline run plan` does."""
    engine, reader = engine_of(url, "planner"), engine_of(url, "audience")
    snapshot = partial(take_snapshot, reader, engine, limits=LIMITS, audiences=AUDIENCES)
    plan_now(engine, run_id, snapshot, BUCKETS, datetime.fromisoformat(now))


def cancel(url: str, run_id: int, now: str) -> None:
    """Cancel a run, as `pushline run cancel` does."""
    cancel_run(engine_of(url, "planner"), run_id, "boss", datetime.fromisoformat(now))


def expire(url: str, now: str) -> None:
    """End what is late, as the DAG maintain_database does."""
    expire_batches(engine_of(url, "planner"), datetime.fromisoformat(now))


class Provider:
    """The world outside: what was sent to it is in a file, and nothing takes that back."""

    def __init__(self, file: str, kill_after: int) -> None:
        self.handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self.left = kill_after

    def send(self, batch: Batch, position: int) -> None:
        """One push leaves; the process may die right after it."""
        os.write(self.handle, f"{batch.run_id} {batch.user_at(position)}\n".encode())
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def take(
    url: str,
    at: str,
    provider: str,
    worker: str = "taker",
    kill_after: int = 0,
    begins_first: bool = True,
) -> None:
    """Take whatever is due and send it. Takers may name the moment only as the owner does.

    begins_first=False is the careless taker that sends before it said so.
    """
    moment = datetime.fromisoformat(at)
    queue = SendQueue(engine_of(url, "owner"), worker)
    outside = Provider(provider, kill_after)
    while batches := queue.claim(2, lease=LEASE, at=moment):
        for batch in batches:
            try:
                if not begins_first:
                    for position in batch.waiting:
                        outside.send(batch, position)
                begun = queue.begin(batch, at=moment)
                for position in begun.may_leave if begins_first else ():
                    outside.send(batch, position)
                answers = [Answer(position, Outcome.ACCEPTED) for position in begun.may_leave]
                queue.finish(batch, answers, at=moment)
            except StaleFence:
                continue


COMMANDS: dict[str, Callable[..., None]] = {
    command.__name__: command
    for command in (
        bring,
        approve,
        withdraw,
        offer,
        tick,
        open_wave,
        plan_range,
        end_wave,
        resume,
        cancel,
        expire,
        take,
    )
}
