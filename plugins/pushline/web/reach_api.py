"""Routes of the reach: who will get a brief, who takes the slots, whom two briefs share."""

import datetime as dt
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg.errors
from fastapi import APIRouter, Depends, status
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, Row
from sqlalchemy.exc import OperationalError

from pushline.brief.versions import get_brief
from pushline.errors import RetryLater, StopRun
from pushline.plan.one_question import QUESTIONS
from pushline.plan.passes import GET_SETTING
from pushline.plan.reach import cancel_reach, get_reach, request_reach
from pushline.plan.reach_overlap import CannotBeCompared, Overlap, compare_audiences
from pushline.plan.reach_pressure import Pressure, count_pressure
from pushline.plan.reach_watch import Watch
from pushline.plan.reach_worker import WORKER, open_installation
from pushline.report.sentences import name_reason
from pushline.sentence import Sentence
from pushline.web.asked import Code, Day
from pushline.web.auth import APPROVALS, AUDIENCES, CAMPAIGNS
from pushline.web.context import LANGUAGES, Language, page_engine, reading, say
from pushline.web.guard import Asking, requires
from pushline.web.newcomers import take_up_newcomer
from pushline.web.sheet_view import show_moment

router = APIRouter(
    prefix="/api", dependencies=[Depends(requires("GET", CAMPAIGNS)), Depends(take_up_newcomer)]
)
_counts = [Depends(requires("PUT", CAMPAIGNS, AUDIENCES, APPROVALS))]

# So long the week may be counted, in milliseconds.
LONGEST_COUNT = "30s"


class Ask(BaseModel):
    """Count again even when the numbers are fresh."""

    model_config = ConfigDict(extra="forbid")

    again: bool = False


@router.get("/reach/{code}")
def look_at_reach(code: Code, language: Language) -> dict[str, Any]:
    """Return the numbers of a brief with their age, and how far a count is."""
    now = datetime.now(UTC)
    with reading() as conn:
        row, zone = get_reach(conn, code, now), _zone(conn)
    # Whoever counted may have been killed: somebody who looks takes care that it goes on.
    if row is not None and (row.state == "queued" or row.is_silent):
        WORKER.wake()
    return show_reach(row, code, language, zone)


@router.post("/reach/{code}", dependencies=_counts, status_code=status.HTTP_202_ACCEPTED)
def ask_for_reach(code: Code, body: Ask, person: Asking, language: Language) -> dict[str, Any]:
    """Have a brief counted in the background, unless the numbers are fresh or on their way."""
    now = datetime.now(UTC)
    with page_engine().begin() as conn:
        row = get_reach(conn, code, now)
        if body.again or not _is_done_or_under_way(row):
            request_reach(conn, code, by=person.name, now=now)
            row = get_reach(conn, code, now)
        zone = _zone(conn)
    WORKER.wake()
    return show_reach(row, code, language, zone)


@router.delete("/reach/{code}", dependencies=_counts)
def stop_reach(code: Code, language: Language) -> dict[str, Any]:
    """Stop counting a brief; the last numbers stay."""
    now = datetime.now(UTC)
    with page_engine().begin() as conn:
        cancel_reach(conn, code)
        row, zone = get_reach(conn, code, now), _zone(conn)
    return show_reach(row, code, language, zone)


@router.get("/pressure")
def get_pressure(language: Language, week: Day, person: Asking) -> dict[str, Any]:
    """Return how many people are at 0, 1, ... pushes of the week that holds a day."""
    found = QUESTIONS.ask(
        page_engine(),
        "pressure",
        (str(week - dt.timedelta(days=week.weekday())),),
        lambda watch: _count_week(week, watch),
        by=person.name,
    )
    return found if found["rule"] else found | {"sentence": say(language, "reach.no_weekly_rule")}


@router.get("/overlap")
def get_overlap(a: Code, b: Code, person: Asking) -> dict[str, Any]:
    """Return how many people two briefs have in common."""
    now = datetime.now(UTC)
    with reading() as conn:
        hashes = tuple(get_brief(conn, code).content_hash for code in (a, b))
    return QUESTIONS.ask(
        page_engine(),
        "overlap",
        (a, b, *hashes),
        lambda watch: _compare(a, b, now, watch),
        by=person.name,
    )


def _is_done_or_under_way(row: Row[Any] | None) -> bool:
    if row is None:
        return False
    return bool(row.state in {"queued", "running"} or (row.state == "ready" and row.is_fresh))


def _zone(conn: Connection) -> ZoneInfo:
    return ZoneInfo(GET_SETTING.one(conn).project_zone)


def show_reach(row: Row[Any] | None, code: str, language: str, zone: ZoneInfo) -> dict[str, Any]:
    """Return a reach as the page takes it; `reach` is null until it was counted once."""
    if row is None:
        return {"code": code, "state": "none", "fault": None, "zone": zone.key, "reach": None}
    return {
        "code": code,
        "state": row.state,
        "request": row.request_no,
        "requested_by": row.requested_by,
        "progress": {"done": row.buckets_done, "total": row.buckets_total},
        "fault": _say_fault(row, language) if row.state == "failed" else None,
        "zone": zone.key,
        "reach": None if row.as_of is None else _show_numbers(row, language, zone),
    }


def _say_fault(row: Row[Any], language: str) -> str:
    if row.fault_code:
        return say(language, f"reach.fault_{row.fault_code}", code=row.campaign_code)
    # What has no code is of audiences and their SQL: told to who keeps them, in English.
    if language == "en":
        return str(row.fault)
    return say(language, "reach.fault_audience", code=row.campaign_code)


def _show_numbers(row: Row[Any], language: str, zone: ZoneInfo) -> dict[str, Any]:
    stale = next((why for why in ("changed", "overtaken", "old") if getattr(row, f"is_{why}")), "")
    return {
        "audience": row.audience,
        "will_get": row.will_get,
        "parts": [part | {"label": say_reason(part, language)} for part in row.parts],
        "by_variant": row.by_variant,
        "by_language": row.by_language,
        "as_of": show_moment(row.as_of, zone),
        "planned_for": show_moment(row.planned_for, zone),
        "version": row.version,
        "is_fresh": row.is_fresh,
        "stale": stale,
        "milliseconds": row.milliseconds,
        "takers": None if row.takers is None else _show_takers(row.takers, language),
    }


def say_reason(part: dict[str, Any], language: str) -> str:
    """Return a reason as Results says it, with the title of the rule when it is a cap."""
    title = part["rule_title"] if part["reason"] == "capped" else ""
    return name_reason(part["reason"], title or "", language)


def _show_takers(takers: dict[str, Any], language: str) -> dict[str, Any]:
    limits = [limit | {"label": say_reason(limit, language)} for limit in takers["limits"]]
    return {"limits": limits, "coming": takers["coming"]}


def _count_week(week: dt.date, watch: Watch) -> dict[str, Any]:
    try:
        # A connection that nobody else gets: it may be asked to cancel what it does.
        with reading(LONGEST_COUNT, open_installation().engine) as conn:
            watch.see(conn)
            found = count_pressure(conn, week)
    except OperationalError as error:
        watch.refuse_stopped()
        if not isinstance(error.orig, psycopg.errors.QueryCanceled):
            raise
        raise RetryLater(sentence=_in_all_languages("reach.pressure_too_long")) from error
    return {"rule": None} if found is None else _show_pressure(found)


def _show_pressure(found: Pressure) -> dict[str, Any]:
    zone = ZoneInfo(found.project_zone)
    return {
        "rule": found.rule.title,
        "maximum": found.rule.maximum,
        "from": show_moment(found.starts_at, zone),
        "until": show_moment(found.ends_at, zone),
        "zone": found.project_zone,
        "as_of": show_moment(datetime.now(UTC), zone),
        "people": found.people,
        "counts": list(found.counts),
        "is_sample": found.is_sample,
    }


def _compare(a: str, b: str, now: datetime, watch: Watch) -> dict[str, Any]:
    try:
        own = open_installation()
        found: Overlap = compare_audiences(own.engine, own.reader_engine, a, b, now, watch=watch)
    except RetryLater as error:
        raise RetryLater(sentence=_in_all_languages("shell.busy")) from error
    except CannotBeCompared as error:
        # English is read by who keeps the audiences, too: they are told what is wrong with the SQL.
        said = _in_all_languages(f"reach.fault_{error.fault_code}", code=error.campaign_code)
        raise StopRun(sentence=replace(said, en=str(error))) from error
    return {
        "a": a,
        "b": b,
        "only_a": found.only_first,
        "both": found.both,
        "only_b": found.only_second,
    }


def _in_all_languages(key: str, **words: Any) -> Sentence:
    return Sentence(*(say(language, key, **words) for language in LANGUAGES))
