"""The same world in the database: writes what the oracle was told, reads what was decided."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from pushline.policy import CapRule, add_policy
from pushline.policy import Policy as StoredPolicy
from tests.factories import bucket_of, create_batch, create_run
from tests.oracle.model import Decision, Enqueued, LeftOut, Policy, Push, Run, User, World

CONSENT_BITS = {"marketing": 1, "service": 2}
CONTENT_HASH = "0" * 64

_OFFER = """
    INSERT INTO push.offer (offer_id, team, occasion_key, offered_at, offered_by, content_hash)
    OVERRIDING SYSTEM VALUE
    VALUES (:offer_id, 'shop', CAST(:offer_id AS text), now(), 'shop', :content_hash)
    ON CONFLICT DO NOTHING
"""
_RECIPIENT = """
    INSERT INTO push.recipient
        (bucket, user_id, zone_id, language_id, consents, weekly_limit,
         is_reachable, is_control, is_erased)
    VALUES (
        push.bucket_of(:user_id), :user_id,
        coalesce((SELECT zone_id FROM push.zone WHERE name = :zone), 0),
        coalesce((SELECT language_id FROM push.language WHERE locale = :locale), 0),
        :consents, :weekly_limit, :is_reachable, :is_control, :is_erased
    )
"""
_LOCALE = "INSERT INTO push.language (locale) VALUES (:locale) ON CONFLICT DO NOTHING"
_ZONE = "UPDATE push.zone SET is_used = true WHERE name = :zone"
_SETTING = "UPDATE push.setting SET project_zone = :project_zone, default_language = :language"
_BLOCK = """
    INSERT INTO push.audience_block (run_id, bucket, users, excluded, over_max)
    VALUES (:run_id, :bucket, :users, :excluded, :over_max)
"""
_CANCEL = """
    UPDATE push.send_batch SET status = 'cancelled', holds_slots = false WHERE run_id = :run_id
"""
_DECIDED = """
    SELECT u.user_id, 0 AS reason, 0 AS rule_no, b.variant, b.language, b.not_before
    FROM push.send_batch AS b CROSS JOIN LATERAL unnest(b.users) AS u (user_id)
    WHERE b.run_id = :run_id
    UNION ALL
    SELECT u.user_id, d.reason, d.rule_no, NULL, NULL, NULL
    FROM push.decision_block AS d CROSS JOIN LATERAL unnest(d.users) AS u (user_id)
    WHERE d.run_id = :run_id
"""


def save_world(conn: Connection, world: World) -> None:
    """Settings, dictionaries, people, policies and the pushes of the past."""
    conn.execute(
        text(_SETTING), {"project_zone": world.project_zone, "language": world.default_language}
    )
    for user in world.users.values():
        save_user(conn, user)
    for policy in world.policies:
        save_policy(conn, policy)
    save_past(conn, world.ledger)


def save_user(conn: Connection, user: User) -> None:
    """The row that the planner reads of a user, and the dictionaries that it points to."""
    conn.execute(text(_ZONE), {"zone": user.zone})
    if user.locale:
        conn.execute(text(_LOCALE), {"locale": user.locale})
    row = {
        "user_id": user.user_id,
        "zone": user.zone,
        "locale": user.locale,
        "consents": sum(CONSENT_BITS[purpose] for purpose in user.consents),
        "weekly_limit": user.weekly_limit,
        "is_reachable": user.is_reachable,
        "is_control": user.is_control,
        "is_erased": user.is_erased,
    }
    conn.execute(text(_RECIPIENT), row)


def save_policy(conn: Connection, policy: Policy) -> int:
    """A policy with its rules; the numbers of the rules follow their order."""
    quiet_from, quiet_until = policy.quiet or (None, None)
    stored = StoredPolicy(
        quiet_from=quiet_from,
        quiet_until=quiet_until,
        minimum_gap=policy.gap,
        rules=tuple(
            CapRule(
                title=f"rule {rule.number}",
                maximum=rule.maximum,
                window_kind=rule.kind,
                window_length=rule.window,
                calendar_unit=rule.unit,
                week_start=rule.week_start,
                reserve=rule.reserve,
                push_class=rule.push_class,
                tag=rule.tag,
            )
            for rule in policy.rules
        ),
    )
    return add_policy(conn, stored, valid_from=policy.valid_from, made_by="oracle")


def save_past(conn: Connection, pushes: Iterable[Push]) -> None:
    """Each push as a batch of a run of its own; the run's occasion only finds a partition."""
    for push in pushes:
        over: dict[str, Any] = {"class": push.push_class, "is_counted": push.is_counted}
        over["lane"] = "marketing" if push.push_class == "marketing" else "trigger"
        over["tags"] = list(push.tags)
        run_id = create_run(
            conn, occasion=push.at, source_kind="foreign", ttl=timedelta(hours=1), **over
        )
        create_batch(conn, run_id, users=[push.user_id], bucket=bucket_of(conn, push.user_id))


def save_run(conn: Connection, run: Run, **over: Any) -> int:
    """A run with its snapshot, allowed to be planned from its occasion on; returns run_id."""
    kind, source_id = run.source.split(":")
    conn.execute(text(_OFFER), {"offer_id": int(source_id), "content_hash": CONTENT_HASH})
    arrays = [run.blocks, run.excluded, run.over_max]
    row: dict[str, Any] = {
        "source_kind": kind,
        "source_id": int(source_id),
        "content_hash": CONTENT_HASH,
        "status": "planning",
        "snapshot_at": run.occasion,
        "audience_users": sum(len(users) for array in arrays for users in array.values()),
        "occasion": run.occasion,
        "ttl": run.expires_at - run.occasion,
        "class": run.push_class,
        "lane": "marketing" if run.push_class == "marketing" else "trigger",
        "tags": list(run.tags),
        "is_counted": run.is_counted,
        "limit_mode": "defer" if run.is_deferring else "drop",
        "local_time": run.local_time,
        "throttle": run.throttle,
        "cool_down": run.cool_down,
        "languages": list(run.languages),
        "salt": run.salt,
        "variant_shares": list(run.variant_shares),
        "control_share": run.control_share,
    }
    run_id = create_run(conn, **(row | over))
    for bucket in sorted({bucket for array in arrays for bucket in array}):
        users, excluded, over_max = (list(array.get(bucket, ())) for array in arrays)
        block = {"users": users, "excluded": excluded, "over_max": over_max}
        conn.execute(text(_BLOCK), {"run_id": run_id, "bucket": bucket} | block)
    return run_id


def cancel_waiting(conn: Connection, run_id: int) -> None:
    """What a cancel does to batches that nobody ever claimed."""
    conn.execute(text(_CANCEL), {"run_id": run_id})


def read_decisions(conn: Connection, run_id: int) -> dict[int, Decision]:
    """Every user's decision; a user with two is an error."""
    decisions: dict[int, Decision] = {}
    for row in conn.execute(text(_DECIDED), {"run_id": run_id}):
        assert row.user_id not in decisions, f"user {row.user_id} was decided twice"
        decisions[row.user_id] = (
            LeftOut(row.reason, row.rule_no)
            if row.reason
            else Enqueued(row.variant, row.language, row.not_before)
        )
    return decisions


def keep_only_weeks(conn: Connection, days: Iterable[datetime]) -> None:
    """Swap the partitions of today for those around the given days: fewer are planned faster."""
    drop = """
        SELECT format('DROP TABLE %s', inhrelid::regclass) FROM pg_inherits
        WHERE inhparent = 'push.send_batch'::regclass
    """
    for statement in conn.execute(text(drop)).scalars().all():
        conn.execute(text(statement))
    make = text("SELECT push.create_partitions(CAST(:first AS date), CAST(:last AS date))")
    for day in days:
        span = {"first": day - timedelta(days=10), "last": day + timedelta(days=16)}
        conn.execute(make, span)
