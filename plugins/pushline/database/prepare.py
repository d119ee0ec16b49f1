"""Makes the database ready to work with: server, migrations, passwords. `pushline init` is this."""

from dataclasses import dataclass

from sqlalchemy import text

from pushline.database.engine import make_engine, transaction
from pushline.database.migrate import migrate
from pushline.database.roles import DATABASE, owner_url, role_name, set_passwords
from pushline.database.server import default_server
from pushline.database.sql import Query
from pushline.settings import get_settings

LIST_CLOSED_FUNCTIONS = Query("report/list_closed_functions")


@dataclass(frozen=True)
class Prepared:
    """What was done: files applied, whether the roles have passwords.

    closed_to_page: server functions that the page needs and only a superuser can open to it.
    """

    applied: list[str]
    has_passwords: bool
    closed_to_page: str = ""


def start_server() -> None:
    """Start the embedded server unless a Postgres was named."""
    if get_settings().uses_embedded_server:
        server = default_server()
        server.start()
        server.ensure_database(DATABASE)


def prepare(buckets: int | None = None) -> Prepared:
    """Start the embedded server if it is ours, migrate, set the passwords of the roles."""
    start_server()
    engine = make_engine(owner_url())
    try:
        with transaction(engine) as conn:
            applied = migrate(conn, buckets=buckets)
            has_passwords = set_passwords(conn)
            # Closes what the owner may close: all for a superuser, nothing for others.
            conn.execute(text("SELECT push.contain_audience_reader()"))
        if get_settings().uses_embedded_server:
            default_server().contain_audience_reader(DATABASE)
        with engine.connect() as conn:
            closed = LIST_CLOSED_FUNCTIONS.scalar(conn, role_name=role_name("page"))
    finally:
        engine.dispose()
    return Prepared(applied, has_passwords, closed)
