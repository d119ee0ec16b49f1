"""An approval that comes again after the time of sending: until when its brief can still go on.

Taken back in the middle of planning, an approval is missing when the clock has passed the brief's
hour. Nothing of the brief may be changed then, so a later hour cannot be asked for.
"""

import datetime as dt

from sqlalchemy import Connection

from pushline.brief.content import restore_row
from pushline.brief.occasions import LOOK_BACK, find_deadline, list_occasions
from pushline.brief.sheet_store import SheetRecord, SheetRules
from pushline.database.sql import Query

WAS_APPROVED = Query("brief/was_approved")

# What is wrong with a row for no other reason than that its hour came.
TIMES = frozenset({"send_in_past", "repeat_no_future"})
# What may have been approved before it was checked: its series has begun, and goes on.
STRICTER = frozenset({"send_not_in_repeat"})


def was_approved(conn: Connection, record: SheetRecord) -> bool:
    """Tell whether exactly this version was approved once, and that was taken back."""
    found: bool = WAS_APPROVED.scalar(
        conn,
        brief_id=record.brief_id,
        version=record.version,
        content_hash=record.content_hash,
    )
    return found


def latest_deadline(record: SheetRecord, parts: SheetRules, now: dt.datetime) -> dt.datetime | None:
    """Return until when the latest occasion that has come may leave; None when none has come."""
    row, zone = restore_row(record.content, {}), parts.rules.zone
    if row.send_at is None or row.ttl_hours is None:
        return None
    came = list_occasions(
        row.send_at,
        row.repeat,
        zone,
        after=now - LOOK_BACK,
        until=now,
        local_time=bool(row.local_time),
        last_day=row.promo_end,
    )
    if not came:
        return None
    ttl = dt.timedelta(hours=row.ttl_hours)
    return find_deadline(
        came[-1], ttl, zone, local_time=bool(row.local_time), last_day=row.promo_end
    )
