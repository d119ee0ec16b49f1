"""Rows leave the sheet, and come back: codes are never used again, histories stay."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from sqlalchemy import Connection

from pushline.brief.sheet_refresh import refresh_rows
from pushline.brief.sheet_refusals import RowRefused
from pushline.brief.sheet_rows import SavedCells
from pushline.brief.sheet_store import (
    Change,
    Checked,
    SheetRecord,
    list_records,
    list_row_acts,
    row_act,
    tick,
    write_records,
)
from pushline.brief.status import LABELS, WRITABLE, Status
from pushline.brief.versions import lock_briefs, move_brief, revive_brief


def remove_rows(conn: Connection, codes: Sequence[str], *, by: str, now: dt.datetime) -> SavedCells:
    """Take rows out of the sheet, all or none; briefs that nobody approved are cancelled with them.

    Raises RowRefused for what is approved or under way: cancel it instead. The caller commits.
    """
    revision, found = _open(conn, codes)
    for code in codes:
        if code not in found or found[code].is_removed:
            raise RowRefused("unknown_row", code=code)
    for record in found.values():
        if record.status not in (*WRITABLE, "cancelled"):
            raise RowRefused("row_stays", code=record.code, status=LABELS[record.status])
        if record.brief_id is not None and record.status != "cancelled":
            move_brief(conn, record.code, "cancelled", by=by, now=now)
    gone = [_touch(record, revision, by, now, is_removed=True) for record in found.values()]
    acts = [row_act(record, "removed", found[record.code].status) for record in gone]
    return _write(conn, gone, acts, revision)


def restore_rows(
    conn: Connection, codes: Sequence[str], *, by: str, now: dt.datetime
) -> SavedCells:
    """Put rows back that were taken out, with their briefs as they stood; the caller commits.

    Rows that are there already stay as they are. Raises RowRefused for codes that never were.
    """
    revision, found = _open(conn, codes)
    for code in codes:
        if code not in found:
            raise RowRefused("unknown_row", code=code)
    back = []
    for record in found.values():
        if not record.is_removed:
            continue
        before = _status_before(conn, record)
        if record.brief_id is not None and record.status == "cancelled" and before in WRITABLE:
            revive_brief(conn, record.code, before, by=by, now=now)
            record = replace(record, status=before)
        back.append(_touch(record, revision, by, now, is_removed=False))
    acts = [row_act(record, "restored") for record in back]
    return _write(conn, back, acts, revision, codes)


def _open(conn: Connection, codes: Sequence[str]) -> tuple[int, dict[str, SheetRecord]]:
    revision = tick(conn)
    lock_briefs(conn, codes)
    refresh_rows(conn, revision)
    found = list_records(conn, codes=list(codes), with_removed=True)
    return revision, {record.code: record for record in found}


def _touch(
    record: SheetRecord, revision: int, by: str, now: dt.datetime, *, is_removed: bool
) -> SheetRecord:
    changed = replace(record, is_removed=is_removed, brief_mark=None, revision=revision)
    return replace(changed, changed_by=by, changed_at=now)


def _write(
    conn: Connection,
    records: Sequence[SheetRecord],
    acts: Sequence[Change],
    revision: int,
    codes: Sequence[str] = (),
) -> SavedCells:
    # Without a stamp: whoever reads the sheet next has them checked anew.
    write_records(conn, [(record, Checked()) for record in records], acts)
    return SavedCells(revision, list_records(conn, codes=list(codes)) if codes else records)


def _status_before(conn: Connection, record: SheetRecord) -> Status:
    acts = [act for act in list_row_acts(conn, record.code) if act.what == "removed"]
    return cast(Status, acts[-1].detail) if acts else "cancelled"
