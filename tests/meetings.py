"""Two transactions that meet: the second begins while the first is open, whoever has to wait."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

_WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def meet(
    engine: Engine,
    first: Callable[[Connection], Any],
    second: Callable[[], Any],
    then: Callable[[Connection], Any] = lambda conn: None,
) -> tuple[Any, Any]:
    """Return (what the first gave, what the second gave or raised).

    second begins when first is done but not committed, and runs to its end or until it waits for
    a lock; then first does `then` and commits. The server itself says that somebody waits.
    """
    with ThreadPoolExecutor(1) as pool:
        with engine.connect() as conn, conn.begin():
            given = first(conn)
            future: Future[Any] = pool.submit(second)
            _wait_until_it_waits(engine, future)
            then(conn)
        error = future.exception()
        return given, error or future.result()


def _wait_until_it_waits(engine: Engine, future: Future[Any]) -> None:
    with engine.connect() as conn:
        for _ in range(200_000):
            waiting = conn.execute(text(_WAITING)).scalar_one()
            conn.rollback()
            if waiting or future.done():
                return
    pytest.fail("the second neither came to its end nor to a lock")
