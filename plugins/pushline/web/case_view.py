"""What decides about an approval beside the texts and the numbers, in the approver's words."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from pushline.brief.audience_cell import AudienceCall
from pushline.brief.content import restore_row
from pushline.brief.sheet import COLUMNS
from pushline.brief.sheet_history import Act
from pushline.brief.sheet_store import SheetRecord
from pushline.model import AudienceCatalogue
from pushline.web.context import say

_MARKETING = "marketing"
# From here on a length is told in hours.
_LONG = 120


def show_facts(
    record: SheetRecord,
    zone: ZoneInfo,
    audiences: AudienceCatalogue,
    language: str,
    reach: int | None,
) -> list[dict[str, Any]]:
    """Return what a brief would do, as pairs of label and value; nothing for a row without one.

    is_bad: it does not do what somebody may believe.
    """
    if not record.content:
        return []
    return [
        {"key": key, "label": say(language, f"approve.fact_{key}"), "value": value, "is_bad": bad}
        for key, value, bad in _list_facts(record, zone, audiences, language, reach)
    ]


def show_warnings(problems: Sequence[Mapping[str, Any]], language: str) -> list[str]:
    """Return the sentences of a row's warnings, each after its column."""
    return [
        f"{COLUMNS[it['column']].header.text(language)}: {it['sentence']}"
        if it["column"] in COLUMNS
        else it["sentence"]
        for it in problems
        if it["severity"] != "error"
    ]


def show_sent_back(act: Act | None, zone: ZoneInfo) -> dict[str, str] | None:
    """Return who sent a brief back, when by the project's clock, and why."""
    if act is None:
        return None
    at = act.at.astimezone(zone).isoformat(timespec="seconds")
    return {"by": act.who, "at": at, "reason": act.new}


def _list_facts(
    record: SheetRecord,
    zone: ZoneInfo,
    audiences: AudienceCatalogue,
    language: str,
    reach: int | None,
) -> Iterator[tuple[str, str, bool]]:
    content, row = record.content, restore_row(record.content, {})
    calls = [row.audience] if row.audience else []
    yield "audience", _name_audiences(calls, audiences, language), not calls
    yield "exclude", _name_audiences(row.exclude, audiences, language), False
    kind = content["class"]
    yield "class", say(language, f"approve.class_{kind}"), False
    if row.send_at:
        clock = "local" if row.local_time else "project"
        at = f"{row.send_at:%Y-%m-%d %H:%M}"
        yield "when", say(language, f"approve.when_{clock}", time=at, zone=zone.key), False
    if row.repeat:
        yield "repeat", row.repeat, False
    hours = int(content["ttl_hours"])
    yield "speed", *_say_speed(row.throttle, reach, hours, language)
    yield "ttl", say(language, "approve.ttl_hours", hours=hours), False
    if kind == _MARKETING:
        yield "caps", say(language, f"approve.caps_{content['limit_mode']}"), False
        share = content["control_share"] / 100
        yield "control", say(language, "approve.control_share", share=f"{share:g}"), False
    if row.max_users:
        yield "most", say(language, "approve.most_users", count=row.max_users), False
    if len(content["variant_shares"]) > 1:
        of_a = content["variant_shares"][0] / 100
        shares = {"a": f"{of_a:g}", "b": f"{100 - of_a:g}"}
        yield "variants", say(language, "approve.variant_shares", **shares), False


def _name_audiences(
    calls: list[AudienceCall] | tuple[AudienceCall, ...],
    audiences: AudienceCatalogue,
    language: str,
) -> str:
    """Return audiences as their files call them, with the name and parameters of the cell."""
    if not calls:
        return say(language, "approve.nobody")
    cards = [(call, audiences.get(call.name)) for call in calls]
    return "; ".join(
        f"{card.title}: {call}" if card and card.title else str(call) for call, card in cards
    )


def _say_speed(
    throttle: int | None, reach: int | None, hours: int, language: str
) -> tuple[str, bool]:
    """Return how fast it leaves and how long that takes; too slow is what its lifetime cuts."""
    if not throttle:
        return say(language, "approve.speed_free"), False
    if not reach:
        return say(language, "approve.speed_limit", throttle=throttle), False
    length = dt.timedelta(minutes=math.ceil(reach / throttle))
    told = say(
        language,
        "approve.speed",
        throttle=throttle,
        reach=reach,
        length=_say_length(length, language),
    )
    if length <= dt.timedelta(hours=hours):
        return told, False
    return f"{told} {say(language, 'approve.speed_too_slow', hours=hours)}", True


def _say_length(length: dt.timedelta, language: str) -> str:
    minutes = int(length / dt.timedelta(minutes=1))
    if minutes <= _LONG:
        return say(language, "approve.minutes", minutes=minutes)
    return say(language, "approve.hours", hours=minutes // 60, minutes=minutes % 60)
