"""Occasions: repeats, DST gaps and overlaps, local time, bounds."""
# ruff: noqa: DTZ001 - wall clocks of a brief have no zone

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushline.brief.occasions import (
    BadRepeat,
    is_endless,
    list_occasions,
    next_occasion,
    parse_repeat,
    resolve_local,
)

BERLIN = ZoneInfo("Europe/Berlin")
ALMATY = ZoneInfo("Asia/Almaty")
YEAR = {"after": datetime(2026, 1, 1, tzinfo=UTC), "until": datetime(2027, 1, 1, tzinfo=UTC)}
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Almaty", "Africa/Cairo"]


@pytest.mark.parametrize(
    ("zone", "local", "instant"),
    [
        ("Asia/Almaty", (2026, 8, 15, 11, 0), "2026-08-15 06:00"),
        # gap 02:00-03:00: the first valid minute after is 03:00 local
        ("Europe/Berlin", (2026, 3, 29, 2, 30), "2026-03-29 01:00"),
        ("Europe/Berlin", (2026, 3, 29, 1, 59), "2026-03-29 00:59"),
        ("Europe/Berlin", (2026, 3, 29, 3, 0), "2026-03-29 01:00"),
        # overlap 02:00-03:00: the first occurrence is still summer time
        ("Europe/Berlin", (2026, 10, 25, 2, 30), "2026-10-25 00:30"),
        # a gap of half an hour, and a whole day that never was
        ("Australia/Lord_Howe", (2026, 10, 4, 2, 10), "2026-10-03 15:30"),
        ("Pacific/Apia", (2011, 12, 30, 12, 0), "2011-12-30 10:00"),
    ],
)
def test_wall_clock_becomes_an_instant(zone, local, instant):
    found = resolve_local(datetime(*local), ZoneInfo(zone))
    assert f"{found:%Y-%m-%d %H:%M}" == instant


@given(st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)), st.sampled_from(ZONES))
def test_a_clock_that_exists_is_kept_and_a_gap_only_moves_forward(local, name):
    zone = ZoneInfo(name)
    local = local.replace(second=0, microsecond=0)
    found = resolve_local(local, zone)
    seen = found.astimezone(zone).replace(tzinfo=None)
    assert seen >= local
    if seen != local:
        # the minute before does not exist either, so this is the first valid one
        before = (found - timedelta(minutes=1)).astimezone(zone).replace(tzinfo=None)
        assert before < local


def test_a_single_brief_has_one_occasion():
    found = list_occasions(datetime(2026, 8, 15, 11), None, ALMATY, **YEAR)
    assert [o.at for o in found] == [datetime(2026, 8, 15, 6, tzinfo=UTC)]
    assert found[0].local == datetime(2026, 8, 15, 11)
    assert found[0].due_at == found[0].at


def test_bounds_are_after_but_not_until_excluded():
    at = datetime(2026, 8, 15, 6, tzinfo=UTC)
    send_at = datetime(2026, 8, 15, 11)
    assert list_occasions(send_at, None, ALMATY, after=at - timedelta(seconds=1), until=at)
    assert not list_occasions(send_at, None, ALMATY, after=at, until=at + timedelta(days=1))


@pytest.mark.parametrize(
    ("repeat", "days"),
    [
        ("FREQ=WEEKLY;COUNT=3", ["2026-03-16", "2026-03-23", "2026-03-30"]),
        (
            "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=4",
            ["2026-03-16", "2026-03-19", "2026-03-23", "2026-03-26"],
        ),
        ("FREQ=DAILY;INTERVAL=10;UNTIL=20260405", ["2026-03-16", "2026-03-26", "2026-04-05"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2", ["2026-03-31", "2026-05-31"]),
    ],
)
def test_repeats_keep_the_hour_of_the_wall_clock(repeat, days):
    send_at = datetime(2026, 3, 16, 9)
    found = list_occasions(send_at, parse_repeat(repeat, BERLIN), BERLIN, **YEAR)
    assert [f"{o.local:%Y-%m-%d}" for o in found] == days
    # summer time began on the 29th: nine o'clock stays nine o'clock
    assert {o.at.astimezone(BERLIN).hour for o in found} == {9}


def test_a_daily_repeat_meets_the_gap_once_and_the_overlap_once():
    send_at = datetime(2026, 3, 28, 2, 30)
    found = list_occasions(send_at, "FREQ=DAILY;COUNT=3", BERLIN, **YEAR)
    assert [f"{o.at:%d %H:%M}" for o in found] == ["28 01:30", "29 01:00", "30 00:30"]
    autumn = list_occasions(datetime(2026, 10, 24, 2, 30), "FREQ=DAILY;COUNT=3", BERLIN, **YEAR)
    assert [f"{o.at:%d %H:%M}" for o in autumn] == ["24 00:30", "25 00:30", "26 01:30"]


def test_local_time_is_due_when_the_first_zone_reaches_the_hour():
    send_at = datetime(2026, 8, 15, 11)
    found = list_occasions(send_at, None, ALMATY, **YEAR, local_time=True)
    assert found[0].due_at == datetime(2026, 8, 14, 21, tzinfo=UTC)
    kiritimati = found[0].due_at.astimezone(ZoneInfo("Pacific/Kiritimati"))
    assert kiritimati.replace(tzinfo=None) == send_at == found[0].local


def test_nothing_repeats_after_the_promo():
    found = list_occasions(
        datetime(2026, 8, 15, 11), "FREQ=DAILY", ALMATY, **YEAR, last_day=date(2026, 8, 17)
    )
    assert [o.local.day for o in found] == [15, 16, 17]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYSETPOS=300",
        "FREQ=WEEKLY;BYYEARDAY=366;BYMONTH=3",
    ],
)
def test_an_impossible_rule_is_refused_and_where_it_is_stored_it_has_no_day(rule):
    with pytest.raises(BadRepeat) as caught:
        parse_repeat(rule, ALMATY)
    named = [part for part in rule.split(";") if part.startswith("BY")]
    assert all(part in caught.value.detail.kk for part in named)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert next_occasion(datetime(2026, 1, 1, 9), rule, ALMATY, now) is None


def test_count_counts_from_the_first_date_not_from_the_window():
    after = datetime(2026, 8, 16, tzinfo=UTC)
    found = list_occasions(
        datetime(2026, 8, 15, 11),
        "FREQ=DAILY;COUNT=3",
        ALMATY,
        after=after,
        until=after + timedelta(days=30),
    )
    assert [o.local.day for o in found] == [16, 17]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("weekly", "FREQ=WEEKLY"),
        ("Ежедневно", "FREQ=DAILY"),
        ("rrule:freq=weekly;count=4", "FREQ=WEEKLY;COUNT=4"),
        ("COUNT=4;FREQ=WEEKLY", "FREQ=WEEKLY;COUNT=4"),
        ("FREQ=DAILY;UNTIL=20260831", "FREQ=DAILY;UNTIL=20260831T235959"),
        ("FREQ=DAILY;UNTIL=20260831T190000Z", "FREQ=DAILY;UNTIL=20260901T000000"),
    ],
)
def test_rules_have_one_normal_form(text, normal):
    assert parse_repeat(text, ALMATY) == normal
    assert parse_repeat(normal, ALMATY) == normal
    assert is_endless(normal) == ("COUNT" not in normal and "UNTIL" not in normal)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ=HOURLY",
        "FREQ=SECONDLY",
        "FREQ=DAILY;BYHOUR=3",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=DAILY;UNTIL=20260230",
        "COUNT=3",
        "FREQ=DAILY;COUNT=999999",
        "DTSTART:20260101",
        "FREQ=DAILY\nEXRULE:FREQ=DAILY",
        "FREQ=DAILY;COUNT=" + "9" * 5_000,
        "FREQ=DAILY;BYMONTHDAY=" + "9" * 5_000,
        "FREQ=DAILY;BYMONTHDAY=32",
        "FREQ=DAILY;BYMONTHDAY=0",
        "FREQ=DAILY;BYMONTH=-1",
        "FREQ=DAILY;BYMONTH=1,,2",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=WEEKLY;WKST=1",
    ],
)
def test_bad_rules_say_why(text):
    with pytest.raises(BadRepeat) as caught:
        parse_repeat(text, ALMATY)
    assert all(caught.value.detail.as_dict().values())


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)),
    st.sampled_from([None, "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,FR", "FREQ=DAILY;COUNT=9"]),
    st.sampled_from(ZONES),
    st.booleans(),
    st.integers(1, 40),
)
def test_windows_side_by_side_miss_nothing_and_repeat_nothing(send_at, repeat, name, local, hours):
    send_at = send_at.replace(second=0, microsecond=0)
    zone, step = ZoneInfo(name), timedelta(hours=hours)
    start = datetime.combine(send_at, datetime.min.time(), UTC) - timedelta(days=2)
    end = start + step * 12
    whole = list_occasions(send_at, repeat, zone, after=start, until=end, local_time=local)
    parts = [
        occasion
        for number in range(12)
        for occasion in list_occasions(
            send_at,
            repeat,
            zone,
            after=start + step * number,
            until=start + step * (number + 1),
            local_time=local,
        )
    ]
    assert parts == whole
    assert [o.local for o in whole] == sorted({o.local for o in whole})
