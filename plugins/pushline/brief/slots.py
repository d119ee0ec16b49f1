"""When the briefs of the sheet go out, and which of them get into each other's way."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pushline.brief.check_schedule import is_within
from pushline.brief.notes import HolidayNames, Rules, find_holiday
from pushline.brief.occasions import BadRepeat, list_occasions, parse_repeat
from pushline.brief.sheet import COLUMNS
from pushline.brief.status import Status

# More than a person can look at; what is beyond is counted and left off.
MOST_SLOTS = 2_000
MOST_COLLISIONS = 10
# A day that the first or the last zone on earth still adds to a span of days.
_MARGIN = dt.timedelta(days=2)

Lane = Literal["marketing", "trigger"]
Kind = Literal["gap", "audience"]


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of the sheet as the calendar needs it; cells are texts by column key, good or not."""

    code: str
    status: Status
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Slot:
    """One occasion of a brief.

    shown: the wall clock of the project at which it stands in the calendar; for local_time the
        hour of each user. send_at: the cell that it comes from, which is what moving changes.
    """

    code: str
    status: Status
    lane: Lane
    idea: str
    shown: dt.datetime
    send_at: dt.datetime
    at: dt.datetime
    is_local_time: bool
    is_repeat: bool
    audiences: frozenset[str]
    is_quiet: bool
    holiday: HolidayNames | None


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A brief that stands nowhere in the calendar: without a time, or with one nobody can read."""

    code: str
    status: Status
    idea: str
    is_unreadable: bool


@dataclass(frozen=True, slots=True)
class Collision:
    """Another slot that people would notice together with this one."""

    code: str
    shown: dt.datetime
    kinds: tuple[Kind, ...]
    audiences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The slots of a span of days by their clock, what collides with each, and what has no time."""

    slots: tuple[Slot, ...]
    collisions: Mapping[int, tuple[Collision, ...]]
    unplaced: tuple[Unplaced, ...]
    left_off: int = 0


def make_calendar(
    rows: Iterable[PlannedRow],
    rules: Rules,
    *,
    first: dt.date,
    after: dt.date,
    minimum_gap: dt.timedelta | None,
) -> Calendar:
    """Return what stands on the days from `first` up to `after`, which is not included.

    Keys of `collisions` are places in `slots`. A brief that repeats has a slot for each occasion.
    """
    slots: list[Slot] = []
    unplaced: list[Unplaced] = []
    for row in rows:
        send_at = _read(row, "send_at")
        if send_at is None:
            is_unreadable = bool(row.cells.get("send_at"))
            unplaced.append(Unplaced(row.code, row.status, _idea(row), is_unreadable))
        else:
            slots += _list_slots(row, send_at, rules, first, after)
    slots.sort(key=lambda slot: (slot.shown, slot.code))
    kept = slots[:MOST_SLOTS]
    collisions = find_collisions(kept, minimum_gap)
    return Calendar(tuple(kept), collisions, tuple(unplaced), len(slots) - len(kept))


def find_collisions(
    slots: Sequence[Slot], minimum_gap: dt.timedelta | None
) -> dict[int, tuple[Collision, ...]]:
    """Return, by place in `slots` (in order of their clock), which others are too near.

    Two marketing briefs collide when less than the minimum gap lies between them, or when they
    take the same audience on the same day. Cancelled ones and other occasions of the same brief
    do not count.
    """
    found: dict[int, list[Collision]] = {}
    live = [
        (place, slot)
        for place, slot in enumerate(slots)
        if slot.lane == "marketing" and slot.status != "cancelled"
    ]
    gap = minimum_gap or dt.timedelta(0)
    for number, (place, slot) in enumerate(live):
        for other_place, other in live[number + 1 :]:
            is_same_day = other.shown.date() == slot.shown.date()
            if len(found.get(place, ())) >= MOST_COLLISIONS or not (
                is_same_day or other.shown - slot.shown < _MARGIN
            ):
                break
            names = tuple(sorted(slot.audiences & other.audiences)) if is_same_day else ()
            kinds: list[Kind] = []
            if _distance(slot, other) < gap:
                kinds.append("gap")
            if names:
                kinds.append("audience")
            if kinds and other.code != slot.code:
                pairs = ((place, other), (other_place, slot))
                for where, neighbour in pairs:
                    collision = Collision(
                        neighbour.code, neighbour.shown, tuple(kinds), tuple(names)
                    )
                    found.setdefault(where, []).append(collision)
    return {place: tuple(others[:MOST_COLLISIONS]) for place, others in found.items()}


def _distance(one: Slot, other: Slot) -> dt.timedelta:
    """How far apart one user sees them: clocks where both follow the user, else instants."""
    if one.is_local_time and other.is_local_time:
        return abs(other.shown - one.shown)
    return abs(other.at - one.at)


def _list_slots(
    row: PlannedRow, send_at: dt.datetime, rules: Rules, first: dt.date, after: dt.date
) -> list[Slot]:
    low, high = (dt.datetime.combine(day, dt.time(), dt.UTC) for day in (first, after))
    is_local_time = bool(_read(row, "local_time"))
    repeat = _read_repeat(row, rules)
    occasions = list_occasions(
        send_at,
        repeat,
        rules.zone,
        after=low - _MARGIN,
        until=high + _MARGIN,
        local_time=is_local_time,
        last_day=_read(row, "promo_end") if repeat else None,
    )
    is_service = _read(row, "kind") == "service"
    audience = _read(row, "audience")
    slots = []
    for occasion in occasions:
        here = occasion.at.astimezone(rules.zone).replace(tzinfo=None)
        shown = occasion.local if is_local_time else here
        if not first <= shown.date() < after:
            continue
        quiet = rules.quiet_hours
        slots.append(
            Slot(
                code=row.code,
                status=row.status,
                lane="trigger" if is_service else "marketing",
                idea=_idea(row),
                shown=shown,
                send_at=send_at,
                at=occasion.at,
                is_local_time=is_local_time,
                is_repeat=bool(repeat),
                audiences=frozenset([audience.name] if audience else ()),
                is_quiet=bool(quiet and not is_service and is_within(shown.time(), quiet)),
                holiday=find_holiday(shown.date(), rules.holidays),
            )
        )
    return slots


def _read(row: PlannedRow, key: str) -> Any:
    """Return the value of a cell, or None where it is empty or cannot be read."""
    try:
        return COLUMNS[key].parse(row.cells.get(key) or None)
    except ValueError:
        return None


def _read_repeat(row: PlannedRow, rules: Rules) -> str | None:
    text = _read(row, "repeat")
    try:
        return parse_repeat(text, rules.zone) if text else None
    except BadRepeat:
        return None


def _idea(row: PlannedRow) -> str:
    return (row.cells.get("idea") or "").strip()
