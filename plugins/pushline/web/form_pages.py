"""One brief as a plain form, and briefs as a plain list: for phones and screen readers.

Both can be read without scripts; saving goes through the same door as the grid.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, status
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from pushline.brief.columns import Column
from pushline.brief.sheet import COLUMNS
from pushline.brief.sheet_history import find_sent_back, list_acts
from pushline.brief.sheet_refusals import RowRefused
from pushline.brief.sheet_rows import get_record
from pushline.brief.sheet_store import EDITABLE, SheetRecord
from pushline.brief.status import LABELS, STATUSES
from pushline.brief.utm_twins import find_twins
from pushline.desk import Desk, open_desk
from pushline.web.asked import CODE
from pushline.web.auth import CAMPAIGNS
from pushline.web.case_view import show_sent_back
from pushline.web.context import choose_language, reading, render, say, writing
from pushline.web.guard import Asking, Person, requires
from pushline.web.live import NONE, look
from pushline.web.newcomers import take_up_newcomer
from pushline.web.sheet_view import STARTED, list_moves, list_problems, name_status

router = APIRouter(dependencies=[Depends(requires("GET", CAMPAIGNS)), Depends(take_up_newcomer)])

GROUPS = ("business", "marketing", "data")
# Folded away while it is empty, as in the grid.
_VARIANT_B = tuple(key for key in EDITABLE if "_b_" in key or key == "b_pct")
_PART_OF = {
    **{key: COLUMNS[key].group for key in EDITABLE},
    **dict.fromkeys(_VARIANT_B, "variant_b"),
}
ACTS = (
    *("typed", "created", "moved", "approved", "withdrawn", "removed", "restored"),
    *("audience_file", "sent_back", "stopped", "paused", "resumed"),
    *("held", "reach_approved", "reach_refused"),
)
PARTS = ("business", "marketing", "variant_b", "data")


@dataclass(frozen=True, slots=True)
class Field:
    """One cell as a field: what it is called, how it is typed, what is wrong with it."""

    key: str
    label: str
    hint: str
    control: str
    value: str
    base: int
    options: tuple[tuple[str, str], ...]
    is_editable: bool
    language: str | None
    problems: tuple[Mapping[str, Any], ...]

    @property
    def is_wrong(self) -> bool:
        """Whether something about it keeps the row from going on."""
        return any(problem["severity"] == "error" for problem in self.problems)


@router.get("/briefs")
def show_list(
    request: Request, wanted: Annotated[str | None, Query(alias="status")] = None
) -> HTMLResponse:
    """The briefs as a plain list, by their code, the newest first; /briefs?status=idea."""
    now = dt.datetime.now(dt.UTC)
    with writing(to_show=True) as conn:
        desk = open_desk(conn, now)
        _, records = desk.read_sheet(conn, now=now)
    language, numbers = choose_language(request), look(now).by_code
    shown = [record for record in reversed(records) if wanted in (None, "", record.status)]
    return render(
        request,
        "briefs.html",
        tab="sheet",
        zone=desk.rules.zone.key,
        wanted=wanted,
        statuses=[(key, LABELS[key].text(language)) for key in STATUSES],
        briefs=[
            (
                record,
                name_status(record, numbers.get(record.code, NONE), language),
                _count_errors(record),
            )
            for record in shown
        ],
    )


@router.get("/briefs/{code}")
def show_form(request: Request, code: str, person: Asking) -> HTMLResponse:
    """One brief as a form; what is wrong stands beside its field."""
    now = dt.datetime.now(dt.UTC)
    language = choose_language(request)
    with _reading_of(code, language) as conn:
        desk = open_desk(conn, now)
        record = get_record(conn, code.upper())
        twin = find_twins(conn, [record]).get(record.code)
        sent_back = show_sent_back(find_sent_back(conn, record), desk.rules.zone)
    problems = list_problems(record, twin, language)
    fields = [_make_field(key, record, problems, person, desk, language) for key in EDITABLE]
    return render(
        request,
        "brief.html",
        tab="sheet",
        record=record,
        zone=desk.rules.zone.key,
        title=record.cells.get("idea") or code,
        parts={part: [it for it in fields if _PART_OF[it.key] == part] for part in PARTS},
        errors=[field for field in fields if field.is_wrong],
        sent_back=sent_back,
        status_label=name_status(record, look(now).by_code.get(record.code, NONE), language),
        moves=[(key, LABELS[key].text(language)) for key in list_moves(record, person)],
        may_edit=bool(person.groups),
        # Drafts in a browser that several people use are told apart without naming anybody.
        person_mark=hashlib.sha256(person.name.encode()).hexdigest()[:16],
        has_variant_b=any(record.cells.get(key) for key in _VARIANT_B),
    )


@router.get("/briefs/{code}/history")
def show_history(request: Request, code: str) -> HTMLResponse:
    """Who changed what in one brief, the latest first."""
    language = choose_language(request)
    with _reading_of(code, language) as conn:
        zone = open_desk(conn, dt.datetime.now(dt.UTC)).rules.zone
        acts = list_acts(conn, code.upper())
    shown = [
        {
            "at": f"{act.at.astimezone(zone):%Y-%m-%d %H:%M} {zone.key}",
            "who": act.who,
            "what": say(language, f"form.act_{act.what}") if act.what in ACTS else act.what,
            "column": _name_column(act.column, language),
            "old": _name_status(act.column, act.old, language),
            "new": _name_status(act.column, act.new, language),
            "run": act.run and f"{act.run.occasion.astimezone(zone):%Y-%m-%d %H:%M} {zone.key}",
            "reach": act.run and act.run.reach,
        }
        for act in reversed(acts)
    ]
    return render(request, "history.html", tab="sheet", code=code.upper(), acts=shown)


@contextmanager
def _reading_of(code: str, language: str) -> Iterator[Connection]:
    if re.fullmatch(CODE, code.upper()):
        with suppress(RowRefused), reading() as conn:
            yield conn
            return
    sentence = say(language, "form.unknown", code=code[:20])
    raise HTTPException(status.HTTP_404_NOT_FOUND, sentence)


def _name_column(key: str, language: str) -> str:
    if key not in COLUMNS:
        return key
    return COLUMNS[key].header.text(language)


def _name_status(column: str, value: str, language: str) -> str:
    known = next((step for step in STATUSES if step == value), None)
    return LABELS[known].text(language) if column == "status" and known else value


def _language_of(key: str) -> str | None:
    """Return the language of a text's column, so that screen readers pronounce it right."""
    found = re.fullmatch(r"(?:title|text)_(?:b_)?(ru|kk|en)", key)
    return found[1] if found else None


def _make_field(
    key: str,
    record: SheetRecord,
    problems: Sequence[Mapping[str, Any]],
    person: Person,
    desk: Desk,
    language: str,
) -> Field:
    column, value = COLUMNS[key], record.cells.get(key, "")
    control = choose_control(key, column, value)
    return Field(
        key=key,
        label=column.header.text(language),
        hint=column.hint.text(language),
        control=control,
        value=_for_control(column, value, control),
        base=record.revisions.get(key, 0),
        options=_list_options(key, column, desk, language),
        is_editable=column.group in person.groups,
        language=_language_of(key),
        problems=tuple(problem for problem in problems if problem["column"] == key),
    )


def choose_control(key: str, column: Column, value: str) -> str:
    """Return how a cell is typed; what a picker could not show stays a line of text."""
    if value and not _is_readable(column, value):
        return "area" if "\n" in value else "line"
    if column.shape == "date":
        return "date"
    if column.shape == "moment":
        return "datetime-local"
    if column.shape == "number":
        return "number"
    if column.shape == "yes_no" or column.choices:
        return "select"
    if key.startswith("text_") or key in {"idea", "service_reason", "exclude"}:
        return "area"
    return "list" if key in {"audience", "goal_event"} else "line"


def _is_readable(column: Column, value: str) -> bool:
    try:
        return column.parse(value) is not None
    except ValueError:
        return False


def _for_control(column: Column, value: str, control: str) -> str:
    """Return the cell as the control takes it."""
    if not value or control in {"line", "area", "list"}:
        return value
    read = column.parse(value)
    if isinstance(read, bool):
        return "yes" if read else "no"
    if isinstance(read, dt.datetime):
        return read.isoformat(timespec="minutes")
    return str(read)


def _list_options(
    key: str, column: Column, desk: Desk, language: str
) -> tuple[tuple[str, str], ...]:
    if column.shape == "yes_no":
        return (("yes", say(language, "form.yes")), ("no", say(language, "form.no")))
    names: Sequence[str] = column.choices
    if key == "audience":
        names = list(desk.audiences)
    elif key == "goal_event":
        names = desk.rules.goal_events
    return tuple((name, name) for name in names)


def _count_errors(record: SheetRecord) -> int:
    if record.status in STARTED:
        return 0
    return sum(problem["severity"] == "error" for problem in record.problems)
