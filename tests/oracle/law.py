"""The slow, obviously right planner: design §3 and §4 user by user, in the order of the reasons.

Nothing here is clever: every question is asked again for every user, push and moment.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.oracle import model
from tests.oracle.clock import end_of_quiet, end_of_unit, first_day, instant_of, is_quiet, round_up
from tests.oracle.draw import is_held_out, share_of
from tests.oracle.model import Decision, Enqueued, LeftOut, Policy, Push, Rule, Run, User, World

NEVER = datetime.max.replace(tzinfo=UTC)
WEEK = timedelta(hours=168)
TICK = timedelta(microseconds=1)
MOST_TRIES = 8


@dataclass(frozen=True)
class Counter:
    """One thing counted against a maximum; `pushes` are the times that count for the user."""

    reason: int
    rule: int
    maximum: int
    pushes: tuple[datetime, ...]
    window: timedelta | None = None
    unit: str | None = None
    week_start: int = 1
    zone: str = "UTC"

    def passes(self, moment: datetime) -> bool:
        """Whether one more push at the moment keeps every window within the maximum."""
        if self.window is None:
            assert self.unit is not None
            mine = first_day(moment, self.zone, self.unit, self.week_start)
            held = [
                p
                for p in self.pushes
                if first_day(p, self.zone, self.unit, self.week_start) == mine
            ]
            return len(held) < self.maximum
        return all(
            len([p for p in self.pushes if end - self.window < p <= end]) + 1 <= self.maximum
            for end in self._window_ends(moment, self.window)
        )

    def _window_ends(self, moment: datetime, window: timedelta) -> Iterator[datetime]:
        """Where windows that contain the moment can end: contents change only at these."""
        ends = {moment, *self.pushes, *(push + window - TICK for push in self.pushes)}
        return (end for end in ends if end - window < moment <= end)

    def end(self, moment: datetime) -> datetime:
        """When it may pass, at the earliest, if it does not at the moment."""
        if self.window is None:
            assert self.unit is not None
            return end_of_unit(moment, self.zone, self.unit, self.week_start)
        for leaves in sorted(push + self.window for push in self.pushes):
            if leaves > moment and self.passes(leaves):
                return leaves
        return NEVER


def plan(world: World, run: Run, at: datetime, buckets: list[int]) -> dict[int, Decision]:
    """Decide a run in some buckets and take the slots."""
    decisions: dict[int, Decision] = {}
    for bucket in buckets:
        decided = decide(world, run, at, bucket)
        decisions |= decided
        for user_id, decision in decided.items():
            if isinstance(decision, Enqueued):
                world.ledger.append(
                    Push(
                        user_id,
                        run.number,
                        decision.not_before,
                        run.push_class,
                        run.tags,
                        run.is_counted,
                    )
                )
    return decisions


def decide(world: World, run: Run, at: datetime, bucket: int) -> dict[int, Decision]:
    """What a run decides for every user of one bucket of its snapshot; changes nothing."""
    decisions: dict[int, Decision] = {}
    for user_id in run.excluded.get(bucket, ()):
        decisions[user_id] = LeftOut(model.EXCLUDED)
    for user_id in run.over_max.get(bucket, ()):
        decisions[user_id] = LeftOut(model.OVER_MAX_USERS)
    for place, user_id in enumerate(run.blocks.get(bucket, ())):
        decisions[user_id] = _decide_user(world, run, at, world.users.get(user_id), bucket, place)
    return decisions


def _decide_user(
    world: World, run: Run, at: datetime, user: User | None, bucket: int, place: int
) -> Decision:
    if user is None:
        return LeftOut(model.UNKNOWN_USER)
    reason = _fault_of(run, user)
    if reason is not None:
        return LeftOut(reason)
    language = _language(world, run, user)
    if language is None:
        return LeftOut(model.NO_TEXT)
    hour = _planned_hour(world, run, at, world.zone_of(user))
    if hour is None:
        return LeftOut(model.LOCAL_TIME_PASSED)
    planned = hour + _delay(world, run, bucket, place)
    if planned >= run.expires_at:
        return LeftOut(model.THROTTLED)
    moment = _judge(world, run, at, user, planned)
    if isinstance(moment, LeftOut):
        return moment
    is_exempt = run.push_class == "transactional"
    if not is_exempt and is_held_out(user.user_id, run.salt, run.control_share):
        return LeftOut(model.CONTROL_CAMPAIGN)
    share = share_of(user.user_id, run.salt)
    return Enqueued(
        len([limit for limit in run.variant_shares if share >= limit]), language, moment
    )


def _fault_of(run: Run, user: User) -> int | None:
    """Why the run is not for the user, whatever the time."""
    is_exempt = run.push_class == "transactional"
    purpose = "service" if is_exempt else "marketing"
    if user.is_erased:
        return model.ERASED
    if purpose not in user.consents:
        return model.NO_CONSENT
    if not user.is_reachable:
        return model.UNREACHABLE
    if user.is_control and not is_exempt:
        return model.CONTROL_GLOBAL
    return None


def _language(world: World, run: Run, user: User) -> str | None:
    """Locale, its base language, the project's default, the first filled."""
    base = user.locale.split("-")[0] if user.locale else None
    for wanted in (user.locale, base, world.default_language):
        if wanted in run.languages:
            return wanted
    return run.languages[0] if run.languages else None


def _planned_hour(world: World, run: Run, at: datetime, zone: str) -> datetime | None:
    """When the run means to reach people of a zone; None when their hour has passed for good."""
    if run.local_time is None:
        return max(run.occasion, at)
    hour = round_up(instant_of(run.local_time, zone), world.step)
    if hour <= at - world.late_by:
        hour = round_up(instant_of(run.local_time + timedelta(days=1), zone), world.step)
    hour = max(hour, at)
    return hour if hour < run.expires_at else None


def _delay(world: World, run: Run, bucket: int, place: int) -> timedelta:
    """How much later a throttled run plans the user at a place of the bucket's block.

    The audience stands in one row: the first users of all buckets, then the second of all, ...
    """
    if run.throttle is None:
        return timedelta(0)
    minutes = int(world.step / timedelta(minutes=1))
    return world.step * ((place * world.bucket_count + bucket) // (run.throttle * minutes))


def _judge(
    world: World, run: Run, at: datetime, user: User, planned: datetime
) -> datetime | LeftOut:
    """The moment at which everything passes, or the first stopper of the planned moment."""
    policy = world.policy_at(at)
    zone = world.zone_of(user)
    is_exempt = run.push_class == "transactional"
    quiet = None if is_exempt else policy.quiet
    counters = list(_counters(world, run, user, policy))
    first: LeftOut | None = None
    moment = planned
    for _ in range(1 + MOST_TRIES):
        if moment >= run.expires_at:
            break
        ends: list[datetime] = []
        stoppers: list[LeftOut] = []
        if quiet and is_quiet(moment, zone, quiet):
            stoppers.append(LeftOut(model.QUIET_HOURS))
            ends.append(end_of_quiet(moment, zone, quiet))
        for counter in counters:
            if not counter.passes(moment):
                stoppers.append(LeftOut(counter.reason, counter.rule))
                ends.append(counter.end(moment))
        if not stoppers:
            return moment
        first = first or stoppers[0]
        # Nothing but its own cool-down stops a transactional push, and that is not waited for.
        if not run.is_deferring or is_exempt or max(ends) == NEVER:
            break
        moment = round_up(max(ends), world.step)
    assert first is not None
    return first


def _counters(world: World, run: Run, user: User, policy: Policy) -> Iterator[Counter]:
    """Everything that is counted for the user, in the order of judging."""

    def times(counts: Callable[[Push], bool]) -> tuple[datetime, ...]:
        return tuple(p.at for p in world.ledger if p.user_id == user.user_id and counts(p))

    counted = times(lambda p: p.is_counted)
    if run.push_class != "transactional":
        if policy.gap is not None:
            yield Counter(model.MINIMUM_GAP, 0, 1, counted, window=policy.gap)
        if user.weekly_limit is not None:
            yield Counter(model.OWN_LIMIT, 0, user.weekly_limit, counted, window=WEEK)
        for rule in policy.rules:
            if _limits(rule, run.push_class, run.tags):
                yield from _rule_counters(world, run, user, rule, times)
    if run.cool_down is not None:
        same = times(lambda p: run.source in p.tags)
        yield Counter(model.COOL_DOWN, 0, 1, same, window=run.cool_down)


def _limits(rule: Rule, push_class: str, tags: tuple[str, ...]) -> bool:
    """Whether a rule is about pushes of a class with these tags: limits and counts them."""
    return rule.push_class in (None, push_class) and (rule.tag is None or rule.tag in tags)


def _rule_counters(
    world: World,
    run: Run,
    user: User,
    rule: Rule,
    times: Callable[[Callable[[Push], bool]], tuple[datetime, ...]],
) -> Iterator[Counter]:
    """A cap rule, and beside it what marketing must leave to the trigger lane."""

    def counts(push: Push) -> bool:
        return push.is_counted and _limits(rule, push.push_class, push.tags)

    zone = world.zone_of(user) if rule.kind == "calendar_user" else world.project_zone

    def counter(maximum: int, pushes: tuple[datetime, ...]) -> Counter:
        return Counter(
            model.CAPPED, rule.number, maximum, pushes,
            window=rule.window, unit=rule.unit, week_start=rule.week_start, zone=zone,
        )  # fmt: skip

    yield counter(rule.maximum, times(counts))
    if rule.reserve and run.push_class == "marketing":
        marketing = times(lambda p: counts(p) and p.push_class == "marketing")
        yield counter(rule.maximum - rule.reserve, marketing)
