"""The same deciding as a real run, nothing written: reach, dry runs, the band of an approval."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from pushline.audience.snapshot import try_snapshot
from pushline.brief.occasions import next_occasion
from pushline.database.sql import Query
from pushline.errors import StopRun
from pushline.plan.bucket import MOST_FEW_USERS, favour
from pushline.plan.due import create_brief_run
from pushline.plan.passes import GET_SETTING, RunPlan, prepare_run

COUNT_FEW_DECISIONS = Query("plan/count_decisions", label="small pass")
COUNT_MANY_DECISIONS = Query("plan/count_decisions", label="large pass")
GET_BRIEF_AS_IT_STANDS = Query("plan/get_brief_as_it_stands")
LIST_BLOCKS = Query("plan/list_blocks")
ENQUEUED = 0


@dataclass(slots=True)
class Estimate:
    """What a run would decide at a moment: users by (reason, rule_no); reason 0 is "gets it"."""

    as_of: datetime
    users: Counter[tuple[int, int]] = field(default_factory=Counter)
    by_variant: Counter[int] = field(default_factory=Counter)

    @property
    def reach(self) -> int:
        """How many would get it."""
        return self.users[ENQUEUED, 0]

    @property
    def audience(self) -> int:
        """How many the audience holds; the parts add up to it."""
        return sum(self.users.values())


def estimate_run(engine: Engine, run_id: int, at: datetime) -> Estimate:
    """Count what a run with a snapshot would decide at `at`: one read-only view, no locks."""
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with reading.begin() as conn:
        return estimate_on(conn, prepare_run(conn, run_id, at), at)


def estimate_brief(
    engine: Engine, reader_engine: Engine, campaign_code: str, now: datetime
) -> Estimate:
    """Count whom a brief would reach at its next occasion, approved or not; nothing stays behind.

    Makes the run and its snapshot in a transaction that is rolled back. Raises StopRun with a
    sentence when there is no such brief, no moment left for it, or its audience cannot be taken.
    """
    with engine.connect() as conn, conn.begin() as trial:
        try:
            return _try_brief(conn, engine, reader_engine, campaign_code, now)
        finally:
            trial.rollback()


def _try_brief(
    conn: Connection, engine: Engine, reader_engine: Engine, campaign_code: str, now: datetime
) -> Estimate:
    brief = GET_BRIEF_AS_IT_STANDS.one_or_none(conn, campaign_code=campaign_code)
    if brief is None:
        raise StopRun(f"There is no brief {campaign_code}. `pushline brief list` shows them.")
    zone = ZoneInfo(GET_SETTING.one(conn).project_zone)
    occasion = next_occasion(brief.send_at, brief.repeat, zone, now, last_day=brief.promo_end)
    if occasion is None:
        raise StopRun(f"{campaign_code} has no moment left: its time to send has passed.")
    # Another repeat of it may have a run already; the trial needs an occasion of its own.
    run_id = create_brief_run(conn, brief, occasion, zone, now, is_trial=True)
    if run_id is None:
        raise StopRun(f"{campaign_code} expires before it would be sent.")
    at = max(now, occasion.due_at)
    try_snapshot(conn, reader_engine, engine, run_id, at)
    return estimate_on(conn, prepare_run(conn, run_id, at), at)


def estimate_on(conn: Connection, plan: RunPlan, at: datetime) -> Estimate:
    """The same within the caller's transaction (a dry run of a brief that has no run yet)."""
    estimate = Estimate(as_of=at)
    blocks = LIST_BLOCKS.all(conn, run_id=plan.run.run_id, at=at, most_few=MOST_FEW_USERS)
    for block in blocks:
        favour(conn, block.few_users)
        count = COUNT_MANY_DECISIONS if block.few_users is None else COUNT_FEW_DECISIONS
        for number, made in enumerate(plan.passes):
            parameters = made.bind(
                block.bucket, block.latest, is_first=number == 0, few_users=block.few_users
            )
            for row in count.all(conn, **parameters):
                estimate.users[row.reason, row.rule_no] += row.users
                if row.reason == ENQUEUED:
                    estimate.by_variant[row.variant] += row.users
    return estimate
