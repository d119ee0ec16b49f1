"""Repeats: the same days as dateutil's, in a number of steps that the days asked for bound."""
# ruff: noqa: DTZ001 - wall clocks of a brief have no zone

import datetime as dt
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pushline.brief.occasions import BadRepeat, list_occasions, next_occasion, parse_repeat
from pushline.brief.repeat_rule import WEEKDAYS, read_rule
from tests.counting import count_calls

ZONE = ZoneInfo("Asia/Almaty")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


def numbers(*bounds: tuple[int, int]) -> st.SearchStrategy[str]:
    one = st.one_of([st.integers(*pair) for pair in bounds]).map(str)
    return st.lists(one, min_size=1, max_size=3).map(",".join)


@st.composite
def rules(draw: Any) -> str:
    """Any rule that can be read; dateutil counts weeks from the end wrongly about New Year."""
    frequency = draw(st.sampled_from(FREQUENCIES))
    nth = ("", "1", "-1", "+2", "-5") if frequency in FREQUENCIES[2:] else ("",)
    days = st.tuples(st.sampled_from(nth), st.sampled_from(WEEKDAYS)).map("".join)
    kinds = {
        "INTERVAL": st.sampled_from(["2", "3", "7", "12", "366"]),
        "COUNT": st.integers(1, 1_000).map(str),
        "WKST": st.sampled_from(WEEKDAYS),
        "BYMONTH": numbers((1, 12)),
        "BYMONTHDAY": numbers((1, 31), (-31, -1)),
        "BYYEARDAY": numbers((1, 366), (-366, -1)),
        "BYWEEKNO": numbers((1, 50), (-50, -1)),
        "BYDAY": st.lists(days, min_size=1, max_size=3).map(",".join),
        "BYSETPOS": numbers((1, 5), (-5, -1), (300, 366)),
    }
    names = draw(st.sets(st.sampled_from(sorted(kinds)), max_size=4))
    parts = {"FREQ": frequency} | {name: draw(kinds[name]) for name in sorted(names)}
    return ";".join(f"{name}={value}" for name, value in parts.items())


STARTS = st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31))


@settings(max_examples=100, deadline=None)
@given(rules(), STARTS, st.integers(0, 900))
def test_the_days_are_those_of_dateutil(rule: str, start: dt.date, later: int):
    low, high = start + dt.timedelta(days=later), dt.date(2031, 12, 31)
    # It looks for impossible days until the last year that there is.
    with mock.patch.object(dt, "MAXYEAR", high.year + 1):
        theirs = rrulestr(rule, dtstart=dt.datetime.combine(start, dt.time(9)))
        expected = [it.date() for it in theirs if low <= it.date() <= high]
    parts = dict(part.split("=") for part in rule.split(";"))
    assert list(read_rule(parts).list_days(start, low, high)) == expected


# A day that is looked at asks for its places in month, year and week; one that fits is resolved in
# its zone. The days are those of the window, and of the periods that it cuts.
CALLS_A_DAY = 60
DAYS_BESIDE = 800


@settings(max_examples=40, deadline=None)
@given(rules(), STARTS, st.integers(0, 60))
def test_what_a_window_costs_follows_from_its_days(rule: str, start: dt.date, days: int):
    try:
        rule = parse_repeat(rule, ZONE)
    except BadRepeat:
        assume(False)
    send_at = dt.datetime.combine(start, dt.time(9))
    after = dt.datetime(2029, 1, 1, tzinfo=dt.UTC)
    until = after + dt.timedelta(days=days)
    calls = count_calls(lambda: list_occasions(send_at, rule, ZONE, after=after, until=until))
    # A series that is counted is counted from its first day.
    before = (after.date() - start).days if "COUNT" in rule else 0
    assert calls < CALLS_A_DAY * (before + days + DAYS_BESIDE)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYSETPOS=300",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYMONTH=6",
    ],
)
def test_what_never_comes_is_not_looked_for_until_the_last_year(rule: str):
    send_at, now = dt.datetime(2026, 11, 25, 12), dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    found = []
    calls = count_calls(lambda: found.append(next_occasion(send_at, rule, ZONE, now)))
    assert found == [None]
    assert calls < CALLS_A_DAY * (5 * 366 + DAYS_BESIDE)
