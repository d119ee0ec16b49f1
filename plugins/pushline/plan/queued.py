"""What a brief has in the queue: told before its approval is taken back, and after.

Nothing of a run leaves without the live approval of its version: the queue asks at each claim and
each begin. So taking an approval back stops what is queued, and giving it again lets it go on.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Engine

from pushline.brief.approval import withdraw_approval
from pushline.brief.versions import Brief
from pushline.database.engine import transaction
from pushline.database.sql import Query
from pushline.send_queue.pause import Left, count_left, look_what_left_of

LIST_LIVE_RUNS = Query("plan/list_live_runs")


def look_at_queue(conn: Connection, brief_id: int, now: datetime) -> Left:
    """Count what has left of a brief's runs that are not over, and what waits; holds nobody up."""
    rows = LIST_LIVE_RUNS.all(conn, brief_id=brief_id, now=now)
    return look_what_left_of(conn, now, [row.run_id for row in rows])


def count_stopped(engine: Engine, brief_id: int, now: datetime) -> Left:
    """Count what had left when a withdrawal that is committed took hold; nothing leaves after it.

    Waits for the begins that were on their way.
    """
    with engine.connect() as conn:
        rows = LIST_LIVE_RUNS.all(conn, brief_id=brief_id, now=now)
    return _add(count_left(engine, now, run_id=row.run_id) for row in rows)


def take_approval_back(
    owner: Engine, planner: Engine, code: str, *, by: str, now: datetime
) -> tuple[Brief, Left]:
    """Take a brief's approval back, in a transaction of its own, and count what that stopped."""
    with transaction(owner) as conn:
        brief = withdraw_approval(conn, code, by=by, now=now)
    return brief, count_stopped(planner, brief.brief_id, now)


def _add(parts: Iterable[Left]) -> Left:
    found = list(parts)
    return Left(sum(it.left_already for it in found), sum(it.waiting for it in found))
