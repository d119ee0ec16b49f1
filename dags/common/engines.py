"""Database engines for tasks: from Airflow's connection when there is one, else from settings."""

from functools import cache

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException
from sqlalchemy import Engine

from pushline.database.engine import get_engine, make_engine, require_current
from pushline.settings import Role, parse_url

# As pushline_planner; without it PUSHLINE_PLANNER_URL or PUSHLINE_DATABASE_URL is used.
PLANNER_CONNECTION = "pushline_db"
# Where sql/sources/*.sql are read; without it they are read beside Pushline's own tables.
SOURCE_CONNECTION = "pushline_source"


def planner_engine() -> Engine:
    """Whoever plans. Raises PendingMigrations or DatabaseUnreachable with the way out."""
    address = find_address(PLANNER_CONNECTION)
    return _engine_at(address, "planner") if address else get_engine("planner")


def source_engine() -> Engine:
    """Where the company keeps its people: a server of its own, or the same one."""
    address = find_address(SOURCE_CONNECTION)
    return make_engine(parse_url(address), "source") if address else planner_engine()


def role_engine(role: Role) -> Engine:
    """Another role, from settings only: the audience's reader, the page, or the owner."""
    return get_engine(role)


def find_address(connection_id: str) -> str | None:
    """Return the address of an Airflow connection, or None when there is none of this name."""
    try:
        return str(Connection.get(connection_id).get_uri())
    except AirflowNotFoundException:
        return None


@cache
def _engine_at(address: str, role: Role) -> Engine:
    url = parse_url(address)
    require_current(url)
    return make_engine(url, role)
