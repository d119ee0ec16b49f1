"""Makes the database ready to work with: server, migrations, passwords. `pushline init` is this."""

from dataclasses import dataclass

from sqlalchemy import text

from pushline.database.engine import make_engine, transaction
from pushline.database.migrate import migrate
from pushline.database.roles import DATABASE, owner_url, set_passwords
from pushline.database.server import default_server
from pushline.settings import get_settings


@dataclass(frozen=True)
class Prepared:
    """What was done: files applied, and whether the roles have passwords."""

    applied: list[str]
    has_passwords: bool


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
    finally:
        engine.dispose()
    if get_settings().uses_embedded_server:
        default_server().contain_audience_reader(DATABASE)
    return Prepared(applied, has_passwords)
