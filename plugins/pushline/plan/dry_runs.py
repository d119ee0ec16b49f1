"""Dry runs: whom a run, a brief, or all that is due now would reach; nothing is planned."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Row

from pushline.audience.catalogue import Catalogue
from pushline.brief.occasions import Occasion, find_deadline
from pushline.database.engine import transaction
from pushline.database.sql import Query
from pushline.errors import PushlineError, RetryLater, StopRun
from pushline.plan.due import LIST_APPROVED_BRIEFS, list_unmade_occasions
from pushline.plan.estimate import ENQUEUED, Estimate, estimate_run
from pushline.plan.passes import GET_RUN, GET_SETTING
from pushline.plan.reach_trial import GET_BRIEF_AS_IT_STANDS, count_reach
from pushline.plan.tick import LIST_REASONS, StartedBy
from pushline.plan.waves import Lane
from pushline.policy import load_policy

LIST_DUE_RUNS = Query("plan/list_due_runs")
KEEP_DRY_RUN = Query("plan/keep_dry_run")

# Plain values, as Airflow's XCom and the database keep them: title, campaign_code, audience,
# would_reach, left_out [{code, rule_title, users}], fault (why it could not be counted, or "").
Counted = dict[str, Any]
JUST_BEFORE = timedelta(seconds=1)


def count_one(
    engine: Engine, reader_engine: Engine, run_or_brief: int | str, now: datetime
) -> Counted:
    """Count what a run with a snapshot, or a brief (by its code), would decide; nothing stays.

    Raises StopRun with a sentence when there is nothing to count.
    """
    if isinstance(run_or_brief, str):
        estimate = count_reach(engine, reader_engine, run_or_brief, now).estimate
        with transaction(engine) as conn:
            brief = GET_BRIEF_AS_IT_STANDS.one(conn, campaign_code=run_or_brief)
        title = f"{run_or_brief} {brief.title or ''}".strip()
        return _put_down(engine, title, run_or_brief, estimate)
    with transaction(engine) as conn:
        run = GET_RUN.one_or_none(conn, run_id=run_or_brief)
    if run is not None and run.snapshot_at is None:
        raise StopRun(
            f"The audience of run {run_or_brief} is read when it is planned: there is nothing to"
            " count yet. Of a campaign, name the brief instead."
        )
    estimate = estimate_run(engine, run_or_brief, now)
    title = run.title if run is not None else ""
    return _put_down(engine, f"Run {run_or_brief}: {title}", "", estimate)


def count_due(
    engine: Engine,
    reader_engine: Engine,
    lane: Lane,
    now: datetime,
    *,
    audiences: Catalogue | None = None,
) -> list[Counted]:
    """Count each run that the lane's wave would plan now, in its order, and as if it were alone.

    One that cannot be counted says why. Raises RetryLater when the database is away.
    """
    with transaction(engine) as conn:
        runs = LIST_DUE_RUNS.all(conn, lane=lane, now=now)
        unmade = list(_list_unmade(conn, now)) if lane == "marketing" else []

    def count_brief(title: str, code: str, due_at: datetime) -> Counted:
        # The brief's next occasion, seen from just before, is the one that is due.
        before = due_at - JUST_BEFORE
        counted = count_reach(engine, reader_engine, code, before, audiences=audiences)
        return _put_down(engine, title, code, counted.estimate)

    def count_run(run: Row[Any]) -> Counted:
        if run.has_snapshot:
            estimate = estimate_run(engine, run.run_id, now)
            return _put_down(engine, run.title, run.campaign_code or "", estimate)
        return count_brief(run.title, run.campaign_code, run.due_at)

    found = []
    for run in runs:
        code = run.campaign_code or ""
        if run.is_decided:
            found.append(_cannot(run.title, code, "Partly planned already; the rest follows."))
        elif not (run.has_snapshot or code):
            found.append(_cannot(run.title, code, "Its people are looked for when it is planned."))
        else:
            found.append(_or_fault(run.title, code, partial(count_run, run)))
    for brief, occasion in unmade:
        code, title = brief.campaign_code, f"{brief.campaign_code} {brief.title or ''}".strip()
        count = partial(count_brief, title, code, occasion.due_at)
        found.append(_or_fault(title, code, count))
    return found


def keep_dry_run(engine: Engine, by: StartedBy, counted: Sequence[Counted], now: datetime) -> None:
    """Keep what a dry run counted, for the page of its Airflow run."""
    with transaction(engine) as conn:
        KEEP_DRY_RUN.execute(
            conn,
            dag_id=by.dag_id,
            dag_run_id=by.dag_run_id,
            counted=json.dumps(list(counted)),
            now=now,
        )


def _list_unmade(conn: Connection, now: datetime) -> Iterator[tuple[Row[Any], Occasion]]:
    """Yield the occasions of approved briefs that are due and have no run yet."""
    zone = ZoneInfo(GET_SETTING.one(conn).project_zone)
    for brief in LIST_APPROVED_BRIEFS.all(conn):
        for occasion in list_unmade_occasions(conn, brief, zone, now):
            deadline = find_deadline(
                occasion,
                timedelta(hours=brief.ttl_hours),
                zone,
                local_time=brief.local_time,
                last_day=brief.promo_end,
            )
            if deadline > now:
                yield brief, occasion


def _or_fault(title: str, code: str, count: Callable[[], Counted]) -> Counted:
    try:
        return count()
    except RetryLater:
        raise
    except PushlineError as error:
        return _cannot(title, code, str(error))


def _put_down(engine: Engine, title: str, code: str, estimate: Estimate) -> Counted:
    with transaction(engine) as conn:
        codes = {row.reason: row.code for row in LIST_REASONS.all(conn)}
        titles = {rule.rule_no: rule.title for rule in load_policy(conn, estimate.as_of).rules}
    return {
        "title": title,
        "campaign_code": code,
        "audience": estimate.audience,
        "would_reach": estimate.reach,
        "left_out": [
            {
                "code": codes[reason],
                "rule_title": titles.get(rule_no, "") if rule_no else "",
                "users": users,
            }
            for (reason, rule_no), users in sorted(estimate.users.items())
            if reason != ENQUEUED and users
        ],
        "fault": "",
    }


def _cannot(title: str, code: str, fault: str) -> Counted:
    return {
        "title": title,
        "campaign_code": code,
        "audience": 0,
        "would_reach": 0,
        "left_out": [],
        "fault": fault,
    }
