"""Who takes the slots: runs that hold pushes to an audience where a limit stops people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from pushline.database.sql import Query
from pushline.plan.estimate import Estimate
from pushline.plan.passes import GET_SETTING, RunPlan
from pushline.policy import CAPPED, MINIMUM_GAP, OWN_LIMIT

LIST_AUDIENCE_TAKERS = Query("plan/list_audience_takers")
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
    conn: Connection, run_id: int, limits: Sequence[Limit], buckets: Sequence[int]
) -> list[Sequence[Row[Any]]]:
    """Return for each limit the runs that hold slots of the trial's users in these buckets."""
    return [
        LIST_AUDIENCE_TAKERS.all(
            conn,
            run_id=run_id,
            buckets=list(buckets),
            counted_from=limit.counted_from,
            counted_until=limit.counted_until,
            push_class=limit.push_class,
            tag=limit.tag,
        )
        for limit in limits
    ]


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
    conn: Connection, limits: Sequence[Limit], code: str, as_of: datetime, planned_for: datetime
) -> list[dict[str, Any]]:
    """Return approved briefs that leave before this one and are not planned yet.

    Their pushes are in no estimate; the reach will be smaller by those who are full then.
    """
    window = [limit.counted_from for limit in limits] or [planned_for - WEEK]
    after = max(as_of, min(window))
    rows = LIST_COMING_BRIEFS.all(
        conn,
        except_code=code,
        after=after,
        before=planned_for,
        project_zone=GET_SETTING.one(conn).project_zone,
    )
    return [
        {
            "code": row.campaign_code,
            "title": row.title,
            "send_at": row.send_at.isoformat(),
            "reach_expected": row.reach_expected,
        }
        for row in rows
        if row.reach_expected
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
