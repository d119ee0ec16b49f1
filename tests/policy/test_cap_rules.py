"""Worked examples of every window kind. NOON is a Saturday, 12:00 in Almaty."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from tests.factories import NOON
from tests.oracle.model import (
    CAPPED,
    COOL_DOWN,
    MINIMUM_GAP,
    OWN_LIMIT,
    Enqueued,
    LeftOut,
    Rule,
)
from tests.plan.scene import Scene

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
SECOND = timedelta(seconds=1)
NOW = Enqueued(0, "ru", NOON)
STOPPED = LeftOut(CAPPED, 1)


def rolling(maximum: int, window: timedelta, **over: object) -> Rule:
    return Rule(number=1, maximum=maximum, window=window, **over)  # type: ignore[arg-type]


def calendar(maximum: int, unit: str, kind: str = "calendar_project", **over: object) -> Rule:
    return Rule(number=1, maximum=maximum, kind=kind, unit=unit, **over)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("past", "expected"),
    [
        ([], NOW),
        ([NOON - 2 * DAY], NOW),
        ([NOON - 2 * DAY, NOON - DAY], STOPPED),
        ([NOON - WEEK, NOON - DAY], NOW),  # exactly a week ago no longer counts
        ([NOON - WEEK + SECOND, NOON - DAY], STOPPED),
        ([NOON, NOON], STOPPED),
        ([NOON + DAY, NOON + 2 * DAY], STOPPED),  # planned later, in one window with now
        ([NOON - 3 * DAY, NOON + 3 * DAY], STOPPED),
        ([NOON - 3 * DAY, NOON + 4 * DAY], NOW),  # never three within a week
        ([NOON - 3 * DAY, NOON + 4 * DAY - SECOND], STOPPED),
        ([NOON + WEEK, NOON + WEEK], NOW),  # a window that ends there begins after now
    ],
)
def test_rolling_window_counts_both_ways(
    db: Connection, past: list[datetime], expected: Enqueued | LeftOut
):
    scene = Scene(db)
    scene.set_policy(rolling(2, WEEK))
    scene.add_past(*past)
    assert scene.decide() == expected


MIDNIGHT = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)  # in Almaty the 21st begins


@pytest.mark.parametrize(
    ("rule", "past", "expected"),
    [
        (calendar(1, "day"), [MIDNIGHT - SECOND], NOW),
        (calendar(1, "day"), [MIDNIGHT], STOPPED),
        (calendar(1, "day"), [MIDNIGHT + DAY - SECOND], STOPPED),  # later today
        (calendar(1, "day"), [MIDNIGHT + DAY], NOW),
        # The week began on Monday the 16th, or on the Sunday before, or today.
        (calendar(1, "week"), [MIDNIGHT - 5 * DAY], STOPPED),
        (calendar(1, "week"), [MIDNIGHT - 5 * DAY - SECOND], NOW),
        (calendar(1, "week", week_start=7), [MIDNIGHT - 6 * DAY], STOPPED),
        (calendar(1, "week", week_start=7), [MIDNIGHT - 6 * DAY - SECOND], NOW),
        (calendar(1, "week", week_start=6), [MIDNIGHT - SECOND], NOW),
        (calendar(1, "week", week_start=6), [MIDNIGHT + WEEK - SECOND], STOPPED),
        (calendar(1, "month"), [MIDNIGHT - 20 * DAY], STOPPED),
        (calendar(1, "month"), [MIDNIGHT - 20 * DAY - SECOND], NOW),
        (calendar(1, "month"), [MIDNIGHT + 10 * DAY - SECOND], STOPPED),
        (calendar(1, "month"), [MIDNIGHT + 10 * DAY], NOW),
        (calendar(2, "month"), [NOON - HOUR], NOW),
    ],
)
def test_calendar_windows_follow_the_project(
    db: Connection, rule: Rule, past: list[datetime], expected: Enqueued | LeftOut
):
    scene = Scene(db, zone="America/New_York")
    scene.set_policy(rule)
    scene.add_past(*past)
    assert scene.decide() == expected


@pytest.mark.parametrize(
    ("zone", "push", "expected"),
    [
        # It is 02:00 on the 21st in New York: the day began at 05:00 UTC.
        ("America/New_York", datetime(2026, 11, 21, 5, 0, tzinfo=UTC), STOPPED),
        ("America/New_York", datetime(2026, 11, 21, 4, 59, tzinfo=UTC), NOW),
        ("America/New_York", MIDNIGHT, NOW),
        (None, MIDNIGHT, STOPPED),  # no zone: the project's
        (None, MIDNIGHT - SECOND, NOW),
        # 12:45 in Kathmandu.
        ("Asia/Kathmandu", datetime(2026, 11, 20, 18, 15, tzinfo=UTC), STOPPED),
        ("Asia/Kathmandu", datetime(2026, 11, 20, 18, 14, tzinfo=UTC), NOW),
    ],
)
def test_calendar_windows_follow_the_user(
    db: Connection, zone: str | None, push: datetime, expected: Enqueued | LeftOut
):
    scene = Scene(db, zone=zone)
    scene.set_policy(calendar(1, "day", "calendar_user"))
    scene.add_past(push)
    assert scene.decide() == expected


def test_rule_of_a_class_neither_counts_nor_limits_others(db: Connection):
    scene = Scene(db)
    scene.set_policy(rolling(1, DAY, push_class="marketing"))
    scene.add_past(NOON - HOUR, push_class="trigger")
    assert scene.decide() == NOW
    assert scene.decide(push_class="trigger") == NOW
    assert scene.decide() == STOPPED


def test_rule_of_a_tag_neither_counts_nor_limits_others(db: Connection):
    scene = Scene(db)
    scene.set_policy(rolling(1, DAY, tag="sale"))
    scene.add_past(NOON - HOUR, tags=["news"])
    assert scene.decide(tags=("sale",)) == NOW
    assert scene.decide(tags=("news",)) == NOW
    assert scene.decide(tags=("news", "sale")) == STOPPED


def test_all_rules_must_pass_and_the_first_in_order_is_named(db: Connection):
    scene = Scene(db)
    scene.set_policy(rolling(3, WEEK), rolling(1, DAY), rolling(1, HOUR))
    assert scene.decide() == NOW
    assert scene.decide() == LeftOut(CAPPED, 2)


def test_eight_rules_with_reserves_are_all_judged(db: Connection):
    scene = Scene(db, weekly_limit=7)
    loose = [rolling(9, WEEK, reserve=1) for _ in range(7)]
    scene.set_policy(*loose, rolling(3, WEEK, reserve=1), gap=timedelta(minutes=15))
    scene.add_past(NOON - DAY, NOON - 2 * DAY)
    run = {"cool_down": HOUR, "tags": ("foreign:9001",)}
    assert scene.decide(**run) == LeftOut(CAPPED, 8)
    assert scene.decide(push_class="trigger", **run) == NOW


def test_reserve_is_left_to_the_trigger_lane(db: Connection):
    scene = Scene(db)
    scene.set_policy(rolling(3, WEEK, reserve=1))
    scene.add_past(NOON - DAY)
    assert scene.decide() == NOW
    assert scene.decide() == STOPPED  # two of marketing: the third slot is not for it
    assert scene.decide(push_class="trigger") == NOW
    assert scene.decide(push_class="trigger") == STOPPED  # three of all


def test_triggers_may_use_up_what_marketing_left(db: Connection):
    scene = Scene(db)
    scene.set_policy(rolling(3, WEEK, reserve=1))
    scene.add_past(NOON - DAY, NOON - 2 * DAY, push_class="trigger")
    assert scene.decide() == NOW  # none of marketing, two of all
    assert scene.decide() == STOPPED


def test_minimum_gap_is_kept_to_earlier_and_later_pushes(db: Connection):
    for distance, expected in [(4 * HOUR, NOW), (4 * HOUR - SECOND, LeftOut(MINIMUM_GAP))]:
        for moment in (NOON - distance, NOON + distance):
            with db.begin_nested() as savepoint:
                scene = Scene(db)
                scene.set_policy(gap=4 * HOUR)
                scene.add_past(moment, push_class="trigger")
                assert scene.decide() == expected
                savepoint.rollback()


def test_own_limit_counts_a_week_of_all_classes(db: Connection):
    scene = Scene(db, weekly_limit=2)
    scene.add_past(NOON - WEEK, NOON - WEEK + SECOND)
    assert scene.decide(push_class="trigger") == NOW
    assert scene.decide() == LeftOut(OWN_LIMIT)


def test_own_limit_of_zero_stops_all_but_transactional(db: Connection):
    scene = Scene(db, weekly_limit=0)
    assert scene.decide() == LeftOut(OWN_LIMIT)
    assert scene.decide(push_class="trigger", is_deferring=True) == LeftOut(OWN_LIMIT)
    assert scene.decide(push_class="transactional", is_counted=False) == NOW


def test_transactional_is_neither_limited_nor_counted(db: Connection):
    scene = Scene(db, weekly_limit=1, is_control=True)
    scene.set_policy(rolling(1, WEEK), gap=DAY, quiet=(NOON.time(), (NOON - HOUR).time()))
    scene.add_past(NOON - HOUR)
    transactional = {"push_class": "transactional", "is_counted": False}
    assert scene.decide(control_share=10_000, **transactional) == NOW
    assert scene.decide(**transactional) == NOW


def test_pushes_that_do_not_count_take_no_slot(db: Connection):
    scene = Scene(db)
    scene.set_policy(rolling(1, WEEK))
    scene.add_past(NOON - HOUR, is_counted=False)
    assert scene.decide(is_counted=False) == NOW
    assert scene.decide() == NOW
    assert scene.decide(is_counted=False) == STOPPED


def test_cool_down_counts_the_same_source_only(db: Connection):
    scene = Scene(db)
    again = {"push_class": "trigger", "cool_down": DAY, "tags": ("foreign:9001",)}
    scene.add_past(NOON - DAY, push_class="trigger", tags=["foreign:9001"])
    scene.add_past(NOON - HOUR, push_class="trigger", tags=["foreign:9002"])
    assert scene.decide(**again) == NOW
    assert scene.decide(**again) == LeftOut(COOL_DOWN)


def test_cool_down_sees_a_later_push_that_counts_for_no_cap(db: Connection):
    scene = Scene(db)
    scene.add_past(NOON + HOUR, push_class="transactional", tags=["foreign:9001"])
    run = {"push_class": "transactional", "is_counted": False, "tags": ("foreign:9001",)}
    assert scene.decide(cool_down=DAY, **run) == LeftOut(COOL_DOWN)
    assert scene.decide(cool_down=HOUR, **run) == NOW


def test_policy_in_force_is_the_latest_that_began(db: Connection):
    scene = Scene(db)
    scene.set_policy(rolling(0, DAY))
    scene.set_policy(rolling(1, DAY), valid_from=NOON)
    scene.set_policy(rolling(0, DAY), valid_from=NOON + SECOND)
    assert scene.decide() == NOW
    scene.add_past(NOON - HOUR)
    assert scene.decide(at=NOON - SECOND) == STOPPED


def test_without_a_policy_nothing_limits(db: Connection):
    scene = Scene(db)
    scene.add_past(*[NOON - SECOND] * 5)
    assert scene.decide() == NOW


@pytest.mark.parametrize(
    ("unit", "at", "past", "is_stopped"),
    [
        # Berlin's Sunday of 25 October 2026 has 25 hours: it ends at 23:00 UTC, the week with it.
        ("day", "2026-10-25 09:00", "2026-10-25 22:59", True),
        ("day", "2026-10-25 09:00", "2026-10-25 23:00", False),
        ("day", "2026-10-25 09:00", "2026-10-24 22:00", True),
        ("day", "2026-10-25 09:00", "2026-10-24 21:59", False),
        ("week", "2026-10-21 09:00", "2026-10-25 22:59", True),
        ("week", "2026-10-21 09:00", "2026-10-25 23:00", False),
        # The Sunday of 29 March has 23.
        ("day", "2026-03-29 09:00", "2026-03-29 21:59", True),
        ("day", "2026-03-29 09:00", "2026-03-29 22:00", False),
        # 2026 has a week 53: from Monday 28 December to Sunday 3 January, whatever the year.
        ("week", "2027-01-02 09:00", "2026-12-27 23:00", True),
        ("week", "2027-01-02 09:00", "2026-12-27 22:59", False),
        ("week", "2026-12-31 09:00", "2027-01-03 22:59", True),
        ("week", "2026-12-31 09:00", "2027-01-03 23:00", False),
    ],
)
def test_calendar_windows_end_by_the_clock_on_the_wall(
    db: Connection, unit: str, at: str, past: str, is_stopped: bool
):
    now, pushed = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (at, past))
    make = text("SELECT push.create_partitions(CAST(:first AS date), CAST(:last AS date))")
    db.execute(make, {"first": min(now, pushed) - WEEK, "last": max(now, pushed) + WEEK})
    scene = Scene(db, zone="Europe/Berlin")
    long_ago = now - timedelta(days=60)
    scene.set_policy(calendar(1, unit, "calendar_user"), valid_from=long_ago)
    scene.add_past(pushed)
    assert scene.decide(at=now) == (STOPPED if is_stopped else Enqueued(0, "ru", now))


@pytest.mark.parametrize("session_zone", ["UTC", "Europe/Berlin"])
def test_a_week_is_168_hours_when_clocks_change(db: Connection, session_zone: str):
    """Berlin's clock went back on 25 October: the same wall clock a week later is 169 hours on."""
    db.execute(text("SELECT set_config('timezone', :zone, true)"), {"zone": session_zone})
    at = datetime(2026, 10, 26, 9, 0, tzinfo=UTC)
    scene = Scene(db, zone="Europe/Berlin")
    scene.set_policy(rolling(1, WEEK))
    scene.add_past(at - 168 * HOUR)
    assert scene.decide(at=at) == Enqueued(0, "ru", at)
    assert scene.decide(at=at + 168 * HOUR - SECOND) == STOPPED
