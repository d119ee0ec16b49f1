"""Plain factories: each builds rows that fit together and lets a test change what it is about."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, text

# A Saturday morning in Almaty; tests pass it as `now`.
NOON = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
_serial = count(1_000_001)

_FIRST_USERS = """
    SELECT user_id
    FROM generate_series(CAST(:start AS bigint), CAST(:start AS bigint) + 200000) AS user_id
    WHERE push.bucket_of(user_id) = :bucket
    ORDER BY user_id LIMIT :count_of_users
"""
_SNAPSHOT = """
    INSERT INTO push.audience_block (run_id, bucket, users)
    SELECT :run_id, push.bucket_of(u), array_agg(DISTINCT u)
    FROM unnest(CAST(:users AS bigint[])) AS u GROUP BY push.bucket_of(u)
"""
_COUNT_BATCHES = "SELECT count(*) FROM push.send_batch WHERE run_id = :run_id AND bucket = :bucket"
_HAS_SNAPSHOT = """
    SELECT EXISTS (SELECT FROM push.audience_block WHERE run_id = :run_id AND bucket = :bucket)
"""
_GROW_AUDIENCE = """
    UPDATE push.run SET audience_users = coalesce(audience_users, 0) + :users
    WHERE run_id = :run_id
"""
_SHOW_BLOCK = """
    SELECT b.users, f.fields FROM push.audience_block AS b
    LEFT JOIN push.audience_field AS f USING (run_id, bucket)
    WHERE b.run_id = :run_id AND b.bucket = :bucket
"""
_ADD_BLOCK = """
    INSERT INTO push.audience_block (run_id, bucket, users) VALUES (:run_id, :bucket, :users)
"""
_KEEP_FIELDS = """
    INSERT INTO push.audience_field VALUES (:run_id, :bucket, :fields)
    ON CONFLICT (run_id, bucket) DO UPDATE SET fields = excluded.fields
"""
_MARK_BUCKET = """
    INSERT INTO push.run_bucket
        (run_id, bucket, planned_at, audience_users, enqueued_users, batch_count)
    SELECT run_id, :bucket, occasion, :users, :users, 1 FROM push.run WHERE run_id = :run_id
    ON CONFLICT (run_id, bucket) DO UPDATE SET
        audience_users = run_bucket.audience_users + :users,
        enqueued_users = run_bucket.enqueued_users + :users,
        batch_count = run_bucket.batch_count + 1
"""


def _insert(conn: Connection, table: str, row: dict[str, Any], returning: str) -> Any:
    columns = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    statement = f"INSERT INTO push.{table} ({columns}) VALUES ({values}) RETURNING {returning}"  # noqa: S608
    return conn.execute(text(statement), row).scalar_one()


def bucket_of(conn: Connection, user_id: int) -> int:
    """The bucket of a user, as the database says."""
    return int(conn.execute(text("SELECT push.bucket_of(:user)"), {"user": user_id}).scalar_one())


def users_of_bucket(
    conn: Connection, bucket: int, count_of_users: int = 3, start: int = 1
) -> list[int]:
    """The first user ids from `start` that fall into a bucket."""
    rows = conn.execute(
        text(_FIRST_USERS),
        {"start": start, "bucket": bucket, "count_of_users": count_of_users},
    )
    return list(rows.scalars())


def create_run(
    conn: Connection,
    *,
    texts: dict[str, dict[str, str]] | None = None,
    audience: Sequence[int] | None = None,
    **over: Any,
) -> int:
    """A run of a brief that is due, with one text per language and variant; returns run_id.

    `over` changes columns of push.run. `audience` writes the snapshot (audience_block), too.
    """
    occasion = over.pop("occasion", over.pop("due_at", NOON))
    run_class = over.get("class", "trigger" if over.get("lane") == "trigger" else "marketing")
    ttl = over.pop("ttl", timedelta(hours=6))
    row: dict[str, Any] = {
        "source_kind": "brief",
        "source_id": next(_serial),
        "occasion": occasion,
        "version": 1,
        "content_hash": "0" * 64,
        "title": "Autumn sale",
        "status": "planned",
        "class": run_class,
        "lane": "marketing" if run_class == "marketing" else "trigger",
        "is_counted": run_class != "transactional",
        "due_at": occasion,
        "ttl": ttl,
        "expires_at": occasion + ttl,
        "salt": 7,
        "languages": ["ru"],
        "created_at": occasion - timedelta(days=1),
    }
    if audience is not None:
        row |= {
            "status": "planning",
            "snapshot_at": occasion,
            "audience_rows": len(audience),
            "audience_users": len(set(audience)),
        }
    run_id = int(_insert(conn, "run", row | over, "run_id"))
    shares = over.get("variant_shares", [10000])
    for variant in range(len(shares)):
        for language, words in (texts or {"ru": {}}).items():
            shown = {
                "title": "Скидка",
                "body": "Сегодня минус 20 %",
                "link": "https://shop.example/sale",
            }
            _insert(
                conn,
                "run_text",
                {"run_id": run_id, "variant": variant, "language": language} | shown | words,
                "run_id",
            )
    if audience is not None:
        conn.execute(text(_SNAPSHOT), {"run_id": run_id, "users": list(audience)})
    return run_id


def create_batch(
    conn: Connection,
    run_id: int | None = None,
    *,
    users: Sequence[int] | None = None,
    fields: Sequence[str] | None = None,
    **over: Any,
) -> int:
    """A waiting batch of a run (a new one by default) that is due; returns batch_id.

    The users are of one bucket: pass none to get three of bucket 0, or of `bucket`. The mark in
    run_bucket and the run's audience are kept in step, so that the closed sum holds.
    """
    if run_id is None:
        run_id = create_run(conn)
    if users is None:
        users = users_of_bucket(conn, over.pop("bucket", 0))
    bucket = over.pop("bucket", None)
    if bucket is None:
        bucket = bucket_of(conn, users[0])
    run = (
        conn.execute(text("SELECT * FROM push.run WHERE run_id = :run_id"), {"run_id": run_id})
        .mappings()
        .one()
    )
    late_by = conn.execute(text("SELECT late_by FROM push.setting")).scalar_one()
    place = {"run_id": run_id, "bucket": bucket}
    number = conn.execute(text(_COUNT_BATCHES), place).scalar_one()
    not_before = over.pop("not_before", run["occasion"])
    expires_at = over.pop("expires_at", run["expires_at"])
    row: dict[str, Any] = {
        "run_day": run["run_day"],
        "batch_id": run_id * 2**24 + bucket * 2**14 + number,
        "run_id": run_id,
        "not_before": not_before,
        "expires_at": expires_at,
        "leave_by": min(expires_at, not_before + late_by),
        "planned_at": run["occasion"],
        "user_count": len(users),
        "class": run["class"],
        "lane": run["lane"],
        "bucket": bucket,
        "variant": 0,
        "is_counted": run["is_counted"],
        "language": "ru",
        "tags": list(run["tags"]),
        "users": list(users),
    }
    if fields is not None:
        row["places"] = _keep_fields(conn, place, users, fields)
    batch_id = int(_insert(conn, "send_batch", row | over, "batch_id"))
    _mark_bucket(conn, run_id, bucket, len(users))
    return batch_id


def _keep_fields(
    conn: Connection, place: dict[str, int], users: Sequence[int], fields: Sequence[str]
) -> list[int]:
    """Write fields beside the snapshot, which is made when there is none; returns their places."""
    block = conn.execute(text(_SHOW_BLOCK), place).one_or_none()
    if block is None:
        conn.execute(text(_ADD_BLOCK), place | {"users": list(users)})
    known = list(block.users if block else users)
    kept = list((block.fields if block else None) or ["[]"] * len(known))
    places = [known.index(user) + 1 for user in users]
    for at, words in zip(places, fields, strict=True):
        kept[at - 1] = words
    conn.execute(text(_KEEP_FIELDS), place | {"fields": kept})
    return places


def _mark_bucket(conn: Connection, run_id: int, bucket: int, users: int) -> None:
    """Count a new batch's users as decided and enqueued, and as audience without a snapshot."""
    row = {"run_id": run_id, "bucket": bucket, "users": users}
    if not conn.execute(text(_HAS_SNAPSHOT), {"run_id": run_id, "bucket": bucket}).scalar_one():
        conn.execute(text(_GROW_AUDIENCE), {"run_id": run_id, "users": users})
    conn.execute(text(_MARK_BUCKET), row)


def make_weeks(conn: Connection) -> None:
    """Partitions for the whole of the tests' autumn, whatever the calendar says today."""
    make = text("SELECT push.create_partitions(CAST(:first AS date), CAST(:last AS date))")
    conn.execute(make, {"first": NOON - timedelta(days=63), "last": NOON + timedelta(days=28)})
