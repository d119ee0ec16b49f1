"""Takes over the company's people, consents and app installs: incremental, set-based, by bucket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import structlog
from psycopg import sql
from sqlalchemy import Connection, Engine, Row
from sqlalchemy.exc import OperationalError

from pushline.database.engine import transaction
from pushline.database.sql import Query
from pushline.errors import RetryLater, StopRun
from pushline.people.change import erase_person, refresh_control_group

log = structlog.get_logger(__name__)

SOURCES = ("person", "consent", "installation")
REQUIRED: Mapping[str, frozenset[str]] = {
    "person": frozenset({"user_id", "changed_at"}),
    "consent": frozenset({"user_id", "purpose", "granted", "changed_at"}),
    "installation": frozenset(
        {
            "installation_id",
            "user_id",
            "provider",
            "address_kind",
            "address",
            "platform",
            "changed_at",
        }
    ),
}
OPTIONAL: Mapping[str, frozenset[str]] = {
    "person": frozenset({"language", "zone", "weekly_limit", "erased"}),
    "consent": frozenset({"source"}),
    "installation": frozenset({"app_version", "is_active", "last_seen_at"}),
}
# A row that was written before `since` may become visible after it: its transaction was long,
# or the source is a replica that lags.
OVERLAP = timedelta(minutes=15)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_COPY_BYTES = 1 << 20

SOURCE_QUERIES = {
    "person": Query("sources/person"),
    "consent": Query("sources/consent"),
    "installation": Query("sources/installation"),
}
CREATE_TABLES = tuple(
    Query(f"people/create_{name}")
    for name in (
        "person_stage",
        "consent_stage",
        "installation_stage",
        "person_row",
        "consent_row",
        "installation_row",
        "touched_user",
    )
)
DROP_STAGES = Query("people/drop_stages")
CHECK_ROWS = (
    Query("people/check_person_rows"),
    Query("people/check_consent_rows"),
    Query("people/check_installation_rows"),
)
INDEX_ROWS = (
    Query("people/index_person_row"),
    Query("people/index_consent_row"),
    Query("people/index_installation_row"),
    Query("people/analyze_staged_rows"),
)
MARK_LOST_ADDRESSES = Query("people/mark_lost_addresses")
QUARANTINE_ROWS = Query("people/quarantine_rows")
SOLVE_QUARANTINE = Query("people/solve_quarantine")
LIST_STAGED_BUCKETS = Query("people/list_staged_buckets")
LIST_ERASURES = Query("people/list_erasures")
COUNT_STAGED_ROWS = Query("people/count_staged_rows")
LIST_SYNCED_UNTIL = Query("people/list_synced_until")
LIST_QUARANTINE = Query("people/list_quarantine")
SET_SYNCED_UNTIL = Query("people/set_synced_until")
LOCK_SYNCED_BUCKET = Query("people/lock_synced_bucket")
TAKE_BUCKET = (
    Query("people/upsert_person"),
    Query("people/insert_consents"),
    Query("people/close_lost_installations"),
    Query("people/upsert_installations"),
)
REFRESH_TOUCHED = Query("people/refresh_touched")


@dataclass(frozen=True)
class Synced:
    """What one sync did: rows read and set aside per source, recipients written, who was erased."""

    rows: Mapping[str, int] = field(default_factory=dict)
    quarantined: Mapping[str, int] = field(default_factory=dict)
    recipients: int = 0
    erased: int = 0
    failed_buckets: Sequence[int] = ()


def _driver(conn: Connection) -> "psycopg.Connection[tuple[Any, ...]]":
    driver = conn.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("expected psycopg")
    return driver


def _write_moment(query: Query, source_conn: Connection, since: datetime) -> sql.SQL:
    """Return the company's SELECT with its moment written in: COPY takes no parameters."""
    query.check({"since": since})
    statement = str(query.clause.compile(source_conn.engine))
    cursor = psycopg.ClientCursor(_driver(source_conn))
    return sql.SQL(cursor.mogrify(statement, {"since": since}))


def _source_columns(
    source: str, conn: "psycopg.Connection[tuple[Any, ...]]", statement: sql.SQL
) -> list[str]:
    described = conn.execute(sql.SQL("SELECT * FROM ({}\n) AS source LIMIT 0").format(statement))
    columns = [column.name for column in described.description or ()]
    missing = sorted(REQUIRED[source] - set(columns))
    unknown = sorted(set(columns) - REQUIRED[source] - OPTIONAL[source])
    if missing or unknown:
        faults = [f"lacks {', '.join(missing)}"] if missing else []
        faults += [f"has the unknown {', '.join(unknown)}"] if unknown else []
        raise StopRun(
            f"sql/sources/{source}.sql {' and '.join(faults)}; it may return "
            f"{', '.join(sorted(REQUIRED[source] | OPTIONAL[source]))}."
        )
    return columns


def _stage(
    source: str, query: Query, source_engine: Engine, conn: Connection, since: datetime
) -> None:
    """Stream a source's rows into its temporary table, whatever server they come from."""
    with source_engine.connect() as source_conn:
        sender, receiver = _driver(source_conn), _driver(conn)
        sender.execute("SET TRANSACTION READ ONLY")
        sender.execute("SET LOCAL datestyle = 'ISO'")
        sender.execute("SET LOCAL timezone = 'UTC'")
        statement = _write_moment(query, source_conn, since)
        columns = _source_columns(source, sender, statement)
        copy_out = sql.SQL("COPY ({}\n) TO STDOUT").format(statement)
        copy_in = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(f"{source}_stage"),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
        )
        with (
            sender.cursor().copy(copy_out) as coming,
            receiver.cursor().copy(copy_in) as going,
        ):
            waiting = bytearray()
            for piece in coming:
                waiting += piece
                if len(waiting) >= _COPY_BYTES:
                    going.write(waiting)
                    waiting.clear()
            going.write(waiting)
        source_conn.rollback()


def _take_bucket(conn: Connection, bucket: int, now: datetime) -> int:
    """Take over one bucket's rows in a transaction of its own; how many recipients changed."""
    with conn.begin():
        LOCK_SYNCED_BUCKET.one(conn, bucket=bucket)
        for statement in TAKE_BUCKET:
            statement.execute(conn, bucket=bucket)
        return int(REFRESH_TOUCHED.scalar(conn, now=now) or 0)


def _take_buckets(conn: Connection, now: datetime) -> tuple[int, list[int]]:
    """Take over bucket by bucket; one that fails is tried once more at the end."""
    with conn.begin():
        waiting = [row.bucket for row in LIST_STAGED_BUCKETS.all(conn)]
    changed = 0
    for _attempt in range(2):
        failed = []
        for bucket in waiting:
            try:
                changed += _take_bucket(conn, bucket, now)
            except OperationalError as error:  # a deadlock or a lock that took too long
                log.warning("bucket_not_synced", bucket=bucket, error=type(error.orig).__name__)
                failed.append(bucket)
        waiting = failed
    return changed, waiting


def sync_people(
    source_engine: Engine,
    engine: Engine,
    now: datetime,
    *,
    is_full: bool = False,
    sources: Mapping[str, Query] = SOURCE_QUERIES,
) -> Synced:
    """Take over what changed in the company's people, consents and installs since the last time.

    Reads sql/sources/*.sql on `source_engine`, writes on `engine` (the planner's) in a transaction
    per bucket. Rows that cannot be taken go to push.quarantine with the reason; the others go on.
    `is_full` reads everything anew. Raises StopRun when a source has the wrong columns, RetryLater
    when buckets stayed locked: the next sync reads the same rows again.
    """
    with engine.connect() as conn:
        try:
            synced = _sync(sources, source_engine, conn, now, is_full)
        finally:
            conn.rollback()
            with conn.begin():
                DROP_STAGES.execute(conn)
    for user_id in synced.to_erase:
        with transaction(engine) as conn:
            erase_person(conn, user_id=user_id, who="sync", now=now)
    if synced.failed:
        raise RetryLater(
            f"{len(synced.failed)} buckets of people stayed locked and were not synced: "
            f"{synced.failed[:5]}. The next sync reads them again."
        )
    with transaction(engine) as conn:
        for source in SOURCES:
            SET_SYNCED_UNTIL.execute(conn, source=source, synced_until=now)
        in_control = refresh_control_group(conn, now)
    result = Synced(
        rows={row.source: row.row_count for row in synced.counts},
        quarantined={row.source: row.quarantined for row in synced.counts},
        recipients=synced.changed + in_control,
        erased=len(synced.to_erase),
    )
    log.info(
        "people_synced",
        rows=dict(result.rows),
        quarantined=dict(result.quarantined),
        recipients=result.recipients,
        erased=result.erased,
    )
    return result


def list_quarantine(conn: Connection) -> Sequence[Row[Any]]:
    """Return why rows are set aside: source, reason, row_count, since, examples (keys)."""
    return LIST_QUARANTINE.all(conn)


@dataclass(frozen=True)
class _Taken:
    counts: Sequence[Any]
    changed: int
    failed: list[int]
    to_erase: list[int]


def _sync(
    sources: Mapping[str, Query],
    source_engine: Engine,
    conn: Connection,
    now: datetime,
    is_full: bool,
) -> _Taken:
    with conn.begin():
        synced = {row.source: row.synced_until for row in LIST_SYNCED_UNTIL.all(conn)}
        for statement in CREATE_TABLES:
            statement.execute(conn)
    is_full = is_full or not synced
    with conn.begin():
        for source in SOURCES:
            until = None if is_full else synced.get(source)
            since = until - OVERLAP if until else BEGINNING
            _stage(source, sources[source], source_engine, conn, since)
        for statement in CHECK_ROWS:
            statement.execute(conn, now=now)
        for statement in INDEX_ROWS:
            statement.execute(conn)
        MARK_LOST_ADDRESSES.execute(conn)
    with conn.begin():
        SOLVE_QUARANTINE.execute(conn, now=now, is_full=is_full)
        QUARANTINE_ROWS.execute(conn, now=now)
        counts = COUNT_STAGED_ROWS.all(conn)
    changed, failed = _take_buckets(conn, now)
    with conn.begin():
        to_erase = [row.user_id for row in LIST_ERASURES.all(conn)]
    return _Taken(counts, changed, failed, to_erase)
