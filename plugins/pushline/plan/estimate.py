"""The same deciding as a real run, nothing written: reach, dry runs, the band of an approval."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine, Row

from pushline.database.sql import Query
from pushline.plan.bucket import MOST_FEW_USERS, favour
from pushline.plan.deciding import DecidingQuery
from pushline.plan.passes import RunPlan, prepare_run

COUNT_DECISIONS = DecidingQuery("plan/count_decisions")
LIST_BLOCKS = Query("plan/list_blocks")
ENQUEUED = 0


@dataclass(slots=True)
class Estimate:
    """What a run would decide at a moment: users by (reason, rule_no); reason 0 is "gets it"."""

    as_of: datetime
    users: Counter[tuple[int, int]] = field(default_factory=Counter)
    by_variant: Counter[int] = field(default_factory=Counter)
    by_language: Counter[str] = field(default_factory=Counter)

    @property
    def reach(self) -> int:
        """How many would get it."""
        return self.users[ENQUEUED, 0]

    @property
    def audience(self) -> int:
        """How many the audience holds; the parts add up to it."""
        return sum(self.users.values())

    def add(self, other: "Estimate") -> None:
        """Take in what was counted in other buckets of the same run."""
        self.users.update(other.users)
        self.by_variant.update(other.by_variant)
        self.by_language.update(other.by_language)


def estimate_run(engine: Engine, run_id: int, at: datetime) -> Estimate:
    """Count what a run with a snapshot would decide at `at`: one read-only view, no locks."""
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with reading.begin() as conn:
        return estimate_on(conn, prepare_run(conn, run_id, at), at)


def estimate_on(
    conn: Connection,
    plan: RunPlan,
    at: datetime,
    *,
    part: tuple[int, int] = (0, 1),
    bucket_done: Callable[[], None] = lambda: None,
) -> Estimate:
    """The same within the caller's transaction (a dry run of a brief that has no run yet).

    part = (which, of how many): every how-manieth bucket. `bucket_done` is called after each and
    may raise to stop.
    """
    estimate = Estimate(as_of=at)
    which, parts = part
    blocks = LIST_BLOCKS.all(conn, run_id=plan.run.run_id, at=at, most_few=MOST_FEW_USERS)
    for block in blocks:
        if block.bucket % parts == which:
            _count_block(conn, plan, block, estimate)
            bucket_done()
    return estimate


def _count_block(
    conn: Connection, plan: RunPlan, block: Row[tuple[object, ...]], into: Estimate
) -> None:
    favour(conn, block.few_users)
    for number, made in enumerate(plan.passes):
        parameters = made.bind(
            block.bucket, block.latest, is_first=number == 0, few_users=block.few_users
        )
        for row in COUNT_DECISIONS.run(conn, parameters):
            into.users[row.reason, row.rule_no] += row.users
            if row.reason == ENQUEUED:
                into.by_variant[row.variant] += row.users
                into.by_language[plan.run.languages[row.language_index - 1]] += row.users
