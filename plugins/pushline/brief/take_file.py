"""Takes a file that somebody handed in at the page: good rows as briefs, bad ones as they wish.

What a file says counts as typed by whoever brings it: columns that are not theirs stay as they
are, and so do columns that the file does not have. Bad rows stay out, or come into the sheet as
drafts whose red cells are mended there.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from sqlalchemy import Connection

from pushline.brief.cells import clean_text
from pushline.brief.check_row import make_problem
from pushline.brief.columns import Group
from pushline.brief.import_briefs import ImportedRow, ImportReport, code_of, import_sheet
from pushline.brief.notes import Note, say, warn
from pushline.brief.read_sheet import RawRow, SheetFile
from pushline.brief.sheet import COLUMNS
from pushline.brief.sheet_checks import check_cells
from pushline.brief.sheet_refresh import refresh_rows
from pushline.brief.sheet_rows import MOST_NEW_ROWS, CellChange, create_rows, save_cells
from pushline.brief.sheet_store import EDITABLE, SheetRecord, SheetRules, list_records, tick
from pushline.brief.status import WRITABLE
from pushline.model import Problem
from pushline.sentence import Sentence

# What no draft could mend: the row is there already, or may not be changed.
_FINAL = {"changed_after_approval", "same_row_twice", "same_id_twice", "row_of_marketing"}
# Who makes new rows, as in the page.
_ADDERS: set[Group] = {"business", "marketing"}
_ALL_GROUPS = set(get_args(Group)) - {"system"}


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that stays out: its number in the file, its cells as typed, and may it be a draft."""

    number: int
    code: str
    cells: Mapping[str, str]
    can_be_draft: bool


@dataclass(frozen=True, slots=True)
class TakenFile:
    """What became of a file. drafts: codes of bad rows that came in to be mended."""

    report: ImportReport
    bad_rows: tuple[BadRow, ...]
    drafts: tuple[str, ...] = ()


def take_file(
    conn: Connection,
    parts: SheetRules,
    sheet: SheetFile,
    *,
    by: str,
    groups: Collection[Group],
    now: dt.datetime,
    dry_run: bool = False,
    takes_drafts: bool = False,
) -> TakenFile:
    """Save what a file says; the caller commits, or rolls back what a dry run prepared.

    groups: the column groups that this person may change. New rows are for business and marketing
    to make; others' files update what is there.
    """
    # The clock before any brief, as for whoever saves cells; a dry run keeps nobody waiting.
    refresh_rows(conn, None if dry_run else tick(conn))
    records = {record.code: record for record in list_records(conn)}
    prepared = [_prepare(raw, records, groups) for raw in sheet.rows]
    may_add = not _ADDERS.isdisjoint(groups)
    strange = [] if may_add else [raw for raw in prepared if not code_of(raw)]
    red = [raw for raw in prepared if _is_red(raw, records)]
    others = [raw for raw in prepared if not _is_red(raw, records) and raw not in strange]
    notes = (*sheet.notes, *_note_columns_of_others(sheet, groups))
    report = import_sheet(
        conn,
        replace(sheet, rows=tuple(others), notes=notes),
        by=by,
        now=now,
        rules=parts.rules,
        audiences=parts.audiences,
        texts=parts.texts,
        dry_run=dry_run,
    )
    mended, mends, found = _check_red(red, records, parts, now)
    found += [
        make_problem(say("campaign_id", "row_of_marketing"), None, raw.number) for raw in strange
    ]
    report = _join(report, mended, found, len(sheet.rows))
    bad = _list_bad_rows(prepared, report, records)
    drafts: tuple[str, ...] = ()
    if not dry_run:
        _save(conn, parts, mends, records, by=by, groups=groups, now=now)
        if takes_drafts:
            chosen = [row for row in bad if row.can_be_draft and (row.code or may_add)]
            drafts = _make_drafts(conn, parts, chosen, records, by=by, groups=groups, now=now)
    return TakenFile(report, bad, drafts)


def show_typed(value: object, column: str) -> str:
    """Return a cell of a file as a person would type it into the page."""
    if isinstance(value, dt.datetime):
        is_day = COLUMNS[column].shape == "date" or not (value.hour or value.minute)
        return f"{value:%Y-%m-%d}" if is_day else f"{value:%Y-%m-%d %H:%M}"
    return clean_text(value) or ""


def _prepare(raw: RawRow, records: Mapping[str, SheetRecord], groups: Collection[Group]) -> RawRow:
    """Return the row with only what this person may write; the rest as the sheet has it."""
    record = records.get(code_of(raw))
    own = {
        key: cell
        for key, cell in raw.cells.items()
        if key in EDITABLE and COLUMNS[key].group in groups
    }
    system: dict[str, object] = {"campaign_id": code_of(raw) or raw.cells.get("campaign_id")}
    before: Mapping[str, object] = {}
    if record is not None:
        before = {key: record.cells.get(key, "") for key in EDITABLE}
        system["status"] = record.status if record.status in WRITABLE else ""
    if set(groups) >= _ALL_GROUPS and raw.cells.get("status"):
        system["status"] = raw.cells["status"]
    return replace(raw, cells={**before, **own, **system})


def _note_columns_of_others(sheet: SheetFile, groups: Collection[Group]) -> list[Note]:
    filled = {key for raw in sheet.rows for key, cell in raw.cells.items() if clean_text(cell)}
    others = [key for key in EDITABLE if key in filled and COLUMNS[key].group not in groups]
    if not others:
        return []
    names = Sentence.join((COLUMNS[key].header for key in others), ", ")
    return [warn("", "columns_of_others", names=names)]


def _is_red(raw: RawRow, records: Mapping[str, SheetRecord]) -> bool:
    """Tell whether a row names one of the sheet that was never good enough to be a brief."""
    record = records.get(code_of(raw))
    return record is not None and record.brief_id is None


def _check_red(
    rows: Sequence[RawRow],
    records: Mapping[str, SheetRecord],
    parts: SheetRules,
    now: dt.datetime,
) -> tuple[list[ImportedRow], list[RawRow], list[Problem]]:
    """Return the rows that are good now, those of them that change anything, and all problems."""
    good: list[ImportedRow] = []
    changing: list[RawRow] = []
    found: list[Problem] = []
    for raw in rows:
        typed = _typed(raw)
        checked = check_cells(typed, parts, now)
        found += [
            make_problem(
                Note(it.column, it.code, it.sentence, it.severity, it.fix),
                raw.cells.get(it.column),
                raw.number,
            )
            for it in checked.problems
        ]
        if not checked.is_good:
            continue
        record = records[code_of(raw)]
        is_same = all(typed.get(key, "") == record.cells.get(key, "") for key in EDITABLE)
        action: Any = "unchanged" if is_same else "updated"
        good.append(ImportedRow(raw.number, record.code, action, typed.get("idea", "")))
        if not is_same:
            changing.append(raw)
    return good, changing, found


def _join(
    report: ImportReport, rows: Iterable[ImportedRow], found: Iterable[Problem], count: int
) -> ImportReport:
    return replace(
        report,
        imported=tuple(sorted((*report.imported, *rows), key=lambda row: row.row)),
        problems=tuple(sorted((*report.problems, *found), key=lambda it: it.row or 0)),
        row_count=count,
    )


def _list_bad_rows(
    rows: Sequence[RawRow], report: ImportReport, records: Mapping[str, SheetRecord]
) -> tuple[BadRow, ...]:
    codes: dict[int, set[str]] = {}
    for problem in report.errors:
        codes.setdefault(problem.row or 0, set()).add(problem.code)
    bad = []
    for raw in rows:
        if raw.number not in codes:
            continue
        record = records.get(code_of(raw))
        is_open = record is None or record.status in WRITABLE
        can_be_draft = is_open and not codes[raw.number] & _FINAL
        code = record.code if record else ""
        bad.append(BadRow(raw.number, code, _typed(raw), can_be_draft))
    return tuple(bad)


def _make_drafts(
    conn: Connection,
    parts: SheetRules,
    rows: Sequence[BadRow],
    records: Mapping[str, SheetRecord],
    *,
    by: str,
    groups: Collection[Group],
    now: dt.datetime,
) -> tuple[str, ...]:
    known = [RawRow(row.number, {**row.cells, "campaign_id": row.code}) for row in rows if row.code]
    _save(conn, parts, known, records, by=by, groups=groups, now=now)
    new = [
        {key: row.cells[key] for key in EDITABLE if row.cells.get(key)}
        for row in rows
        if not row.code
    ]
    codes = [row.code for row in rows if row.code]
    for start in range(0, len(new), MOST_NEW_ROWS):
        saved = create_rows(conn, parts, new[start : start + MOST_NEW_ROWS], by=by, now=now)
        codes += [record.code for record in saved.rows]
    return tuple(codes)


def _save(
    conn: Connection,
    parts: SheetRules,
    rows: Iterable[RawRow],
    records: Mapping[str, SheetRecord],
    *,
    by: str,
    groups: Collection[Group],
    now: dt.datetime,
) -> None:
    """Write cells over what the sheet had when the file was read."""
    changes = [
        CellChange(code, key, text, records[code].revisions.get(key, 0))
        for raw in rows
        for code in [code_of(raw)]
        for key, text in _typed(raw).items()
        if key in EDITABLE and text != records[code].cells.get(key, "")
    ]
    if changes:
        save_cells(conn, parts, changes, by=by, groups=groups, now=now)


def _typed(raw: RawRow) -> dict[str, str]:
    return {key: show_typed(cell, key) for key, cell in raw.cells.items()}
