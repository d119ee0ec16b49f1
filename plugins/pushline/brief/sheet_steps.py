"""The steps of a row of the sheet page: on and back, cancel, approve; each says why not.

What a person may do is asked here once more, by the roles of the status machine: the page shows
only what is allowed, but a page may be old.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection

from pushline.brief.approval import approve_brief, reach_band, send_back, withdraw_approval
from pushline.brief.late_approval import STRICTER, TIMES, latest_deadline, was_approved
from pushline.brief.refusal_sentences import REFUSALS
from pushline.brief.sheet_checks import check_cells, keep_problem
from pushline.brief.sheet_refresh import refresh_rows
from pushline.brief.sheet_refusals import RowRefused
from pushline.brief.sheet_rows import SavedCells, get_record
from pushline.brief.sheet_store import SheetRecord, SheetRules, list_records, tick
from pushline.brief.status import (
    APPROVED,
    LABELS,
    MOVES,
    SENT_BACK,
    WRITABLE,
    Role,
    Status,
    list_movers,
)
from pushline.brief.versions import lock_briefs, move_brief
from pushline.brief.waiting import wrote
from pushline.sentence import Sentence

_PEOPLE: dict[Role, Sentence] = {
    "business": Sentence("business", "бизнес", "бизнес"),
    "marketing": Sentence("marketing", "маркетинг", "маркетинг"),
    "data": Sentence("the data team", "команда данных", "деректер командасы"),
    "approver": Sentence("an approver", "согласующий", "мақұлдаушы"),
    "system": Sentence("the planner", "планировщик", "жоспарлаушы"),
}


class RowNotReady(RowRefused):
    """A row with errors cannot go on; `problems` says what to mend, as rows keep problems."""

    def __init__(self, code: str, problems: Sequence[Mapping[str, Any]]) -> None:
        super().__init__("row_not_ready", code=code, count=len(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ApprovalCase:
    """What somebody who approves has to know of a row, beside what it says.

    refusal: why this person may not approve it now, None if they may. goes_on: what an approval
    does that comes again after the time of sending. band: the reach at which a
    run leaves without asking again. cost: reach times price, None without a price.
    """

    record: SheetRecord
    editors: tuple[str, ...]
    refusal: RowRefused | None
    goes_on: Sentence | None
    reach: int | None
    band: tuple[int, int] | None
    needs_typed_number: bool
    price: float | None
    cost: float | None


def move_row(
    conn: Connection,
    parts: SheetRules,
    code: str,
    to: Status,
    *,
    by: str,
    roles: Collection[Role],
    now: dt.datetime,
) -> SavedCells:
    """Move a row's brief, step by step; the caller commits.

    Forward it needs a row without errors that is saved as it stands. From approved back it takes
    the approval with it. Raises RowRefused.
    """
    revision, record = _open(conn, code)
    steps = list_steps(record.status, to)
    for step in steps:
        _check_step(record, step, roles)
    if to in WRITABLE and _is_forward(record.status, to):
        unready = _find_unready(conn, record, parts, now, to)
        if unready:
            raise unready
    if record.status in APPROVED and to == "audience_ready":
        withdraw_approval(conn, code, by=by, now=now)
    else:
        for _, new in steps:
            move_brief(conn, code, new, by=by, now=now)
    return _close(conn, code, revision)


def send_back_row(
    conn: Connection, code: str, reason: str, *, by: str, roles: Collection[Role], now: dt.datetime
) -> SavedCells:
    """Give a row that waits for approval back to its writers, with the reason; the caller commits.

    Red cells are no hindrance: they may be the reason. Raises RowRefused for whoever is no
    approver, ApprovalRefused for a row that waits for nobody.
    """
    revision, _ = _open(conn, code)
    if "approver" not in roles:
        names = {"status": LABELS[SENT_BACK[0]], "to": LABELS[SENT_BACK[1]]}
        raise RowRefused("step_of_others", code=code, who=_PEOPLE["approver"], **names)
    send_back(conn, code, reason, by=by, now=now)
    return _close(conn, code, revision)


def withdraw_row(
    conn: Connection, code: str, *, by: str, roles: Collection[Role], now: dt.datetime
) -> SavedCells:
    """Take the approval of a row's brief back; the caller commits.

    Raises RowRefused for a row that is not approved, ApprovalRefused for one that is being sent.
    """
    revision, record = _open(conn, code)
    if record.status in APPROVED:
        _check_step(record, (record.status, "audience_ready"), roles)
    elif record.status not in ("sending", "sent"):
        raise RowRefused("nothing_to_withdraw", code=code)
    withdraw_approval(conn, code, by=by, now=now)
    return _close(conn, code, revision)


def approve_row(
    conn: Connection,
    parts: SheetRules,
    code: str,
    *,
    version: int,
    content_hash: str,
    expected_reach: int,
    by: str,
    now: dt.datetime,
) -> SavedCells:
    """Approve exactly what the approver saw; the caller commits.

    Raises RowRefused: for what was changed since it was shown, a row that is not saved as it
    stands or has errors by now, and for who wrote it. The last one is refused by the database, too.
    """
    revision, record = _open(conn, code)
    if (record.version, record.content_hash) != (version, content_hash):
        raise RowRefused("approval_outdated", code=code)
    refusal = find_refusal(conn, record, parts, by=by, now=now)
    if refusal:
        raise refusal
    approve_brief(
        conn, code, by=by, now=now, expected_reach=expected_reach, audiences=parts.audiences
    )
    return _close(conn, code, revision)


def open_case(
    conn: Connection,
    parts: SheetRules,
    code: str,
    *,
    by: str,
    now: dt.datetime,
    reach: int | None,
    typed_from: int,
    price: float | None,
) -> ApprovalCase:
    """Return what an approver must see of a row; raises RowRefused when there is no such row.

    reach: the last estimate. typed_from: a reach from which the number has to be typed.
    """
    record = get_record(conn, code)
    refusal = find_refusal(conn, record, parts, by=by, now=now)
    return ApprovalCase(
        record=record,
        editors=tuple(dict.fromkeys((*record.edited_by, *record.writers))),
        refusal=refusal,
        goes_on=None if refusal else _say_going_on(record, parts, now),
        reach=reach,
        band=None if reach is None else reach_band(reach),
        needs_typed_number=reach is not None and reach >= typed_from,
        price=price,
        cost=None if reach is None or price is None else round(reach * price, 2),
    )


def find_refusal(
    conn: Connection, record: SheetRecord, parts: SheetRules, *, by: str, now: dt.datetime
) -> RowRefused | None:
    """Say why this person may not approve this row now, or None."""
    code = record.code
    if record.status != "audience_ready":
        return RowRefused("approval_not_due", code=code, status=LABELS[record.status])
    unready = _find_unready(conn, record, parts, now, "audience_ready")
    if unready:
        return unready
    if wrote(record, by):
        return RowRefused("approval_needs_four_eyes", code=code)
    return None


def _say_going_on(record: SheetRecord, parts: SheetRules, now: dt.datetime) -> Sentence | None:
    checked = check_cells(record.cells, parts, now, "audience_ready")
    deadline = None if checked.is_good else latest_deadline(record, parts, now)
    if deadline is None:
        return None
    zone = parts.rules.zone
    until = f"{deadline.astimezone(zone):%Y-%m-%d %H:%M}"
    return Sentence.say(REFUSALS, "goes_on_at_once", code=record.code, until=until, zone=zone.key)


def list_steps(old: Status, new: Status) -> list[tuple[Status, Status]]:
    """Return the moves from one status to another: all between the writable ones, else one."""
    if old == new:
        return []
    if old in WRITABLE and new in WRITABLE:
        first, last = WRITABLE.index(old), WRITABLE.index(new)
        way = WRITABLE[first : last + 1] if last > first else WRITABLE[last : first + 1][::-1]
        return list(pairwise(way))
    return [(old, new)]


def _open(conn: Connection, code: str) -> tuple[int, SheetRecord]:
    revision = tick(conn)
    lock_briefs(conn, [code])
    refresh_rows(conn, revision)
    record = get_record(conn, code)
    if record.brief_id is None:
        raise RowRefused("row_without_brief", code=code)
    return revision, record


def _close(conn: Connection, code: str, revision: int) -> SavedCells:
    refresh_rows(conn, revision)
    return SavedCells(revision, list_records(conn, codes=[code]))


def _check_step(record: SheetRecord, step: tuple[Status, Status], roles: Collection[Role]) -> None:
    names = {"status": LABELS[step[0]], "to": LABELS[step[1]]}
    if step not in MOVES or step[1] not in (*WRITABLE, "cancelled"):
        raise RowRefused("step_impossible", code=record.code, **names)
    allowed = list_movers(step)
    if not allowed & set(roles):
        who = Sentence.join((_PEOPLE[role] for role in sorted(allowed)), " / ")
        raise RowRefused("step_of_others", code=record.code, who=who, **names)


def _find_unready(
    conn: Connection, record: SheetRecord, parts: SheetRules, now: dt.datetime, status: Status
) -> RowRefused | None:
    """Say why a row cannot go on to a status, or None.

    That the time of sending has passed is no reason for a version that was approved before, as long
    as it may still leave: its approval was taken back in the middle.
    """
    if not record.is_in_step:
        return RowRefused("row_out_of_step", code=record.code)
    checked = check_cells(record.cells, parts, now, status)
    if checked.is_good:
        return None
    errors = [it for it in checked.problems if it.severity == "error"]
    codes = {it.code for it in errors}
    if codes <= TIMES | STRICTER and was_approved(conn, record):
        deadline = latest_deadline(record, parts, now)
        if deadline and deadline > now:
            return None
        if codes <= TIMES:
            return RowRefused("approval_too_late", code=record.code)
    return RowNotReady(record.code, [keep_problem(problem) for problem in errors])


def _is_forward(old: Status, new: Status) -> bool:
    return old in WRITABLE and WRITABLE.index(new) > WRITABLE.index(old)
