"""One (run, bucket) in one transaction: lock, decide, write, mark.

A crash anywhere leaves the bucket done or untouched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from pushline.database.sql import Query
from pushline.errors import StopRun, Unapproved
from pushline.kill_points import reach
from pushline.plan.deciding import DecidingQuery
from pushline.plan.passes import RunPlan

LOCK_BUCKET = Query("plan/lock_bucket")
OPEN_RUN_BUCKET = Query("plan/open_run_bucket")
FAVOUR_PASS = Query("plan/favour_pass")
WRITE_DECISIONS = DecidingQuery("plan/write_decisions")
INSERT_RUN_BUCKET = Query("plan/insert_run_bucket")

# A bucket with more users of an audience is decided by hashing it whole; up to so many are looked
# up one by one, and only their pushes are counted.
MOST_FEW_USERS = 200


@dataclass(frozen=True, slots=True)
class BucketResult:
    """What planning one bucket of a run did; all zero when it was decided before."""

    enqueued: int = 0
    left_out: int = 0
    batches: int = 0
    was_decided: bool = False


def plan_bucket(conn: Connection, plan: RunPlan, bucket: int, at: datetime) -> BucketResult:
    """Decide every user of one bucket once, and write batches and decisions.

    `conn` is in a fresh READ COMMITTED transaction that the caller commits; the commit does not
    wait for the disk (docs/adr/0005), plan_wave_buckets flushes what it did. Raises StopRun when
    the run may not be planned at `at` (not due, expired, cancelled), whoever calls; Unapproved when
    its approval was taken back.
    """
    locked = LOCK_BUCKET.one(conn, run_id=plan.run.run_id, bucket=bucket)
    reach("plan.after_lock")
    if locked.isolation != "read committed":
        raise StopRun(
            f"Planning needs READ COMMITTED, this transaction is {locked.isolation}: it would not"
            " see what was planned while it waited for the bucket. Nothing was written; mend"
            " default_transaction_isolation of the database or role."
        )
    opened = OPEN_RUN_BUCKET.one(
        conn, run_id=plan.run.run_id, bucket=bucket, at=at, most_few=MOST_FEW_USERS
    )
    if opened.is_decided:
        return BucketResult(was_decided=True)
    if opened.refusal:
        raise (Unapproved if opened.is_unapproved else StopRun)(opened.refusal)
    enqueued = left_out = batches = 0
    if opened.audience_users:
        for number, made in enumerate(plan.passes):
            parameters = made.bind(
                bucket, opened.latest, is_first=number == 0, few_users=opened.few_users
            )
            if number and parameters["first_position"] > parameters["last_position"]:
                continue
            reach("plan.before_write")
            written = WRITE_DECISIONS.run(
                conn, parameters, planned_at=at, first_batch_no=batches
            ).one()
            reach("plan.after_write")
            enqueued += written.enqueued_users
            left_out += written.rejected_users
            batches += written.batch_count
        if enqueued + left_out != opened.audience_users:
            raise StopRun(
                f"Run {plan.run.run_id}, bucket {bucket}: {opened.audience_users} users in the"
                f" audience, but {enqueued} enqueued and {left_out} left out. Nothing was written;"
                " please report it."
            )
    INSERT_RUN_BUCKET.execute(
        conn,
        run_id=plan.run.run_id,
        bucket=bucket,
        planned_at=at,
        policy_id=plan.policy.policy_id,
        audience_users=opened.audience_users,
        enqueued_users=enqueued,
        batch_count=batches,
    )
    reach("plan.before_commit")
    return BucketResult(enqueued=enqueued, left_out=left_out, batches=batches)


def favour(conn: Connection, few_users: Sequence[int] | None) -> None:
    """Tell Postgres, for what follows, how many users a pass decides: it cannot see that."""
    FAVOUR_PASS.one(conn, is_small=few_users is not None)
