"""Imports a sheet: the good rows go on, the bad ones come back with reasons and the way out.

The shape of the answer is GOV.UK Notify's: what is wrong in one list, then only the rows with
errors, the reason at its cell.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import structlog
from sqlalchemy import Connection

from pushline.brief.cells import clean_text
from pushline.brief.check_row import CheckedRow, check_row, make_problem
from pushline.brief.content import REASON, keep_old_form, make_content, make_notes
from pushline.brief.file_sentences import FILE_SENTENCES
from pushline.brief.notes import Note, Rules, say, warn
from pushline.brief.read_sheet import LONGEST_CELL, RawRow, SheetFile
from pushline.brief.sheet import write_cells
from pushline.brief.sheet_store import tick
from pushline.brief.status import FROZEN, LABELS, WRITABLE
from pushline.brief.versions import (
    Brief,
    UnknownBrief,
    create_brief,
    find_same_brief,
    get_brief,
    lock_briefs,
    save_version,
)
from pushline.kill_points import reach
from pushline.model import AudienceCatalogue, Problem, TextChecks
from pushline.sentence import Sentence

MOST_ROWS_SHOWN = 20
log = structlog.get_logger()

Action = Literal["created", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A good row and what became of it; code is empty in a dry run that would create it."""

    row: int
    code: str
    action: Action
    idea: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: good rows, and every problem at its place."""

    file: str
    imported: tuple[ImportedRow, ...]
    problems: tuple[Problem, ...]
    row_count: int
    is_dry_run: bool = False

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Problems that kept their row out."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Problems of rows that went in all the same."""
        return tuple(problem for problem in self.problems if problem.severity == "warning")

    @property
    def bad_rows(self) -> tuple[int, ...]:
        """Numbers of the rows that stayed out."""
        return tuple(sorted({problem.row for problem in self.errors if problem.row}))

    @property
    def heading(self) -> Sentence:
        """The first line a person reads."""
        good, bad = len(self.imported), len(self.bad_rows)
        code = "some_bad" if bad else "all_good"
        return Sentence.say(FILE_SENTENCES, code, file=self.file, good=good, bad=bad)

    def as_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the report as plain values, for JSON and the page."""
        return {
            "file": self.file,
            "heading": self.heading.text(language),
            "rows": self.row_count,
            "dry_run": self.is_dry_run,
            "imported": [
                {"row": it.row, "code": it.code, "action": it.action, "idea": it.idea}
                for it in self.imported
            ],
            "problems": [problem.as_dict(language) for problem in self.problems],
        }


def import_sheet(
    conn: Connection,
    sheet: SheetFile,
    *,
    by: str,
    now: dt.datetime,
    rules: Rules,
    audiences: AudienceCatalogue,
    texts: TextChecks,
    dry_run: bool = False,
) -> ImportReport:
    """Save every good row as a brief or a new version of one; the caller commits.

    Columns that the file does not have stay as the brief has them. An import counts as the person
    who imported: `by` is the editor of all its rows. Until the transaction ends nobody else saves
    cells or imports: what the rows are compared with is what they are saved over.
    """
    if not dry_run:
        tick(conn)
        lock_briefs(conn, {code_of(raw) for raw in sheet.rows} - {""})
    problems = [make_problem(note, None, None) for note in sheet.notes]
    imported: list[ImportedRow] = []
    across = _check_across(sheet)
    for raw in sheet.rows:
        brief = _find_brief(conn, code_of(raw))
        cells = _complete(raw.cells, brief) if brief else raw.cells
        checked = check_row(
            cells, now=now, rules=rules, audiences=audiences, texts=texts, number=raw.number
        )
        found = [*across.get(raw.number, ())]
        if brief is None and checked.row.campaign_id:
            found.append(say("campaign_id", "unknown_campaign", value=checked.row.campaign_id))
        extra = [make_problem(note, raw.cells.get(note.column), raw.number) for note in found]
        is_good = checked.is_good and all(problem.severity != "error" for problem in extra)
        problems += [*extra, *checked.problems]
        if not is_good:
            continue
        content = make_content(checked.row, rules, audiences)
        saved = _save(conn, checked, brief, content, by=by, now=now, dry_run=dry_run)
        if isinstance(saved, Note):
            problems.append(make_problem(saved, checked.row.campaign_id, raw.number))
        else:
            imported.append(saved)
        reach("import.after_row")
    report = ImportReport(sheet.name, tuple(imported), tuple(problems), len(sheet.rows), dry_run)
    log.info(
        "sheet_imported",
        rows=report.row_count,
        imported=len(imported),
        bad_rows=len(report.bad_rows),
        dry_run=dry_run,
    )
    reach("import.before_commit")
    return report


def code_of(raw: RawRow) -> str:
    """Return the campaign that a row names, or nothing."""
    return (clean_text(raw.cells.get("campaign_id")) or "").upper()


def _find_brief(conn: Connection, code: str) -> Brief | None:
    try:
        return get_brief(conn, code) if code else None
    except UnknownBrief:
        return None


def _complete(cells: Mapping[str, object], brief: Brief) -> Mapping[str, object]:
    """Return the cells of a row, and of the brief where the file has no column."""
    standing: dict[str, object] = {**write_cells(brief.row)}
    if brief.status not in WRITABLE:
        standing["status"] = ""
    return {**standing, **cells}


def _save(
    conn: Connection,
    checked: CheckedRow,
    brief: Brief | None,
    content: Mapping[str, Any],
    *,
    by: str,
    now: dt.datetime,
    dry_run: bool,
) -> ImportedRow | Note:
    notes = make_notes(checked.row)
    number, idea = checked.number or 0, checked.row.idea or ""
    if brief is None:
        same = find_same_brief(conn, content, notes)
        if same:
            return ImportedRow(number, same, "unchanged", idea)
        if dry_run:
            return ImportedRow(number, "", "created", idea)
        made = create_brief(
            conn, content=content, notes=notes, status=checked.landing, by=by, now=now
        )
        return ImportedRow(number, made.campaign_code, "created", idea)
    code = brief.campaign_code
    content = keep_old_form(content, brief.content, brief.notes.get(REASON))
    if brief.content == content and brief.notes == notes:
        return ImportedRow(number, code, "unchanged", idea)
    if brief.status in FROZEN:
        label = LABELS[brief.status]
        return say("campaign_id", "changed_after_approval", brief=code, status=label)
    if not dry_run:
        save_version(
            conn, code, content=content, notes=notes, status=checked.landing, by=by, now=now
        )
    return ImportedRow(number, code, "updated", idea)


def _check_across(sheet: SheetFile) -> dict[int, list[Note]]:
    """Find what only shows when rows are compared: the same ID, the same row, the same UTM."""
    notes: dict[int, list[Note]] = {}
    seen: dict[tuple[str, object], int] = {}
    for raw in sheet.rows:
        for note in _compare(raw, seen):
            notes.setdefault(raw.number, []).append(note)
    return notes


def _compare(raw: RawRow, seen: dict[tuple[str, object], int]) -> Iterator[Note]:
    if raw.is_too_wide:
        yield say("", "row_too_wide")
    for key, count in raw.too_long.items():
        yield say(key, "cell_too_long", count=count, limit=LONGEST_CELL)
    whole = tuple(sorted((key, str(cell)) for key, cell in raw.cells.items() if cell))
    code = str(raw.cells.get("campaign_id") or "").strip().upper()
    campaign = str(raw.cells.get("utm_campaign") or "").strip()
    keys = (("whole", whole), ("campaign_id", code), ("utm_campaign", campaign))
    others = {kind: seen.setdefault((kind, value), raw.number) for kind, value in keys if value}
    others = {kind: other for kind, other in others.items() if other != raw.number}
    if "whole" in others:
        yield say("", "same_row_twice", other=others["whole"])
    elif "campaign_id" in others:
        yield say("campaign_id", "same_id_twice", other=others["campaign_id"])
    elif "utm_campaign" in others:
        yield warn("utm_campaign", "same_utm_twice", other=others["utm_campaign"])
