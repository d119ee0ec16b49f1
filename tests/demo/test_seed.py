"""The same seed and moment give the same shop; a second call keeps what is there."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, text

from pushline.demo.company import BLOCK, SEED, grow, refresh, seed
from tests.demo.shop_laws import LAWS

TABLES = text("""
    SELECT table_name FROM information_schema.tables WHERE table_schema = 'shop' ORDER BY 1
""")


def digests(conn: Connection) -> dict[str, str]:
    """A digest of all rows of each table, in any order."""
    return {
        table: conn.scalar(
            text(f"SELECT sum(hashtextextended(CAST(r AS text), 0)) FROM shop.{table} AS r")  # noqa: S608
        )
        for table in conn.scalars(TABLES).all()
    }


def test_same_seed_and_moment_give_the_same_rows(
    committed_db: Engine, shop: Connection, now: datetime
):
    steps: list[tuple[str, int]] = []
    assert seed(committed_db, now, seed=SEED, progress=lambda *step: steps.append(step))
    with committed_db.connect() as conn:
        mine = digests(conn)
    assert mine == digests(shop)
    assert len(mine) == 15
    assert dict(steps)["customers"] == BLOCK
    assert dict(steps)["orders"] > 69_659


def test_another_seed_gives_other_people(committed_db: Engine, shop: Connection, now: datetime):
    assert grow(committed_db, 1000, now, seed=SEED + 1)
    names = text("""
        SELECT first_name, last_name, city_id FROM shop.customer
        WHERE customer_id <= 1000 ORDER BY customer_id
    """)
    with committed_db.connect() as conn:
        others = conn.execute(names).all()
    mine = shop.execute(names).all()
    assert len(others) == len(mine) == 1000
    assert sum(one == other for one, other in zip(mine, others, strict=True)) < 20


def test_second_call_keeps_the_data(clone_shop: Callable[[], Engine], now: datetime):
    engine = clone_shop()
    with engine.begin() as conn:
        conn.execute(text("UPDATE shop.customer SET first_name = 'Kept' WHERE customer_id = 1"))
    assert not seed(engine, now + timedelta(days=3))
    with engine.connect() as conn:
        name = conn.scalar(text("SELECT first_name FROM shop.customer WHERE customer_id = 1"))
    assert name == "Kept"


def test_grown_shop_keeps_the_same_laws(committed_db: Engine, now: datetime):
    users = BLOCK + 2000
    assert grow(committed_db, users, now)
    with committed_db.connect() as conn:
        assert conn.scalar(text("SELECT count(*) FROM shop.customer")) == users
        for law, statement in LAWS.items():
            parameters = {"now": now} if ":now" in statement else {}
            assert conn.execute(text(f"{statement} LIMIT 5"), parameters).all() == [], law


def test_refresh_plays_the_minutes_since(clone_shop: Callable[[], Engine], now: datetime):
    engine = clone_shop()
    later = now + timedelta(minutes=45)
    activity = refresh(engine, later)
    assert (activity.since, activity.until) == (now, later)
    assert activity.views > 400
    assert activity.carts > 50
    assert min(activity.orders, activity.prices, activity.consents, activity.registrations) > 0
    with engine.connect() as conn:
        for law, statement in LAWS.items():
            parameters = {"now": later} if ":now" in statement else {}
            assert conn.execute(text(f"{statement} LIMIT 5"), parameters).all() == [], law
        fresh = conn.scalar(
            text("SELECT count(*) FROM shop.installation WHERE updated_at > :now"), {"now": now}
        )
    assert fresh > 100


def test_refresh_within_the_same_minute_plays_nothing(
    clone_shop: Callable[[], Engine], now: datetime
):
    engine = clone_shop()
    refresh(engine, now + timedelta(minutes=5))
    activity = refresh(engine, now + timedelta(minutes=5, seconds=59))
    assert activity.views == activity.carts == activity.orders == 0


def test_refresh_at_the_same_moments_plays_the_same(
    clone_shop: Callable[[], Engine], now: datetime
):
    engines = clone_shop(), clone_shop()
    for minutes in (5, 10, 31):
        played = [refresh(engine, now + timedelta(minutes=minutes)) for engine in engines]
        assert played[0] == played[1]
    found = []
    for engine in engines:
        with engine.connect() as conn:
            found.append(digests(conn))
    assert found[0] == found[1]


@pytest.mark.parametrize("away", [timedelta(days=2), timedelta(days=30)])
def test_refresh_after_a_pause_plays_the_last_six_hours(
    clone_shop: Callable[[], Engine], now: datetime, away: timedelta
):
    activity = refresh(clone_shop(), now + away)
    assert activity.until - activity.since == timedelta(hours=6)
    assert activity.views > 3000
