"""Counts requested reaches in the background: one at a time in an installation.

Any process may have a worker; the database lets one of them count. A worker is a thread that lives
while something waits and holds no connection afterwards. It gives signs of life: when the process
is killed, another one finds the request and counts anew.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg.errors
import structlog
from sqlalchemy import Connection, Engine, NullPool, Row, create_engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from pushline.audience.catalogue import Catalogue
from pushline.database.engine import engine_options, get_engine, transaction
from pushline.errors import PushlineError
from pushline.plan.reach import (
    BEAT_REACH,
    FAIL_REACH,
    REQUEUE_SILENT_REACH,
    SILENCE,
    TAKE_REACH,
    keep_count,
    keep_takers,
    refuse_red,
)
from pushline.plan.reach_trial import ReachCount, count_reach
from pushline.plan.reach_watch import CannotBeCounted, ReachVoid, Watch

log = structlog.get_logger(__name__)
BEAT_SECONDS = 0.25


def read_clock() -> datetime:
    """Return the present, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Counting:
    """Where and how to count: the page's and the readers' database, the files, the clock."""

    engine: Engine
    reader_engine: Engine
    audiences: Catalogue | None = None
    clock: Callable[[], datetime] = read_clock


class ReachWorker:
    """Counts what is requested; wake() it after each request."""

    def __init__(self, open_counting: Callable[[], Counting]) -> None:
        self._open = open_counting
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._again = False

    def wake(self) -> None:
        """See to it that what waits is counted; returns at once."""
        with self._lock:
            self._again = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="reach", daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is left to count; False when time ran out."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return self._thread is None

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._again:
                    self._thread = None
                    return
                self._again = False
            try:
                counting = self._open()
                while count_next(counting):
                    pass
            except (PushlineError, SQLAlchemyError) as error:
                # What waits goes on waiting; the next look at it wakes somebody.
                log.warning("reach_worker_stopped", error=type(error).__name__)


def count_next(counting: Counting) -> bool:
    """Count the request that waits longest; False when none waits, or somebody counts already."""
    try:
        with transaction(counting.engine) as conn:
            REQUEUE_SILENT_REACH.execute(conn, silence=SILENCE)
            taken = TAKE_REACH.one_or_none(conn)
    except IntegrityError as error:
        if isinstance(error.orig, psycopg.errors.UniqueViolation):
            return False
        raise
    if taken is None:
        return False
    _count(counting, taken)
    return True


def _count(counting: Counting, taken: Row[Any]) -> None:
    code, number = taken.campaign_code, taken.request_no
    watch = Watch()
    started = time.monotonic()
    ended = threading.Event()
    beat = threading.Thread(
        target=_beat, args=(counting.engine, code, number, watch, ended), daemon=True
    )

    def keep(count: ReachCount) -> None:
        took = round((time.monotonic() - started) * 1000)
        with transaction(counting.engine) as conn:
            if not keep_count(conn, code, number, count, took):
                raise ReachVoid("The count is not wanted any more.")
        log.info("reach_counted", code=code, users=count.estimate.audience, milliseconds=took)

    beat.start()
    try:
        with transaction(counting.engine) as conn:
            refuse_red(conn, code)
        count = count_reach(
            counting.engine,
            counting.reader_engine,
            code,
            counting.clock(),
            watch=watch,
            counted=keep,
            audiences=counting.audiences,
        )
        with transaction(counting.engine) as conn:
            keep_takers(conn, code, number, count)
    except Exception as error:  # noqa: BLE001 - whatever breaks one count, the others go on
        if not watch.is_stopped:
            _fail(counting.engine, code, number, error)
    finally:
        ended.set()
        beat.join()


def _fail(engine: Engine, code: str, number: int, error: Exception) -> None:
    log.warning("reach_failed", code=code, error=type(error).__name__)
    fault_code = error.code if isinstance(error, CannotBeCounted) else ""
    is_ours = isinstance(error, PushlineError)
    sentence = str(error) if is_ours else f"It could not be counted: {type(error).__name__}."
    with transaction(engine) as conn:
        FAIL_REACH.execute(
            conn,
            campaign_code=code,
            request_no=number,
            fault_code=fault_code or ("" if is_ours else "broken"),
            fault=sentence[:2000],
        )


def _beat(engine: Engine, code: str, number: int, watch: Watch, ended: threading.Event) -> None:
    """Write progress until the count ended; stop the count when it is not wanted any more."""
    try:
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
            while not ended.wait(BEAT_SECONDS):
                if not _is_wanted(conn, code, number, watch):
                    break
    except SQLAlchemyError as error:
        log.warning("reach_beat_lost", code=code, error=type(error).__name__)
    if not ended.is_set():
        watch.stop()


def _is_wanted(conn: Connection, code: str, number: int, watch: Watch) -> bool:
    wanted = BEAT_REACH.one_or_none(
        conn,
        campaign_code=code,
        request_no=number,
        buckets_done=watch.buckets_done,
        buckets_total=watch.buckets_total,
    )
    return wanted is not None


def open_installation() -> Counting:
    """Return the installation's databases with connections that are closed after use."""
    url = get_engine("page").url
    own = create_engine(url, poolclass=NullPool, **engine_options("reach", url))
    return Counting(own, get_engine("audience"))


# The page's worker: one a process.
WORKER = ReachWorker(open_installation)
