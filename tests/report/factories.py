"""Small worlds for reports: decisions of one bucket, written as the planner writes them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from tests.factories import NOON, create_batch

_ADD_BLOCK = """
    INSERT INTO push.decision_block (run_id, bucket, reason, rule_no, user_count, users)
    SELECT :run_id, push.bucket_of(:first), reason, :rule_no,
        cardinality(CAST(:users AS bigint[])), :users
    FROM push.reason WHERE code = :code
"""
_ADD_MARK = """
    INSERT INTO push.run_bucket
        (run_id, bucket, planned_at, policy_id, audience_users, enqueued_users, batch_count)
    VALUES (:run_id, push.bucket_of(:first), :planned_at, :policy_id, :users, 0, 0)
    ON CONFLICT (run_id, bucket) DO UPDATE
    SET audience_users = run_bucket.audience_users + excluded.audience_users,
        policy_id = excluded.policy_id, planned_at = excluded.planned_at
"""
_ADD_PERSON = """
    INSERT INTO push.person (user_id, language, zone, weekly_limit, changed_at)
    VALUES (:user_id, :language, :zone, :weekly_limit, :now)
"""
_ADD_POLICY = """
    INSERT INTO push.policy (valid_from, made_by, minimum_gap)
    VALUES (:valid_from, 'anna', :minimum_gap)
    RETURNING policy_id
"""
_ADD_RULE = """
    INSERT INTO push.cap_rule
        (policy_id, rule_no, title, class, tag, window_kind, window_length, calendar_unit,
        maximum, reserve)
    VALUES (:policy_id, :rule_no, :title, CAST(CAST(:push_class AS text) AS push.class), :tag,
        :window_kind, :window_length, :calendar_unit, :maximum, :reserve)
"""


def leave_out(
    conn: Connection,
    run_id: int,
    users: Sequence[int],
    code: str,
    *,
    rule_no: int = 0,
    policy_id: int | None = None,
    planned_at: datetime = NOON,
) -> None:
    """Decide users of one bucket for a reason, and mark the bucket."""
    first = {"run_id": run_id, "first": users[0]}
    block = first | {"users": list(users), "code": code, "rule_no": rule_no}
    conn.execute(text(_ADD_BLOCK), block)
    mark = first | {"users": len(users), "policy_id": policy_id, "planned_at": planned_at}
    conn.execute(text(_ADD_MARK), mark)


def mark_policy(conn: Connection, run_id: int, policy_id: int, planned_at: datetime = NOON) -> None:
    """Say that all buckets of a run were decided under a policy."""
    conn.execute(
        text(
            "UPDATE push.run_bucket SET policy_id = :policy, planned_at = :at "
            "WHERE run_id = :run_id"
        ),
        {"policy": policy_id, "at": planned_at, "run_id": run_id},
    )


def add_policy(
    conn: Connection,
    *,
    minimum_gap: timedelta | None = None,
    valid_from: datetime = NOON - timedelta(days=90),
) -> int:
    """A policy without rules; returns its number."""
    row = {"valid_from": valid_from, "minimum_gap": minimum_gap}
    return int(conn.execute(text(_ADD_POLICY), row).scalar_one())


def add_rule(
    conn: Connection,
    policy_id: int,
    *,
    rule_no: int = 1,
    title: str = "week: 3 per 7 days",
    push_class: str | None = None,
    tag: str | None = None,
    days: int | None = 7,
    calendar_unit: str | None = None,
    window_kind: str = "rolling",
    maximum: int = 3,
    reserve: int = 0,
) -> None:
    """A cap rule, by default a rolling one of seven days."""
    conn.execute(
        text(_ADD_RULE),
        {
            "policy_id": policy_id,
            "rule_no": rule_no,
            "title": title,
            "push_class": push_class,
            "tag": tag,
            "window_kind": window_kind,
            "window_length": timedelta(days=days) if window_kind == "rolling" and days else None,
            "calendar_unit": calendar_unit,
            "maximum": maximum,
            "reserve": reserve,
        },
    )


def add_person(
    conn: Connection,
    user_id: int,
    *,
    language: str | None = "ru-KZ",
    zone: str | None = "Asia/Almaty",
    weekly_limit: int | None = None,
) -> None:
    """A person and the recipient that follows from it."""
    row = {"user_id": user_id, "language": language, "zone": zone, "weekly_limit": weekly_limit}
    conn.execute(text(_ADD_PERSON), row | {"now": NOON - timedelta(days=30)})
    refresh(conn, user_id)


def refresh(conn: Connection, user_id: int) -> None:
    """Bring the recipient in step."""
    conn.execute(
        text("SELECT push.refresh_recipients(ARRAY[CAST(:user AS bigint)], :now)"),
        {"user": user_id, "now": NOON},
    )


def enqueue(
    conn: Connection,
    run_id: int,
    users: Sequence[int],
    states: Sequence[int] | None = None,
    **over: object,
) -> int:
    """A batch of a run; a status that fits the states is chosen when they are given."""
    if states is not None:
        is_open = any(state < 2 for state in states)
        over.setdefault("status", "claimed" if is_open else "done")
        over.setdefault("claimed_at", NOON)
        over.setdefault("lease_until", NOON + timedelta(minutes=5) if is_open else None)
        over.setdefault("states", list(states))
    return create_batch(conn, run_id, users=users, **over)
