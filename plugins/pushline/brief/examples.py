"""Loads the example month of campaigns, its dates moved to where `now` is."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from pushline.brief.cells import parse_date, parse_moment
from pushline.brief.import_briefs import ImportReport, import_sheet
from pushline.brief.notes import Rules
from pushline.brief.read_sheet import RawRow, SheetFile, read_sheet
from pushline.brief.sheet_store import EDITABLE
from pushline.model import AudienceCatalogue, TextChecks
from pushline.settings import CHECKOUT

EXAMPLES = CHECKOUT / "examples" / "campaigns_month.csv"
# In the file it is this moment: what the file sends on this day moves with the minute, the other
# days keep their hour.
ANCHOR = dt.datetime(2026, 12, 1, 10, 0)  # noqa: DTZ001 - wall clock of the project
# The oldest campaign of the file lies within so many days before the anchor.
LOOK_BACK = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class LoadedExamples:
    """What was imported, which briefs wait for an approval, and the cells of the bad rows."""

    report: ImportReport
    to_approve: tuple[str, ...]
    bad_rows: tuple[Mapping[str, str], ...] = ()


def load(
    conn: Connection,
    now: dt.datetime,
    by: str,
    *,
    rules: Rules,
    audiences: AudienceCatalogue,
    texts: TextChecks,
    path: Path = EXAMPLES,
) -> LoadedExamples:
    """Import the example month around `now` (aware); the caller commits.

    Campaigns of the file's own day come due within minutes and hours, some tomorrow, some later.
    Those of last week are checked as if it were last week and stay unapproved: drafts that nobody
    finished in time. Rows with mistakes stay out and are in the report.
    """
    sheet = shift(read_sheet(path), now, rules)
    past, ahead = _split_by_time(sheet, now.astimezone(rules.zone).replace(tzinfo=None))
    old = import_sheet(
        conn, past, by=by, now=now - LOOK_BACK, rules=rules, audiences=audiences, texts=texts
    )
    new = import_sheet(conn, ahead, by=by, now=now, rules=rules, audiences=audiences, texts=texts)
    report = ImportReport(
        sheet.name,
        tuple(sorted((*old.imported, *new.imported), key=lambda row: row.row)),
        tuple(sorted((*old.problems, *new.problems), key=lambda problem: problem.row or 0)),
        len(sheet.rows),
    )
    drafts = {raw.number for raw in sheet.rows if raw.cells.get("status") or not _is_sent(raw)}
    codes = tuple(
        row.code for row in new.imported if row.row not in drafts and row.action != "unchanged"
    )
    bad = tuple(_as_typed(raw.cells) for raw in sheet.rows if raw.number in report.bad_rows)
    return LoadedExamples(report, codes, bad)


def shift(sheet: SheetFile, now: dt.datetime, rules: Rules) -> SheetFile:
    """Move the dates of the file so that its anchor falls on `now`."""
    here = now.astimezone(rules.zone).replace(tzinfo=None)
    minute = here.replace(second=0, microsecond=0) + dt.timedelta(minutes=1)
    rows = tuple(
        RawRow(row.number, _shift_cells(row.cells, minute), row.is_too_wide) for row in sheet.rows
    )
    return SheetFile(sheet.name, rows, sheet.notes)


def _shift_cells(cells: Mapping[str, object], minute: dt.datetime) -> dict[str, object]:
    shifted = dict(cells)
    days = minute.date() - ANCHOR.date()
    sent_on = None
    try:
        moment = parse_moment(cells.get("send_at"))
        if moment is not None and abs(moment - ANCHOR) < dt.timedelta(days=60):
            near = moment.date() == ANCHOR.date()
            sent_on = minute + (moment - ANCHOR) if near else moment + days
            shifted["send_at"] = f"{sent_on:%Y-%m-%d %H:%M}"
    except ValueError:
        pass  # a mistake of the file stays one
    for key in ("promo_start", "promo_end"):
        try:
            day = parse_date(cells.get(key))
        except ValueError:
            continue
        if day is not None:
            moved = day + days
            # Late in the evening the near campaigns pass midnight: the promo goes with them.
            if key == "promo_end" and sent_on is not None and day >= ANCHOR.date():
                moved = max(moved, sent_on.date() + dt.timedelta(days=1))
            shifted[key] = moved.isoformat()
    return shifted


def _split_by_time(sheet: SheetFile, here: dt.datetime) -> tuple[SheetFile, SheetFile]:
    past = tuple(row for row in sheet.rows if _was_sent(row, here))
    ahead = tuple(row for row in sheet.rows if not _was_sent(row, here))
    return SheetFile(sheet.name, past), SheetFile(sheet.name, ahead, sheet.notes)


def _was_sent(row: RawRow, here: dt.datetime) -> bool:
    try:
        moment = parse_moment(row.cells.get("send_at"))
    except ValueError:
        return False
    return moment is not None and here - LOOK_BACK < moment <= here and not row.cells.get("repeat")


def _as_typed(cells: Mapping[str, object]) -> dict[str, str]:
    return {key: str(cells[key]) for key in EDITABLE if cells.get(key)}


def _is_sent(row: RawRow) -> bool:
    return bool(row.cells.get("send_at") and row.cells.get("audience"))
