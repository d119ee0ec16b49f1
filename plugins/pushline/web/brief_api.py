"""Routes of one brief: its steps, its approval, its copy, its history, its runs."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from pushline.brief.sheet_history import list_acts
from pushline.brief.sheet_refusals import RowRefused
from pushline.brief.sheet_rows import SavedCells, copy_row, get_record, remove_row, remove_rows
from pushline.brief.sheet_steps import approve_row, move_row, open_case
from pushline.brief.status import LABELS, Status
from pushline.desk import Desk, open_desk
from pushline.plan.reach import get_reach
from pushline.report.funnel import list_runs
from pushline.report.run_sentences import explain_note
from pushline.settings import get_settings
from pushline.web.auth import APPROVALS, AUDIENCES, CAMPAIGNS
from pushline.web.context import Language, reading, writing
from pushline.web.guard import Asking, Person, requires
from pushline.web.newcomers import take_up_newcomer
from pushline.web.sheet_view import Viewer, show_moment, show_saved

router = APIRouter(
    prefix="/api/briefs",
    dependencies=[Depends(requires("GET", CAMPAIGNS)), Depends(take_up_newcomer)],
)
_steps = [Depends(requires("PUT", CAMPAIGNS, AUDIENCES, APPROVALS))]
_edits = [Depends(requires("PUT", CAMPAIGNS))]
_approves = [Depends(requires("PUT", APPROVALS))]

Code = Annotated[str, Path(pattern=r"^C-\d{4}-\d{3,6}$")]
_MOST_RUNS = 50
_OPEN = {"waiting", "held", "planning", "planned", "set_aside"}


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Move(_Body):
    """Where a brief is to go."""

    to: Status


class Codes(_Body):
    """The rows that are meant."""

    codes: Annotated[
        list[Annotated[str, Field(max_length=20)]], Field(min_length=1, max_length=500)
    ]


class Approve(_Body):
    """What the approver saw, and the number that they typed above the threshold."""

    version: int
    content_hash: Annotated[str, Field(max_length=64)]
    expected_reach: Annotated[int, Field(ge=0, le=2_000_000_000)]
    typed_number: int | None = None


@router.post("/{code}/move", dependencies=_steps)
def move(code: Code, body: Move, person: Asking, language: Language) -> dict[str, Any]:
    """Move a brief on or back."""
    return _act(
        person,
        language,
        lambda conn, desk, now: move_row(
            conn,
            desk.sheet_rules,
            code,
            body.to,
            by=person.name,
            roles=person.roles,
            now=now,
        ),
    )


@router.post("/{code}/withdraw", dependencies=_steps)
def withdraw(code: Code, person: Asking, language: Language) -> dict[str, Any]:
    """Take an approval back."""
    return move(code, Move(to="audience_ready"), person, language)


@router.post("/{code}/cancel", dependencies=_steps)
def cancel(code: Code, person: Asking, language: Language) -> dict[str, Any]:
    """Give a brief up. `runs` of the answer are under way: stop them, too, if that is meant."""
    answer = move(code, Move(to="cancelled"), person, language)
    return answer | {"runs": [run for run in _list_runs(code, language) if run["status"] in _OPEN]}


@router.post("/{code}/copy", dependencies=_edits)
def copy(code: Code, person: Asking, language: Language) -> dict[str, Any]:
    """Make a row that says the same; the answer's row is the copy."""
    return _act(
        person,
        language,
        lambda conn, desk, now: copy_row(conn, desk.sheet_rules, code, by=person.name, now=now),
    )


@router.post("/{code}/remove", dependencies=_edits)
def remove(code: Code, person: Asking, language: Language) -> dict[str, Any]:
    """Take a row out of the sheet."""
    return _act(
        person,
        language,
        lambda conn, _desk, now: remove_row(conn, code, by=person.name, now=now),
    )


@router.post("/remove", dependencies=_edits)
def remove_many(body: Codes, person: Asking, language: Language) -> dict[str, Any]:
    """Take several rows out of the sheet, all or none."""
    return _act(
        person,
        language,
        lambda conn, _desk, now: remove_rows(conn, body.codes, by=person.name, now=now),
    )


@router.get("/{code}/history")
def get_history(code: Code) -> dict[str, Any]:
    """Return who did what, oldest first."""
    with reading() as conn:
        zone = open_desk(conn, datetime.now(UTC)).rules.zone
        acts = list_acts(conn, code)
    return {
        "acts": [
            {
                "at": show_moment(act.at, zone),
                "who": act.who,
                "what": act.what,
                "column": act.column,
                "old": act.old,
                "new": act.new,
            }
            for act in acts
        ]
    }


@router.get("/{code}/runs")
def get_runs(code: Code, language: Language) -> dict[str, Any]:
    """Return the runs of a brief with their numbers, the latest first."""
    return {"runs": _list_runs(code, language)}


@router.get("/{code}/approval")
def get_approval(
    code: Code, person: Asking, language: Language, reach: int | None = None
) -> dict[str, Any]:
    """Return what an approver must see. reach: as the page shows it; else as last counted."""
    settings, now = get_settings(), datetime.now(UTC)
    with reading() as conn:
        desk = open_desk(conn, now)
        case = open_case(
            conn,
            desk.sheet_rules,
            code,
            by=person.name,
            now=now,
            reach=_last_reach(conn, code, now) if reach is None else max(0, reach),
            typed_from=settings.typed_number_from,
            price=settings.push_price,
        )
    record, refusal = case.record, case.refusal
    sentence = refusal.sentence.text(language) if refusal else None
    if not person.may_approve:
        sentence = None
    return {
        "code": code,
        "status": record.status,
        "status_label": LABELS[record.status].text(language),
        "version": record.version,
        "content_hash": record.content_hash,
        "editors": list(case.editors),
        "may_approve": person.may_approve and refusal is None,
        "sentence": sentence,
        "reach": case.reach,
        "band": {"low": case.band[0], "high": case.band[1]} if case.band else None,
        "needs_typed_number": case.needs_typed_number,
        "typed_number_from": settings.typed_number_from,
        "price": case.price,
        "cost": case.cost,
        "currency": settings.currency,
    }


@router.post("/{code}/approve", dependencies=_approves)
def approve(code: Code, body: Approve, person: Asking, language: Language) -> dict[str, Any]:
    """Approve what was shown; the answer's `band` is the reach at which it leaves by itself."""
    reach = body.expected_reach
    if reach >= get_settings().typed_number_from and body.typed_number != reach:
        error = RowRefused("number_not_typed", reach=reach)
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, error.sentence.text(language))
    answer = _act(
        person,
        language,
        lambda conn, desk, now: approve_row(
            conn,
            desk.sheet_rules,
            code,
            version=body.version,
            content_hash=body.content_hash,
            expected_reach=reach,
            by=person.name,
            now=now,
        ),
    )
    with reading() as conn:
        record = get_record(conn, code)
    low, high = record.band or (None, None)
    return answer | {"band": {"low": low, "high": high}}


def _act(
    person: Person, language: str, do: Callable[[Connection, Desk, datetime], SavedCells]
) -> dict[str, Any]:
    now = datetime.now(UTC)
    with writing() as conn:
        desk = open_desk(conn, now)
        saved = do(conn, desk, now)
        return show_saved(saved, Viewer(person, language, desk.rules.zone, now))


def _last_reach(conn: Connection, code: str, now: datetime) -> int | None:
    found = get_reach(conn, code, now)
    return found.will_get if found else None


def _list_runs(code: str, language: str) -> list[dict[str, Any]]:
    with reading() as conn:
        record = get_record(conn, code)
        if record.brief_id is None:
            return []
        zone = open_desk(conn, datetime.now(UTC)).rules.zone
        found = list_runs(conn, source_kind="brief", source_id=record.brief_id, most=_MOST_RUNS)
    return [
        {
            "run_id": run.run_id,
            "status": run.status,
            "status_note": explain_note(run.status_note, language),
            "occasion": show_moment(run.occasion, zone),
            "audience": run.audience,
            "enqueued": run.enqueued,
            "accepted": run.accepted,
            "waiting": run.waiting,
            "not_planned_yet": run.not_planned_yet,
        }
        for run in found
    ]
