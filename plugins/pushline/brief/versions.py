"""Keeps briefs in the database: each edit is a new version, and who changed what is remembered."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from pushline.brief.content import (
    REASON,
    hash_content,
    keep_old_form,
    list_changes,
    restore_row,
)
from pushline.brief.refusal_sentences import REFUSALS
from pushline.brief.sheet import SheetRow
from pushline.brief.status import WRITABLE, Role, Status, check_move
from pushline.database.sql import Query
from pushline.errors import GiveUpRow
from pushline.sentence import Sentence

NEXT_BRIEF_NUMBER = Query("brief/next_brief_number")
CREATE_BRIEF = Query("brief/create_brief")
CREATE_BRIEF_VERSION = Query("brief/create_brief_version")
UPDATE_BRIEF = Query("brief/update_brief")
GET_BRIEF = Query("brief/get_brief")
LIST_BRIEFS = Query("brief/list_briefs")
LOCK_BRIEF = Query("brief/lock_brief")
LOCK_BRIEFS = Query("brief/lock_briefs")
FIND_SAME_BRIEF = Query("brief/find_same_brief")
ADD_BRIEF_HISTORY = Query("brief/add_brief_history")
FIND_PINNING_RUN = Query("brief/find_pinning_run")
WITHDRAW_APPROVAL = Query("brief/withdraw_approval")
LIST_BRIEF_HISTORY = Query("brief/list_brief_history")

_ENDED: tuple[Status, ...] = ("sent", "cancelled")


class UnknownBrief(GiveUpRow):
    """There is no such brief; the message names the command that lists them."""


class BriefStarted(GiveUpRow):
    """A brief that began to be sent cannot be edited; stop the rest or copy it."""


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief with its current version and, if there is one, the live approval of that version."""

    brief_id: int
    campaign_code: str
    status: Status
    version: int
    notes: Mapping[str, Any]
    content: Mapping[str, Any]
    content_hash: str
    edited_by: tuple[str, ...]
    edited_at: dt.datetime
    created_by: str
    created_at: dt.datetime
    changed_at: dt.datetime
    approval_id: int | None
    approved_by: str | None
    approved_at: dt.datetime | None
    reach_expected: int | None
    reach_low: int | None
    reach_high: int | None

    @property
    def row(self) -> SheetRow:
        """The brief as a row of the sheet."""
        return restore_row(self.content, self.notes, self.campaign_code, self.status)


def create_brief(
    conn: Connection,
    *,
    content: Mapping[str, Any],
    notes: Mapping[str, Any],
    status: Status,
    by: str,
    now: dt.datetime,
    editors: Iterable[str] = (),
    code: str | None = None,
) -> Brief:
    """Save a new brief under the next number of the year; the caller commits.

    editors: who wrote it besides `by`. code: what `next_code` gave for it before.
    """
    code = code or next_code(conn, now)
    brief_id = CREATE_BRIEF.scalar(
        conn, campaign_code=code, status=status, notes=json.dumps(notes), who=by, now=now
    )
    names = list(dict.fromkeys((*editors, by)))
    _save_content(conn, brief_id, 1, content, names, now)
    _remember(conn, brief_id, by, "created", 1, list_changes({}, {**content, **notes}), now)
    return get_brief(conn, code)


def next_code(conn: Connection, now: dt.datetime) -> str:
    """Give the next code of the year; nobody else ever gets it."""
    number = NEXT_BRIEF_NUMBER.scalar(conn, year=now.year)
    return f"C-{now.year}-{number:03d}"


def save_version(
    conn: Connection,
    code: str,
    *,
    content: Mapping[str, Any],
    notes: Mapping[str, Any],
    status: Status,
    by: str,
    now: dt.datetime,
    editors: Iterable[str] | None = None,
) -> Brief:
    """Save an edit. Content makes a new version, notes alone do not; nothing changed: nothing.

    An approved brief falls back to `status` and loses its approval, because nobody approved the
    new version. Raises BriefStarted once people of an occasion are decided. editors: whose writing
    the version is; default: `by` and whoever wrote since the last approved version.
    """
    brief = lock_brief(conn, code)
    content = keep_old_form(content, brief.content, brief.notes.get(REASON))
    changes = list_changes(brief.content, content)
    told = {change["column"] for change in changes}
    noted = [it for it in list_changes(brief.notes, notes) if it["column"] not in told]
    if changes:
        refuse_when_started(conn, brief)
        end_approval(conn, brief, by=by, now=now)
        version = brief.version + 1
        earlier = () if brief.approval_id else brief.edited_by
        names = list(dict.fromkeys(editors if editors is not None else (*earlier, by)))
        _save_content(conn, brief.brief_id, version, content, names, now)
        _update(conn, brief, status, version, notes, now)
        _remember(conn, brief.brief_id, by, "edited", version, changes + noted, now)
    elif noted:
        _update(conn, brief, brief.status, brief.version, notes, now)
        _remember(conn, brief.brief_id, by, "noted", brief.version, noted, now)
    return get_brief(conn, code)


def copy_brief(conn: Connection, code: str, *, by: str, now: dt.datetime) -> Brief:
    """Make a new brief that says the same; it needs its own date and approval.

    Whoever wrote what nobody has approved yet is an editor of the copy, too.
    """
    brief = get_brief(conn, code)
    notes = {**brief.notes, "idea": f"{brief.notes.get('idea') or ''} ({code})".strip()}
    return create_brief(
        conn,
        content=brief.content,
        notes=notes,
        status="texts_ready",
        by=by,
        now=now,
        editors=() if brief.approval_id else brief.edited_by,
    )


def move_brief(
    conn: Connection,
    code: str,
    status: Status,
    *,
    by: str,
    now: dt.datetime,
    role: Role | None = None,
    what: str = "moved",
    reason: str = "",
) -> Brief:
    """Move a brief along the status machine; raises MoveRefused with what may be done instead.

    reason: why it was sent back, kept in its history. A brief that is cancelled loses its approval:
    nothing more of it is claimed or begun.
    """
    brief = lock_brief(conn, code)
    check_move(brief.status, status, role)
    if status == "cancelled":
        end_approval(conn, brief, by=by, now=now)
    if brief.status != status:
        _update(conn, brief, status, brief.version, brief.notes, now)
        change = [{"column": "status", "old": brief.status, "new": status}]
        if reason:
            change.append({"column": "reason", "old": "", "new": reason})
        _remember(conn, brief.brief_id, by, what, brief.version, change, now)
    return get_brief(conn, code)


def revive_brief(conn: Connection, code: str, status: Status, *, by: str, now: dt.datetime) -> None:
    """Put a cancelled brief back to where it stood, when its cancelling is undone."""
    brief = lock_brief(conn, code)
    if brief.status != "cancelled" or status not in WRITABLE:
        check_move(brief.status, status)
    _update(conn, brief, status, brief.version, brief.notes, now)
    change = [{"column": "status", "old": brief.status, "new": status}]
    _remember(conn, brief.brief_id, by, "moved", brief.version, change, now)


def get_brief(conn: Connection, code: str) -> Brief:
    """Return a brief by its code; raises UnknownBrief."""
    found = GET_BRIEF.one_or_none(conn, campaign_code=code)
    if found is None:
        message = f"There is no brief {code}. `pushline brief list` shows them all."
        raise UnknownBrief(message, Sentence.say(REFUSALS, "unknown_brief", code=code))
    return _make_brief(found)


def lock_brief(conn: Connection, code: str) -> Brief:
    """Return a brief that nobody else changes until the transaction ends."""
    LOCK_BRIEF.scalar(conn, campaign_code=code)
    return get_brief(conn, code)


def lock_briefs(conn: Connection, codes: Iterable[str]) -> None:
    """Keep others from changing these briefs until the transaction ends, in the order of all."""
    LOCK_BRIEFS.all(conn, campaign_codes=list(codes))


def end_approval(conn: Connection, brief: Brief, *, by: str, now: dt.datetime) -> bool:
    """Take the live approval of a locked brief back, if it has one, and write that down."""
    ended = WITHDRAW_APPROVAL.all(
        conn,
        source_kind="brief",
        source_id=brief.brief_id,
        version=brief.version,
        who=by,
        now=now,
    )
    if ended:
        _remember(conn, brief.brief_id, by, "withdrawn", brief.version, [], now)
    return bool(ended)


def list_briefs(conn: Connection, statuses: Sequence[Status] = ()) -> list[Brief]:
    """Return all briefs, or those of some statuses, by their time of sending."""
    return [_make_brief(found) for found in LIST_BRIEFS.all(conn, statuses=list(statuses))]


def find_same_brief(
    conn: Connection, content: Mapping[str, Any], notes: Mapping[str, Any]
) -> str | None:
    """Return the code of a brief that says exactly the same and is not cancelled, if any."""
    found: str | None = FIND_SAME_BRIEF.scalar(
        conn, content_hash=hash_content(content), idea=notes["idea"]
    )
    return found


def list_history(conn: Connection, code: str) -> Sequence[Row[Any]]:
    """Return who changed what in a brief, oldest first."""
    return LIST_BRIEF_HISTORY.all(conn, campaign_code=code)


def remember_act(
    conn: Connection, brief: Brief, by: str, what: str, changes: list[Any], now: dt.datetime
) -> None:
    """Write one line of the history of a brief."""
    _remember(conn, brief.brief_id, by, what, brief.version, changes, now)


def refuse_when_started(conn: Connection, brief: Brief) -> None:
    """Raise BriefStarted while people of an occasion are decided by the version in force.

    The caller holds the brief's lock. From here to the end of its transaction nobody is decided.
    """
    run_id = FIND_PINNING_RUN.scalar(
        conn, brief_id=brief.brief_id, repeats=bool(brief.content["repeat"])
    )
    if brief.status in _ENDED or run_id is not None:
        why = brief.status if run_id is None else f"being sent by run {run_id}"
        raise BriefStarted(
            f"{brief.campaign_code} is {why} and cannot be edited: stop the rest with "
            f"`pushline run cancel`, or copy it with `pushline brief copy {brief.campaign_code}`.",
            Sentence.say(REFUSALS, "brief_started", code=brief.campaign_code),
        )


def _make_brief(found: Row[Any]) -> Brief:
    fields = found._asdict()
    return Brief(**{**fields, "edited_by": tuple(fields["edited_by"])})


def _save_content(
    conn: Connection,
    brief_id: int,
    version: int,
    content: Mapping[str, Any],
    editors: list[str],
    now: dt.datetime,
) -> None:
    CREATE_BRIEF_VERSION.execute(
        conn,
        brief_id=brief_id,
        version=version,
        content=json.dumps(content),
        content_hash=hash_content(content),
        editors=editors,
        now=now,
    )


def _update(
    conn: Connection,
    brief: Brief,
    status: Status,
    version: int,
    notes: Mapping[str, Any],
    now: dt.datetime,
) -> None:
    UPDATE_BRIEF.execute(
        conn,
        brief_id=brief.brief_id,
        status=status,
        version=version,
        notes=json.dumps(notes),
        now=now,
    )


def _remember(
    conn: Connection,
    brief_id: int,
    by: str,
    what: str,
    version: int,
    changes: list[Any],
    now: dt.datetime,
) -> None:
    ADD_BRIEF_HISTORY.execute(
        conn,
        brief_id=brief_id,
        who=by,
        what=what,
        version=version,
        changes=json.dumps(changes),
        now=now,
    )
