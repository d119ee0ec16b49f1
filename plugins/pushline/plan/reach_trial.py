"""Counts whom a brief would reach: a run and its snapshot in transactions that are rolled back.

The audience is read first, while no transaction is open. Then two connections that see the same
snapshot of the database decide every other bucket each, by the deciding SQL of the run itself.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, Row

from pushline.audience.catalogue import Catalogue
from pushline.audience.reader import Limits
from pushline.audience.snapshot import (
    GET_SNAPSHOT_ORDER,
    FoundAudience,
    read_users,
    try_snapshot,
)
from pushline.brief.occasions import Occasion, next_occasion
from pushline.database.sql import Query
from pushline.errors import StopRun
from pushline.plan.due import create_brief_run
from pushline.plan.estimate import Estimate, estimate_on
from pushline.plan.passes import GET_SETTING, RunPlan, prepare_run
from pushline.plan.reach_takers import (
    describe_takers,
    list_coming,
    list_limits,
    list_takers,
    pick_buckets,
)
from pushline.plan.reach_watch import CannotBeCounted, Watch

GET_BRIEF_AS_IT_STANDS = Query("plan/get_brief_as_it_stands")
GET_ROW_TO_COUNT = Query("plan/get_row_to_count")
EXPORT_SNAPSHOT = Query("plan/export_snapshot")
PARTS = 2


@dataclass(frozen=True, slots=True)
class ReachCount:
    """What a brief would reach when it is sent at `planned_for`; counted from what was at `as_of`.

    `takers` is empty until the slots' holders were counted, too.
    """

    as_of: datetime
    planned_for: datetime
    version: int
    content_hash: str
    estimate: Estimate
    buckets: int
    rule_titles: Mapping[int, str]
    takers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trial:
    """What both connections need to make the same trial run, its audience read already."""

    brief: Row[Any]
    occasion: Occasion
    zone: ZoneInfo
    now: datetime
    at: datetime
    max_users: int | None
    found: FoundAudience


@dataclass(frozen=True, slots=True)
class _Part:
    """One connection's half: its open transaction, its run, what it counted."""

    conn: Connection
    plan: RunPlan
    estimate: Estimate
    buckets: tuple[int, ...]
    stored_users: int


def estimate_brief(
    engine: Engine, reader_engine: Engine, campaign_code: str, now: datetime
) -> Estimate:
    """Count whom a brief would reach at its next occasion, approved or not; nothing stays behind.

    Raises StopRun with a sentence when there is no such brief, no moment left for it, or its
    audience cannot be taken.
    """
    return count_reach(engine, reader_engine, campaign_code, now).estimate


def count_reach(
    engine: Engine,
    reader_engine: Engine,
    campaign_code: str,
    now: datetime,
    *,
    watch: Watch | None = None,
    counted: Callable[[ReachCount], None] | None = None,
    audiences: Catalogue | None = None,
) -> ReachCount:
    """Count a brief's reach with progress and a way to stop.

    With `counted`, it is told the numbers as soon as they are there, and those who hold the slots
    are counted afterwards. Same errors as estimate_brief; ReachVoid when `watch` was stopped.
    """
    watch = watch or Watch()
    trial = read_brief_audience(
        engine, reader_engine, campaign_code, now, watch, audiences=audiences
    )
    watch.buckets_total = len(trial.found.audience.blocks)
    with (
        _connect(engine, watch) as conn,
        _connect(engine, watch, EXPORT_SNAPSHOT.scalar(conn)) as other,
        ThreadPoolExecutor(PARTS) as pool,
    ):
        beside = pool.submit(_count_part, other, trial, 1, watch)
        try:
            first = _count_part(conn, trial, 0, watch)
        finally:
            # The transactions end with this block: nobody may still work in them.
            beside.exception()
        parts = [first, beside.result()]
        count = _sum_up(trial, parts)
        if counted:
            counted(count)
            count = replace(count, takers=_count_takers(pool, parts, count, trial.brief, watch))
    return count


@contextmanager
def _connect(engine: Engine, watch: Watch, snapshot: str | None = None) -> Iterator[Connection]:
    """A transaction that sees one moment of the database and is rolled back."""
    fixed = engine.execution_options(isolation_level="REPEATABLE READ")
    with fixed.connect() as conn, conn.begin() as trial:
        try:
            driver = conn.connection.driver_connection
            if not isinstance(driver, psycopg.Connection):
                raise TypeError("expected psycopg")
            if snapshot:
                driver.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot)))
            watch.see_session(driver)
            yield conn
        finally:
            trial.rollback()


def read_brief_audience(
    engine: Engine,
    reader_engine: Engine,
    campaign_code: str,
    now: datetime,
    watch: Watch,
    *,
    audiences: Catalogue | None = None,
    limits: Limits | None = None,
) -> Trial:
    """Find out what to count, and read the audience; its session is the only one open then.

    Raises StopRun with a sentence when there is nothing to count.
    """
    with _connect(engine, watch) as conn:
        brief = GET_BRIEF_AS_IT_STANDS.one_or_none(conn, campaign_code=campaign_code)
        if brief is None:
            raise CannotBeCounted("unknown", _say_unknown(conn, campaign_code))
        if brief.send_at is None:
            raise CannotBeCounted(
                "no_time", f"{campaign_code} does not say when to send: fill send_at."
            )
        zone = ZoneInfo(GET_SETTING.one(conn).project_zone)
        occasion = next_occasion(
            brief.send_at,
            brief.repeat,
            zone,
            now,
            local_time=brief.local_time,
            last_day=brief.promo_end,
        )
        if occasion is None:
            raise CannotBeCounted(
                "past", f"{campaign_code} has no moment left: its time to send has passed."
            )
        run_id = _make_run(conn, brief, occasion, zone, now, 0)
        order = GET_SNAPSHOT_ORDER.one(conn, run_id=run_id)
    found = read_users(
        reader_engine,
        engine,
        order,
        max(now, occasion.due_at),
        audiences=audiences,
        limits=limits,
        watch=watch.see_session,
    )
    return Trial(brief, occasion, zone, now, max(now, occasion.due_at), order.max_users, found)


def _say_unknown(conn: Connection, campaign_code: str) -> str:
    row = GET_ROW_TO_COUNT.one(conn, campaign_code=campaign_code)
    if not row.is_row:
        return f"There is no brief {campaign_code}. `pushline brief list` shows them."
    return (
        f"{campaign_code} is a row of the sheet, but no brief yet: it has red cells"
        f" ({', '.join(row.red_cells) or 'nothing is filled in'}). Mend them, then it can be"
        " counted."
    )


def _make_run(
    conn: Connection,
    brief: Row[Any],
    occasion: Occasion,
    zone: ZoneInfo,
    now: datetime,
    part: int,
) -> int:
    # Another repeat of it may have a run already; each trial needs an occasion of its own.
    run_id = create_brief_run(conn, brief, occasion, zone, now, trial=part + 1)
    if run_id is None:
        raise CannotBeCounted("expires", f"{brief.campaign_code} expires before it would be sent.")
    return run_id


def _count_part(conn: Connection, trial: Trial, which: int, watch: Watch) -> _Part:
    run_id = _make_run(conn, trial.brief, trial.occasion, trial.zone, trial.now, which)
    part = (which, PARTS)
    taken = try_snapshot(conn, run_id, trial.max_users, trial.found, trial.at, part=part)
    plan = prepare_run(conn, run_id, trial.at)
    estimate = estimate_on(conn, plan, trial.at, part=part, bucket_done=watch.bucket_done)
    buckets = tuple(
        block.bucket for block in trial.found.audience.blocks if block.bucket % PARTS == which
    )
    return _Part(conn, plan, estimate, buckets, taken.users)


def _sum_up(trial: Trial, parts: list[_Part]) -> ReachCount:
    total = Estimate(as_of=trial.at)
    for part in parts:
        total.add(part.estimate)
    # A cut to max_users needs everybody: then each part stored all.
    stored = [part.stored_users for part in parts]
    frozen = sum(stored) if trial.max_users is None else stored[0]
    if total.audience != frozen:
        raise StopRun(
            f"{trial.brief.campaign_code}: {frozen} users in the audience, but {total.audience}"
            " decided. Please report it."
        )
    return ReachCount(
        as_of=trial.now,
        planned_for=trial.at,
        version=trial.brief.version,
        content_hash=trial.brief.content_hash,
        estimate=total,
        buckets=len(trial.found.audience.blocks),
        rule_titles={rule.rule_no: rule.title for rule in parts[0].plan.policy.rules},
    )


def _count_takers(
    pool: ThreadPoolExecutor, parts: list[_Part], count: ReachCount, brief: Row[Any], watch: Watch
) -> dict[str, Any]:
    """Count, on both connections, which runs hold the slots where limits stop people."""
    limits = list_limits(parts[0].plan, count.estimate, count.rule_titles)
    audience = count.estimate.audience
    looked_at = [pick_buckets(part.buckets, audience) for part in parts]
    working = [
        pool.submit(list_takers, part.conn, part.plan, count.planned_for, limits, buckets)
        for part, buckets in zip(parts, looked_at, strict=True)
    ]
    found = [work.result() for work in working]
    watch.refuse_stopped()
    share = sum(map(len, looked_at)) / max(1, sum(len(part.buckets) for part in parts))
    deadline = parts[0].plan.run.expires_at
    coming = list_coming(parts[0].conn, limits, brief, deadline, count.as_of, count.planned_for)
    return {"limits": describe_takers(limits, found, share), "coming": coming}
