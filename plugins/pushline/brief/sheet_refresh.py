"""Brings rows of the sheet page up to date with what happened elsewhere.

Briefs come from imports and examples, are approved in a shell and moved by the planner. A cell that
the brief has changed since the row saw it takes the brief's text, and history says who did it; a
cell that only the row has changed keeps what was typed.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row

from pushline.brief.content import restore_row
from pushline.brief.sheet_save import judge, save_good
from pushline.brief.sheet_store import (
    EDITABLE,
    Change,
    Checked,
    SheetRecord,
    SheetRules,
    list_records,
    put_cells,
    show_cells,
    tick,
    write_records,
)
from pushline.brief.versions import lock_briefs
from pushline.database.sql import Query

LIST_STALE_ROWS = Query("brief/list_stale_rows")
LIST_ROWS_TO_CHECK = Query("brief/list_rows_to_check")

# Two to six milliseconds each: a reader never waits for more than these.
MOST_CHECKED_AT_ONCE = 25


def refresh_rows(conn: Connection, revision: int | None = None) -> int:
    """Take over briefs that the sheet does not know as they are; returns how many rows changed.

    revision: of the clock that the caller holds; without it the clock is taken if there is need.
    """
    if not LIST_STALE_ROWS.all(conn):
        return 0
    if revision is None:
        revision = tick(conn)
    stale = LIST_STALE_ROWS.all(conn)
    codes = [row.campaign_code for row in stale]
    known = {it.code: it for it in list_records(conn, codes=codes, with_removed=True)}
    written: list[tuple[SheetRecord, Checked]] = []
    changes: list[Change] = []
    for row in stale:
        record, made = _follow(row, known.get(row.campaign_code), revision)
        written.append((record, Checked()))
        changes += made
    write_records(conn, written, changes)
    return len(written)


def recheck_rows(conn: Connection, parts: SheetRules, now: dt.datetime) -> int:
    """Check rows anew whose verdict may have changed by itself; returns how many were looked at.

    A red row that became good without anybody typing (its audience file came) is saved as what its
    writers wrote.
    """
    due = LIST_ROWS_TO_CHECK.all(conn, rules_mark=parts.mark, now=now, most=MOST_CHECKED_AT_ONCE)
    if not due:
        return 0
    revision = tick(conn)
    codes = [row.campaign_code for row in due]
    lock_briefs(conn, codes)
    written: list[tuple[SheetRecord, Checked]] = []
    for record in list_records(conn, codes=codes):
        verdict = judge(record, parts, now, touched=())
        if record.brief_version is None and verdict.is_good:
            by = record.writers[-1] if record.writers else record.changed_by
            saved, stamp = save_good(conn, record, verdict, by=by, now=now)
        else:
            saved, stamp = replace(record, problems=verdict.problems), verdict.checked_at
        is_news = saved != record
        written.append((replace(saved, revision=revision) if is_news else saved, stamp))
    write_records(conn, written, ())
    return len(written)


def _follow(
    row: Row[Any], record: SheetRecord | None, revision: int
) -> tuple[SheetRecord, list[Change]]:
    code = row.campaign_code
    cells = show_cells(restore_row(row.content, row.notes))
    if record is None:
        record = SheetRecord(
            code, {}, {}, revision, None, {}, None, (), (), row.who, row.happened_at
        )
    was_in_step = row.is_new or record.brief_version is not None
    edited: Mapping[str, str] = {
        key: cells.get(key, "")
        for key in EDITABLE
        if cells.get(key, "") != record.brief_cells.get(key, "")
    }
    changed, made = put_cells(record, edited, revision, row.who, row.happened_at)
    is_equal = was_in_step or all(
        changed.cells.get(key, "") == cells.get(key, "") for key in EDITABLE
    )
    follower = replace(
        changed,
        revision=revision,
        brief_cells=cells,
        brief_mark=row.mark,
        brief_version=row.version if is_equal else None,
        writers=() if is_equal else changed.writers,
    )
    return follower, made
