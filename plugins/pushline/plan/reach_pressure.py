"""How much of a week's slots is taken: people by the number of pushes that they have in it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from pushline.database.sql import Query
from pushline.plan.reach_takers import MOST_EXACT_USERS, SAMPLED_BUCKETS, WEEK
from pushline.policy import CapRule, Policy, load_policy

COUNT_PRESSURE = Query("report/count_pressure")
COUNT_RECIPIENTS = Query("report/count_recipients")
GET_WEEK = Query("report/get_week")


@dataclass(frozen=True, slots=True)
class Pressure:
    """People who may get marketing, by their pushes of a week; the last count holds all above.

    counts[n] = people with n pushes; counts[maximum] = at the rule's maximum or over it.
    """

    starts_at: datetime
    ends_at: datetime
    project_zone: str
    rule: CapRule
    counts: tuple[int, ...]
    is_sample: bool

    @property
    def people(self) -> int:
        """How many people that are."""
        return sum(self.counts)


def find_weekly_rule(policy: Policy) -> CapRule | None:
    """Return the strictest rule about a week that limits every marketing push, if there is one."""
    weekly = [
        rule
        for rule in policy.rules
        if rule.limits("marketing", ())
        and (rule.window_length == WEEK or rule.calendar_unit == "week")
    ]
    return min(weekly, key=lambda rule: rule.maximum, default=None)


def count_pressure(conn: Connection, day: date) -> Pressure | None:
    """Count the week of a day, from Monday on the project's clock; None without a weekly rule.

    A large base is counted in every eighth bucket or so and multiplied: users are hashed into
    buckets, so that is off by a few in a thousand.
    """
    week = GET_WEEK.one(conn, day=day)
    rule = find_weekly_rule(load_policy(conn, week.ends_at))
    if rule is None:
        return None
    total = week.bucket_count
    buckets = list(range(total))
    people = COUNT_RECIPIENTS.scalar(conn, bucket=0) * total
    if people > MOST_EXACT_USERS and total > SAMPLED_BUCKETS:
        buckets = [number * total // SAMPLED_BUCKETS for number in range(SAMPLED_BUCKETS)]
    rows = COUNT_PRESSURE.all(
        conn,
        buckets=buckets,
        counted_from=week.starts_at,
        counted_until=week.ends_at,
        push_class=rule.push_class,
        tag=rule.tag,
    )
    counts = [0] * (rule.maximum + 1)
    for row in rows:
        counts[min(row.pushes, rule.maximum)] += row.users
    times = total / len(buckets)
    return Pressure(
        week.starts_at,
        week.ends_at,
        week.project_zone,
        rule,
        tuple(round(users * times) for users in counts),
        is_sample=times > 1,
    )
