"""Checks rows of the sheet page, and says when the verdict may change by itself.

Measuring texts in pixels costs about two milliseconds a row, so problems are kept with the row.
They are found anew when somebody changes a cell, when other rules hold (audience files, quiet
hours, settings: `SheetRules.mark`), and when the clock passes a moment that matters: two hours
before the time of sending, and that time itself; a repeat is looked at once a day. Briefs that are
approved or further keep what was found last: what leaves is their version, not the row.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from pushline.brief.check_row import CheckedRow, check_row
from pushline.brief.check_schedule import NOTICE
from pushline.brief.occasions import resolve_local
from pushline.brief.sheet_refusals import RowRefused
from pushline.brief.sheet_store import Checked, SheetRules
from pushline.brief.status import WRITABLE, Status
from pushline.database.sql import Query
from pushline.model import Problem

FIND_OUT_OF_STEP = Query("brief/find_out_of_step")


def check_cells(
    cells: Mapping[str, object], parts: SheetRules, now: dt.datetime, status: Status = "idea"
) -> CheckedRow:
    """Check cells as far as a status needs them; what only a later one needs may be empty."""
    needed = status if status in WRITABLE else "audience_ready"
    return check_row(
        {**cells, "status": needed},
        now=now,
        rules=parts.rules,
        audiences=parts.audiences,
        texts=parts.texts,
    )


def when_checked(checked: CheckedRow, parts: SheetRules, now: dt.datetime) -> Checked:
    """Return the stamp of a check: its moment, its rules, and when time alone may change it."""
    again_at = None
    if checked.row.repeat:
        again_at = now + dt.timedelta(days=1)
    elif checked.row.send_at:
        sent_at = resolve_local(checked.row.send_at, parts.rules.zone)
        ahead = [moment for moment in (sent_at - NOTICE, sent_at) if moment > now]
        again_at = min(ahead, default=None)
    return Checked(now, parts.mark, again_at)


def keep_problem(problem: Problem) -> dict[str, Any]:
    """Return a problem as plain values, in every language."""
    return {
        "column": problem.column,
        "code": problem.code,
        "severity": problem.severity,
        "fix": problem.fix,
        **problem.sentence.as_dict(),
    }


def require_in_step(conn: Connection, code: str) -> None:
    """Raise RowRefused while the sheet shows something else than the brief says."""
    if FIND_OUT_OF_STEP.scalar(conn, campaign_code=code):
        raise RowRefused("row_out_of_step", code=code)
