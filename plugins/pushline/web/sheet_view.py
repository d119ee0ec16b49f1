"""How rows, columns and rights of the sheet look as JSON: one shape for every route."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from pushline.brief.columns import Column
from pushline.brief.sheet import COLUMNS
from pushline.brief.sheet_rows import SavedCells
from pushline.brief.sheet_store import EDITABLE, SheetRecord
from pushline.brief.status import (
    APPROVED,
    LABELS,
    MOVES,
    STATUSES,
    WRITABLE,
    Status,
    list_movers,
)
from pushline.brief.utm_twins import find_twins, tell_twin
from pushline.brief.waiting import waits_until
from pushline.desk import Desk
from pushline.sentence import pick_wording
from pushline.web.context import say
from pushline.web.guard import Person
from pushline.web.live import NONE, Numbers, look, show_numbers

# Runs that ended otherwise than by being sent, as the pages call them.
ENDED = {"cancelled": "stopped", "expired": "expired"}
# What leaves or has left: nothing of it can be mended any more.
STARTED: tuple[Status, ...] = ("sending", "sent")
_TOLD_BY_RUN = {"held": "held", "planning": "sending", "sending": "sending"}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the sheet, in which language, by which clock."""

    person: Person
    language: str
    zone: ZoneInfo
    now: dt.datetime


def show_rows(
    records: Sequence[SheetRecord], viewer: Viewer, twins: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return rows as the page takes them, with the last counted reach and what was sent.

    twins: code -> another brief with the same utm_campaign, as `utm_twins` finds them.
    """
    if not records:
        return []
    numbers = look(viewer.now).by_code
    return [
        _show_row(record, viewer, numbers.get(record.code, NONE), twins.get(record.code))
        for record in records
    ]


def find_stage(record: SheetRecord, numbers: Numbers) -> str:
    """Return where a campaign is now: a status, "held", "stopped" or "expired".

    Its run tells it at once; the brief follows at the planner's next tick, minutes later. The same
    rule as stageOf of the sheet (grid/results.js), which hears of runs between two looks at a row.
    """
    result = numbers.result
    if result is None or record.status not in (*APPROVED, *STARTED):
        return record.status
    if record.status != "sent" and result.stage in _TOLD_BY_RUN:
        return _TOLD_BY_RUN[result.stage]
    repeats = bool(record.cells.get("repeat"))
    is_over = record.status in STARTED or (result.sent > 0 and not repeats)
    if is_over and result.stage in ENDED:
        return ENDED[result.stage]
    return "sent" if is_over and result.stage == "sent" and not repeats else record.status


def name_status(record: SheetRecord, numbers: Numbers, language: str) -> str:
    """Return what a row is called by its stage; a campaign that was stopped is not "sent"."""
    stage = find_stage(record, numbers)
    if stage == record.status:
        return LABELS[record.status].text(language)
    return say(language, f"shell.status_{stage}")


def list_problems(record: SheetRecord, twin: str | None, language: str) -> list[dict[str, Any]]:
    """Return the problems of a row; those that it has because of another one come last."""
    if record.status in STARTED:
        return []
    kept = list(record.problems)
    if twin:
        kept.append(tell_twin(twin, record.cells))
    return [show_problem(problem, language) for problem in kept]


def _show_row(
    record: SheetRecord, viewer: Viewer, numbers: Numbers, twin: str | None
) -> dict[str, Any]:
    """Return one row; a removed one says so and is to be taken away."""
    language, zone = viewer.language, viewer.zone
    return {
        "code": record.code,
        "removed": record.is_removed,
        "status": record.status,
        "status_label": LABELS[record.status].text(language),
        "cells": record.cells,
        "revisions": record.revisions,
        "problems": list_problems(record, twin, language),
        "version": record.version,
        "content_hash": record.content_hash,
        "is_in_step": record.is_in_step,
        "approved_by": record.approved_by,
        "approved_at": show_moment(record.approved_at, zone),
        "reach_expected": record.reach_expected,
        **show_numbers(numbers, zone),
        "changed_by": record.changed_by,
        "changed_at": show_moment(record.changed_at, zone),
        "moves": list_moves(record, viewer.person),
        "waits_for_me": show_moment(_wait_of(record, viewer), zone),
        "revision": record.revision,
    }


def _wait_of(record: SheetRecord, viewer: Viewer) -> dt.datetime | None:
    """Return until when the viewer may approve a row that waits for them; None for others."""
    if not viewer.person.may_approve:
        return None
    return waits_until(record, viewer.person.name, viewer.zone, viewer.now)


def show_problem(problem: Any, language: str) -> dict[str, Any]:
    """Return a kept problem in a language; `brief` is another one that it is about."""
    return {
        "column": problem["column"],
        "code": problem["code"],
        "sentence": pick_wording(problem, language),
        "severity": problem["severity"],
        "fix": problem["fix"],
        "brief": problem.get("brief"),
    }


def show_saved(conn: Connection, saved: SavedCells, viewer: Viewer) -> dict[str, Any]:
    """Return what a save did: rows as they are now, conflicts, refusals with their sentences."""
    statuses = {record.code: record.status for record in saved.rows}
    return {
        "revision": saved.revision,
        "rows": show_rows(saved.rows, viewer, find_twins(conn, saved.rows)),
        "conflicts": [
            {
                "code": it.code,
                "column": it.column,
                "theirs": it.theirs,
                "by": it.by,
                "at": show_moment(it.at, viewer.zone),
                "yours": it.yours,
                "base": it.base,
            }
            for it in saved.conflicts
        ],
        "refused": [
            {
                "code": it.code,
                "column": it.column,
                "kind": it.kind,
                "sentence": say(
                    viewer.language,
                    f"shell.refused_{it.kind}",
                    code=it.code,
                    status=LABELS[statuses.get(it.code, "idea")].text(viewer.language),
                ),
            }
            for it in saved.refused
        ],
    }


def list_moves(record: SheetRecord, person: Person) -> list[Status]:
    """Return where this person may move a row by hand; approving is an act of its own.

    Steps forward need a row that is saved as it stands; a draft without a brief can only be
    removed.
    """
    if record.brief_id is None:
        return []
    found: list[Status] = []
    edge: list[Status] = [record.status]
    while edge:
        start = edge.pop()
        for old, new in MOVES:
            mine = list_movers((old, new)) & person.roles
            if old != start or new in found or new == record.status or not mine:
                continue
            if new not in (*WRITABLE, "cancelled"):
                continue
            if not record.is_in_step and is_forward(old, new):
                continue
            found.append(new)
            if old in WRITABLE and new in WRITABLE:
                edge.append(new)
    return sorted(found, key=STATUSES.index)


def is_forward(old: Status, new: Status) -> bool:
    """Tell whether a move brings a brief nearer to being sent."""
    return new != "cancelled" and STATUSES.index(new) > STATUSES.index(old)


def show_columns(desk: Desk, person: Person, language: str) -> list[dict[str, Any]]:
    """Return the columns as the grid takes them."""
    return [_show_column(key, COLUMNS[key], desk, person, language) for key in EDITABLE]


def _show_column(
    key: str, column: Column, desk: Desk, person: Person, language: str
) -> dict[str, Any]:
    choices: Sequence[str] = column.choices
    if key == "audience":
        choices = list(desk.audiences)
    elif key == "goal_event":
        choices = desk.rules.goal_events
    return {
        "key": key,
        "header": column.header.text(language),
        "hint": column.hint.text(language),
        "group": column.group,
        "shape": column.shape,
        "width": column.width,
        "choices": list(choices),
        "max": column.limit if column.limit is not None else column.highest,
        "min": column.lowest,
        "editable": column.group in person.groups,
    }


def show_me(person: Person) -> dict[str, Any]:
    """Return who asks and what they may do."""
    return {
        "name": person.name,
        "role_rights": {
            "edit": list(person.groups),
            "approve": person.may_approve,
            "stop_run": person.may_stop_run,
            "stop_all": person.may_stop_sending,
            "sync": person.may_sync,
        },
    }


def show_moment(moment: dt.datetime | None, zone: ZoneInfo) -> str | None:
    """Return a moment with the project's offset, to the second."""
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None
