"""Judges a row of the sheet page, and saves the good one as its brief."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from pushline.brief.check_row import CheckedRow
from pushline.brief.content import REASON, keep_old_form, list_notes, make_content, make_notes
from pushline.brief.sheet_checks import check_cells, keep_problem, when_checked
from pushline.brief.sheet_store import Checked, SheetRecord, SheetRules, show_cells
from pushline.brief.status import WRITABLE
from pushline.brief.versions import create_brief, save_version


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check says of a row: is it good, and would saving it change what was approved."""

    checked: CheckedRow
    checked_at: Checked
    is_good: bool
    changes_content: bool
    content: Mapping[str, Any]

    @property
    def problems(self) -> list[dict[str, Any]]:
        """The problems as the row keeps them."""
        return [keep_problem(problem) for problem in self.checked.problems]


def judge(
    record: SheetRecord, parts: SheetRules, now: dt.datetime, *, touched: Collection[str]
) -> Verdict:
    """Check a row whose cells `touched` were just changed.

    Notes (idea, goal, owner, ...) never touch an approval: a row that was in step and had only
    notes changed keeps its content, whatever else the clock has made of it.
    """
    checked = check_cells(record.cells, parts, now, record.status)
    stamp = when_checked(checked, parts, now)
    notes = list_notes(record.content)
    if record.is_in_step and set(touched) <= notes:
        broken = {it.column for it in checked.problems if it.severity == "error"}
        return Verdict(checked, stamp, not broken & notes, False, record.content)
    if not checked.is_good:
        changes = bool(set(touched) - notes)
        return Verdict(checked, stamp, False, changes, record.content)
    content = make_content(checked.row, parts.rules, parts.audiences)
    content = keep_old_form(content, record.content, record.brief_cells.get(REASON))
    if _without_sql(content) == _without_sql(record.content):
        # Only a file in sql/audiences is another one: that is approved anew when it matters.
        content = dict(record.content)
    return Verdict(checked, stamp, True, content != record.content, content)


def save_good(
    conn: Connection,
    record: SheetRecord,
    verdict: Verdict,
    *,
    by: str,
    now: dt.datetime,
) -> tuple[SheetRecord, Checked]:
    """Return the row as it is to be written; a good one is saved as its brief first.

    The brief's editors are all who typed since it was in step; whoever wrote an approved version
    is none of the editors of the next.
    """
    writers = tuple(dict.fromkeys((*record.writers, by)))
    record = replace(record, problems=verdict.problems)
    if not verdict.is_good:
        return replace(record, brief_version=None, writers=writers), verdict.checked_at
    notes = make_notes(verdict.checked.row)
    if record.brief_id is None:
        brief = create_brief(
            conn,
            content=verdict.content,
            notes=notes,
            status="idea",
            by=by,
            now=now,
            editors=record.writers,
            code=record.code,
        )
    else:
        earlier = () if record.approval_id else record.edited_by
        brief = save_version(
            conn,
            record.code,
            content=verdict.content,
            notes=notes,
            status=record.status if record.status in WRITABLE else "audience_ready",
            by=by,
            now=now,
            editors=tuple(dict.fromkeys((*earlier, *writers))),
        )
    saved = replace(
        record,
        brief_id=brief.brief_id,
        brief_version=brief.version,
        version=brief.version,
        brief_cells=show_cells(brief.row),
        brief_mark=None,
        writers=(),
    )
    return saved, verdict.checked_at


def _without_sql(content: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key != "sql_hash"}
