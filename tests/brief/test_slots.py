"""The calendar: occasions at their clock across changes of the clock, and what collides."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from pushline.brief.notes import Rules, find_holiday, read_holidays
from pushline.brief.slots import MOST_COLLISIONS, Calendar, PlannedRow, make_calendar

ALMATY = Rules()
BERLIN = Rules(zone=ZoneInfo("Europe/Berlin"))
FOUR_HOURS = dt.timedelta(hours=4)


def row(number: int, send_at: str, **cells: str) -> PlannedRow:
    status = cells.pop("status", "audience_ready")
    return PlannedRow(f"C-2026-{number:03d}", status, {"send_at": send_at} | cells)  # type: ignore[arg-type]


def see(
    *rows: PlannedRow,
    rules: Rules = ALMATY,
    first: str = "2026-12-01",
    after: str = "2027-01-01",
    gap: dt.timedelta | None = FOUR_HOURS,
) -> Calendar:
    days = {"first": dt.date.fromisoformat(first), "after": dt.date.fromisoformat(after)}
    return make_calendar(rows, rules, minimum_gap=gap, **days)


def clocks(calendar: Calendar) -> list[str]:
    return [f"{slot.shown:%m-%d %H:%M}" for slot in calendar.slots]


def test_a_brief_stands_on_the_days_that_are_asked_for_and_no_other():
    briefs = [row(1, "2026-12-01 00:00"), row(2, "2026-12-31 23:59"), row(3, "2027-01-01 00:00")]
    assert clocks(see(*briefs)) == ["12-01 00:00", "12-31 23:59"]
    assert clocks(see(row(4, "2026-11-30 23:59"))) == []


def test_what_repeats_has_a_slot_for_each_occasion_until_the_promo_ends():
    weekly = row(1, "2026-12-02 11:00", repeat="weekly", promo_end="2026-12-17")
    calendar = see(weekly)
    assert clocks(calendar) == ["12-02 11:00", "12-09 11:00", "12-16 11:00"]
    assert {slot.send_at for slot in calendar.slots} == {
        dt.datetime.fromisoformat("2026-12-02T11:00")
    }
    assert all(slot.is_repeat for slot in calendar.slots)


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        # 02:30 does not exist on the 29th: the first valid minute after it
        ("2026-03-28", ["03-28 02:30", "03-29 03:00", "03-30 02:30"]),
        # 02:30 exists twice on the 25th: it stands there once
        ("2026-10-24", ["10-24 02:30", "10-25 02:30", "10-26 02:30"]),
    ],
)
def test_each_day_has_its_slot_when_the_clock_changes(first: str, expected: list[str]):
    start = dt.date.fromisoformat(first)
    brief = row(1, f"{first} 02:30", repeat="daily")
    after = (start + dt.timedelta(days=3)).isoformat()
    calendar = see(brief, rules=BERLIN, first=first, after=after)
    assert clocks(calendar) == expected
    instants = [slot.at for slot in calendar.slots]
    assert len(set(instants)) == 3


def test_the_gap_is_measured_in_hours_that_pass_not_in_clocks():
    # Between 01:30 and 05:00 of this night lie two and a half hours.
    night = [row(1, "2026-03-29 01:30"), row(2, "2026-03-29 05:00")]
    span = {"rules": BERLIN, "first": "2026-03-29", "after": "2026-03-30"}
    assert see(*night, **span, gap=dt.timedelta(hours=3)).collisions
    assert not see(*night, **span, gap=dt.timedelta(hours=2, minutes=30)).collisions
    # People far away have no change of the clock that night.
    local = [
        row(1, "2026-03-29 01:30", local_time="yes"),
        row(2, "2026-03-29 05:00", local_time="yes"),
    ]
    assert not see(*local, **span, gap=dt.timedelta(hours=3)).collisions


def test_a_local_time_brief_stands_at_the_hour_that_each_user_sees():
    calendar = see(row(1, "2026-12-10 11:00", local_time="да"))
    assert clocks(calendar) == ["12-10 11:00"]
    assert calendar.slots[0].is_local_time


def test_two_briefs_within_the_gap_or_on_one_audience_collide():
    calendar = see(
        row(1, "2026-12-10 11:00", audience="big_spenders"),
        row(2, "2026-12-10 14:59", audience="new_users"),
        row(3, "2026-12-10 20:00", audience="big_spenders(days=30)"),
        row(4, "2026-12-11 11:00", audience="big_spenders"),
    )
    others = {
        place: [(found.code[-1], found.kinds) for found in collisions]
        for place, collisions in calendar.collisions.items()
    }
    assert others == {
        0: [("2", ("gap",)), ("3", ("audience",))],
        1: [("1", ("gap",))],
        2: [("1", ("audience",))],
    }


def test_the_gap_reaches_over_midnight_and_ends_exactly():
    late = row(1, "2026-12-10 22:00")
    assert see(late, row(2, "2026-12-11 01:59")).collisions
    assert not see(late, row(2, "2026-12-11 02:00")).collisions
    assert not see(late, row(2, "2026-12-11 01:59"), gap=None).collisions


def test_service_cancelled_and_own_occasions_do_not_collide():
    ad = row(1, "2026-12-10 11:00", audience="big_spenders")
    for other in (
        row(2, "2026-12-10 11:00", audience="big_spenders", kind="service"),
        row(2, "2026-12-10 11:00", audience="big_spenders", status="cancelled"),
    ):
        assert not see(ad, other).collisions
    twice = row(1, "2026-12-10 11:00", audience="a", repeat="daily")
    assert not see(twice, gap=dt.timedelta(hours=30)).collisions


def test_a_crowded_day_is_marked_without_listing_everybody():
    crowd = [row(number, "2026-12-10 11:00") for number in range(40)]
    collisions = see(*crowd).collisions
    assert set(collisions) == set(range(40))
    assert max(map(len, collisions.values())) == MOST_COLLISIONS


def test_what_has_no_time_is_named_apart():
    calendar = see(row(1, ""), row(2, "08/09"), row(3, "2026-12-10 11:00", repeat="hourly"))
    assert [(brief.code, brief.is_unreadable) for brief in calendar.unplaced] == [
        ("C-2026-001", False),
        ("C-2026-002", True),
    ]
    # An unreadable repeat is told in the sheet; the first occasion stands all the same.
    assert clocks(calendar) == ["12-10 11:00"]


def test_quiet_hours_and_holidays_are_marked():
    calendar = see(row(1, "2026-12-16 23:00"), row(2, "2026-12-16 23:00", kind="service"))
    assert [slot.is_quiet for slot in calendar.slots] == [True, False]
    assert [slot.lane for slot in calendar.slots] == ["marketing", "trigger"]
    assert calendar.slots[0].holiday
    assert calendar.slots[0].holiday["kk"] == "Тәуелсіздік күні"


def test_every_holiday_has_its_name_in_each_language():
    holidays = read_holidays()
    assert all(set(names) == {"ru", "kk", "en"} for names in holidays.values())
    feast = find_holiday(dt.date(2027, 5, 16), holidays)
    assert feast
    assert feast["ru"] == "Курбан-айт"
    assert find_holiday(dt.date(2026, 5, 28), holidays) is None
