"""The sheet page as people use it: rows that are made, saved, made ready and approved."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from pushline.brief.approval import approve_brief
from pushline.brief.notes import Rules
from pushline.brief.sheet_history import list_acts
from pushline.brief.sheet_rows import (
    CellChange,
    SavedCells,
    create_rows,
    get_record,
    read_sheet_rows,
    save_cells,
)
from pushline.brief.sheet_store import SheetRecord, SheetRules
from pushline.brief.versions import move_brief
from pushline.message.checks import MessageChecks

from .conftest import ALMATY, AUDIENCES, GOOD, NOW

PARTS = SheetRules(Rules(zone=ALMATY), AUDIENCES, MessageChecks(), "as today")
ALL = ("business", "marketing", "data")
BAD_TITLE = "Музыка {{ nothing"


def make(db: Connection, by: str = "mia", **cells: str) -> SheetRecord:
    return create_rows(db, PARTS, [cells], by=by, now=NOW).rows[0]


def make_good(db: Connection, by: str = "mia", **cells: str) -> SheetRecord:
    return make(db, by, **{**GOOD, **cells})


def save(
    db: Connection, record: SheetRecord, by: str = "mia", now: datetime = NOW, **texts: str
) -> SavedCells:
    """Save texts as somebody does who sees the row as `record` says."""
    options: dict[str, Any] = {"groups": ALL, "returns_approval": False}
    options |= {key: texts.pop(key) for key in list(texts) if key in options}
    changes = [
        CellChange(record.code, column, value, record.revisions.get(column, 0))
        for column, value in texts.items()
    ]
    return save_cells(db, PARTS, changes, by=by, now=now, **options)


def ready(db: Connection, record: SheetRecord) -> SheetRecord:
    for status in ("texts_ready", "audience_ready"):
        move_brief(db, record.code, status, by="mia", now=NOW)
    return now_of(db, record)


def approved(db: Connection, **cells: str) -> SheetRecord:
    record = ready(db, make_good(db, **cells))
    approve_brief(db, record.code, by="ann", now=NOW, expected_reach=5, audiences=AUDIENCES)
    return now_of(db, record)


def now_of(db: Connection, record: SheetRecord) -> SheetRecord:
    read_sheet_rows(db, PARTS, now=NOW)
    return get_record(db, record.code)


def replay(db: Connection, code: str) -> dict[str, str]:
    """The cells as the history alone tells them, each change seen to follow the one before."""
    cells: dict[str, str] = {}
    for act in list_acts(db, code):
        if act.what == "typed":
            assert cells.get(act.column, "") == act.old
            cells[act.column] = act.new
    return {column: value for column, value in cells.items() if value}
