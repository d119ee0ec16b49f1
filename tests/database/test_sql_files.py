"""Every statement in sql/ against a real Postgres: header, parameters, columns, types."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import dialect

from pushline.database.sql import Query
from pushline.settings import get_settings

# Rooms with file shapes of their own, tested by the rooms that read them.
OTHER_SHAPES = ("migrations", "audiences", "triggers", "sources", "checks", "marts", "demo")
FOLDER = get_settings().sql_dir
NAMES = sorted(
    path.relative_to(FOLDER).with_suffix("").as_posix()
    for path in FOLDER.rglob("*.sql")
    if path.relative_to(FOLDER).parts[0] not in OTHER_SHAPES
    and path.parent != FOLDER
    and not path.name.startswith(("function_", "view_"))
)
# What a statement finds only in a session that made it before.
SESSION_TABLES = (
    *(path.read_text() for path in FOLDER.rglob("create_*.sql") if "TEMPORARY" in path.read_text()),
    "CREATE TEMPORARY TABLE audience (user_id bigint, fields text)",
)
VERBS_THAT_WRITE_NOTHING = ("get_", "list_", "count_", "find_", "explain_", "decide_")
TYPE_NAMES = {
    "int": "integer",
    "int4": "integer",
    "int8": "bigint",
    "int2": "smallint",
    "bool": "boolean",
    "timestamptz": "timestamp with time zone",
    "timestamp": "timestamp without time zone",
    "float8": "double precision",
    "varchar": "character varying",
    "time": "time without time zone",
}


def canonical(name: str) -> str:
    base, brackets = (name[:-2], "[]") if name.endswith("[]") else (name, "")
    base = base.split("(")[0].strip().lower()
    return TYPE_NAMES.get(base, base) + brackets


@pytest.mark.parametrize("name", NAMES)
def test_statement_is_what_its_header_says(db: Connection, name: str):
    query = Query.known.get(name) or Query(name)
    header = query.header
    style = dialect(paramstyle="numeric_dollar")
    compiled = text(query.sql_text).compile(dialect=style)
    for statement in SESSION_TABLES:
        db.connection.driver_connection.execute(statement)
    driver = db.connection.driver_connection.pgconn
    # The server takes one statement only this way.
    prepared = driver.prepare(b"", str(compiled).encode())
    assert prepared.error_message == b"", f"{prepared.error_message.decode()}\n{compiled}"
    described = driver.describe_prepared(b"")

    def type_name(oid: int) -> str:
        question = text("SELECT format_type(:oid, NULL)")
        return canonical(db.execute(question, {"oid": oid}).scalar().removeprefix("push."))

    columns = [(described.fname(i).decode(), described.ftype(i)) for i in range(described.nfields)]
    parameters = {
        key: described.param_type(place) for place, key in enumerate(compiled.positiontup)
    }
    found = {column: type_name(oid) for column, oid in columns}
    wanted = {key: canonical(kind.removeprefix("push.")) for key, kind in header.columns.items()}
    assert found == wanted
    assert list(found) == list(wanted)
    assert {key: type_name(oid) for key, oid in parameters.items()} == {
        key: canonical(kind.removeprefix("push.")) for key, kind in header.parameters.items()
    }
    assert (header.cardinality == "none") == (not columns)
    if query.path.stem.startswith(VERBS_THAT_WRITE_NOTHING):
        assert not header.writes, "a file that writes is not named get, list or count"


def test_names_are_unique_and_lie_in_a_room():
    assert all("/" in name for name in NAMES)
    assert len({Path(name).name for name in NAMES}) == len(NAMES)
