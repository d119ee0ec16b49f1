"""Every audience and trigger file on the demo data, as the audience role runs it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from pushline.audience.header import AudienceFile, parse_file
from pushline.settings import get_settings

FOLDER = get_settings().sql_dir
AUDIENCES = sorted(path.stem for path in (FOLDER / "audiences").glob("*.sql"))
TRIGGERS = sorted(path.stem for path in (FOLDER / "triggers").glob("*.sql"))
FILES = [f"audiences/{name}" for name in AUDIENCES] + [f"triggers/{name}" for name in TRIGGERS]
PYTHON_TYPES = {"text": str, "int": int}


def read(name: str) -> AudienceFile:
    path = FOLDER / f"{name}.sql"
    return parse_file(Path(name).name, f"sql/{name}.sql", path.read_text(encoding="utf-8"))


def run(conn: Connection, name: str, now: datetime, **values: Any) -> list[Any]:
    file = read(name)
    parameters = file.values(values)
    if ":now" in file.statement:
        parameters["now"] = now
    return list(conn.execute(text(file.statement), parameters).all())


def users(rows: list[Any]) -> set[int]:
    return {row.user_id for row in rows}


def test_there_are_enough_audiences_and_both_triggers():
    assert len(AUDIENCES) >= 12
    assert TRIGGERS == ["abandoned_cart", "price_drop"]


@pytest.mark.parametrize("name", FILES)
def test_file_returns_the_declared_columns(shop_as_audience: Connection, now: datetime, name: str):
    file = read(name)
    rows = run(shop_as_audience, name, now)
    assert rows, "the demo has nobody for this file"
    assert list(rows[0]._fields) == ["user_id", *file.columns]
    assert len(users(rows)) == len(rows)
    for column in file.columns.values():
        values = [getattr(row, column.name) for row in rows]
        kind = PYTHON_TYPES.get(column.sql_type)
        assert column.is_nullable or None not in values, column.name
        assert kind is None or {type(v) for v in values if v is not None} == {kind}, column.name


@pytest.mark.parametrize("name", FILES)
def test_file_never_returns_erased_people(shop_as_audience: Connection, now: datetime, name: str):
    erased = set(
        shop_as_audience.scalars(
            text("SELECT customer_id FROM shop.customer WHERE erased_at IS NOT NULL")
        )
    )
    assert erased
    assert not users(run(shop_as_audience, name, now)) & erased


@pytest.mark.parametrize("name", FILES)
def test_file_asks_for_no_clock_but_now(name: str):
    statement = read(name).statement.lower()
    assert not any(word in statement for word in ("now()", "current_", "clock_timestamp"))


@pytest.mark.parametrize("name", TRIGGERS)
def test_trigger_matches_dozens_now_and_others_within_the_hour(
    shop_as_audience: Connection, now: datetime, name: str
):
    rows = run(shop_as_audience, f"triggers/{name}", now)
    later = run(shop_as_audience, f"triggers/{name}", now + timedelta(hours=1))
    assert 24 <= len(rows) < 1000
    assert len(users(later) - users(rows)) > 5


def test_price_drop_tells_the_saving(shop_as_audience: Connection, now: datetime):
    rows = run(shop_as_audience, "triggers/price_drop", now, min_drop_percent=20)
    assert rows
    for row in rows:
        assert row.new_price <= row.old_price * 0.8
        assert row.drop_percent == 100 * (row.old_price - row.new_price) // row.old_price
        assert row.path.startswith("/")
    assert users(rows) < users(run(shop_as_audience, "triggers/price_drop", now))


def test_price_drop_leaves_out_whoever_bought_it(shop_engine: Any, now: datetime):
    with shop_engine.connect() as conn:
        row = run(conn, "triggers/price_drop", now)[0]
        conn.execute(
            text("""
                WITH bought AS (
                    INSERT INTO shop.customer_order (customer_id, ordered_at, pieces, total)
                    VALUES (:user_id, CAST(:now AS timestamptz) - interval '1 minute', 1, :price)
                    RETURNING order_id
                )
                INSERT INTO shop.order_line
                SELECT bought.order_id, row_number() OVER (), product.product_id, 1, :price
                FROM bought CROSS JOIN shop.product WHERE product.title = :title
            """),
            {"user_id": row.user_id, "now": now, "price": row.new_price, "title": row.product},
        )
        after = {r.user_id: r for r in run(conn, "triggers/price_drop", now)}
        conn.rollback()
    assert row.user_id not in after or after[row.user_id].product != row.product


def test_abandoned_cart_waits_for_the_idle_time(shop_as_audience: Connection, now: datetime):
    soon = users(run(shop_as_audience, "triggers/abandoned_cart", now, idle_minutes=30))
    late = users(run(shop_as_audience, "triggers/abandoned_cart", now, idle_minutes=180))
    assert late < soon


def test_birthday_of_29_february_is_on_the_28th_in_other_years(shop_engine: Any):
    with shop_engine.connect() as conn:
        conn.execute(text("UPDATE shop.customer SET birthday = NULL"))
        conn.execute(text("UPDATE shop.customer SET birthday = '2000-02-29' WHERE customer_id = 9"))
        erased = conn.scalar(text("SELECT erased_at FROM shop.customer WHERE customer_id = 9"))

        def celebrate(year: int, month: int, day: int) -> set[int]:
            return users(
                run(conn, "audiences/birthdays", datetime(year, month, day, 5, tzinfo=UTC))
            )

        found = [
            celebrate(2027, 2, 28), celebrate(2027, 3, 1), celebrate(2028, 2, 28),
            celebrate(2028, 2, 29),
        ]  # fmt: skip
        conn.rollback()
    assert erased is None
    assert found == [{9}, set(), set(), {9}]


def test_city_goes_by_the_name_in_any_language(shop_as_audience: Connection, now: datetime):
    names = ("Aktau", "Актау", "Ақтау")
    found = [
        users(run(shop_as_audience, "audiences/lives_in_city", now, city=name)) for name in names
    ]
    assert found[0] == found[1] == found[2] != set()


def test_categories_part_buyers(shop_as_audience: Connection, now: datetime):
    music = users(run(shop_as_audience, "audiences/buyers_of_category", now, category="music"))
    school = users(run(shop_as_audience, "audiences/buyers_of_category", now, category="school"))
    assert len(music) > len(school) > 0


def test_old_versions_are_compared_by_number(shop_as_audience: Connection, now: datetime):
    rows = run(shop_as_audience, "audiences/old_app_version", now, below="5.10.0")
    assert {row.app_version for row in rows} >= {"4.9.7", "5.4.1"}


def test_consent_audience_follows_the_latest_answer(shop_as_audience: Connection, now: datetime):
    found = users(run(shop_as_audience, "audiences/everyone_with_consent", now))
    latest = shop_as_audience.execute(
        text("""
            SELECT customer_id, (array_agg(granted ORDER BY changed_at DESC))[1] AS granted
            FROM shop.consent_change WHERE purpose = 'marketing' GROUP BY customer_id
        """)
    ).all()
    assert found == {row.customer_id for row in latest if row.granted}
