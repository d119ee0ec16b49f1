"""Sample people for previews: real rows of an audience, few, short-lived, never logged."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from pushline.audience import Catalogue, Limits, preview
from pushline.brief.audience_cell import AudienceCall
from pushline.database.engine import get_engine
from pushline.errors import PushlineError

MOST_ROWS = 200
# Somebody waits for it while typing.
SECONDS = 8.0
KEPT_SECONDS = 900.0
MOST_KEPT = 64

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """One sample: typical, longest (the widest values), or missing (most values are empty)."""

    key: str
    fields: Fields


class Samples:
    """Keeps a few rows of each audience for a quarter of an hour."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[str, tuple[float, Sequence[Fields]]] = {}

    def rows(self, call: AudienceCall, now: datetime) -> Sequence[Fields]:
        """Return the first rows of an audience without their user ids; none when it can't be read.

        A reading that failed is not tried again for a while either.
        """
        try:
            key = f"{call} {Catalogue().sql_hash(call.name)}"
        except PushlineError:
            return ()
        with self._lock:
            found = self._kept.get(key)
        if found and time.monotonic() - found[0] < KEPT_SECONDS:
            return found[1]
        rows = _read(call, now)
        with self._lock:
            while len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = (time.monotonic(), rows)
        return rows

    def forget(self) -> None:
        """Read every audience anew when it is asked for next."""
        with self._lock:
            self._kept.clear()


def _read(call: AudienceCall, now: datetime) -> Sequence[Fields]:
    usual = Limits.from_settings()
    limits = Limits(seconds=min(SECONDS, usual.seconds), cost_cap=usual.cost_cap)
    try:
        found = preview(
            get_engine("audience"),
            get_engine("page"),
            call.name,
            now,
            parameters=call.parameters,
            limits=limits,
            most=MOST_ROWS,
        )
    except PushlineError:
        return ()
    return [dict(zip(found.columns[1:], row[1:], strict=True)) for row in found.rows]


def pick_people(rows: Sequence[Fields], names: Sequence[str]) -> list[Person]:
    """Return up to three samples for the fields that the texts use; a file's order decides ties."""
    if not rows or not names:
        return []
    by_length = sorted(rows, key=lambda row: _length(row, names))
    filled = [row for row in by_length if not _count_empty(row, names)] or by_length
    people = [Person("typical", filled[len(filled) // 2])]
    if _length(by_length[-1], names) > _length(people[0].fields, names):
        people.append(Person("longest", by_length[-1]))
    emptiest = max(rows, key=lambda row: _count_empty(row, names))
    if _count_empty(emptiest, names):
        people.append(Person("missing", emptiest))
    return people


def _length(row: Fields, names: Sequence[str]) -> int:
    return sum(len(str(row.get(name) or "")) for name in names)


def _count_empty(row: Fields, names: Sequence[str]) -> int:
    return sum(row.get(name) in (None, "") for name in names)


# The page's samples: one collection a process.
SAMPLES = Samples()


def may_see_samples(groups: Sequence[str], *, may_approve: bool) -> bool:
    """Whether real people's values are shown: to who writes, checks or approves, not to viewers."""
    return bool(groups) or may_approve
