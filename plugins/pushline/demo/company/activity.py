"""Keeps the demo company alive: plays the minutes that have passed, and tells its past pushes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from pushline.database.sql import Query
from pushline.demo.company.load import LOCK_DEMO

LONGEST_PLAY = timedelta(hours=6)

GET_DEMO_STATE = Query("demo/get_demo_state")
SET_REFRESHED_UNTIL = Query("demo/set_refreshed_until")
PLAY_REGISTRATIONS = Query("demo/play_registrations")
PLAY_VIEWS = Query("demo/play_views")
PLAY_CARTS = Query("demo/play_carts")
PLAY_ORDERS = Query("demo/play_orders")
PLAY_PRICES = Query("demo/play_prices")
PLAY_CONSENTS = Query("demo/play_consents")
TOUCH_INSTALLATIONS = Query("demo/touch_installations")
EMPTY_OLD_CARTS = Query("demo/empty_old_carts")
DROP_OLD_VIEWS = Query("demo/drop_old_views")
LIST_PAST_PUSHES = Query("demo/list_past_pushes")


class Activity(NamedTuple):
    """What was played: numbers of new rows, and from when to when."""

    since: datetime
    until: datetime
    registrations: int
    views: int
    carts: int
    orders: int
    prices: int
    consents: int


class PastPush(NamedTuple):
    """A push of the company's former tool; `opened_at` is None when it was not opened."""

    user_id: int
    sent_at: datetime
    campaign_code: str
    opened_at: datetime | None


def refresh(engine: Engine, now: datetime) -> Activity:
    """Play the whole minutes from the last refresh to `now`, at most the last six hours of them.

    Each minute brings views, carts and orders, now and then a changed price, a changed consent, a
    new person. The seed and the minute decide what happens, so the same shop refreshed at the same
    moments gets the same rows. Counts are rows of the last table written: lines, views, installs.
    """
    until = now.replace(second=0, microsecond=0)
    with engine.begin() as conn:
        LOCK_DEMO.execute(conn)
        state = GET_DEMO_STATE.one(conn)
        since = max(state.refreshed_until, until - LONGEST_PLAY)
        if since >= until:
            return Activity(since, since, 0, 0, 0, 0, 0, 0)
        span = {"seed": state.seed, "since": since, "until": until}
        played = Activity(
            since,
            until,
            registrations=PLAY_REGISTRATIONS.execute(conn, **span),
            views=PLAY_VIEWS.execute(conn, **span),
            carts=PLAY_CARTS.execute(conn, **span),
            orders=PLAY_ORDERS.execute(conn, **span),
            prices=PLAY_PRICES.execute(conn, **span),
            consents=PLAY_CONSENTS.execute(conn, **span),
        )
        TOUCH_INSTALLATIONS.execute(conn, since=since)
        EMPTY_OLD_CARTS.execute(conn, until=until)
        DROP_OLD_VIEWS.execute(conn, until=until)
        SET_REFRESHED_UNTIL.execute(conn, until=until)
    return played


def past_pushes(conn: Connection, since: datetime) -> Iterator[PastPush]:
    """Pushes of the former tool sent at or after `since`, oldest first; it kept 60 days."""
    for row in LIST_PAST_PUSHES.run(conn, since=since):
        yield PastPush(row.user_id, row.sent_at, row.campaign_code, row.opened_at)
