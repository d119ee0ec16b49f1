"""An upgrade meets data: every migration, one after the other, on rows of the version before."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql
from sqlalchemy import Connection, Engine, create_engine, text

from pushline.database.migrate import migrate, migration_files, pending
from pushline.report.checks import run_checks
from pushline.send_queue.client import SendQueue, StaleFence
from pushline.settings import get_settings
from tests.factories import NOON

TABLES = """
    SELECT c.relname FROM pg_catalog.pg_class AS c
    WHERE c.relnamespace = 'push'::regnamespace AND c.relkind IN ('r', 'p')
        AND NOT c.relispartition
"""
# NNNN.sql: rows for the tables that migration NNNN makes, as they were then. User 14 was erased
# (her place is kept as 0, her field blank), 15 is in the control group, 16 is over max_users.
ROWS = Path(__file__).parent / "rows_by_migration"
# A kept total of a run whose rows are still there would not be true.
LEFT_EMPTY = {"run_total"}
OFFERED_BEFORE = """
    WITH offered AS (
        INSERT INTO push.offer (team, occasion_key, offered_at, offered_by, content_hash)
        VALUES ('returns', 'order-7', '2026-11-20', 'returns_app', 'b3') RETURNING offer_id
    )
    INSERT INTO push.run (
        source_kind, source_id, occasion, version, content_hash, title, status, class, lane,
        is_counted, due_at, ttl, expires_at, salt, languages, created_at
    )
    SELECT
        'foreign', offer_id, '2026-11-20', 1, 'b3', 'Taken back', 'cancelled', 'transactional',
        'trigger', false, '2026-11-20', '6 hours', '2026-11-20 06:00Z', 7, '{ru}', '2026-11-20'
    FROM offered
"""
MINUTE = timedelta(minutes=1)


@pytest.fixture
def old_db(databases: Any) -> Iterator[Engine]:
    """A database that nothing was applied to."""
    name = f"test_{os.getpid()}_upgrade"
    databases.server.ensure_database(name)
    engine = create_engine(databases.server.url(name))
    yield engine
    engine.dispose()
    databases.drop(name)


def folder_until(number: int, folder: Path) -> Path:
    """A copy of sql/ as it was: the migrations up to this number, no functions yet."""
    (folder / "migrations").mkdir(parents=True, exist_ok=True)
    for file in migration_files():
        if int(file.number) <= number:
            shutil.copy(get_settings().sql_dir / file.path, folder / file.path)
    return folder


def empty_tables(conn: Connection) -> set[str]:
    def is_empty(name: str) -> bool:
        question = sql.SQL("SELECT FROM push.{} LIMIT 1").format(sql.Identifier(name))
        return conn.connection.driver_connection.execute(question).fetchone() is None

    return {name for name in conn.execute(text(TABLES)).scalars() if is_empty(name)}


def fill_step_by_step(engine: Engine, until: int, folder: Path) -> None:
    """Each migration is applied to a database where every table has rows."""
    for number in range(1, until + 1):
        with engine.begin() as conn:
            migrate(conn, folder_until(number, folder))
            if number == 7:
                conn.execute(text("SELECT push.create_partitions('2026-11-01', '2026-12-20')"))
            rows = ROWS / f"{number:04d}.sql"
            if rows.exists():
                conn.connection.driver_connection.execute(rows.read_text(encoding="utf-8"))
            assert empty_tables(conn) <= LEFT_EMPTY, f"write {rows.name}: these have no rows"


def test_every_migration_applies_to_data_of_the_version_before(old_db: Engine, tmp_path: Path):
    last = int(migration_files()[-1].number)
    fill_step_by_step(old_db, last, tmp_path)
    with old_db.begin() as conn:
        migrate(conn)
        assert pending(conn) == []
        counted = conn.execute(text("SELECT * FROM push.run_sum")).mappings().one()
    assert (counted["audience_users"], counted["enqueued"], counted["left_out"]) == (6, 4, 2)
    results = run_checks(old_db, NOON + MINUTE, names=["closed_sum", "once", "batch_without_mark"])
    assert all(result.is_clean for result in results)


def test_who_offered_before_still_may(old_db: Engine, tmp_path: Path):
    fill_step_by_step(old_db, 20, tmp_path)
    with old_db.begin() as conn:
        conn.execute(text(OFFERED_BEFORE))
        migrate(conn)
        rows = conn.execute(
            text("SELECT team, role, may_be_transactional FROM push.offering_team ORDER BY 1")
        )
        assert rows.all() == [("logistics", "logistics", False), ("returns", "returns_app", True)]


def test_fields_that_moved_are_still_their_users(old_db: Engine, tmp_path: Path):
    fill_step_by_step(old_db, 13, tmp_path)
    with old_db.begin() as conn:
        migrate(conn)
    queue = SendQueue(old_db, "sender-2")
    (waiting,) = queue.claim(max_batches=10, at=NOON + 2 * MINUTE)
    assert dict(zip(waiting.users, waiting.decode_fields(), strict=True)) == {
        11: {"name": "name 11"},
        0: {},
    }
    # Claimed before the upgrade: the taker's fence still holds, until the lease is over.
    (former,) = queue.claim(max_batches=10, at=NOON + 3.5 * MINUTE)
    assert former.users == (12,)
    assert former.decode_fields() == [{"name": "name 12"}]
    assert former.fence == 3
    with pytest.raises(StaleFence):
        queue.begin(replace(former, fence=1), at=NOON + 5 * MINUTE)
