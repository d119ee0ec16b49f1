"""The calendar's routes: what goes out on which day, and what moving one would mean."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, status
from sqlalchemy import Connection, Row

from pushline.brief.notes import find_holiday
from pushline.brief.sheet_checks import check_cells, keep_problem
from pushline.brief.sheet_rows import get_record
from pushline.brief.sheet_store import SheetRecord
from pushline.brief.slots import MOST_SLOTS, Calendar, Collision, PlannedRow, Slot, make_calendar
from pushline.brief.status import APPROVED, LABELS, WRITABLE
from pushline.desk import Desk, open_desk
from pushline.policy import load_policy
from pushline.report.funnel import list_runs
from pushline.web.asked import Code, Day, Named
from pushline.web.auth import CAMPAIGNS
from pushline.web.context import Language, reading, say, writing
from pushline.web.guard import Asking, Person, requires
from pushline.web.sheet_view import ENDED, show_moment, show_problem
from pushline.web.stops import show_stops

router = APIRouter(prefix="/api/calendar", dependencies=[Depends(requires("GET", CAMPAIGNS))])

# A month with the weeks at both of its ends, twice.
MOST_DAYS = 92
# Columns whose verdict depends on when a brief is sent.
TIME_COLUMNS = frozenset(
    ("send_at", "repeat", "promo_start", "promo_end", "ttl_hours", "local_time")
)
# A run of the first or the last zone on earth begins on another day by the project's clock.
_MARGIN = timedelta(days=2)


@router.get("")
def get_calendar(
    person: Asking,
    language: Language,
    first: Annotated[Day, Query(alias="from")],
    after: Annotated[Day, Query(alias="to")],
) -> dict[str, Any]:
    """Return the occasions from a day up to another, which is not included, on the wall clock."""
    if not timedelta(0) < after - first <= timedelta(days=MOST_DAYS):
        sentence = say(language, "calendar.span", days=MOST_DAYS)
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, sentence)
    now = datetime.now(UTC)
    with writing(to_show=True) as conn:
        desk = open_desk(conn, now)
        _, records = desk.read_sheet(conn, now=now)
        gap = load_policy(conn, now).minimum_gap
        stops = show_stops(conn, person, desk.rules.zone, now)
        ended = _find_ended(conn, first, after)
    rows = [PlannedRow(it.code, it.status, it.cells) for it in records]
    calendar = make_calendar(rows, desk.rules, first=first, after=after, minimum_gap=gap)
    by_code = {record.code: record for record in records}
    zone, quiet = desk.rules.zone, desk.rules.quiet_hours
    return {
        "zone": zone.key,
        "offset": now.astimezone(zone).isoformat(timespec="minutes")[-len("+05:00") :],
        "now": show_moment(now, zone),
        "quiet": {"from": f"{quiet[0]:%H:%M}", "until": f"{quiet[1]:%H:%M}"} if quiet else None,
        "holidays": _list_holidays(desk, first, after, language),
        "entries": [
            _show_slot(
                slot,
                by_code[slot.code],
                ended.get((slot.code, slot.at)),
                calendar.collisions.get(place, ()),
                person,
                language,
                gap,
            )
            for place, slot in enumerate(calendar.slots)
        ],
        "unplaced": _show_unplaced(calendar, language),
        "left_off": calendar.left_off,
        "stops": stops,
    }


@router.get("/check")
def check_move(code: Code, send_at: Named, language: Language) -> dict[str, Any]:
    """Say what moving a brief to another time would mean; nothing is saved.

    is_refused: the row would be red because of its times.
    """
    now = datetime.now(UTC)
    with reading() as conn:
        desk = open_desk(conn, now)
        record = get_record(conn, code)
    cells = {**record.cells, "send_at": send_at[:40]}
    checked = check_cells(cells, desk.sheet_rules, now, record.status)
    found = [it for it in checked.problems if it.column in TIME_COLUMNS]
    return {
        "problems": [show_problem(keep_problem(it), language) for it in found],
        "is_refused": any(it.severity == "error" for it in found),
        "takes_approval": record.status in APPROVED,
    }


def may_move(record: SheetRecord, person: Person) -> bool:
    """Tell whether this person may change when a brief is sent, as its status stands."""
    return "marketing" in person.groups and record.status in (*WRITABLE, *APPROVED)


def name_end(run: Row[Any], language: str) -> str:
    """Return the word for a run that was stopped or came too late, as the sheet says it."""
    return say(language, f"shell.status_{ENDED[run.stage]}")


def tell_how_far(run: Row[Any], language: str) -> str:
    """Tell how much of a run that was stopped or came too late had left."""
    left = run.accepted + run.rejected + run.unknown + run.claimed
    if not left:
        return say(language, "calendar.none_had_left")
    return say(language, "calendar.had_left", left=left, whole=run.enqueued)


def _find_ended(conn: Connection, first: date, after: date) -> dict[tuple[str, datetime], Row[Any]]:
    """Return the runs of briefs that were stopped or came too late, by brief and occasion."""
    # Not every day that can be asked for has an instant around it.
    if not date(1970, 1, 5) <= first < after <= date(9999, 12, 1):
        return {}
    found = list_runs(
        conn,
        statuses=list(ENDED),
        occasion_from=datetime.combine(first, time(), UTC) - _MARGIN,
        occasion_until=datetime.combine(after, time(), UTC) + _MARGIN,
        source_kind="brief",
        most=MOST_SLOTS,
    )
    return {(run.campaign_code, run.occasion): run for run in found}


def _show_slot(
    slot: Slot,
    record: SheetRecord,
    run: Row[Any] | None,
    collisions: Sequence[Collision],
    person: Person,
    language: str,
    gap: timedelta | None,
) -> dict[str, Any]:
    return {
        "code": slot.code,
        "idea": slot.idea,
        "status": ENDED[run.stage] if run else slot.status,
        "status_label": name_end(run, language) if run else LABELS[slot.status].text(language),
        "how_far": tell_how_far(run, language) if run else "",
        "lane": slot.lane,
        "shown": slot.shown.isoformat(timespec="minutes"),
        "send_at": slot.send_at.isoformat(timespec="minutes"),
        "base": record.revisions.get("send_at", 0),
        "is_local_time": slot.is_local_time,
        "is_repeat": slot.is_repeat,
        "is_quiet": slot.is_quiet,
        # What leaves or has left cannot be mended any more.
        "is_good": record.is_good or run is not None or slot.status not in (*WRITABLE, *APPROVED),
        "holiday": slot.holiday[language] if slot.holiday else None,
        "audiences": sorted(slot.audiences),
        "may_move": may_move(record, person),
        "takes_approval": slot.status in APPROVED,
        "collisions": [
            {
                "code": it.code,
                "is_audience": "audience" in it.kinds,
                "sentence": _describe(it, slot, language, gap),
            }
            for it in collisions
        ],
    }


def _describe(collision: Collision, slot: Slot, language: str, gap: timedelta | None) -> str:
    is_same_day = collision.shown.date() == slot.shown.date()
    words = {
        "code": collision.code,
        "when": f"{collision.shown:%H:%M}" if is_same_day else f"{collision.shown:%m-%d %H:%M}",
        "audiences": ", ".join(collision.audiences),
        "minutes": int((gap or timedelta(0)) / timedelta(minutes=1)),
    }
    key = "both" if len(collision.kinds) > 1 else collision.kinds[0]
    return say(language, f"calendar.collision_{key}", **words)


def _show_unplaced(calendar: Calendar, language: str) -> list[Mapping[str, Any]]:
    live = [brief for brief in calendar.unplaced if brief.status in WRITABLE]
    return [
        {
            "code": brief.code,
            "idea": brief.idea,
            "status_label": LABELS[brief.status].text(language),
            "sentence": say(
                language, "calendar.time_unreadable" if brief.is_unreadable else "calendar.no_time"
            ),
        }
        for brief in live
    ]


def _list_holidays(desk: Desk, first: date, after: date, language: str) -> dict[str, str]:
    days = (first + timedelta(days=number) for number in range((after - first).days))
    found = {day.isoformat(): find_holiday(day, desk.rules.holidays) for day in days}
    return {day: names[language] for day, names in found.items() if names}
