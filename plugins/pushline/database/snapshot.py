"""sql/schema.sql: the schema as a fresh database has it, so that a review sees every change.

`make schema` writes it anew; a test compares it with the migrations.
"""

import re
import subprocess

import psycopg
from sqlalchemy import URL

from pushline.database.engine import make_engine, transaction
from pushline.database.migrate import migrate
from pushline.database.server import Server, binaries, server_home
from pushline.settings import get_settings

# What changes without the schema changing: versions, random keys of \restrict, session settings.
_NOISE = re.compile(r"^(--.*|\\(un)?restrict .*|SET .*;|SELECT pg_catalog\.set_config.*)$")


def dump_schema(url: URL) -> str:
    """The schema `push` with grants, by pg_dump, without what differs between versions."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as conn:
        partitions = conn.execute(
            "SELECT oid::regclass::text FROM pg_class "
            "WHERE relispartition AND relkind IN ('r', 'p')"
        ).fetchall()
    command = [
        str(binaries() / "pg_dump"),
        # Partitions say nothing that their parent does not, and some have dates in their names.
        *(f"--exclude-table={name}" for (name,) in partitions),
        "--schema-only",
        "--no-owner",
        "--schema=push",
        f"--dbname={address}",
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    lines = (line.rstrip() for line in done.stdout.splitlines())
    kept = "\n".join(line for line in lines if not _NOISE.match(line))
    return re.sub(r"\n{3,}", "\n\n", kept).strip() + "\n"


def main() -> None:
    """Migrate a throw-away database and write its schema."""
    settings = get_settings()
    server = Server(server_home(settings, "postgres-schema"), {"fsync": "off"})
    server.start()
    try:
        server.ensure_database("fresh")
        engine = make_engine(server.url("fresh"))
        with transaction(engine) as conn:
            migrate(conn)
        engine.dispose()
        (settings.sql_dir / "schema.sql").write_text(dump_schema(server.url("fresh")))
    finally:
        server.remove()


if __name__ == "__main__":
    main()
