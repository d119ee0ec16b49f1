"""Encoded parameters: the same values in the same types, so that a statement keeps its one plan."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from psycopg.types.numeric import Float8, Int2, Int8
from sqlalchemy import Connection, text

from pushline.database.wire import encode
from tests.factories import NOON

VALUES: dict[str, Any] = {
    "smallint": Int2(7),
    "bigint": Int8(2**40),
    "boolean": True,
    "text": "Скидка 20 % 'сегодня'",
    "instant": NOON,
    "clock": time(23, 30),
    "length": timedelta(hours=167, microseconds=3),
    "smallints": [Int2(1), None, Int2(3)],
    "table": [[Float8(0.5), Float8(2.0**52)], [Float8(1), Float8(0)]],
    "instants": [NOON, None, datetime(2026, 10, 25, tzinfo=UTC)],
    "texts": ["a, b", '"', None, ""],
    "booleans": [True, False],
    "nothing there": [],
    "infinity": "infinity",
}
CASTS = {
    "nothing there": "bigint[]",
    "infinity": "timestamptz",
    "texts": "text[]",
    "text": "text",
    "smallints": "smallint[]",
    "table": "float8[]",
    "instants": "timestamptz[]",
}


@pytest.mark.parametrize("name", VALUES)
def test_an_encoded_value_is_the_value(db: Connection, name: str):
    cast = f"CAST(:value AS {CASTS[name]})" if name in CASTS else ":value"
    question = text(
        f"SELECT CAST({cast} AS text) AS answer, CAST(pg_typeof({cast}) AS text) AS kind"
    )
    plain = db.execute(question, {"value": VALUES[name]}).one()
    encoded = db.execute(question, encode({"value": VALUES[name]})).one()
    assert encoded == plain


def test_null_stays_null(db: Connection):
    assert encode({"a": None}) == {"a": None}
    question = text("SELECT CAST(:a AS bigint[]) IS NULL")
    assert db.execute(question, encode({"a": None})).scalar_one()


def test_one_plan_serves_encoded_and_plain_values(db: Connection):
    driver = db.connection.driver_connection
    driver.prepare_threshold = 0
    names = ("smallint", "instants", "table", "boolean", "instant")
    plain = {name: VALUES[name] for name in names}
    question = text("SELECT :smallint, :instants, :table, :boolean, :instant /* once */")
    for parameters in (plain, encode(plain), plain):
        db.execute(question, parameters).one()
    counted = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%/* once */'"
    assert db.exec_driver_sql(counted.replace("%", "%%")).scalar_one() == 1
