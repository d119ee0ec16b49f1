"""Which rows wait for somebody's approval, and for how long that can still be given."""

import datetime as dt
from zoneinfo import ZoneInfo

from pushline.brief.occasions import resolve_local, start_of_day_after
from pushline.brief.sheet_store import SheetRecord

# A series without an end can be approved at any time.
NEVER = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)


def wrote(record: SheetRecord, name: str) -> bool:
    """Tell whether somebody is an editor of a row's version, however their name is written."""
    return name.strip().lower() in {editor.strip().lower() for editor in record.edited_by}


def waits_until(
    record: SheetRecord, by: str, zone: ZoneInfo, now: dt.datetime
) -> dt.datetime | None:
    """Return until when an approver can say yes to a row that waits for them; None if it does not.

    It waits for those who wrote none of it, as long as it is saved as it stands, without errors,
    and its time of sending is ahead.
    """
    if record.status != "audience_ready" or not (record.is_in_step and record.is_good):
        return None
    send_at, last_day = record.content.get("send_at"), record.content.get("promo_end")
    if wrote(record, by) or not send_at:
        return None
    if not record.content.get("repeat"):
        until = resolve_local(dt.datetime.fromisoformat(send_at), zone)
    elif last_day:
        until = start_of_day_after(dt.date.fromisoformat(last_day), zone)
    else:
        until = NEVER
    return until if until > now else None
