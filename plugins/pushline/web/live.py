"""What becomes of campaigns, for all open pages: reach, sent, opened, status of the run.

These numbers grow by themselves: nothing is written into the sheet for them, and no revision is
taken. A process counts them for all its pages together, at most every two seconds, and less often
when counting takes long; a page names the mark of the numbers that it shows, and gets those that
differ. The mark follows from the numbers alone, so that several processes agree about it.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from pushline.plan.reach import list_reach_news
from pushline.report.brief_results import BriefResult, list_brief_results
from pushline.report.uplift import Uplift
from pushline.web.context import page_engine, reading

log = structlog.get_logger(__name__)
PAUSE = 2.0
# Of a process's time at most this share goes into counting.
SHARE = 0.05
# So long the page waits for the numbers, and looks again after they were not to be had, in seconds.
LONGEST = "4s"
AFTER_A_FAULT = 30.0
# Briefs whose numbers are final are looked at again so often, in seconds.
LOOK_AT_ALL = 300.0
# Marks whose numbers are remembered, to tell only what differs from them.
MOST_MARKS = 8


@dataclass(frozen=True, slots=True)
class ReachNumber:
    """The reach last counted."""

    will_get: int
    as_of: datetime
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is known of one brief."""

    reach: ReachNumber | None = None
    result: BriefResult | None = None


NONE = Numbers()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The numbers of all briefs that have any, by code; mark tells them from others."""

    mark: str
    as_of: datetime
    by_code: Mapping[str, Numbers]


class LiveNumbers:
    """The numbers of one database, counted when somebody looks and the last count is old."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._results: dict[int, BriefResult] = {}
        self._all_at: float | None = None
        self._next_at = 0.0
        self._last: Snapshot | None = None
        self._known: dict[str, Mapping[str, Numbers]] = {}

    def look(
        self, connect: Callable[[], AbstractContextManager[Connection]], now: datetime
    ) -> Snapshot:
        """Return the numbers; whoever comes while they are counted gets the last ones."""
        last = self._last
        if last is not None and self._clock() < self._next_at:
            return last
        if not self._lock.acquire(blocking=last is None):
            return last or self.look(connect, now)
        try:
            if self._last is None or self._clock() >= self._next_at:
                self._last = self._try_to_count(connect, now)
            return self._last
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Count anew when somebody looks next."""
        with self._lock:
            self._last, self._all_at, self._next_at = None, None, 0.0

    def since(self, snapshot: Snapshot, mark: str) -> Mapping[str, Numbers]:
        """Return what differs from the numbers of a mark; everything for a mark not remembered."""
        if mark == snapshot.mark:
            return {}
        known = self._known.get(mark)
        if known is None:
            return snapshot.by_code
        now = snapshot.by_code
        return {
            code: now.get(code, NONE)
            for code in sorted(known.keys() | now.keys())
            if known.get(code) != now.get(code)
        }

    def _try_to_count(
        self, connect: Callable[[], AbstractContextManager[Connection]], now: datetime
    ) -> Snapshot:
        """Count; what is in the way of the numbers is not in the way of the rows beside them."""
        try:
            return self._count(connect, now)
        except OperationalError as error:
            log.warning("numbers_not_counted", error=type(error.orig).__name__)
            self._next_at = self._clock() + AFTER_A_FAULT
            return self._last or Snapshot("", now, {})

    def _count(
        self, connect: Callable[[], AbstractContextManager[Connection]], now: datetime
    ) -> Snapshot:
        started = self._clock()
        is_all = self._all_at is None or started - self._all_at >= LOOK_AT_ALL
        with connect() as conn:
            results = list_brief_results(conn, only_open=not is_all)
            reaches = {
                row.campaign_code: ReachNumber(row.will_get, row.as_of, row.is_fresh)
                for row in list_reach_news(conn, now)
            }
        if is_all:
            self._all_at = started
        self._results = results if is_all else self._results | results
        by_brief = {result.code: result for result in self._results.values()}
        by_code = {
            code: Numbers(reaches.get(code), by_brief.get(code))
            for code in sorted(reaches.keys() | by_brief.keys())
        }
        mark = hashlib.sha256(repr(by_code).encode()).hexdigest()[:16]
        self._known = dict(list(self._known.items())[1 - MOST_MARKS :]) | {mark: by_code}
        ended = self._clock()
        self._next_at = ended + max(PAUSE, (ended - started) / SHARE)
        return Snapshot(mark, now, by_code)


_live: WeakKeyDictionary[Engine, LiveNumbers] = WeakKeyDictionary()


def live_numbers() -> LiveNumbers:
    """Return the numbers of the database that settings name."""
    return _live.setdefault(page_engine(), LiveNumbers())


def look(now: datetime) -> Snapshot:
    """Return the numbers of all briefs, two seconds old or a little more."""
    return live_numbers().look(lambda: reading(LONGEST), now)


def show_numbers(numbers: Numbers, zone: ZoneInfo) -> dict[str, object]:
    """Return what a row shows of them; *_missing says why there is no number."""
    reach, result = numbers.reach, numbers.result
    opened = result.opened if result else "not_sent"
    uplift = result.uplift if result else "not_sent"
    return {
        "reach": {
            "will_get": reach.will_get,
            "as_of": _moment(reach.as_of, zone),
            "is_fresh": reach.is_fresh,
        }
        if reach
        else None,
        "sent": result.sent if result and result.has_begun else None,
        "run": {"run_id": result.run_id, "status": result.stage} if result else None,
        "clicks": opened if isinstance(opened, int) else None,
        "clicks_missing": None if isinstance(opened, int) else opened,
        "uplift": _show_uplift(uplift, result, zone) if isinstance(uplift, Uplift) else None,
        "uplift_missing": None if isinstance(uplift, Uplift) else uplift,
    }


def _show_uplift(uplift: Uplift, result: BriefResult | None, zone: ZoneInfo) -> dict[str, object]:
    at = result.compared_at if result else None
    return {
        "is_clear": uplift.is_clear,
        "difference": round(uplift.difference, 5),
        "low": round(uplift.low, 5),
        "high": round(uplift.high, 5),
        "a": round(uplift.base_share, 5),
        "b": round(uplift.share, 5),
        "occasion": _moment(at, zone) if at else None,
    }


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")
