"""Routes of one brief: its steps, its copy, its history, its runs."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from pushline.brief.sheet_history import list_acts
from pushline.brief.sheet_removal import remove_rows, restore_rows
from pushline.brief.sheet_rows import SavedCells, copy_row, get_record
from pushline.brief.sheet_steps import move_row
from pushline.brief.status import Status
from pushline.desk import Desk, open_desk
from pushline.report.funnel import list_runs
from pushline.report.run_sentences import explain_note
from pushline.web.asked import Code
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

_MOST_RUNS = 50
_OPEN = {"waiting", "held", "planning", "planned", "set_aside"}


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Move(_Body):
    """Where a brief is to go."""

    to: Status


class Codes(_Body):
    """The rows that are meant."""

    codes: Annotated[list[Code], Field(min_length=1, max_length=500)]


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
        lambda conn, _desk, now: remove_rows(conn, [code], by=person.name, now=now),
    )


@router.post("/remove", dependencies=_edits)
def remove_many(body: Codes, person: Asking, language: Language) -> dict[str, Any]:
    """Take several rows out of the sheet, all or none."""
    return _act(
        person,
        language,
        lambda conn, _desk, now: remove_rows(conn, body.codes, by=person.name, now=now),
    )


@router.post("/restore", dependencies=_edits)
def restore(body: Codes, person: Asking, language: Language) -> dict[str, Any]:
    """Put rows back into the sheet, all or none, with their briefs as they stood."""
    return _act(
        person,
        language,
        lambda conn, _desk, now: restore_rows(conn, body.codes, by=person.name, now=now),
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
                "run": act.run
                and {**asdict(act.run), "occasion": show_moment(act.run.occasion, zone)},
            }
            for act in acts
        ]
    }


@router.get("/{code}/runs")
def get_runs(code: Code, language: Language) -> dict[str, Any]:
    """Return the runs of a brief with their numbers, the latest first."""
    return {"runs": _list_runs(code, language)}


def _act(
    person: Person, language: str, do: Callable[[Connection, Desk, datetime], SavedCells]
) -> dict[str, Any]:
    now = datetime.now(UTC)
    with writing() as conn:
        desk = open_desk(conn, now)
        saved = do(conn, desk, now)
        return show_saved(conn, saved, Viewer(person, language, desk.rules.zone, now))


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
