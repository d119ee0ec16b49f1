"""Approval: somebody who wrote none of it says that exactly this may leave."""

import datetime as dt
import math
from typing import Literal

import psycopg.errors
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from pushline.brief.content import current_sql_hash
from pushline.brief.refusal_sentences import REFUSALS
from pushline.brief.sheet_checks import require_in_step
from pushline.brief.status import APPROVED, LABELS, SENT_BACK, Status, check_move
from pushline.brief.versions import (
    Brief,
    end_approval,
    lock_brief,
    move_brief,
    save_version,
)
from pushline.database.sql import Query
from pushline.errors import GiveUpRow
from pushline.kill_points import reach
from pushline.model import AudienceCatalogue
from pushline.sentence import Sentence

CREATE_APPROVAL = Query("brief/create_approval")

_BEYOND: tuple[Status, ...] = ("sending", "sent")

LONGEST_REASON = 500
BAND_SHARE = 0.2
BAND_LEAST = 100
_REFUSALS = (
    psycopg.errors.CheckViolation,
    psycopg.errors.UniqueViolation,
    psycopg.errors.ForeignKeyViolation,
)


class ApprovalRefused(GiveUpRow):
    """An approval that the four-eyes rule, a changed content or an older approval forbids."""


def reach_band(
    expected: int, share: float = BAND_SHARE, least: int = BAND_LEAST
) -> tuple[int, int]:
    """Return (low, high): the reach at which a run leaves without asking again."""
    low = min(math.floor(expected * (1 - share)), expected - least)
    high = max(math.ceil(expected * (1 + share)), expected + least)
    return max(0, low), high


def record_approval(
    conn: Connection,
    *,
    source_kind: Literal["brief", "trigger"],
    source_id: int,
    version: int,
    content_hash: str,
    by: str,
    now: dt.datetime,
    expected_reach: int,
    band: tuple[int, int] | None = None,
) -> int:
    """Approve one version of a brief or a trigger; returns the approval's id.

    The database refuses editors of the version, another hash and a second live approval; that
    comes back as ApprovalRefused, and the transaction stays usable.
    """
    low, high = band or reach_band(expected_reach)
    try:
        with conn.begin_nested():
            approval_id: int = CREATE_APPROVAL.scalar(
                conn,
                source_kind=source_kind,
                source_id=source_id,
                version=version,
                content_hash=content_hash,
                who=by,
                now=now,
                reach_expected=expected_reach,
                reach_low=low,
                reach_high=high,
            )
    except DBAPIError as error:
        raise _explain_refusal(error, version) from error
    return approval_id


def approve_brief(
    conn: Connection,
    code: str,
    *,
    by: str,
    now: dt.datetime,
    expected_reach: int,
    audiences: AudienceCatalogue,
    band: tuple[int, int] | None = None,
) -> Brief:
    """Approve the current version of a brief; the caller commits.

    If the SQL of its audience or exclusions changed since the version was saved, a version with
    the new SQL is saved first under the same editors, and that one is approved.
    """
    brief = lock_brief(conn, code)
    check_move(brief.status, "approved")
    require_in_step(conn, code)
    row = brief.row
    sql_hash = current_sql_hash(row.audience, row.exclude, audiences)
    if sql_hash != brief.content["sql_hash"]:
        brief = save_version(
            conn,
            code,
            content={**brief.content, "sql_hash": sql_hash},
            notes=brief.notes,
            status=brief.status,
            by="audience file",
            now=now,
            editors=brief.edited_by,
        )
    record_approval(
        conn,
        source_kind="brief",
        source_id=brief.brief_id,
        version=brief.version,
        content_hash=brief.content_hash,
        by=by,
        now=now,
        expected_reach=expected_reach,
        band=band,
    )
    reach("approval.after_record")
    moved = move_brief(conn, code, "approved", by=by, now=now, role="approver", what="approved")
    reach("approval.before_commit")
    return moved


def send_back(conn: Connection, code: str, reason: str, *, by: str, now: dt.datetime) -> Brief:
    """Say no to a brief that waits for approval; the reason stays in its history.

    Raises ApprovalRefused without a reason, and for a brief that does not wait for one.
    """
    reason, (old, new) = reason.strip(), SENT_BACK
    if not 0 < len(reason) <= LONGEST_REASON:
        raise ApprovalRefused(sentence=Sentence.say(REFUSALS, "no_reason", most=LONGEST_REASON))
    brief = lock_brief(conn, code)
    if brief.status != old:
        status = LABELS[brief.status]
        refusal = Sentence.say(REFUSALS, "send_back_not_due", code=code, status=status)
        raise ApprovalRefused(sentence=refusal)
    return move_brief(conn, code, new, by=by, now=now, reason=reason)


def withdraw_approval(conn: Connection, code: str, *, by: str, now: dt.datetime) -> Brief:
    """Take the approval back: the brief waits for another one, and so does what is queued of it.

    From its commit on nothing of the brief's runs is claimed or begun (`push.begin` asks), until
    the same version is approved again. What had begun goes on to its end. Raises ApprovalRefused
    for a brief that is being sent, whose run is to be stopped, and for one that is not approved.
    """
    brief = lock_brief(conn, code)
    if brief.status in _BEYOND:
        raise ApprovalRefused(sentence=Sentence.say(REFUSALS, "withdraw_too_late", code=code))
    if brief.status not in APPROVED:
        raise ApprovalRefused(sentence=Sentence.say(REFUSALS, "nothing_to_withdraw", code=code))
    if not end_approval(conn, brief, by=by, now=now):
        raise ApprovalRefused(sentence=Sentence.say(REFUSALS, "nothing_to_withdraw", code=code))
    return move_brief(conn, code, "audience_ready", by=by, now=now)


def _explain_refusal(error: DBAPIError, version: int) -> Exception:
    cause = error.orig
    if not isinstance(cause, _REFUSALS):
        return error
    if isinstance(cause, psycopg.errors.UniqueViolation):
        sentence = Sentence.say(REFUSALS, "approved_already", version=version)
        return ApprovalRefused(sentence=sentence)
    message = cause.diag.message_primary or str(cause)
    return ApprovalRefused(message, Sentence.say(REFUSALS, "approval_refused"))
