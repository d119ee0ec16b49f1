"""Clocks of the oracle: wall clocks, calendar units, quiet hours; by zoneinfo and plain loops."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def wall_clock(moment: datetime, zone: str) -> datetime:
    """What a clock on the wall shows, without a zone."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@lru_cache(maxsize=10_000)
def instant_of(local: datetime, zone: str) -> datetime:
    """When the wall clock first shows a time; in a gap the first minute after it."""
    first = local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    if wall_clock(first, zone) == local:
        return first
    minute = local.replace(tzinfo=UTC) - timedelta(hours=20)
    while wall_clock(minute, zone) <= local:
        minute += MINUTE
    return minute


def round_up(moment: datetime, step: timedelta) -> datetime:
    """The moment, or the next multiple of the step after it."""
    late = (moment - EPOCH) % step
    return moment if not late else moment + (step - late)


def is_quiet(moment: datetime, zone: str, quiet: tuple[time, time]) -> bool:
    """Whether the wall clock is in [from, until), which may pass midnight."""
    begin, end = quiet
    clock = wall_clock(moment, zone).time()
    if begin < end:
        return begin <= clock < end
    return clock >= begin or clock < end


@lru_cache(maxsize=10_000)
def end_of_quiet(moment: datetime, zone: str, quiet: tuple[time, time]) -> datetime:
    """When the clock of somebody who is in quiet hours next reaches their end."""
    now = wall_clock(moment, zone)
    end = datetime.combine(now.date(), quiet[1])
    if end <= now:
        end += timedelta(days=1)
    minute = moment.replace(second=0, microsecond=0)
    while minute <= moment or wall_clock(minute, zone) < end:
        minute += MINUTE
    return minute


def first_day(moment: datetime, zone: str, unit: str, week_start: int) -> date:
    """The first day of the calendar unit in which a clock on the wall is."""
    day = wall_clock(moment, zone).date()
    if unit == "week":
        while day.isoweekday() != week_start:
            day -= timedelta(days=1)
    elif unit == "month":
        day = day.replace(day=1)
    return day


def end_of_unit(moment: datetime, zone: str, unit: str, week_start: int) -> datetime:
    """When the next calendar unit begins."""
    day = first_day(moment, zone, unit, week_start)
    if unit == "day":
        day += timedelta(days=1)
    elif unit == "week":
        day += timedelta(days=7)
    else:
        day = (day + timedelta(days=31)).replace(day=1)
    return instant_of(datetime.combine(day, time()), zone)
