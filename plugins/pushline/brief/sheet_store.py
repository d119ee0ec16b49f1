"""How rows of the sheet page are kept: cells as typed, a revision for each change, who did it.

Every writer takes the sheet's clock first and keeps it to the end of its transaction. So rows are
changed by one at a time, revisions are committed in their order, and "all since N" is complete.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row

from pushline.brief.notes import Rules
from pushline.brief.sheet import COLUMNS, SheetRow, write_cells
from pushline.brief.status import Status
from pushline.database.sql import Query
from pushline.model import AudienceCatalogue, TextChecks

TICK_SHEET_CLOCK = Query("brief/tick_sheet_clock")
GET_SHEET_CLOCK = Query("brief/get_sheet_clock")
LIST_SHEET_ROWS = Query("brief/list_sheet_rows")
UPSERT_SHEET_ROWS = Query("brief/upsert_sheet_rows")
ADD_SHEET_CHANGES = Query("brief/add_sheet_changes")
LIST_LAST_CHANGES = Query("brief/list_last_changes")
LIST_SHEET_CHANGES = Query("brief/list_sheet_changes")
FIND_MADE_ROWS = Query("brief/find_made_rows")

# Among the changes of cells stands what became of the row itself, under no column.
_ROW = ""
# So long an asker may come back for the rows that it asked for.
_KEPT_KEYS = dt.timedelta(days=30)

# What people type into; ID and status are the system's.
EDITABLE = tuple(key for key, column in COLUMNS.items() if column.group != "system")


@dataclass(frozen=True, slots=True)
class SheetRules:
    """What rows are checked by, and a mark that changes when any of it does."""

    rules: Rules
    audiences: AudienceCatalogue
    texts: TextChecks
    mark: str = ""


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """One row of the page and the brief beside it, if a good state was saved.

    cells: column key -> text as typed, empty ones left out. revisions: column key -> revision of
    its last change (missing: never written). problems: plain values, their sentences by language.
    brief_version: the version that says what the cells say, None for none.
    """

    code: str
    cells: Mapping[str, str]
    revisions: Mapping[str, int]
    revision: int
    brief_version: int | None
    brief_cells: Mapping[str, str]
    brief_mark: str | None
    writers: tuple[str, ...]
    problems: Sequence[Mapping[str, Any]]
    changed_by: str
    changed_at: dt.datetime
    is_removed: bool = False
    status: Status = "idea"
    brief_id: int | None = None
    version: int | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)
    content: Mapping[str, Any] = field(default_factory=dict)
    content_hash: str | None = None
    edited_by: tuple[str, ...] = ()
    approval_id: int | None = None
    approved_by: str | None = None
    approved_at: dt.datetime | None = None
    reach_expected: int | None = None
    band: tuple[int, int] | None = None

    @property
    def is_in_step(self) -> bool:
        """Whether the brief says what the row shows."""
        return self.brief_version is not None and self.brief_version == self.version

    @property
    def is_good(self) -> bool:
        """Whether no problem blocks the row."""
        return all(problem["severity"] != "error" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Checked:
    """When and by which rules the problems of a row were found, and when to look again."""

    at: dt.datetime | None = None
    mark: str = ""
    again_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One cell's change, as history keeps it."""

    code: str
    column: str
    old: str
    new: str
    who: str
    at: dt.datetime


def tick(conn: Connection) -> int:
    """Take the clock until the transaction ends; returns the revision of what is written now."""
    return int(TICK_SHEET_CLOCK.scalar(conn))


def list_records(
    conn: Connection,
    *,
    since: int | None = None,
    codes: Sequence[str] | None = None,
    with_removed: bool = False,
) -> list[SheetRecord]:
    """Return rows with their briefs, by code; all, or those changed since a revision."""
    found = LIST_SHEET_ROWS.all(conn, since=since, codes=codes, with_removed=with_removed)
    return [_make_record(row) for row in found]


def write_records(
    conn: Connection, rows: Iterable[tuple[SheetRecord, Checked]], changes: Iterable[Change]
) -> None:
    """Write rows whole, and remember the changes of their cells at the rows' revisions."""
    kept = list(rows)
    if kept:
        UPSERT_SHEET_ROWS.execute(conn, rows=_as_json([_as_row(*row) for row in kept]))
    revisions = {record.code: record.revision for record, _ in kept}
    lines = [
        {
            "revision": revisions[change.code],
            "campaign_code": change.code,
            "column_key": change.column,
            "old_text": change.old,
            "new_text": change.new,
            "who": change.who,
            "happened_at": change.at.isoformat(),
        }
        for change in changes
    ]
    if lines:
        ADD_SHEET_CHANGES.execute(conn, changes=_as_json(lines))


def put_cells(
    record: SheetRecord, new: Mapping[str, str], revision: int, who: str, at: dt.datetime
) -> tuple[SheetRecord, list[Change]]:
    """Return the row with some cells changed, and what changed; equal texts change nothing."""
    cells, revisions = dict(record.cells), dict(record.revisions)
    changes = []
    for column, text in new.items():
        old = cells.get(column, "")
        if text == old:
            continue
        changes.append(Change(record.code, column, old, text, who, at))
        revisions[column] = revision
        cells[column] = text
    if not changes:
        return record, []
    kept = {column: text for column, text in cells.items() if text}
    changed = replace(
        record, cells=kept, revisions=revisions, revision=revision, changed_by=who, changed_at=at
    )
    return changed, changes


@dataclass(frozen=True, slots=True)
class RowAct:
    """What became of a row as a whole. what: made, removed, restored. detail: its key, or where
    its brief stood before."""

    at: dt.datetime
    who: str
    what: str
    detail: str


def row_act(record: SheetRecord, what: str, detail: str = "") -> Change:
    """Return what became of a row as a whole, to be written with its other changes."""
    return Change(record.code, _ROW, detail, what, record.changed_by, record.changed_at)


def list_row_acts(conn: Connection, code: str) -> list[RowAct]:
    """Return what became of a row as a whole, oldest first."""
    return [
        RowAct(row.happened_at, row.who, row.new_text, row.old_text)
        for row in LIST_SHEET_CHANGES.all(conn, campaign_code=code)
        if row.column_key == _ROW
    ]


def find_made(conn: Connection, keys: Sequence[str], by: str, now: dt.datetime) -> dict[str, str]:
    """Return the codes of rows that this person has made under these keys already."""
    if not keys:
        return {}
    found = FIND_MADE_ROWS.all(conn, keys=list(keys), who=by, since=now - _KEPT_KEYS)
    return {row.key: row.campaign_code for row in found}


def show_cells(row: SheetRow) -> dict[str, str]:
    """Return what the sheet shows of a brief: its filled cells that people may type into."""
    written = write_cells(row)
    return {key: written[key] for key in EDITABLE if written[key]}


def _make_record(row: Row[Any]) -> SheetRecord:
    return SheetRecord(
        code=row.campaign_code,
        cells=row.cells,
        revisions=row.cell_revisions,
        revision=row.revision,
        brief_version=row.brief_version,
        brief_cells=row.brief_cells,
        brief_mark=row.brief_mark,
        writers=tuple(row.writers),
        problems=row.problems,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        is_removed=row.removed_at is not None,
        status=row.status,
        brief_id=row.brief_id,
        version=row.version,
        notes=row.notes or {},
        content=row.content or {},
        content_hash=row.content_hash,
        edited_by=tuple(row.edited_by or ()),
        approval_id=row.approval_id,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        reach_expected=row.reach_expected,
        band=None if row.reach_low is None else (row.reach_low, row.reach_high),
    )


def _as_row(record: SheetRecord, checked: Checked) -> dict[str, Any]:
    return {
        "campaign_code": record.code,
        "cells": record.cells,
        "cell_revisions": record.revisions,
        "revision": record.revision,
        "brief_version": record.brief_version,
        "brief_cells": record.brief_cells,
        "brief_mark": record.brief_mark,
        "writers": list(record.writers),
        "problems": list(record.problems),
        "checked_at": _iso(checked.at),
        "checked_by_rules": checked.mark,
        "check_again_at": _iso(checked.again_at),
        "changed_by": record.changed_by,
        "changed_at": record.changed_at.isoformat(),
        "removed_at": record.changed_at.isoformat() if record.is_removed else None,
        "removed_by": record.changed_by if record.is_removed else None,
    }


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
