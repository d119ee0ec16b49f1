"""What the audience role may read, and what is still open to it."""

from collections.abc import Sequence

import psycopg
from psycopg import sql
from sqlalchemy import Connection

from pushline.database.sql import Query
from pushline.errors import GiveUpRow

LIST_READER_RISKS = Query("audience/list_reader_risks")
READER = "pushline_audience"


def grant_audience_reader(conn: Connection, schemas: Sequence[str]) -> None:
    """Let audiences read every table of the company's schemas, present and future.

    `conn` belongs to the owner of the schemas. Raises GiveUpRow for a schema of ours or of the
    server.
    """
    driver = conn.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("expected psycopg")
    for schema in schemas:
        if schema in ("push", "push_meta", "information_schema") or schema.startswith("pg_"):
            raise GiveUpRow(f"Audiences do not read {schema}; name a schema of the company.")
        for statement in (
            "GRANT USAGE ON SCHEMA {} TO {}",
            "GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT SELECT ON TABLES TO {}",
        ):
            driver.execute(
                sql.SQL(statement).format(sql.Identifier(schema), sql.Identifier(READER))
            )


def list_reader_risks(conn: Connection) -> list[str]:
    """Return what the audience role could do beyond reading, as sentences; empty is good."""
    return [row.risk for row in LIST_READER_RISKS.all(conn)]
