"""Rules of the times of a row: promo, sending, repeats, quiet hours, lifetime."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from babel import Locale

from pushline.brief.notes import Note, Rules, find_holiday, say, warn
from pushline.brief.occasions import (
    EARLIEST_DAY,
    BadRepeat,
    find_first,
    is_endless,
    latest_day,
    list_months_left_out,
    next_occasion,
    parse_repeat,
    resolve_local,
    start_of_day_after,
    take_last_day,
)
from pushline.brief.sheet import COLUMNS, SheetRow
from pushline.model import LANGUAGES
from pushline.sentence import Sentence

# Approving and a test push take their time.
NOTICE = dt.timedelta(hours=2)
USUAL_TTL_HOURS = 24
# A first date of a series that is farther than this is not what somebody meant by theirs.
NEAR = dt.timedelta(days=62)


def check_schedule(row: SheetRow, rules: Rules, now: dt.datetime) -> Iterator[Note]:
    """Yield what is wrong with the times; `now` aware."""
    promo = ("promo_start", "promo_end")
    if row.promo_start and row.promo_end and row.promo_end < row.promo_start:
        yield say("promo_end", "promo_order", depends_on=promo)
    else:
        yield from _check_promo(row, rules)
    yield from _check_repeat(row, rules, now)
    if row.send_at and not row.repeat:
        yield from _check_future(row.send_at, rules, now)
    if row.send_at:
        yield from _check_clock(row.send_at, row.kind, rules)


def check_bounds(row: SheetRow, rules: Rules, now: dt.datetime) -> Iterator[Note]:
    """Yield the dates that nobody means: years that no brief is written for."""
    last = latest_day(now.astimezone(rules.zone).date())
    for key in ("promo_start", "promo_end", "send_at"):
        date = getattr(row, key)
        day = date.date() if isinstance(date, dt.datetime) else date
        if day and not EARLIEST_DAY <= day <= last:
            yield say(key, "date_out_of_bounds", first=EARLIEST_DAY, last=last)


def hours_to_promo_end(row: SheetRow, rules: Rules) -> int | None:
    """Return the whole hours from sending to the end of the promo's last day, if both are known."""
    if not row.send_at or not row.promo_end:
        return None
    end = start_of_day_after(row.promo_end, rules.zone)
    return int((end - resolve_local(row.send_at, rules.zone)) / dt.timedelta(hours=1))


def effective_ttl(row: SheetRow, rules: Rules) -> int:
    """Return how many hours a push lives: as written, else 24 or until the promo ends."""
    if row.ttl_hours:
        return row.ttl_hours
    left = hours_to_promo_end(row, rules)
    return max(1, min(USUAL_TTL_HOURS, left if left is not None else USUAL_TTL_HOURS))


def _check_promo(row: SheetRow, rules: Rules) -> Iterator[Note]:
    if not row.send_at:
        return
    needs = ("send_at", "promo_start", "promo_end")
    day = row.send_at.date()
    start, end = row.promo_start or day, row.promo_end or day
    if not start <= day <= end:
        words: dict[str, Any] = {"day": day, "start": start, "end": end}
        yield say("send_at", "send_outside_promo", depends_on=needs, **words)
        return
    hours = hours_to_promo_end(row, rules)
    if hours is not None and hours < USUAL_TTL_HOURS:
        yield warn("send_at", "promo_ends_soon", depends_on=needs, hours=hours)
    if hours is not None and row.ttl_hours and row.ttl_hours > hours >= 1:
        yield warn("ttl_hours", "ttl_after_promo", fix=str(hours), depends_on=needs, hours=hours)


def _check_repeat(row: SheetRow, rules: Rules, now: dt.datetime) -> Iterator[Note]:
    if not row.repeat:
        return
    try:
        repeat = parse_repeat(row.repeat, rules.zone)
    except BadRepeat as error:
        yield say("repeat", "bad_repeat", detail=error.detail)
        return
    if is_endless(repeat) and not row.promo_end:
        header = COLUMNS["promo_end"].header
        yield warn("repeat", "repeat_endless", depends_on=("promo_end",), header=header)
    if not row.send_at:
        return
    if not next_occasion(row.send_at, repeat, rules.zone, now, last_day=row.promo_end):
        yield say("repeat", "repeat_no_future", depends_on=("send_at", "promo_end"))
    yield from _check_days(row, row.send_at, repeat, rules)


def _check_days(row: SheetRow, send_at: dt.datetime, repeat: str, rules: Rules) -> Iterator[Note]:
    """Yield what a series does otherwise than it looks: its first day, months without one."""
    first = find_first(send_at, repeat, rules.zone)
    if first and first != send_at:
        shown = f"{first:%Y-%m-%d %H:%M}"
        is_near = first - send_at <= NEAR and not (row.promo_end and first.date() > row.promo_end)
        yield say(
            "send_at",
            "send_not_in_repeat",
            fix=shown if is_near else None,
            depends_on=("repeat",),
            day=send_at.date(),
            first=shown,
            header=COLUMNS["repeat"].header,
        )
    months = list_months_left_out(send_at, repeat, rules.zone, row.promo_end)
    if months:
        on_last_day = take_last_day(repeat)
        is_last = (send_at + dt.timedelta(days=1)).day == 1
        yield warn(
            "repeat",
            "repeat_skips_months",
            fix=on_last_day if is_last else None,
            depends_on=("send_at", "promo_end"),
            months=_name_months(months),
            rule=on_last_day,
        )


def _name_months(months: Sequence[int]) -> Sentence:
    """Return months by their names, as each language lists them."""
    names = {
        language: ", ".join(Locale(language).months["stand-alone"]["wide"][it] for it in months)
        for language in LANGUAGES
    }
    return Sentence(**names)


def _check_future(send_at: dt.datetime, rules: Rules, now: dt.datetime) -> Iterator[Note]:
    instant = resolve_local(send_at, rules.zone)
    if instant <= now:
        here = now.astimezone(rules.zone)
        words: dict[str, Any] = {
            "moment": f"{send_at:%Y-%m-%d %H:%M}",
            "now": f"{here:%Y-%m-%d %H:%M}",
            "zone": rules.zone.key,
        }
        yield say("send_at", "send_in_past", **words)
    elif instant - now < NOTICE:
        yield warn("send_at", "send_soon")


def _check_clock(send_at: dt.datetime, kind: str | None, rules: Rules) -> Iterator[Note]:
    if kind != "service" and rules.quiet_hours and is_within(send_at.time(), rules.quiet_hours):
        start, end = rules.quiet_hours
        words: dict[str, Any] = {
            "start": f"{start:%H:%M}",
            "end": f"{end:%H:%M}",
        }
        yield warn("send_at", "quiet_hours", depends_on=("kind",), time=f"{send_at:%H:%M}", **words)
    day = send_at.date()
    names = find_holiday(day, rules.holidays)
    if names:
        yield warn("send_at", "holiday", day=day, name=Sentence(**names))


def is_within(time: dt.time, span: tuple[dt.time, dt.time]) -> bool:
    """Tell whether a clock time lies in [start, end), which may pass midnight."""
    start, end = span
    return start <= time < end if start < end else time >= start or time < end
