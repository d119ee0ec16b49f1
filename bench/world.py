"""The world of the benches: a company of N people, a week of pushes, the demo's policy.

Built once a size and kept; built anew when the SQL that makes it changed. PUSHLINE_BENCH_HOME names
another server than the usual one, for a bench beside a bench.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import psutil
import sqlglot
from sqlalchemy import URL, Connection, Engine, create_engine, text

from bench.making import BASE, NOW, SQL, fill, multiply, tidy
from bench.making import read_sql as read_sql  # where every bench finds it
from pushline.database.engine import make_engine, transaction
from pushline.database.migrate import migrate
from pushline.database.server import Server, server_home
from pushline.demo.campaigns import demo_policy
from pushline.policy import add_policy, load_policy
from pushline.settings import Settings

# The same for our side and the reference; durable as in production.
SERVER_SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_level": "replica",
    "autovacuum": "on",
    "shared_buffers": "4GB",
    "work_mem": "128MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
}


@dataclass(frozen=True, slots=True)
class World:
    """Where to measure: the database's address by role."""

    server: Server
    name: str
    users: int

    def engine(self, role: str = "pushline") -> Engine:
        """An engine as a role, made as the services and tasks make theirs."""
        url: URL = self.server.url(self.name, role)
        return make_engine(url, role.removeprefix("pushline_"))


def bench_server() -> Server:
    """Return the server of the benches, running or not."""
    name = os.environ.get("PUSHLINE_BENCH_HOME", "postgres-bench")
    return Server(server_home(Settings(), name), SERVER_SETTINGS)


def find_world(users: int) -> World:
    """Return the address of the world of this size, made or not."""
    return World(bench_server(), f"bench_{users}_{_digest(users)}", users)


def open_world(users: int, say: Callable[[str], None]) -> World:
    """Start the bench's server, and make the world of this size when it is not there yet."""
    server = bench_server()
    server.home.mkdir(parents=True, exist_ok=True)
    server.start()
    world = find_world(users)
    with _superuser(server) as conn:
        found = conn.execute(
            text("SELECT count(*) FROM pg_database WHERE datname = :name"), {"name": world.name}
        ).scalar_one()
    if not found:
        base = open_world(BASE, say) if users > BASE else None
        say(f"making a world of {users:,} people (once)")
        _build(world, base, say)
    engine = world.engine()
    with transaction(engine) as conn:
        migrate(conn)  # functions as they are today
    engine.dispose()
    _keep_policy(world)
    return world


@contextmanager
def copy_world(world: World) -> Iterator[World]:
    """Lend a copy of the world to a bench that changes people; it is dropped afterwards.

    What an earlier bench left connected is cut off: only a database that is alone can be copied.
    """
    copy = World(world.server, f"{world.name}_copy", world.users)
    _copy(world, copy)
    try:
        yield copy
    finally:
        with _superuser(world.server) as conn:
            conn.execute(text(f'DROP DATABASE "{copy.name}" WITH (FORCE)'))


def describe_server(world: World) -> str:
    """Return the settings that both sides run with."""
    engine = world.engine()
    with engine.connect() as conn:
        version = conn.execute(text("SHOW server_version")).scalar_one()
        checksums = conn.execute(text("SHOW data_checksums")).scalar_one()
    engine.dispose()
    shown = ", ".join(f"{name}={value}" for name, value in SERVER_SETTINGS.items())
    return f"Postgres {version}, data_checksums={checksums}, {shown}"


@contextmanager
def backend_seconds(engine: Engine) -> Iterator[Callable[[], float]]:
    """Measure the CPU seconds of the server's processes between entry and the call."""
    with engine.connect() as conn:
        pid = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
    postmaster = psutil.Process(pid).parent()
    if postmaster is None:
        raise RuntimeError("the server has no postmaster")

    def spent() -> float:
        # A backend that ended is in the postmaster's own account of its children.
        ended = postmaster.cpu_times()
        total = ended.children_user + ended.children_system
        for process in postmaster.children():
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
        return total

    before = spent()
    yield lambda: spent() - before


@contextmanager
def _superuser(server: Server) -> Iterator[Connection]:
    engine = create_engine(server.url("postgres", "postgres"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as conn:
            yield conn
    finally:
        engine.dispose()


def _copy(world: World, copy: World) -> None:
    idle = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
    with _superuser(world.server) as conn:
        conn.execute(text(f"{idle} AND state = 'idle'"), {"name": world.name})
        conn.execute(text(f'DROP DATABASE IF EXISTS "{copy.name}" WITH (FORCE)'))
        conn.execute(
            text(
                f'CREATE DATABASE "{copy.name}" TEMPLATE "{world.name}" STRATEGY file_copy'
                " OWNER pushline"
            )
        )


def _build(world: World, base: World | None, say: Callable[[str], None]) -> None:
    """Build under another name, so that a killed build is never taken for a world."""
    draft = World(world.server, f"{world.name}_draft", world.users)
    if base is None:
        with _superuser(world.server) as conn:
            conn.execute(text(f'DROP DATABASE IF EXISTS "{draft.name}" WITH (FORCE)'))
        world.server.ensure_database(draft.name)
    else:
        _copy(base, draft)
    engine = make_engine(world.server.url(draft.name), "bench")
    if base is None:
        fill(engine, draft.users, say)
        tidy(engine)
    else:
        multiply(engine, base.users, draft.users, say)
    engine.dispose()
    with _superuser(world.server) as conn:
        conn.execute(text(f'ALTER DATABASE "{draft.name}" RENAME TO "{world.name}"'))
        conn.execute(text("CHECKPOINT"))


def _keep_policy(world: World) -> None:
    """Put the demo's policy of today in force; one that is kept from earlier stays as history."""
    engine = world.engine()
    with transaction(engine) as conn:
        present, wanted = load_policy(conn, NOW), demo_policy(NOW)
        ruled = [(rule.title, rule.maximum, rule.reserve) for rule in present.rules]
        if ruled != [(rule.title, rule.maximum, rule.reserve) for rule in wanted.rules]:
            known = present.policy_id or 0
            start = NOW - timedelta(days=90) + timedelta(minutes=known)
            add_policy(conn, wanted, valid_from=start, made_by="bench", note="as the demo")
    engine.dispose()


def _digest(users: int) -> str:
    """Change whenever the way to fill a world of this size does.

    Comments and spaces do not count, nor do migrations: they carry a world forward as they do any
    installation.
    """
    ways = [*SQL.glob("add_*.sql"), *SQL.glob("create_reference*.sql")]
    if users > BASE:
        ways += SQL.glob("multiply_*.sql")
    digest = hashlib.sha256()
    for path in sorted(ways):
        for token in sqlglot.tokenize(path.read_text(encoding="utf-8"), read="postgres"):
            digest.update(f"{token.token_type.name} {token.text}\n".encode())
    return digest.hexdigest()[:10]
