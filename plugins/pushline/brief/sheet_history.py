"""The history of a row: every change of a cell, and every step of its brief, in one list."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from pushline.brief.sheet_rows import get_record
from pushline.brief.sheet_store import LIST_SHEET_CHANGES, list_row_acts
from pushline.brief.versions import list_history

# Their cells stand among the changes of the sheet already.
_OF_CELLS = {"edited", "noted"}


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody did. what: typed, created, moved, approved, withdrawn, removed,
    restored, or audience_file (the SQL behind the brief changed). column: of a cell, or "status".
    """

    at: dt.datetime
    who: str
    what: str
    column: str = ""
    old: str = ""
    new: str = ""


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
    came_and_went = list_row_acts(conn, code)
    acts += [Act(it.at, it.who, it.what) for it in came_and_went if it.what != "made"]
    if record.is_removed and not any(act.what == "removed" for act in acts):
        # Taken out before removals were kept one by one.
        acts.append(Act(record.changed_at, record.changed_by, "removed"))
    return sorted(acts, key=lambda act: act.at)


def _read_steps(row: Row[Any]) -> Iterator[Act]:
    if row.what in _OF_CELLS:
        if [change["column"] for change in row.changes] == ["sql_hash"]:
            yield Act(row.happened_at, row.who, "audience_file")
        return
    steps = [change for change in row.changes if change["column"] == "status"]
    if row.what == "created" or not steps:
        yield Act(row.happened_at, row.who, row.what)
        return
    for step in steps:
        yield Act(row.happened_at, row.who, row.what, "status", step["old"], step["new"])
