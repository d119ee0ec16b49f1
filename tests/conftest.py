"""A throw-away Postgres for the tests: one cluster, one migrated template, clones of it.

Each xdist worker has a cluster of its own, shared by every test session of this checkout and
stopped by the last one to leave.
The template's name is a digest of sql/ and the week, so a second run finds it ready.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import TextIO

import hypothesis
import psutil
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, Connection, Engine, create_engine

from pushline.database import migrate as migrations
from pushline.database.engine import get_async_engine, get_engine
from pushline.database.roles import role_name
from pushline.database.server import OWNER, Server, server_home
from pushline.plan.one_question import QUESTIONS
from pushline.plan.reach_worker import WORKER
from pushline.settings import CHECKOUT, ROLES, Role, Settings, get_settings
from tests.factories import make_weeks
from tests.scheduling import Stopwatch

# Lost on a power cut, and that is fine here.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "autovacuum": "off",
    "max_connections": "200",
}
KEPT_TEMPLATES = 6


class Databases:
    """Makes and drops databases of the test server."""

    def __init__(self, server: Server, *, works_ahead: bool = False) -> None:
        self.server = server
        self.works_ahead = works_ahead
        self._numbers = count(1)
        self._spare: dict[str, Future[URL]] = {}
        self._background = ThreadPoolExecutor(1, "databases")

    def connect(self) -> psycopg.Connection:
        """A superuser's connection outside of any transaction."""
        url = self.server.url("postgres", "postgres").set(drivername="postgresql")
        return psycopg.connect(url.render_as_string(), autocommit=True)

    def template(self) -> str:
        """Name of the migrated template, made when this text of sql/ was not seen this week."""
        # Migrating makes the partitions of the weeks around the day: last month's have too few.
        today = datetime.now(UTC).date()
        monday = today - timedelta(days=today.weekday())
        name = f"template_{digest_of_sql()}_{monday:%Y%m%d}"
        with self.connect() as conn:
            conn.execute("SELECT pg_advisory_lock(1)")
            rows = conn.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'template\\___%' ORDER BY oid"
            ).fetchall()
            names = [row[0] for row in rows]
            if name not in names:
                for old in names[: -KEPT_TEMPLATES + 1]:
                    self.drop(old)
                self._build_template(name)
        return name

    def _build_template(self, name: str) -> None:
        unfinished = f"unfinished_{os.getpid()}"
        self.drop(unfinished)
        self.server.ensure_database(unfinished)
        engine = create_engine(self.server.url(unfinished))
        try:
            with engine.begin() as conn:
                migrations.migrate(conn)
                make_weeks(conn)
        finally:
            engine.dispose()
        self.server.contain_audience_reader(unfinished)
        self.rename(unfinished, name)

    def rename(self, old: str, new: str) -> None:
        """Give a finished database its name."""
        with self.connect() as conn:
            conn.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(old), sql.Identifier(new)
                )
            )

    def clone(self, template: str, name: str) -> URL:
        """A fresh copy of the template."""
        with self.connect() as conn:
            conn.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy OWNER {}").format(
                    sql.Identifier(name), sql.Identifier(template), sql.Identifier(OWNER)
                )
            )
        return self.server.url(name)

    def take(self, template: str) -> URL:
        """A fresh copy of the template; working ahead, one that was made during the last test.

        Making and dropping is mostly waiting: for a checkpoint, and for each process to take note.
        """
        ready = self._spare.pop(template, None)
        url = ready.result() if ready else self._spawn(template)
        if self.works_ahead:
            self._spare[template] = self._background.submit(self._spawn, template)
        return url

    def _spawn(self, template: str) -> URL:
        return self.clone(template, f"test_{os.getpid()}_spare_{next(self._numbers)}")

    def give_back(self, engine: Engine) -> None:
        """Drop a copy that was taken; working ahead, while the next test runs."""
        engine.dispose()
        dropped = self._background.submit(self.drop, str(engine.url.database))
        if not self.works_ahead:
            dropped.result()

    def close(self) -> None:
        """Drop what nobody took, and wait for all that was ordered."""
        for spare in self._spare.values():
            self.drop(str(spare.result().database))
        self._background.shutdown()

    def drop(self, name: str) -> None:
        """Away with it, whoever is connected."""
        with self.connect() as conn:
            conn.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def drop_abandoned(self) -> None:
        """Drop the clones of sessions that were killed."""
        with self.connect() as conn:
            rows = conn.execute(
                "SELECT datname FROM pg_database WHERE datname ~ '^(test|unfinished)_[0-9]+'"
            ).fetchall()
        for (name,) in rows:
            if not psutil.pid_exists(int(name.split("_")[1])):
                self.drop(name)


def digest_of_sql() -> str:
    """Changes whenever the migrated database would."""
    digest = hashlib.sha256(Path(migrations.__file__).read_bytes())
    for file in migrations.migration_files() + migrations.repeatable_files():
        digest.update(file.path.encode() + file.source.encode())
    return digest.hexdigest()[:16]


# Roles belong to a whole cluster: workers that share one trip over each other's ALTER ROLE.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
_server = Server(server_home(Settings(), f"postgres-test-{_worker}"), FAST)
_sessions = pytest.StashKey[TextIO]()


# A busy machine is no reason to fail.
hypothesis.settings.register_profile("pushline", deadline=None)
hypothesis.settings.load_profile("pushline")


def pytest_configure(config: pytest.Config) -> None:
    """Start the server, and tell Airflow about it before anything imports Airflow."""
    if config.getoption("numprocesses", None):
        config.pluginmanager.register(Stopwatch(config))
        return  # the one who hands out the tests runs none
    _server.home.mkdir(parents=True, exist_ok=True)
    config.stash[_sessions] = (_server.home / "sessions").open("a")
    fcntl.flock(config.stash[_sessions], fcntl.LOCK_SH)
    _server.start()
    metadata = _server.url(f"test_{os.getpid()}_airflow").set(drivername="postgresql+psycopg2")
    os.environ.update(
        AIRFLOW_HOME=str(Settings().state_dir / "airflow-test"),
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__CORE__UNIT_TEST_MODE="False",
        AIRFLOW__CORE__DAGS_FOLDER=str(CHECKOUT / "dags"),
        AIRFLOW__CORE__PLUGINS_FOLDER=str(CHECKOUT / "plugins"),
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=metadata.render_as_string(),
        AIRFLOW__DATABASE__EXTERNAL_DB_MANAGERS="",
        AIRFLOW__API_AUTH__JWT_SECRET="x" * 64,
        AIRFLOW__LOGGING__LOGGING_LEVEL="WARNING",
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, unless another session still works with it."""
    if _sessions not in config.stash:
        return
    with config.stash[_sessions] as sessions, suppress(BlockingIOError):
        fcntl.flock(sessions, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _server.stop()


@pytest.fixture(scope="session")
def server() -> Server:
    """The running test server."""
    return _server


@pytest.fixture(scope="session")
def databases(server: Server) -> Iterator[Databases]:
    """Maker of databases on the test server."""
    databases = Databases(server, works_ahead=True)
    databases.drop_abandoned()
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def template(databases: Databases) -> str:
    """Name of a migrated database that nobody connects to."""
    return databases.template()


@pytest.fixture(scope="session")
def airflow_metadata(databases: Databases) -> Iterator[URL]:
    """Airflow's own database for this session; ask for it wherever a DAG runs."""
    template = f"airflow_{version('apache-airflow').replace('.', '_')}"
    with databases.connect() as conn:
        conn.execute("SELECT pg_advisory_lock(2)")
        question = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not conn.execute(question, [template]).fetchone():
            unfinished = f"unfinished_{os.getpid()}_airflow"
            databases.server.ensure_database(unfinished)
            url = databases.server.url(unfinished).set(drivername="postgresql+psycopg2")
            # In this process it would leave Airflow's sessions unconfigured.
            subprocess.run(
                [Path(sys.prefix) / "bin" / "airflow", "db", "migrate"],
                check=True,
                capture_output=True,
                env=os.environ | {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url.render_as_string()},
            )
            databases.rename(unfinished, template)
    name = f"test_{os.getpid()}_airflow"
    yield databases.clone(template, name)
    databases.drop(name)


@pytest.fixture(scope="session")
def engine(databases: Databases, template: str) -> Iterator[Engine]:
    """The owner's engine on this worker's own database."""
    name = f"test_{os.getpid()}"
    engine = create_engine(databases.clone(template, name))
    yield engine
    engine.dispose()
    databases.drop(name)


@pytest.fixture
def db(engine: Engine) -> Iterator[Connection]:
    """The owner's connection in a transaction that is rolled back."""
    with engine.connect() as conn:
        outer = conn.begin()
        yield conn
        outer.rollback()


@pytest.fixture
def committed_db(databases: Databases, template: str) -> Iterator[Engine]:
    """The owner's engine on a database of this test's own, for tests that commit."""
    engine = create_engine(databases.take(template))
    yield engine
    databases.give_back(engine)


@pytest.fixture
def as_role(committed_db: Engine) -> Iterator[Callable[[Role], Engine]]:
    """`as_role("planner")` is an engine on committed_db for that role."""
    engines: list[Engine] = []

    def make(role: Role) -> Engine:
        user = OWNER if role == "owner" else role_name(role)
        engines.append(create_engine(committed_db.url.set(username=user)))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def configured_db(
    committed_db: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """committed_db as the database that settings name: for commands, services and DAGs."""
    url = committed_db.url
    monkeypatch.setenv("PUSHLINE_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("PUSHLINE_DATABASE_URL", url.render_as_string())
    for role in ROLES:
        role_url = url.set(username=role_name(role))
        monkeypatch.setenv(f"PUSHLINE_{role.upper()}_URL", role_url.render_as_string())
    caches = (get_settings, get_engine, get_async_engine)
    for cache in caches:
        cache.cache_clear()
    yield committed_db
    # A count that goes on after its test would read, and keep, settings of between two tests.
    assert WORKER.wait(60), "The reach of a brief is still counted."
    assert QUESTIONS.wait(60), "A question of the page is still worked on."
    QUESTIONS.forget()
    for cache in caches:
        cache.cache_clear()
