"""The reach of briefs as the page asks for it: requests, progress, numbers with their age.

Functions take `conn` and never commit. Who counts is reach_worker.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from pushline.brief.refusal_sentences import REFUSALS
from pushline.brief.sheet_refusals import RowRefused
from pushline.brief.versions import UnknownBrief
from pushline.database.sql import Query
from pushline.plan.reach_trial import ReachCount
from pushline.plan.reach_watch import CannotBeCounted
from pushline.plan.tick import LIST_REASONS
from pushline.sentence import Sentence

REQUEST_REACH = Query("plan/request_reach")
CANCEL_REACH = Query("plan/cancel_reach")
REQUEUE_SILENT_REACH = Query("plan/requeue_silent_reach")
TAKE_REACH = Query("plan/take_reach")
BEAT_REACH = Query("plan/beat_reach")
KEEP_REACH_ESTIMATE = Query("plan/keep_reach_estimate")
KEEP_REACH_TAKERS = Query("plan/keep_reach_takers")
FAIL_REACH = Query("plan/fail_reach")
LIST_REACH = Query("plan/list_reach")
LIST_REACH_NEWS = Query("plan/list_reach_news")
GET_ROW_TO_COUNT = Query("plan/get_row_to_count")

# Whoever counts gives a sign of life several times a second; after so long it is taken for dead.
SILENCE = timedelta(seconds=10)


def request_reach(conn: Connection, campaign_code: str, *, by: str, now: datetime) -> int:
    """Ask for a brief's reach to be counted; returns the request's number.

    An older request for the same brief, and whatever else the same person waits for, is void and
    stops. Requests of others keep their turn. Raises UnknownBrief when there is none.
    """
    row = GET_ROW_TO_COUNT.one(conn, campaign_code=campaign_code)
    if not (row.is_brief or row.is_row):
        message = f"There is no brief {campaign_code}."
        raise UnknownBrief(message, Sentence.say(REFUSALS, "unknown_brief", code=campaign_code))
    CANCEL_REACH.all(conn, campaign_code=None, by=by, except_code=campaign_code)
    number: int = REQUEST_REACH.scalar(conn, campaign_code=campaign_code, by=by, now=now)
    return number


def cancel_reach(conn: Connection, campaign_code: str) -> bool:
    """Stop counting a brief's reach; False when nothing was under way."""
    return bool(CANCEL_REACH.all(conn, campaign_code=campaign_code, by=None, except_code=None))


def get_reach(conn: Connection, campaign_code: str, now: datetime) -> Row[Any] | None:
    """Return what is known of a brief's reach, as sql/plan/list_reach.sql has it; None: nothing."""
    return LIST_REACH.one_or_none(conn, codes=[campaign_code], now=now)


def check_shown_reach(
    counted: Row[Any] | None, code: str, *, shown: int, typed: int | None, typed_from: int
) -> None:
    """Refuse an approval whose number is not what was counted for exactly this brief.

    counted: by get_reach. shown: what the approver saw. typed: what they typed, needed from
    `typed_from` people on. A count may be 15 minutes old; that a wave was planned since does not
    matter, since the run compares its own reach with the band. Raises RowRefused.
    """
    if counted is None or counted.will_get is None or counted.is_changed or counted.is_old:
        raise RowRefused("reach_not_counted", code=code)
    reach: int = counted.will_get
    if shown != reach:
        raise RowRefused("reach_differs", code=code, reach=reach)
    if reach >= typed_from and typed != reach:
        raise RowRefused("number_not_typed", reach=reach)


def list_reach(
    conn: Connection, now: datetime, codes: Sequence[str] | None = None
) -> Sequence[Row[Any]]:
    """Return the same for some briefs, or for all that were ever asked for."""
    return LIST_REACH.all(conn, codes=None if codes is None else list(codes), now=now)


def list_reach_news(conn: Connection, now: datetime) -> Sequence[Row[Any]]:
    """Return (campaign_code, will_get, as_of, is_fresh) of all that were counted."""
    return LIST_REACH_NEWS.all(conn, now=now)


def refuse_red(conn: Connection, campaign_code: str) -> None:
    """Raise CannotBeCounted unless the brief says what its row of the sheet says."""
    row = GET_ROW_TO_COUNT.one(conn, campaign_code=campaign_code)
    if row.red_cells or not row.is_brief:
        raise CannotBeCounted(
            "red",
            f"{campaign_code} has red cells ({', '.join(row.red_cells) or 'nothing is saved yet'})."
            " Mend them first: who gets it is counted from what is good.",
        )
    if not row.is_in_step:
        raise CannotBeCounted(
            "out_of_step",
            f"{campaign_code} is being saved. Count again in a moment.",
        )


def keep_count(
    conn: Connection, campaign_code: str, request_no: int, count: ReachCount, milliseconds: int
) -> bool:
    """Keep the numbers of a request; False when it is void by now."""
    codes = {row.reason: row.code for row in LIST_REASONS.all(conn)}
    estimate = count.estimate
    parts = [
        {
            "reason": codes[reason],
            "rule_no": rule_no,
            "rule_title": count.rule_titles.get(rule_no, "") if rule_no else "",
            "users": users,
        }
        for (reason, rule_no), users in sorted(estimate.users.items())
        if reason and users
    ]
    kept = KEEP_REACH_ESTIMATE.one_or_none(
        conn,
        campaign_code=campaign_code,
        request_no=request_no,
        as_of=count.as_of,
        planned_for=count.planned_for,
        version=count.version,
        content_hash=count.content_hash,
        audience=estimate.audience,
        will_get=estimate.reach,
        parts=json.dumps(parts),
        by_variant=json.dumps(dict(sorted(estimate.by_variant.items()))),
        by_language=json.dumps(dict(sorted(estimate.by_language.items()))),
        buckets=count.buckets,
        milliseconds=milliseconds,
    )
    return kept is not None


def keep_takers(conn: Connection, campaign_code: str, request_no: int, count: ReachCount) -> None:
    """Add who holds the slots to a count that was kept, unless it was asked for anew."""
    codes = {row.reason: row.code for row in LIST_REASONS.all(conn)}
    takers = dict(count.takers)
    takers["limits"] = [limit | {"reason": codes[limit["reason"]]} for limit in takers["limits"]]
    KEEP_REACH_TAKERS.execute(
        conn, campaign_code=campaign_code, request_no=request_no, takers=json.dumps(takers)
    )
