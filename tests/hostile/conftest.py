"""A server of its own with small limits, one company on it, and attacks read from files."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from pushline.audience import Catalogue, Limits, grant_audience_reader
from pushline.audience.header import AudienceFile
from pushline.audience.reading import read_audience
from pushline.audience.statement import Selection
from pushline.database import migrate
from pushline.database.server import Server, server_home
from pushline.settings import Settings
from tests.conftest import FAST
from tests.factories import NOON

CORPUS = Path(__file__).parent / "corpus"
MEGABYTES = 400
LIMITS = Limits(seconds=0.4, lock_seconds=0.2, row_cap=10_000, cost_cap=1e7, work_mem="4MB")

COMPANY = """
CREATE SCHEMA company;
CREATE TABLE company.person (user_id bigint, first_name text, city text);
INSERT INTO company.person VALUES (1, 'a', 'b'), (2, 'c', 'd');
CREATE TABLE company.many AS
SELECT g AS user_id, 'name ' || g AS name FROM generate_series(1, 20000) AS g;
CREATE SEQUENCE company.counter;
CREATE FUNCTION company.open_door(id bigint) RETURNS bigint LANGUAGE sql SECURITY DEFINER
AS 'INSERT INTO company.person (user_id) VALUES (id) RETURNING user_id';
CREATE FUNCTION company.lift_limits() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
AS 'BEGIN PERFORM set_config(''transaction_read_only'', ''off'', true);
    RETURN company.open_door(8); END';
ANALYZE company.person, company.many;
"""
# Whatever an attack could leave behind, as one row that must not change.
STATE = """
SELECT
    (SELECT string_agg(p::text, ';' ORDER BY p::text) FROM company.person AS p),
    (SELECT last_value::text || is_called FROM company.counter),
    (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_proc),
    (SELECT count(*) FROM pg_largeobject_metadata), (SELECT count(*) FROM pg_authid),
    (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'),
    (SELECT count(*) FROM pg_ls_tmpdir())
"""
SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'pushline_audience'"


@dataclass(frozen=True)
class Attack:
    """One file of the corpus: what it tries, and the sentences (patterns) that must answer."""

    name: str
    tries: str
    guard: str
    server: str
    body: bytes

    @property
    def passes_guard(self) -> bool:
        """Whether the guard lets it through, so that role and limits must hold it alone."""
        return self.guard.startswith("passes")


def read_attack(path: Path) -> Attack:
    """Three lines of header, then the SQL byte for byte."""
    tries, guard, server, body = path.read_bytes().split(b"\n", 3)
    words = [
        re.fullmatch(rf"-- {key}: (.+)", line.decode())[1]
        for key, line in (("tries", tries), ("guard", guard), ("server", server))
    ]
    return Attack(path.stem, *words, body)


ATTACKS = [read_attack(path) for path in sorted((CORPUS / "audience").glob("*.sql"))]


class HostileWorld:
    """The company, and both ways to its data: through the guard, and past it."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.owner = create_engine(server.url("hostile"))
        self.superuser = create_engine(server.url("hostile", "postgres"))
        self.planner = self._as("pushline_planner")
        self.reader = self._as("pushline_audience")
        self.catalogue = Catalogue(sql_dir=folder)
        self._folder = folder / "audiences"
        self._folder.mkdir()

    def _as(self, role: str) -> Engine:
        return create_engine(self.server.url("hostile", role))

    def guarded(self, body: bytes) -> Selection:
        """The real path: a file in the folder, its header, the guard."""
        (self._folder / "attack.sql").write_bytes(b"-- title: attack\n-- owner: tests\n" + body)
        return Selection.of(self.catalogue.file("attack"), {}, NOON)

    def unguarded(self, body: bytes) -> Selection:
        """The same text as if no guard had looked."""
        statement = body.decode().rstrip().removesuffix(";")
        file = AudienceFile("attack", "attack.sql", statement, statement, "t", "o")
        return Selection(file, {"now": NOON})

    def read(self, selection: Selection, limits: Limits = LIMITS) -> int:
        """Rows that came back."""
        found = read_audience(self.reader, self.planner, selection, bucket_count=64, limits=limits)
        return found.rows

    def state(self) -> tuple[object, ...]:
        """All that an attack could have left behind."""
        with self.superuser.connect() as conn:
            return tuple(conn.execute(text(STATE)).one())

    def wait_for_the_last_session(self) -> None:
        """Return when the reader's sessions are gone; fails when one stays."""
        deadline = time.monotonic() + 10
        with self.superuser.connect() as conn:
            while conn.execute(text(SESSIONS)).scalar_one():
                conn.rollback()
                assert time.monotonic() < deadline, "a session of the audience role stays"

    def planner_locks_are_free(self) -> bool:
        """Whether a planner gets every bucket at once."""
        with self.planner.begin() as conn:
            return bool(
                conn.execute(text("SELECT 1 FROM push.bucket_lock FOR UPDATE NOWAIT")).all()
            )


@contextmanager
def hostile_world(folder: Path) -> Iterator[HostileWorld]:
    """The company on a cluster of its own: a query gets 400 MB and 20 MB of disk."""
    server = Server(
        server_home(Settings(), f"postgres-hostile-{os.getpid()}"), FAST, megabytes=MEGABYTES
    )
    server.start()
    try:
        server.ensure_database("hostile")
        world = HostileWorld(server, folder)
        with world.owner.begin() as conn:
            migrate.migrate(conn)
            conn.exec_driver_sql(COMPANY)
            grant_audience_reader(conn, ["company"])
        server.contain_audience_reader("hostile")
        with world.superuser.begin() as conn:
            conn.execute(text("ALTER ROLE pushline_audience SET temp_file_limit = '20MB'"))
        yield world
    finally:
        server.remove()


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileWorld]:
    """One hostile world a session."""
    with hostile_world(tmp_path_factory.mktemp("hostile")) as world:
        yield world
