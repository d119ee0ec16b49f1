"""Who takes the slots: runs that hold pushes to the people whom a limit stops."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from pushline.brief.occasions import find_deadline, make_occasion
from pushline.database.sql import Query
from pushline.plan.bucket import MOST_FEW_USERS, favour
from pushline.plan.deciding import DecidingQuery
from pushline.plan.estimate import LIST_BLOCKS, Estimate
from pushline.plan.passes import GET_SETTING, RunPlan
from pushline.policy import CAPPED, MINIMUM_GAP, OWN_LIMIT

LIST_AUDIENCE_TAKERS = DecidingQuery("plan/list_audience_takers")
LIST_COMING_BRIEFS = Query("plan/list_coming_briefs")

MOST_LIMITS, MOST_TAKERS = 3, 8
WEEK = timedelta(days=7)
# Users are hashed into buckets, so some buckets are a fair sample of all.
MOST_EXACT_USERS, SAMPLED_BUCKETS = 200_000, 8


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit that stops people, and the window in which pushes count for it."""

    reason: int
    rule_no: int
    rule_title: str
    users: int
    counted_from: datetime
    counted_until: datetime
    push_class: str | None
    tag: str | None


@dataclass(frozen=True, slots=True)
class Taken:
    """Runs that hold slots of the users in some buckets, by limit; and how many users those are."""

    users: int
    rows: Sequence[Sequence[Row[Any]]]


def list_limits(plan: RunPlan, estimate: Estimate, titles: Mapping[int, str]) -> list[Limit]:
    """Return the limits that stop most people, the strongest first."""
    stopped = [
        (users, reason, rule_no)
        for (reason, rule_no), users in estimate.users.items()
        if reason in {MINIMUM_GAP, OWN_LIMIT, CAPPED} and users
    ]
    stopped.sort(reverse=True)
    limits = [
        _find_limit(plan, reason, rule_no, users, titles.get(rule_no, "") if rule_no else "")
        for users, reason, rule_no in stopped[:MOST_LIMITS]
    ]
    return [limit for limit in limits if limit]


def _find_limit(plan: RunPlan, reason: int, rule_no: int, users: int, title: str) -> Limit | None:
    """Return a limit over the windows of all passes: users' clocks differ by hours."""
    starts, ends = [], []
    push_class: str | None = None
    tag: str | None = None
    for made in plan.passes:
        slots = made.parameters
        kinds = zip(slots["slot_reason"], slots["slot_rule"], strict=True)
        place = next((n for n, kind in enumerate(kinds) if kind == (reason, rule_no)), None)
        if place is None or made.moment is None:
            continue
        start, end = slots["slot_from"][place], slots["slot_until"][place]
        if slots["slot_kind"][place] == "rolling":
            end = made.moment + (made.moment - start)
        starts.append(start)
        ends.append(end)
        push_class, tag = slots["slot_class"][place], slots["slot_tag"][place]
    if not starts:
        return None
    return Limit(reason, rule_no, title, users, min(starts), max(ends), push_class, tag)


def pick_buckets(buckets: Sequence[int], users: int) -> list[int]:
    """Return the buckets to look into: all for a small audience, else a few, evenly spread."""
    if users <= MOST_EXACT_USERS or len(buckets) <= SAMPLED_BUCKETS:
        return list(buckets)
    step = len(buckets) / SAMPLED_BUCKETS
    return [buckets[int(number * step)] for number in range(SAMPLED_BUCKETS)]


def list_takers(
    conn: Connection,
    plan: RunPlan,
    at: datetime,
    limits: Sequence[Limit],
    buckets: Sequence[int],
) -> list[list[Row[Any]]]:
    """Return for each limit the runs that hold slots of the users whom it stops in these buckets.

    Decides the buckets once more: who is stopped by what is nowhere written down.
    """
    found: list[list[Row[Any]]] = [[] for _ in limits]
    if not limits:
        return found
    asked = {
        "limit_reason": [limit.reason for limit in limits],
        "limit_rule": [limit.rule_no for limit in limits],
        "limit_from": [limit.counted_from for limit in limits],
        "limit_until": [limit.counted_until for limit in limits],
        "limit_class": [limit.push_class for limit in limits],
        "limit_tag": [limit.tag for limit in limits],
    }
    wanted = set(buckets)
    blocks = LIST_BLOCKS.all(conn, run_id=plan.run.run_id, at=at, most_few=MOST_FEW_USERS)
    for block in blocks:
        if block.bucket not in wanted:
            continue
        favour(conn, block.few_users)
        for number, made in enumerate(plan.passes):
            parameters = made.bind(
                block.bucket, block.latest, is_first=number == 0, few_users=block.few_users
            )
            for row in LIST_AUDIENCE_TAKERS.run(conn, parameters, **asked):
                found[row.place - 1].append(row)
    return found


def describe_takers(
    limits: Sequence[Limit], found: Sequence[Sequence[Sequence[Row[Any]]]], share: float
) -> list[dict[str, Any]]:
    """Return limits with their takers as plain values; `share` of the audience was looked at."""
    described = []
    for number, limit in enumerate(limits):
        rows = [row for part in found for row in part[number]]
        users: Counter[int] = Counter()
        for row in rows:
            users[row.run_id] += row.users
        of_run = {row.run_id: row for row in rows}
        # Triggers fire every few minutes: their runs are one line together.
        groups: dict[tuple[str, str], dict[str, Any]] = {}
        for run_id, count in users.items():
            row = of_run[run_id]
            key = (row.source_kind, row.title if row.source_kind == "trigger" else str(run_id))
            group = groups.setdefault(key, _describe_run(row))
            group["users"] += count
            group["runs"] += 1
        takers = sorted(groups.values(), key=lambda taker: -taker["users"])
        described.append(
            {
                "reason": limit.reason,
                "rule_no": limit.rule_no,
                "rule_title": limit.rule_title,
                "is_sample": share < 1,
                "more": max(0, len(takers) - MOST_TAKERS),
                "takers": [
                    taker | {"users": round(taker["users"] / share)}
                    for taker in takers[:MOST_TAKERS]
                ],
            }
        )
    return described


def list_coming(
    conn: Connection,
    limits: Sequence[Limit],
    brief: Row[Any],
    deadline: datetime,
    as_of: datetime,
    planned_for: datetime,
) -> list[dict[str, Any]]:
    """Return approved briefs that are planned before this one and are not planned yet.

    Their pushes are in no estimate; the reach will be smaller by those who are full then.
    """
    window = [limit.counted_from for limit in limits] or [planned_for - WEEK]
    zone = GET_SETTING.one(conn).project_zone
    rows = LIST_COMING_BRIEFS.all(
        conn,
        except_code=brief.campaign_code,
        after=max(as_of, min(window)),
        until=planned_for,
        project_zone=zone,
    )

    def place(row: Row[Any]) -> tuple[Any, ...]:
        """Of one minute, a wave plans by priority, deadline, age of the run."""
        occasion = make_occasion(row.local_time, ZoneInfo(zone))
        ttl = timedelta(hours=row.ttl_hours)
        ends = find_deadline(occasion, ttl, ZoneInfo(zone), last_day=row.promo_end)
        return row.send_at, row.priority, ends, row.brief_id

    own = planned_for, brief.priority, deadline, brief.brief_id
    return [
        {
            "code": row.campaign_code,
            "title": row.title,
            "send_at": row.send_at.isoformat(),
            "reach_expected": row.reach_expected,
        }
        for row in rows
        if row.reach_expected and place(row) < own
    ]


def _describe_run(row: Row[Any]) -> dict[str, Any]:
    return {
        "run_id": row.run_id,
        "kind": row.source_kind,
        "code": row.campaign_code,
        "title": row.title,
        "occasion": row.occasion.isoformat(),
        "users": 0,
        "runs": 0,
    }
