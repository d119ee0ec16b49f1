"""Fills the schema of the demo company: drafts by COPY, everything else set-based in SQL."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine

from pushline.database.sql import Query
from pushline.demo.company import catalogue, people

SEED = 19970101
BLOCK = 25_970  # 23,570 CDNOW people, 900 newcomers, 1,500 registered without an order

Progress = Callable[[str, int], None]

SET_LOAD_MEMORY = Query("demo/set_load_memory")
IS_SEEDED = Query("demo/is_seeded")
LOCK_DEMO = Query("demo/lock_demo")
CREATE_SHOP = Query("demo/create_shop")
CREATE_DRAFTS = Query("demo/create_drafts")
ANALYZE_DRAFTS = Query("demo/analyze_drafts")
DRAFT_PEOPLE = Query("demo/draft_people")
ADD_ORDERS = Query("demo/add_orders")
ADD_ORDER_LINES = Query("demo/add_order_lines")
ADD_CUSTOMERS = Query("demo/add_customers")
ADD_PRICES = Query("demo/add_prices")
ADD_PAST_CARTS = Query("demo/add_past_carts")
ADD_OPEN_CARTS = Query("demo/add_open_carts")
ADD_VIEWS = Query("demo/add_views")
ADD_INSTALLATIONS = Query("demo/add_installations")
ADD_CONSENTS = Query("demo/add_consents")
ADD_PAST_CAMPAIGNS = Query("demo/add_past_campaigns")
ADD_PAST_PUSHES = Query("demo/add_past_pushes")
INDEX_SHOP = Query("demo/index_shop")
GRANT_SHOP = Query("demo/grant_shop")
ANALYZE_SHOP = Query("demo/analyze_shop")
ADD_DEMO_STATE = Query("demo/add_demo_state")


def _silent(_step: str, _rows: int) -> None:
    """Report to nobody."""


def is_seeded(conn: Connection) -> bool:
    """Whether the demo company is there."""
    return bool(IS_SEEDED.scalar(conn))


def seed(engine: Engine, now: datetime, *, seed: int = SEED, progress: Progress = _silent) -> bool:
    """Create schema shop and fill it: 25,970 people around the real orders of 23,570.

    The same seed and `now` give the same rows. One transaction: the company is there whole or not
    at all. A company that is there already is left as it is; returns whether it was made.
    """
    return _build(engine, now, seed, BLOCK, progress, with_pushes=True)


def grow(
    engine: Engine,
    users: int,
    now: datetime,
    *,
    seed: int = SEED,
    with_pushes: bool = False,
    progress: Progress = _silent,
) -> bool:
    """Create the same company with `users` people, for benches: further blocks replay CDNOW.

    A company that is there already is left as it is; returns whether it was made.
    """
    return _build(engine, now, seed, users, progress, with_pushes=with_pushes)


def _build(
    engine: Engine, now: datetime, seed: int, users: int, progress: Progress, *, with_pushes: bool
) -> bool:
    with engine.begin() as conn:
        LOCK_DEMO.execute(conn)
        if is_seeded(conn):
            return False
        SET_LOAD_MEMORY.execute(conn)
        CREATE_SHOP.execute(conn)
        CREATE_DRAFTS.execute(conn)
        progress("catalogue", _copy_catalogue(conn))
        progress("names and CDNOW orders", _copy_drafts(conn, seed))
        DRAFT_PEOPLE.execute(conn, seed=seed, now=now, users=users)
        _fill(conn, now, seed, users, progress, with_pushes=with_pushes)
        INDEX_SHOP.execute(conn)
        GRANT_SHOP.execute(conn)
        ADD_DEMO_STATE.execute(conn, seed=seed, now=now)
        ANALYZE_SHOP.execute(conn)
        progress("keys and indexes", 0)
    return True


def _fill(
    conn: Connection,
    now: datetime,
    seed: int,
    users: int,
    progress: Progress,
    *,
    with_pushes: bool,
) -> None:
    dice: dict[str, Any] = {"seed": seed, "now": now}
    progress("orders", ADD_ORDERS.execute(conn, **dice))
    ANALYZE_DRAFTS.execute(conn)
    progress("order lines", ADD_ORDER_LINES.execute(conn, seed=seed))
    customers = ADD_CUSTOMERS.execute(
        conn, **dice, city_shares=catalogue.city_shares(), names=people.NAMES_PER_POOL
    )
    progress("customers", customers)
    progress("prices", ADD_PRICES.execute(conn, **dice))
    progress("past carts", ADD_PAST_CARTS.execute(conn, now=now))
    progress("open carts", ADD_OPEN_CARTS.execute(conn, **dice))
    ANALYZE_SHOP.execute(conn)  # Nobody else does before the commit, and guesses cost minutes.
    progress("product views", ADD_VIEWS.execute(conn, **dice))
    progress("app installs", ADD_INSTALLATIONS.execute(conn, **dice, users=users))
    progress("consents", ADD_CONSENTS.execute(conn, **dice))
    if with_pushes:
        ADD_PAST_CAMPAIGNS.execute(conn, **dice)
        ANALYZE_SHOP.execute(conn)
        progress("past pushes", ADD_PAST_PUSHES.execute(conn, **dice))


def _copy_catalogue(conn: Connection) -> int:
    copied = _copy(
        conn,
        "shop.city",
        ("city_id", "country", "time_zone", "name_en", "name_ru", "name_kk"),
        catalogue.city_rows(),
    )
    copied += _copy(
        conn,
        "shop.category",
        ("category_id", "code", "name_en", "name_ru", "name_kk"),
        catalogue.category_rows(),
    )
    return copied + _copy(
        conn,
        "shop.product",
        ("product_id", "category_id", "title", "url_path", "list_price"),
        catalogue.product_rows(),
    )


def _copy_drafts(conn: Connection, seed: int) -> int:
    copied = _copy(
        conn,
        "draft_order",
        ("order_row", "cdnow_id", "day", "pieces", "dollars"),
        people.cdnow_orders(),
    )
    return copied + _copy(
        conn,
        "draft_name",
        ("origin", "gender", "position", "first_name", "last_name"),
        people.name_pool(seed),
    )


def _copy(
    conn: Connection, table: str, columns: Iterable[str], rows: Iterable[tuple[Any, ...]]
) -> int:
    driver = conn.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("expected psycopg")
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    copied = 0
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            copied += 1
    return copied
