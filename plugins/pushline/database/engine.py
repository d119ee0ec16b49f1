"""Engines by role, and the one way to open a transaction."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from pushline.database.migrate import pending
from pushline.database.roles import url_for
from pushline.database.wire import teach_driver
from pushline.errors import DatabaseUnreachable, PendingMigrations
from pushline.kill_points import reach
from pushline.settings import Role

teach_driver()


# Planning the deciding statement takes longer than deciding a small bucket: who decides keeps one
# plan for all buckets of a task from its first use on.
DECIDING = frozenset(("planner", "reach"))


def engine_options(name: str, url: URL) -> dict[str, Any]:
    """Return what every engine of a role is made with; `name` shows in pg_stat_activity.

    Server options that the address has (`?options=-c ...`) are kept.
    """
    own = url.query.get("options", "")
    # Somebody looks at the page: they are told in time that there is no way through.
    is_page = name == "page"
    limits = {"pool_timeout": 4} if is_page else {}
    return limits | {
        "pool_pre_ping": True,
        # The bucket lock protects in this level only, whatever the database or role prefers.
        "isolation_level": "READ COMMITTED",
        "connect_args": {
            "application_name": f"pushline-{name}",
            "prepare_threshold": 0 if name in DECIDING else 5,
            "connect_timeout": 4 if is_page else 10,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "options": f"{own} -c timezone=UTC -c jit=off".strip(),
        },
    }


def make_engine(url: URL, name: str = "owner") -> Engine:
    """Engine for an address, without looking at the state of the database."""
    return create_engine(url, **engine_options(name, url))


def require_current(url: URL) -> None:
    """Refuse a database that is behind the code, with the command that mends it."""
    engine = create_engine(url, poolclass=NullPool, **engine_options("doctor", url))
    try:
        with engine.connect() as conn:
            behind = pending(conn)
    except OperationalError as error:
        place = url.render_as_string(hide_password=True)
        raise DatabaseUnreachable(
            f"Postgres at {place} does not answer: {str(error.orig).strip()}\n"
            "Start the demo with `make demo`, or check PUSHLINE_DATABASE_URL."
        ) from error
    finally:
        engine.dispose()
    if behind:
        more = f" and {len(behind) - 1} more" if len(behind) > 1 else ""
        raise PendingMigrations(
            f"The database is behind the code ({behind[0]}{more} not applied). Run: pushline init"
        )


@cache
def get_engine(role: Role = "owner") -> Engine:
    """The process's engine for a role; raises PendingMigrations or DatabaseUnreachable."""
    url = url_for(role)
    require_current(url)
    return make_engine(url, role)


@cache
def get_async_engine(role: Role = "owner") -> AsyncEngine:
    """The same for asyncio; call it once per process, before or inside the loop."""
    url = url_for(role)
    require_current(url)
    return create_async_engine(url, **engine_options(role, url))


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Open a transaction; commits at the end, rolls back on any error."""
    with engine.begin() as conn:
        yield conn
        reach("transaction.before_commit")
    reach("transaction.after_commit")


@asynccontextmanager
async def async_transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """The same on an async engine."""
    async with engine.begin() as conn:
        yield conn
