"""One sync of the tab and the page, from one read and one write; what breaks is tried again.

A failed write is never simply repeated: people go on typing, so the tab is read anew. Crash
anywhere: the page's part is committed before the write and names it, and the tab carries the number
of the write that it took, so the next sync knows which of the two happened.
"""

import datetime as dt
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import Any

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_delay
from tenacity.wait import wait_exponential_jitter

from pushline.brief.sheet_store import list_records
from pushline.database.engine import transaction
from pushline.database.sql import Query
from pushline.desk import Desk, open_desk
from pushline.errors import PushlineError
from pushline.google_sheet.door import Door
from pushline.google_sheet.errors import SheetBusy, SyncRunning
from pushline.google_sheet.grid import Grid
from pushline.google_sheet.identify import identify
from pushline.google_sheet.memory import load_memory, save_memory
from pushline.google_sheet.reconcile import Counts, Reconciled, Reconciler, Said
from pushline.google_sheet.sentences import say
from pushline.google_sheet.settle import adopt_rows, settle
from pushline.google_sheet.table import read_table
from pushline.sentence import Sentence
from pushline.settings import Settings

TAKE_SYNC_LOCK = Query("google_sheet/take_sync_lock")
RELEASE_SYNC_LOCK = Query("google_sheet/release_sync_lock")
FIND_RUNNING_SYNC = Query("google_sheet/find_running_sync")
KEEP_LAST_SYNC = Query("google_sheet/keep_last_sync")
GET_GOOGLE_SHEET = Query("google_sheet/get_google_sheet")

# Whose edits the tab's are: Google does not say who typed a cell.
WHO = "google sheet"
# A tab whose rows were moved under the write is put right at once, but not for ever.
MOST_ROUNDS = 3
LONGEST_WAIT = 64.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did. took: seconds; waits: how often Google was busy; problems: sentences."""

    at: dt.datetime
    took: float = 0.0
    counts: Counts = field(default_factory=Counts)
    waits: int = 0
    problems: Sequence[Said] = ()
    is_dry_run: bool = False

    def count(self) -> dict[str, Any]:
        """Return the numbers alone: no names, no texts."""
        return {
            "at": self.at.isoformat(),
            "took": round(self.took, 2),
            **asdict(self.counts),
            "waits": self.waits,
            "dry_run": self.is_dry_run,
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values, for JSON; problems in every language."""
        return {
            **self.count(),
            "problems": [
                {"code": it.code, "row": it.row, **it.sentence.as_dict()} for it in self.problems
            ],
        }


@dataclass(slots=True)
class _Sync:
    """A sync under way."""

    engine: Engine
    door: Door
    clock: Callable[[], dt.datetime]
    language: str | None
    settings: Settings | None
    counts: Counts = field(default_factory=Counts)
    said: Sequence[Said] = ()
    waits: int = 0

    def run_until_in_step(self) -> None:
        """Read, compare, write, confirm; again when rows were moved under the write."""
        for _ in range(MOST_ROUNDS):
            grid = self.door.read()
            with transaction(self.engine) as conn:
                found = self._compare(conn, grid)
            self._count(found)
            if not found.requests:
                return
            after = self.door.write(found.requests)
            self.counts.written += found.counts.written
            self.counts.appended += found.counts.appended
            with transaction(self.engine) as conn:
                missed = self._confirm(conn, after)
            if not missed:
                return

    def look(self) -> None:
        """Compare and leave everything as it was."""
        grid = self.door.read()
        with self.engine.connect() as conn:
            found = self._compare(conn, grid)
            self._count(found)
            self.counts.written = found.counts.written
            self.counts.appended = found.counts.appended
            conn.rollback()

    def _compare(self, conn: Connection, grid: Grid) -> Reconciled:
        now = self.clock()
        desk = open_desk(conn, now, self.settings)
        memory = load_memory(conn, self.door.spreadsheet, self.door.worksheet)
        language = self.language or desk.rules.default_language
        found = Reconciler(conn, desk, grid, memory, WHO, now, language).run()
        save_memory(conn, memory)
        return found

    def _confirm(self, conn: Connection, grid: Grid) -> int:
        """Remember what the tab has taken and make its new rows; returns what missed its place."""
        now = self.clock()
        memory = load_memory(conn, self.door.spreadsheet, self.door.worksheet)
        table = read_table(grid)
        if table.is_lost or memory.pending is None:
            return 0
        missed = settle(memory, table, is_exact=True)
        records = {record.code: record for record in list_records(conn, with_removed=True)}
        found = identify(table, memory, records)
        desk: Desk = open_desk(conn, now, self.settings)
        self.counts.created += len(adopt_rows(conn, desk, found, memory, by=WHO, now=now))
        save_memory(conn, memory)
        return missed + len(found.restored)

    def _count(self, found: Reconciled) -> None:
        new = found.counts
        self.counts.taken += new.taken
        self.counts.created += new.created
        self.counts.read, self.counts.conflicts = new.read, new.conflicts
        self.counts.not_taken = new.not_taken
        self.said = found.said


def sync_sheet(
    engine: Engine,
    door: Door,
    *,
    clock: Callable[[], dt.datetime],
    patience: float,
    language: str | None = None,
    dry_run: bool = False,
    sleep: Callable[[float], None] = time.sleep,
    settings: Settings | None = None,
) -> SyncReport:
    """Bring the tab and the page in step; `engine` is the owner's.

    patience: for so many seconds a busy Google is tried again, as it asks or by growing waits.
    language: of a blank tab and of sentences where the headers do not tell; None: the project's.
    Raises SyncRunning while another one works, SheetBusy after the patience, SheetClosed when a
    person has to look.
    """
    sync = _Sync(engine, door, clock, language, settings)
    at, began = clock(), time.monotonic()

    def report() -> SyncReport:
        took = time.monotonic() - began
        return SyncReport(at, took, sync.counts, sync.waits, sync.said, is_dry_run=dry_run)

    with _alone(engine):
        try:
            _try_again(sync.look if dry_run else sync.run_until_in_step, sync, patience, sleep)
        except PushlineError as error:
            _keep(engine, door, report(), error.sentence or say("stopped", told=str(error)))
            raise
        except Exception as error:
            # Nothing that readers could mend, but they see that the tab is not in step.
            log.exception("google_sync_failed", spreadsheet=door.spreadsheet)
            with suppress(SQLAlchemyError):
                _keep(engine, door, report(), say("stopped", told=type(error).__name__))
            raise
        done = report()
        if not dry_run:
            _keep(engine, door, done)
    log.info("google_sheet_synced", **done.count())
    return done


def read_last_sync(conn: Connection, spreadsheet: str, worksheet: str) -> dict[str, Any] | None:
    """Return what the last sync of a tab did: SyncReport.as_dict and `error`; None: none yet."""
    found = GET_GOOGLE_SHEET.one_or_none(conn, spreadsheet=spreadsheet, worksheet=worksheet)
    last: dict[str, Any] | None = found.last_sync if found else None
    return last


def is_running(conn: Connection) -> bool:
    """Whether somebody syncs now."""
    return bool(FIND_RUNNING_SYNC.scalar(conn))


def _try_again(
    work: Callable[[], None], sync: _Sync, patience: float, sleep: Callable[[float], None]
) -> None:
    growing = wait_exponential_jitter(initial=1, max=LONGEST_WAIT, jitter=1)

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait_seconds if isinstance(error, SheetBusy) else None
        return min(asked, patience) if asked is not None else growing(state)

    def count(_: RetryCallState) -> None:
        sync.waits += 1

    Retrying(
        retry=retry_if_exception_type(SheetBusy),
        wait=wait,
        stop=stop_after_delay(patience),
        sleep=sleep,
        before_sleep=count,
        reraise=True,
    )(work)


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Hold the sync's lock on a connection of its own; no transaction stays open meanwhile."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        if not TAKE_SYNC_LOCK.scalar(conn):
            raise SyncRunning
        try:
            yield
        finally:
            RELEASE_SYNC_LOCK.scalar(conn)


def _keep(engine: Engine, door: Door, done: SyncReport, error: Sentence | None = None) -> None:
    told = {"error": error.as_dict() if error else None}
    with transaction(engine) as conn:
        KEEP_LAST_SYNC.execute(
            conn,
            spreadsheet=door.spreadsheet,
            worksheet=door.worksheet,
            last_sync=json.dumps(done.as_dict() | told, ensure_ascii=False),
        )
