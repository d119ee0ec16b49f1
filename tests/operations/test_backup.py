"""A dump and its restore into an empty server, as docs/operations.md tells it."""

import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Engine, create_engine, text

from pushline.database.engine import get_engine
from pushline.database.prepare import prepare
from pushline.database.roles import DATABASE
from pushline.database.server import SUPERUSER, Server, binaries, server_home
from pushline.doctor import examine
from pushline.maintain import create_partitions
from pushline.report.checks import run_checks
from pushline.send_queue.client import SendQueue, StaleFence
from pushline.send_queue.closing import expire_batches
from pushline.settings import Settings, get_settings
from tests.conftest import FAST
from tests.factories import NOON
from tests.operations.story import Company

ROLE_SETTINGS = """
    SELECT r.rolname, unnest(s.setconfig)
    FROM pg_catalog.pg_db_role_setting AS s
    INNER JOIN pg_catalog.pg_roles AS r ON s.setrole = r.oid
    WHERE s.setdatabase = 0 AND r.rolname LIKE 'pushline%'
    ORDER BY 1, 2
"""


@pytest.fixture(scope="module")
def other_server() -> Iterator[Server]:
    """A server that never saw Pushline: no database, no role but the superuser's."""
    server = Server(server_home(Settings(), f"postgres-restore-{os.getpid()}"), FAST)
    server.start()
    with server._superuser() as conn:
        conn.execute("DROP OWNED BY pushline; DROP ROLE pushline")
    yield server
    server.remove()


def run_tool(name: str, *arguments: str) -> str:
    """Run one of the programs of Postgres; what it says on stdout."""
    done = subprocess.run(
        [binaries() / name, *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout


def address(url: URL, **over: Any) -> str:
    plain = url.set(drivername="postgresql", **over)
    return plain.render_as_string(hide_password=False)


def rows(engine: Engine, question: str) -> list[Any]:
    with engine.begin() as conn:
        return [tuple(row) for row in conn.execute(text(question))]


@pytest.fixture
def filled(make_database: Callable[[], Engine]) -> Company:
    company = Company(make_database())
    company.add_run(NOON, with_fields=True)
    company.plan(NOON)
    company.send_some(NOON, most=3)
    company.add_run(NOON + timedelta(hours=1))
    return company


def move(company: Company, server: Server, folder: Path) -> URL:
    """Dump, and restore where nothing is; the steps of the documentation."""
    source = company.engine.url
    superuser = address(server.url("postgres", SUPERUSER))
    roles = run_tool(
        "pg_dumpall", "-d", address(source, username=SUPERUSER), "--roles-only",
        "--no-role-passwords",
    )  # fmt: skip
    (folder / "roles.sql").write_text(
        "".join(line for line in roles.splitlines(keepends=True) if " pushline" in line)
    )
    run_tool("pg_dump", "-Fc", "-f", str(folder / "pushline.dump"), "-d", address(source))
    run_tool("psql", "-v", "ON_ERROR_STOP=1", "-q", "-f", str(folder / "roles.sql"), superuser)
    run_tool("psql", "-q", "-c", f"CREATE DATABASE {DATABASE} OWNER pushline", superuser)
    target = server.url(DATABASE, SUPERUSER)
    run_tool("pg_restore", "--exit-on-error", "-d", address(target), str(folder / "pushline.dump"))
    return server.url(DATABASE)


def test_a_restored_database_is_whole_and_goes_on(
    filled: Company, other_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    taker = SendQueue(filled.engine, "sender-9")
    claimed = taker.claim(max_batches=8, at=NOON)
    batch = max(claimed, key=lambda batch: len(batch.waiting))
    begun = taker.begin(batch, batch.waiting[:1], at=NOON)
    url = move(filled, other_server, tmp_path)

    monkeypatch.setenv("PUSHLINE_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("PUSHLINE_DATABASE_URL", address(url))
    for cache in (get_settings, get_engine):
        cache.cache_clear()
    try:
        assert prepare().applied == []
        now = datetime.now(UTC)
        restored = Company.__new__(Company)
        restored.engine, restored.run_ids = create_engine(url), list(filled.run_ids)
        create_partitions(restored.engine, now)
        run_checks(restored.engine, NOON)
        found = {line.name: line for line in examine(now) if line.verdict == "fail"}
    finally:
        for cache in (get_settings, get_engine):
            cache.cache_clear()
    assert set(found) <= {"checks"}, found
    assert restored.tell() == filled.tell()
    assert rows(restored.engine, ROLE_SETTINGS) == rows(filled.engine, ROLE_SETTINGS) != []
    results = run_checks(restored.engine, NOON, names=["closed_sum", "once", "caps_exceeded"])
    assert all(result.is_clean for result in results)

    # Whoever had a batch when the dump was made is a taker whose lease ran out.
    later = NOON + timedelta(minutes=10)
    assert expire_batches(restored.engine, later).leases == len(claimed)
    queue = SendQueue(restored.engine, "sender-1")
    with pytest.raises(StaleFence):
        SendQueue(restored.engine, "sender-9").begin(batch, batch.waiting[1:], at=later)
    again = {b.batch_id: b for b in queue.claim(max_batches=1000, at=later)}[batch.batch_id]
    assert set(again.waiting) == set(batch.waiting) - set(begun.may_leave)

    for company in (filled, restored):
        company.plan(NOON + timedelta(hours=1))
    assert restored.tell()["decisions"] == filled.tell()["decisions"]
    restored.engine.dispose()
