"""The sheet's routes: read it, save cells, make rows, ask what changed, check without saving."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from pushline.brief.notes import HolidayNames
from pushline.brief.sheet_checks import check_cells, keep_problem
from pushline.brief.sheet_rows import CellChange, get_record
from pushline.brief.sheet_store import list_records
from pushline.brief.status import LABELS, STATUSES, Status
from pushline.brief.utm_twins import (
    find_twin,
    find_twins,
    list_touched,
    tell_twin,
    twins_among,
)
from pushline.desk import open_desk
from pushline.message.utm import tag_link
from pushline.model import LANGUAGES
from pushline.plan.due import UTM_SOURCE, VARIANT_NAMES
from pushline.web import live
from pushline.web.asked import Code, Count, Key, Named, Text, Typed
from pushline.web.auth import AUDIENCES, CAMPAIGNS
from pushline.web.context import Language, reading, writing
from pushline.web.guard import Asking, requires
from pushline.web.sheet_view import (
    Viewer,
    show_columns,
    show_me,
    show_moment,
    show_problem,
    show_rows,
    show_saved,
)
from pushline.web.stops import show_stops

router = APIRouter(prefix="/api", dependencies=[Depends(requires("GET", CAMPAIGNS))])
_writes = [Depends(requires("PUT", CAMPAIGNS, AUDIENCES))]

Mark = Annotated[str, Query(max_length=40)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OneChange(_Body):
    """A cell as somebody typed it, and the revision that they saw."""

    code: Named
    column: Named
    value: Typed
    base: int = 0


class Changes(_Body):
    """Cells to save together."""

    changes: Annotated[list[OneChange], Field(max_length=20_000)]
    returns_approval: bool = False


class NewRows(_Body):
    """Rows to make: so many empty ones, a copy of one, or with these cells.

    keys: the page's own name for each row; asking again under it makes no second row.
    """

    count: Annotated[int, Field(ge=1, le=500)] = 1
    copy_of: Code | None = None
    cells: Annotated[list[dict[Key, Text]], Field(max_length=500)] | None = None
    keys: Annotated[list[UUID], Field(max_length=500)] = Field(default_factory=list)


class Cells(_Body):
    """Cells to check; code: the row that they stand in."""

    code: Code | None = None
    cells: dict[Key, Text]


@router.get("/sheet")
def get_sheet(person: Asking, language: Language) -> dict[str, Any]:
    """Return the whole sheet: rows, columns, rights, and what holds."""
    now = datetime.now(UTC)
    # Before the rows: what changes in between is told again, never not at all.
    numbers = live.look(now)
    with writing(to_show=True) as conn:
        desk = open_desk(conn, now)
        revision, records = desk.read_sheet(conn, now=now)
        viewer = Viewer(person, language, desk.rules.zone, now)
        rows = show_rows(records, viewer, twins_among(records))
        stops = show_stops(conn, person, desk.rules.zone, now)
    rules = desk.rules
    quiet = rules.quiet_hours
    return {
        "revision": revision,
        "numbers": {"mark": numbers.mark, "as_of": numbers.as_of.isoformat()},
        "zone": rules.zone.key,
        "now": show_moment(now, rules.zone),
        "me": show_me(person),
        "columns": show_columns(desk, person, language),
        "languages": list(LANGUAGES),
        "statuses": [{"key": key, "label": LABELS[key].text(language)} for key in STATUSES],
        "quiet": {"from": f"{quiet[0]:%H:%M}", "until": f"{quiet[1]:%H:%M}"} if quiet else None,
        "holidays": _list_holidays(rules.holidays, now.astimezone(rules.zone).year, language),
        "stops": stops,
        "rows": rows,
    }


@router.get("/changes")
def get_changes(
    person: Asking, language: Language, since: Count, seen: Mark = ""
) -> dict[str, Any]:
    """Return the rows that changed since a revision, and the revision to ask from next.

    seen: the mark of the numbers that the page shows; those that differ come with a new mark.
    """
    now = datetime.now(UTC)
    with writing(to_show=True) as conn:
        desk = open_desk(conn, now)
        revision, records = desk.read_sheet(conn, now=now, since=since)
        # Another row may have lost its twin by it, or have one now.
        touched = list_touched(conn, records, since)
        if touched:
            records = [*records, *list_records(conn, codes=touched)]
        viewer = Viewer(person, language, desk.rules.zone, now)
        rows = show_rows(records, viewer, find_twins(conn, records))
        stops = show_stops(conn, person, desk.rules.zone, now)
    return {
        "revision": revision,
        "rows": rows,
        "stops": stops,
        "numbers": _show_news(seen, desk.rules.zone, now),
    }


@router.post("/cells", dependencies=_writes)
def save_cells(body: Changes, person: Asking, language: Language) -> dict[str, Any]:
    """Save cells; what was not taken comes back with its reason."""
    now = datetime.now(UTC)
    changes = [CellChange(it.code, it.column, it.value, it.base) for it in body.changes]
    with writing() as conn:
        desk = open_desk(conn, now)
        saved = desk.save_cells(
            conn,
            changes,
            by=person.name,
            groups=person.groups,
            returns_approval=body.returns_approval,
            now=now,
        )
        return show_saved(conn, saved, Viewer(person, language, desk.rules.zone, now))


@router.post("/rows", dependencies=[Depends(requires("PUT", CAMPAIGNS))])
def create_rows(body: NewRows, person: Asking, language: Language) -> dict[str, Any]:
    """Make rows; their codes are given now and for ever."""
    now = datetime.now(UTC)
    with writing() as conn:
        desk = open_desk(conn, now)
        keys = [str(key) for key in body.keys]
        if body.copy_of:
            saved = desk.copy_row(conn, body.copy_of, by=person.name, now=now, keys=keys)
        else:
            rows = body.cells if body.cells is not None else [{}] * (len(keys) or body.count)
            saved = desk.create_rows(
                conn, rows, by=person.name, now=now, keys=keys, groups=person.groups
            )
        return show_saved(conn, saved, Viewer(person, language, desk.rules.zone, now))


@router.post("/check")
def check(body: Cells, language: Language) -> dict[str, Any]:
    """Say what is wrong with cells, and where their links will lead; nothing is saved."""
    now = datetime.now(UTC)
    with reading() as conn:
        desk = open_desk(conn, now)
        standing: Status = get_record(conn, body.code).status if body.code else "idea"
        twin = find_twin(conn, body.cells, body.code)
    checked = check_cells(body.cells, desk.sheet_rules, now, standing)
    row = checked.row
    links = []
    if row.link and row.utm_campaign:
        for number, letter in enumerate("AB"):
            for language_key in row.languages("b_" if number else ""):
                url = tag_link(
                    row.link,
                    source=UTM_SOURCE,
                    campaign=row.utm_campaign,
                    variant=VARIANT_NAMES[number],
                    campaign_code=body.code or "",
                )
                links.append({"variant": letter, "language": language_key, "url": url})
    kept = [keep_problem(problem) for problem in checked.problems]
    if twin:
        kept.append(tell_twin(twin, body.cells))
    return {"problems": [show_problem(problem, language) for problem in kept], "links": links}


def _show_news(seen: str, zone: ZoneInfo, now: datetime) -> dict[str, Any] | None:
    """Return the numbers that differ from those of a mark; None when none does."""
    numbers = live.look(now)
    if seen == numbers.mark:
        return None
    news = live.live_numbers().since(numbers, seen)
    return {
        "mark": numbers.mark,
        "as_of": numbers.as_of.isoformat(),
        "rows": {code: live.show_numbers(found, zone) for code, found in news.items()},
    }


def _list_holidays(
    holidays: Mapping[str, HolidayNames], year: int, language: str
) -> dict[str, str]:
    """Return day -> name for this year and the next; feasts that move are in the file by date."""
    days: dict[str, str] = {}
    for key, names in holidays.items():
        dates = [key] if len(key) > len("03-08") else [f"{one}-{key}" for one in (year, year + 1)]
        days |= {day: names[language] for day in dates if year <= int(day[:4]) <= year + 1}
    return dict(sorted(days.items()))
