"""The history of a row: every change of a cell, and every step of its brief, in one list."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from pushline.brief.sheet_rows import get_record
from pushline.brief.sheet_store import LIST_SHEET_CHANGES, SheetRecord, list_row_acts
from pushline.brief.status import APPROVED
from pushline.brief.versions import list_history
from pushline.database.sql import Query

GET_SENT_BACK = Query("brief/get_sent_back")
LIST_RUN_ACTS = Query("brief/list_run_acts")

# What the audit log calls it, and what the history does.
_OF_RUNS = {
    "cancel": "stopped",
    "pause": "paused",
    "resume": "resumed",
    "run_held": "held",
    "reach_approved": "reach_approved",
    "reach_refused": "reach_refused",
}

# Their cells stand among the changes of the sheet already.
_OF_CELLS = {"edited", "noted"}


@dataclass(frozen=True, slots=True)
class RunOfAct:
    """The run that something was done to; of a reach that was asked about, its numbers."""

    run_id: int
    occasion: dt.datetime
    reach: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody did. what: typed, created, moved, sent_back (new: the reason),
    approved, withdrawn, removed, restored, audience_file (the SQL behind the brief changed), or
    what was done to a run of it: stopped, paused, resumed, held, reach_approved, reach_refused.
    column: of a cell, or "status".
    """

    at: dt.datetime
    who: str
    what: str
    column: str = ""
    old: str = ""
    new: str = ""
    run: RunOfAct | None = None


def list_acts(conn: Connection, code: str) -> list[Act]:
    """Return the whole history of a row, oldest first, of a removed one, too; or RowRefused.

    The typed changes alone, put one after the other, are the cells as they are now.
    """
    record = get_record(conn, code, with_removed=True)
    acts = [
        Act(row.happened_at, row.who, "typed", row.column_key, row.old_text, row.new_text)
        for row in LIST_SHEET_CHANGES.all(conn, campaign_code=code)
        if row.column_key
    ]
    for row in list_history(conn, code):
        acts += _read_steps(row)
    if record.brief_id is not None:
        acts += _list_run_acts(conn, record.brief_id)
    came_and_went = list_row_acts(conn, code)
    acts += [Act(it.at, it.who, it.what) for it in came_and_went if it.what != "made"]
    if record.is_removed and not any(act.what == "removed" for act in acts):
        # Taken out before removals were kept one by one.
        acts.append(Act(record.changed_at, record.changed_by, "removed"))
    return sorted(acts, key=lambda act: act.at)


def find_sent_back(conn: Connection, record: SheetRecord) -> Act | None:
    """Return who sent a row back and why, until its brief is asked to be approved again."""
    if record.brief_id is None or record.status not in ("idea", "texts_ready"):
        return None
    found = GET_SENT_BACK.one_or_none(conn, brief_id=record.brief_id)
    return found and Act(found.happened_at, found.who, "sent_back", new=found.reason)


def _list_run_acts(conn: Connection, brief_id: int) -> Iterator[Act]:
    for row in LIST_RUN_ACTS.all(conn, brief_id=brief_id):
        run = RunOfAct(row.run_id, row.occasion, row.reach, row.low, row.high)
        yield Act(row.happened_at, row.who, _OF_RUNS[row.what], run=run)


def _read_steps(row: Row[Any]) -> Iterator[Act]:
    if row.what in _OF_CELLS:
        if [change["column"] for change in row.changes] == ["sql_hash"]:
            yield Act(row.happened_at, row.who, "audience_file")
        return
    steps = [change for change in row.changes if change["column"] == "status"]
    reason = next((it["new"] for it in row.changes if it["column"] == "reason"), "")
    if reason:
        yield Act(row.happened_at, row.who, "sent_back", new=reason)
        return
    if row.what == "created" or not steps:
        yield Act(row.happened_at, row.who, row.what)
        return
    for step in steps:
        if step["old"] in APPROVED and step["new"] == "audience_ready":
            continue  # the line beside it says that the approval was taken back
        yield Act(row.happened_at, row.who, row.what, "status", step["old"], step["new"])
