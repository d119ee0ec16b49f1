"""When a brief is due: its first date and its repeats, on the wall clock of the project."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pushline.brief.repeat_rule import HIGHEST, WEEKDAYS, RepeatRule, can_come, read_rule
from pushline.brief.sentences import REPEAT_FAULTS
from pushline.sentence import Sentence

# People may write a word instead of a rule.
WORDS = {
    "daily": "FREQ=DAILY",
    "weekly": "FREQ=WEEKLY",
    "monthly": "FREQ=MONTHLY",
    "ежедневно": "FREQ=DAILY",
    "еженедельно": "FREQ=WEEKLY",
    "ежемесячно": "FREQ=MONTHLY",
    "күн сайын": "FREQ=DAILY",
    "апта сайын": "FREQ=WEEKLY",
    "ай сайын": "FREQ=MONTHLY",
}
# The first zone on earth to reach a wall-clock hour is 14 hours ahead of UTC.
EARLIEST_OFFSET = dt.timedelta(hours=14)
# The last one reaches it 12 hours after UTC.
LATEST_OFFSET = dt.timedelta(hours=12)
# How far back a missed occasion is still told of.
LOOK_BACK = dt.timedelta(days=28)
# A rule that has not fired within this time is taken for one that never does.
FARTHEST = dt.timedelta(days=366 * 5)
# What a brief may name: past this, a typing mistake. The clock counts from the first to the last
# day of these years; what is stored beyond them is taken for the nearest of them.
EARLIEST_DAY = dt.date(2000, 1, 1)
YEARS_AHEAD = 10
_FIRST = dt.datetime(1900, 1, 1)  # noqa: DTZ001 - wall clock
_LAST = dt.datetime(9000, 1, 1)  # noqa: DTZ001 - wall clock

_RULE = re.compile(r"(RRULE:)?[A-Z]+=[^;\s]+(;[A-Z]+=[^;\s]+)*;?")
_KNOWN_PARTS = {
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"),
    *("BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYWEEKNO", "BYYEARDAY"),
}
_UNTIL = "%Y%m%dT%H%M%S"
_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_NUMBER = re.compile(r"[+-]?[0-9]{1,4}")
_WEEKDAY = re.compile(r"(?:[+-]?[1-9][0-9]?)?(?:MO|TU|WE|TH|FR|SA|SU)")


class BadRepeat(ValueError):  # noqa: N818 - the caller turns it into a sentence
    """A repeat that cannot be read; `detail` says why in the languages of the page."""

    def __init__(self, code: str, /, **words: object) -> None:
        self.detail = Sentence.say(REPEAT_FAULTS, code, **words)
        super().__init__(self.detail.en)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One planned slot.

    local: the wall clock that the brief names, without a zone.
    at: that clock in the project's zone, in UTC; the key of a run.
    due_at: from when it may be planned, in UTC: `at`, or for local_time the moment when the
        first zone on earth reaches the hour.
    """

    local: dt.datetime
    at: dt.datetime
    due_at: dt.datetime


def latest_day(today: dt.date) -> dt.date:
    """Return the last day that a brief may name."""
    year = today.year + YEARS_AHEAD
    return dt.date(year, 2, 28) if (today.month, today.day) == (2, 29) else today.replace(year=year)


def list_occasions(
    send_at: dt.datetime,
    repeat: str | None,
    zone: ZoneInfo,
    *,
    after: dt.datetime,
    until: dt.datetime,
    local_time: bool = False,
    last_day: dt.date | None = None,
) -> list[Occasion]:
    """Return the occasions that become due in (after, until], in order.

    send_at: local wall clock, naive. after, until: aware. last_day: the promo's last day, after
    which nothing repeats. A clock time that does not exist (DST gap) moves to the first valid
    minute after it; one that exists twice means the first.
    """
    # No zone is farther than a day from UTC; the exact bounds are applied to due_at below.
    low = after.astimezone(dt.UTC).replace(tzinfo=None) - dt.timedelta(days=2)
    high = until.astimezone(dt.UTC).replace(tzinfo=None) + dt.timedelta(days=2)
    if last_day:
        high = min(high, dt.datetime.combine(last_day, dt.time.max))
    found = (
        make_occasion(local, zone, local_time=local_time)
        for local in _list_local(send_at, repeat, zone, low, high)
    )
    return [occasion for occasion in found if after < occasion.due_at <= until]


def find_first(send_at: dt.datetime, repeat: str, zone: ZoneInfo) -> dt.datetime | None:
    """Return the first wall clock of a series: send_at itself only if the rule fits its day.

    None: none comes within five years.
    """
    return next(_list_local(send_at, repeat, zone, send_at, _within(send_at) + FARTHEST), None)


def list_months_left_out(
    send_at: dt.datetime, repeat: str, zone: ZoneInfo, last_day: dt.date | None = None
) -> list[int]:
    """Return the months (1-12) that a monthly series skips, having no such day, in order of time.

    Only those before the end of the series; a promo's last day is one. Empty for other rules.
    """
    rule, end = _read(repeat, zone)
    last = min(it for it in (_LAST.date(), last_day, end and end.date()) if it)
    return rule.list_months_left_out(send_at.date(), last)


def make_occasion(local: dt.datetime, zone: ZoneInfo, *, local_time: bool = False) -> Occasion:
    """Return the occasion of one wall-clock time."""
    at = resolve_local(local, zone)
    due_at = (_within(local) - EARLIEST_OFFSET).replace(tzinfo=dt.UTC) if local_time else at
    return Occasion(local, at, due_at)


def find_deadline(
    occasion: Occasion,
    ttl: dt.timedelta,
    zone: ZoneInfo,
    *,
    local_time: bool = False,
    last_day: dt.date | None = None,
) -> dt.datetime:
    """Return when a run expires: ttl after the last user's moment, at latest with the promo."""
    start = occasion.at
    if local_time:
        start = occasion.local.replace(tzinfo=dt.UTC) + LATEST_OFFSET
    if last_day is None:
        return start + ttl
    return min(start + ttl, start_of_day_after(last_day, zone))


def start_of_day_after(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """Return the instant (UTC) at which a day is over."""
    midnight = _within(dt.datetime.combine(day, dt.time()))
    return resolve_local(midnight + dt.timedelta(days=1), zone)


def resolve_local(local: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the instant (UTC) of a wall clock: gap -> first valid minute, overlap -> first."""
    local = _within(local)
    instant = local.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local:
        return instant
    # In a gap both readings miss the clock; they lie on either side of the change.
    before = local.replace(tzinfo=zone, fold=1).astimezone(dt.UTC)
    low, high = sorted((before, instant))
    low, high = low.replace(second=0, microsecond=0), high.replace(second=0, microsecond=0)
    old_offset = low.astimezone(zone).utcoffset()
    while high - low > dt.timedelta(minutes=1):
        middle = low + dt.timedelta(minutes=(high - low) // dt.timedelta(minutes=1) // 2)
        if middle.astimezone(zone).utcoffset() == old_offset:
            low = middle
        else:
            high = middle
    return high


def parse_repeat(text: str, zone: ZoneInfo) -> str:
    """Return the rule in its normal form (upper case, fixed order); raises BadRepeat.

    Only days and longer repeat; the hour always comes from the brief. A rule that no day fits is
    refused.
    """
    parts = _split_rule(_normalise(text, zone))
    for name in sorted({*HIGHEST} & {*parts}):
        highest, numbers = HIGHEST[name], parts[name].split(",")
        low = 1 if name == "BYMONTH" else -highest
        fits = (_NUMBER.fullmatch(it) and low <= int(it) <= highest and int(it) for it in numbers)
        if not all(fits):
            code = "limits" if name == "BYMONTH" else "numbers"
            raise BadRepeat(code, name=name, low=low, high=highest)
    if not all(map(_WEEKDAY.fullmatch, parts.get("BYDAY", "MO").split(","))):
        days = ", ".join(WEEKDAYS)
        raise BadRepeat("weekdays", name="BYDAY", days=days, first="1MO", last="-1FR")
    try:
        rule = read_rule(parts)
    except ValueError as error:
        raise BadRepeat("value") from error
    if not can_come(rule):
        named = ", ".join(f"{name}={parts[name]}" for name in parts if name.startswith("BY"))
        raise BadRepeat("never", parts=named)
    return _join_rule(parts)


def is_endless(repeat: str) -> bool:
    """Tell whether a rule in normal form has no end of its own."""
    return "COUNT=" not in repeat and "UNTIL=" not in repeat


def take_last_day(repeat: str) -> str:
    """Return a monthly rule in normal form on the last day of each month."""
    parts = _split_rule(repeat) | {"BYMONTHDAY": "-1"}
    return _join_rule({name: parts[name] for name in ["FREQ", *sorted(set(parts) - {"FREQ"})]})


def next_occasion(
    send_at: dt.datetime,
    repeat: str | None,
    zone: ZoneInfo,
    now: dt.datetime,
    *,
    local_time: bool = False,
    last_day: dt.date | None = None,
) -> Occasion | None:
    """Return the first occasion after `now` on the project's clock, or None if none is left.

    With local_time its due_at is when the first zone on earth reaches the hour: before `now`,
    perhaps.
    """
    start = max(now, resolve_local(send_at, zone) - dt.timedelta(minutes=1))
    found = list_occasions(
        send_at, repeat, zone, after=start, until=start + FARTHEST, last_day=last_day
    )
    if not found:
        return None
    return make_occasion(found[0].local, zone, local_time=local_time)


def _list_local(
    send_at: dt.datetime,
    repeat: str | None,
    zone: ZoneInfo,
    low: dt.datetime,
    high: dt.datetime,
) -> Iterator[dt.datetime]:
    """Yield the wall-clock times between two of them; send_at is one only if its rule fits it."""
    if not repeat:
        if low <= send_at <= high:
            yield send_at
        return
    # Nobody means a series of two thousand years.
    if high < max(low, send_at) or send_at.date() < EARLIEST_DAY:
        return
    rule, end = _read(repeat, zone)
    high = min(high, end) if end else high
    clock = send_at.time()
    for day in rule.list_days(send_at.date(), low.date(), high.date()):
        local = dt.datetime.combine(day, clock)
        if low <= local <= high:
            yield local


def _read(repeat: str, zone: ZoneInfo) -> tuple[RepeatRule, dt.datetime | None]:
    """Return a rule and its own end.

    What was approved once goes on: a rule that `parse_repeat` has come to refuse has the days it
    has.
    """
    parts = _split_rule(_normalise(repeat, zone))
    end = parts.get("UNTIL")
    try:
        rule = read_rule(parts)
    except ValueError as error:
        raise BadRepeat("value") from error
    return rule, dt.datetime.strptime(end, _UNTIL) if end else None  # noqa: DTZ007 - wall clock


def _normalise(text: str, zone: ZoneInfo) -> str:
    rule = WORDS.get(text.strip().casefold(), text).strip().upper().removesuffix(";")
    if not _RULE.fullmatch(rule):
        raise BadRepeat("not_a_list")
    parts = _split_rule(rule)
    unknown = sorted(set(parts) - _KNOWN_PARTS)
    if unknown:
        raise BadRepeat("not_allowed", names=", ".join(unknown))
    if parts.get("FREQ") not in _FREQUENCIES:
        raise BadRepeat("frequency", names=", ".join(sorted(_FREQUENCIES)))
    if "UNTIL" in parts:
        parts["UNTIL"] = _local_until(parts["UNTIL"], zone)
    for name, highest in (("INTERVAL", 366), ("COUNT", 1_000)):
        number = parts.get(name, "1")
        if not (_NUMBER.fullmatch(number) and 1 <= int(number) <= highest):
            raise BadRepeat("limits", name=name, low=1, high=highest)
    return _join_rule({name: parts[name] for name in ["FREQ", *sorted(set(parts) - {"FREQ"})]})


def _within(local: dt.datetime) -> dt.datetime:
    """Return the nearest clock that every zone and every sum here can hold."""
    return min(max(local, _FIRST), _LAST)


def _split_rule(rule: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in rule.removeprefix("RRULE:").split(";"))


def _join_rule(parts: dict[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _local_until(text: str, zone: ZoneInfo) -> str:
    """Return UNTIL as wall clock; a bare date means the whole day."""
    match = re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2})(Z?))?", text)
    if not match:
        raise BadRepeat("until_form")
    year, month, day = (int(match[place]) for place in (1, 2, 3))
    hour, minute, second = (int(match[place]) for place in (4, 5, 6)) if match[4] else (23, 59, 59)
    try:
        moment = dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - wall clock
    except ValueError:
        raise BadRepeat("until_date") from None
    if _within(moment) != moment:
        raise BadRepeat("until_date")
    if match[7]:
        moment = moment.replace(tzinfo=dt.UTC).astimezone(zone).replace(tzinfo=None)
    return moment.strftime(_UNTIL)
