"""The same deciding as a real run, nothing written: reach, dry runs, the band of an approval."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine

from pushline.database.sql import Query
from pushline.plan.bucket import FAVOUR_LARGE_PASS, LARGE_PASS
from pushline.plan.passes import RunPlan, prepare_run

COUNT_DECISIONS = Query("plan/count_decisions")
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


def estimate_on(conn: Connection, plan: RunPlan, at: datetime) -> Estimate:
    """The same within the caller's transaction (a dry run of a brief that has no run yet)."""
    estimate = Estimate(as_of=at)
    blocks = LIST_BLOCKS.all(conn, run_id=plan.run.run_id, at=at)
    if any(block.audience_users >= LARGE_PASS for block in blocks):
        FAVOUR_LARGE_PASS.one(conn)
    for block in blocks:
        for number, made in enumerate(plan.passes):
            parameters = made.bind(block.bucket, block.latest, is_first=number == 0)
            for row in COUNT_DECISIONS.all(conn, **parameters):
                estimate.users[row.reason, row.rule_no] += row.users
                if row.reason == ENQUEUED:
                    estimate.by_variant[row.variant] += row.users
    return estimate
