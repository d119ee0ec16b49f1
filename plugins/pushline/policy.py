"""How many, when and to whom: the policy in force, as counters that the planner's SQL takes."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from pushline.database.sql import Query

GET_POLICY = Query("policy/get_policy")
LIST_CAP_RULES = Query("policy/list_cap_rules")
INSERT_POLICY = Query("policy/insert_policy")
INSERT_CAP_RULE = Query("policy/insert_cap_rule")

MINIMUM_GAP, OWN_LIMIT, CAPPED, COOL_DOWN = 12, 13, 14, 15
OWN_LIMIT_WINDOW = timedelta(days=7)
MOST_RULES = 8


@dataclass(frozen=True, slots=True)
class CapRule:
    """At most `maximum` counted pushes in a window; `reserve` of them are for the trigger lane."""

    title: str
    maximum: int
    window_kind: str = "rolling"
    window_length: timedelta | None = None
    calendar_unit: str | None = None
    week_start: int = 1
    reserve: int = 0
    push_class: str | None = None
    tag: str | None = None
    rule_no: int = 1

    def limits(self, push_class: str, tags: tuple[str, ...]) -> bool:
        """Say whether a run of this class and these tags is limited by the rule."""
        return self.push_class in (None, push_class) and (self.tag is None or self.tag in tags)


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy in force at a moment; without a policy_id there is none, and nothing limits."""

    policy_id: int | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    minimum_gap: timedelta | None = None
    rules: tuple[CapRule, ...] = ()


@dataclass(slots=True)
class Slots:
    """Counters of one run as parallel arrays, in the order in which they are judged.

    Slot 1 is the minimum gap, slot 2 the user's own limit; without a maximum a slot never fills.
    """

    kind: list[str] = field(default_factory=list)
    length: list[timedelta | None] = field(default_factory=list)
    unit: list[str | None] = field(default_factory=list)
    week_start: list[int] = field(default_factory=list)
    push_class: list[str | None] = field(default_factory=list)
    tag: list[str | None] = field(default_factory=list)
    counts_uncounted: list[bool] = field(default_factory=list)
    maximum: list[int | None] = field(default_factory=list)
    reason: list[int] = field(default_factory=list)
    rule: list[int] = field(default_factory=list)

    def add(
        self,
        rule: CapRule,
        *,
        maximum: int | None,
        reason: int,
        push_class: str | None = None,
        counts_uncounted: bool = False,
    ) -> None:
        """Append one counter that counts as the rule does, up to `maximum`."""
        self.kind.append(rule.window_kind)
        self.length.append(rule.window_length)
        self.unit.append(rule.calendar_unit)
        self.week_start.append(rule.week_start)
        self.push_class.append(push_class or rule.push_class)
        self.tag.append(rule.tag)
        self.counts_uncounted.append(counts_uncounted)
        self.maximum.append(maximum)
        self.reason.append(reason)
        self.rule.append(rule.rule_no if reason == CAPPED else 0)

    def follows_user_clock(self) -> bool:
        """Say whether a window depends on where the user lives."""
        return "calendar_user" in self.kind

    def longest_window(self) -> timedelta:
        """Return an upper bound of how far the windows reach."""
        return max((length or timedelta(days=32) for length in self.length), default=timedelta(0))


def list_slots(
    policy: Policy,
    *,
    push_class: str,
    tags: tuple[str, ...],
    source_tag: str,
    cool_down: timedelta | None,
) -> Slots:
    """Return the counters that a run of this class and these tags must pass.

    Transactional pushes pass all but the cool-down of their own trigger. A reserve makes marketing
    pass two counters: its own pushes below maximum - reserve, all pushes below the maximum.
    """
    slots = Slots()
    is_exempt = push_class == "transactional"
    gap = CapRule("minimum gap", 1, window_length=policy.minimum_gap or timedelta(seconds=1))
    slots.add(
        gap,
        maximum=None if is_exempt or policy.minimum_gap is None else 1,
        reason=MINIMUM_GAP,
    )
    own = CapRule("own limit", MOST_RULES, window_length=OWN_LIMIT_WINDOW)
    slots.add(own, maximum=None if is_exempt else MOST_RULES, reason=OWN_LIMIT)
    for rule in policy.rules:
        if is_exempt or not rule.limits(push_class, tags):
            continue
        slots.add(rule, maximum=rule.maximum, reason=CAPPED)
        if rule.reserve and push_class == "marketing":
            left = rule.maximum - rule.reserve
            slots.add(rule, maximum=left, reason=CAPPED, push_class="marketing")
    if cool_down:
        again = CapRule("cool-down", 1, window_length=cool_down, tag=source_tag)
        slots.add(again, maximum=1, reason=COOL_DOWN, counts_uncounted=True)
    return slots


def load_policy(conn: Connection, at: datetime) -> Policy:
    """Return the policy in force at a moment: the one with the latest valid_from not after it."""
    row = GET_POLICY.one_or_none(conn, at=at)
    if row is None:
        return Policy()
    rules = LIST_CAP_RULES.run(conn, policy_id=row.policy_id).mappings()
    return Policy(
        policy_id=row.policy_id,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        minimum_gap=row.minimum_gap,
        rules=tuple(
            CapRule(**{str(name): value for name, value in rule.items()}) for rule in rules
        ),
    )


def add_policy(
    conn: Connection, policy: Policy, *, valid_from: datetime, made_by: str, note: str = ""
) -> int:
    """Put a new policy in force from a moment; returns its number. Old ones stay as history.

    The database refuses a rule that looks back longer than batches are kept, with a sentence.
    """
    policy_id: int = INSERT_POLICY.scalar(
        conn,
        valid_from=valid_from,
        made_by=made_by,
        note=note,
        quiet_from=policy.quiet_from,
        quiet_until=policy.quiet_until,
        minimum_gap=policy.minimum_gap,
    )
    for number, rule in enumerate(policy.rules, start=1):
        values: dict[str, Any] = {
            "policy_id": policy_id,
            "rule_no": number,
            "title": rule.title,
            "push_class": rule.push_class,
            "tag": rule.tag,
            "window_kind": rule.window_kind,
            "window_length": rule.window_length,
            "calendar_unit": rule.calendar_unit,
            "week_start": rule.week_start,
            "maximum": rule.maximum,
            "reserve": rule.reserve,
        }
        INSERT_CAP_RULE.execute(conn, **values)
    return policy_id
