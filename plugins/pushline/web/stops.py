"""What is stopped now, for every open page: a pause that others cannot see looks like a fault."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from pushline.database.sql import Query
from pushline.send_queue.status import LIST_PAUSES
from pushline.web.guard import Person
from pushline.web.sheet_view import show_moment

LIST_UNAPPROVED_QUEUES = Query("send_queue/list_unapproved_queues")


def show_stops(
    conn: Connection, person: Person, zone: ZoneInfo, now: datetime
) -> list[dict[str, Any]]:
    """Return what keeps pushes back: pauses, and briefs that wait for another approval.

    scope: all, lane, run or brief. may_resume: whether this person may let it go on here.
    """
    pauses = [
        {
            "scope": row.scope,
            "lane": row.lane,
            "run_id": row.run_id,
            "title": row.title,
            "by": row.paused_by,
            "at": show_moment(row.paused_at, zone),
            "may_resume": person.may_stop_sending,
        }
        for row in LIST_PAUSES.all(conn)
    ]
    briefs = [
        {"scope": "brief", "code": row.campaign_code, "waiting": row.waiting, "may_resume": False}
        for row in LIST_UNAPPROVED_QUEUES.all(conn, now=now)
    ]
    return pauses + briefs
