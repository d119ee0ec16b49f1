"""On which days a repeat comes: an RRULE of days and longer, looked through period by period.

The days of each period that the rule visits are looked at once, up to the last day asked for, and
no further: what a rule costs follows from the days asked for, never from what is written in it.
"""

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# The highest number of a part; all but months also count from the end, as -1.
HIGHEST = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}
# Weekdays and leap years come round in 28 years: what does not come in them never does.
_CYCLE = (dt.date(2000, 1, 1), dt.date(2027, 12, 31))
_WEEK = 7


@dataclass(frozen=True, slots=True)
class RepeatRule:
    """A rule that was read. Weekdays are 0 (Monday) to 6; numbers below zero count from the end.

    nth_weekdays: (weekday, which one of its month; of its year for a yearly rule without months).
    positions: which days of each period's days are taken.
    """

    frequency: str
    interval: int = 1
    count: int | None = None
    week_start: int = 0
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    week_numbers: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    nth_weekdays: frozenset[tuple[int, int]] = frozenset()
    positions: frozenset[int] = frozenset()

    def list_days(self, start: dt.date, low: dt.date, high: dt.date) -> Iterator[dt.date]:
        """Yield the days from `low` to `high`, both included, of a series that begins on `start`.

        `start` is one of them only if the rule fits it.
        """
        rule, left = self._of(start), self.count
        for first, after in self._list_periods(start, start if self.count else low, high):
            for day in rule._choose(first, after):  # noqa: SLF001 - its own kind
                if day < start:
                    continue
                if day > high or left == 0:
                    return
                left = left - 1 if left else left
                if day >= low:
                    yield day

    def list_months_left_out(self, start: dt.date, last: dt.date) -> list[int]:
        """Return the months up to `last` that a monthly series of days of the month skips.

        A year's worth of periods is looked at.
        """
        rule, came = self._of(start), 0
        others = (rule.nth_weekdays, rule.weekdays, rule.year_days, rule.week_numbers)
        if rule.frequency != "MONTHLY" or rule.positions or any(others):
            return []
        skipped: dict[int, None] = {}
        for first, after in islice(self._list_periods(start, start, last), 12):
            days = rule._choose(first, after)  # noqa: SLF001 - its own kind
            came += sum(day >= start for day in days)
            if not days and (not rule.months or first.month in rule.months):
                skipped[first.month] = None
            if self.count and came >= self.count:
                break
        return list(skipped)

    def fits(self, day: dt.date) -> bool:
        """Tell whether a day is one that the rule names, whatever its period and position."""
        return (
            (not self.months or day.month in self.months)
            and (not self.weekdays or day.weekday() in self.weekdays)
            and (not self.month_days or not self.month_days.isdisjoint(_places_in_month(day)))
            and (not self.nth_weekdays or self._is_nth(day))
            and (not self.year_days or not self.year_days.isdisjoint(_places_in_year(day)))
            and (not self.week_numbers or self._is_in_week(day))
        )

    def _of(self, start: dt.date) -> "RepeatRule":
        """Return the rule with what the first day says where no part does."""
        if self.week_numbers or self.year_days or self.month_days:
            return self
        if self.weekdays or self.nth_weekdays or self.frequency == "DAILY":
            return self
        if self.frequency == "WEEKLY":
            return replace(self, weekdays=frozenset((start.weekday(),)))
        months = self.months
        if self.frequency == "YEARLY":
            months = months or frozenset((start.month,))
        return replace(self, months=months, month_days=frozenset((start.day,)))

    def _choose(self, first: dt.date, after: dt.date) -> list[dt.date]:
        """Return the days of one period that the rule takes, in order."""
        days = (first + dt.timedelta(days=number) for number in range((after - first).days))
        found = [day for day in days if self.fits(day)]
        if not self.positions:
            return found
        places = {it - 1 if it > 0 else len(found) + it for it in self.positions}
        return [found[place] for place in sorted(places) if 0 <= place < len(found)]

    def _list_periods(
        self, start: dt.date, low: dt.date, high: dt.date
    ) -> Iterator[tuple[dt.date, dt.date]]:
        """Yield (first day, day after) of the periods that the rule visits, from `low` on."""
        low = max(start, low)
        if self.frequency in {"DAILY", "WEEKLY"}:
            length = 1 if self.frequency == "DAILY" else _WEEK
            back = 0 if length == 1 else (start.weekday() - self.week_start) % _WEEK
            first, step = start - dt.timedelta(days=back), length * self.interval
            first += dt.timedelta(days=(low - first).days // step * step)
            while first <= high:
                # The first week begins with its first day.
                yield max(first, start), first + dt.timedelta(days=length)
                first += dt.timedelta(days=step)
            return
        length = 1 if self.frequency == "MONTHLY" else 12
        origin = start.year * 12 + (start.month - 1 if length == 1 else 0)
        step = length * self.interval
        month = origin + (low.year * 12 + low.month - 1 - origin) // step * step
        while (first := _first_of(month)) <= high:
            yield first, _first_of(month + length)
            month += step

    def _is_nth(self, day: dt.date) -> bool:
        if self.frequency == "YEARLY" and not self.months:
            place, back = _places_in_year(day)
        else:
            place, back = _places_in_month(day)
        return any((day.weekday(), it) in self.nth_weekdays for it in _in_weeks(place, back))

    def _is_in_week(self, day: dt.date) -> bool:
        # A week belongs to the year that has most of its days.
        back = (day.weekday() - self.week_start) % _WEEK
        middle = day + dt.timedelta(days=3 - back)
        return not self.week_numbers.isdisjoint(_in_weeks(*_places_in_year(middle)))


def read_rule(parts: Mapping[str, str]) -> RepeatRule:
    """Return the rule of parts in upper case; raises ValueError for what cannot be read.

    Numbers that no day has are kept, and no day fits them.
    """
    weekdays: set[int] = set()
    nth_weekdays: set[tuple[int, int]] = set()
    frequency = parts["FREQ"]
    for name in parts["BYDAY"].split(",") if "BYDAY" in parts else ():
        weekday, number = WEEKDAYS.index(name[-2:]), name[:-2]
        if number and frequency in {"MONTHLY", "YEARLY"}:
            nth_weekdays.add((weekday, _read_number(number)))
        else:
            weekdays.add(weekday)
    return RepeatRule(
        frequency,
        interval=int(parts.get("INTERVAL", "1")),
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
        week_start=WEEKDAYS.index(parts.get("WKST", "MO")),
        months=_read_numbers(parts, "BYMONTH"),
        month_days=_read_numbers(parts, "BYMONTHDAY"),
        year_days=_read_numbers(parts, "BYYEARDAY"),
        week_numbers=_read_numbers(parts, "BYWEEKNO"),
        weekdays=frozenset(weekdays),
        nth_weekdays=frozenset(nth_weekdays),
        positions=_read_numbers(parts, "BYSETPOS"),
    )


@lru_cache(maxsize=1_000)
def can_come(rule: RepeatRule) -> bool:
    """Tell whether any first day gives a rule a day at all: there is no 30 February."""
    first, last = _CYCLE
    every = replace(rule, interval=1, count=None)
    return next(every.list_days(first, first, last), None) is not None


def _read_numbers(parts: Mapping[str, str], name: str) -> frozenset[int]:
    return frozenset(map(_read_number, parts[name].split(","))) if name in parts else frozenset()


def _read_number(text: str) -> int:
    number = int(text) if len(text) <= len("+366") else 0
    if number == 0:
        raise ValueError(text)
    return number


def _places_in_month(day: dt.date) -> tuple[int, int]:
    return day.day, day.day - calendar.monthrange(day.year, day.month)[1] - 1


def _places_in_year(day: dt.date) -> tuple[int, int]:
    place = day.timetuple().tm_yday
    return place, place - (366 if calendar.isleap(day.year) else 365) - 1


def _in_weeks(place: int, back: int) -> tuple[int, int]:
    """Return which seven days a day stands in, counted from both ends."""
    return (place - 1) // _WEEK + 1, -((-back - 1) // _WEEK + 1)


def _first_of(month: int) -> dt.date:
    """Return the first day of a month, counted from the year 0."""
    return dt.date(month // 12, month % 12 + 1, 1)
