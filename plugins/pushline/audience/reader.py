"""Runs an audience's one statement where it can do no harm, and ends it when it takes too much.

A session of its own for each statement, read only, under limits that we set; a watchdog in
another session ends it by the clock even when the statement got rid of its timeout. The grants of
the role decide what it may read. Sessions are never used again: what a statement left behind in
one (a setting, a lock) goes with it.
"""

import re
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import structlog
from psycopg import sql
from psycopg.abc import Buffer
from psycopg.adapt import Dumper, Loader
from psycopg.pq import Format
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from pushline.database.sql import Query
from pushline.errors import PushlineError, RetryLater, StopRun
from pushline.settings import get_settings

log = structlog.get_logger(__name__)

END_AUDIENCE_SESSION = Query("audience/end_audience_session")

INT8_ARRAY_OID, TEXT_ARRAY_OID = 1016, 1009
Session = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Limits:
    """What one audience may take.

    Seconds by the clock, rows, the server's estimates of both, bytes of one person's fields.
    """

    seconds: float = 300.0
    lock_seconds: float = 2.0
    row_cap: int = 20_000_000
    cost_cap: float = 50_000_000.0
    bytes_cap: float = 8e9
    field_bytes: int = 16_000
    work_mem: str = "256MB"

    @classmethod
    def from_settings(cls) -> "Limits":
        """The limits of this installation."""
        settings = get_settings()
        return cls(
            seconds=settings.audience_seconds,
            row_cap=settings.audience_row_cap,
            cost_cap=settings.audience_cost_cap,
        )


@dataclass(frozen=True)
class Estimate:
    """What the server expects of a statement."""

    cost: float
    rows: int
    bytes: float


class RawArray:
    """An array as the server sent it, binary, on its way back into a table undecoded."""

    def __init__(self, data: bytes) -> None:
        self.data = data


class RawIds(RawArray):
    """bigint[]."""


class RawTexts(RawArray):
    """text[]."""


class _RawLoader(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> bytes:
        return bytes(data)


class _RawIdsDumper(Dumper):
    format = Format.BINARY
    oid = INT8_ARRAY_OID

    def dump(self, obj: RawArray) -> bytes:
        return obj.data


class _RawTextsDumper(_RawIdsDumper):
    oid = TEXT_ARRAY_OID


def allow_raw_arrays(conn: "psycopg.Connection[Any]") -> None:
    """Let a connection take RawIds and RawTexts as parameters."""
    conn.adapters.register_dumper(RawIds, _RawIdsDumper)
    conn.adapters.register_dumper(RawTexts, _RawTextsDumper)


_PLAN_NODE = re.compile(
    r"\s*(?:->\s+)?(?P<name>.+?)  "
    r"\(cost=[\d.]+\.\.(?P<cost>[\d.]+) rows=(?P<rows>\d+) width=(?P<width>\d+)\)"
)
# Our own aggregate and what it needs; below stands the node that delivers the audience's rows.
_ABOVE_THE_ROWS = re.compile(r"Aggregate$|^(?:Sort|Gather|Gather Merge)$")


@contextmanager
def contained_session(
    reader_engine: Engine, watchdog_engine: Engine, limits: Limits
) -> Iterator[Session]:
    """A session for one audience statement; closed afterwards, whatever happened.

    `reader_engine` names the address and the role; its pool is not used. `watchdog_engine` belongs
    to a role that may end the reader's sessions. Raises RetryLater when the server does not
    answer or has no session left for the role, StopRun when the role is a superuser.
    """
    mark = f"pushline-audience-{secrets.token_hex(8)}"
    conn = _connect(reader_engine, mark)
    watchdog = _Watchdog(conn, watchdog_engine, mark, limits.seconds + 1)
    try:
        if conn.info.parameter_status("is_superuser") == "on":
            raise StopRun(
                "PUSHLINE_AUDIENCE_URL connects as a superuser, whom no limit holds. "
                "Use pushline_audience or another role that may only read."
            )
        conn.read_only = True
        for name, value in _session_settings(limits).items():
            conn.execute(
                sql.SQL("SET LOCAL {} = {}").format(sql.Identifier(name), sql.Literal(value))
            )
        watchdog.start()
        yield conn
    finally:
        watchdog.stop()
        conn.close()


def _connect(reader_engine: Engine, mark: str) -> Session:
    address = reader_engine.url.set(drivername="postgresql")
    try:
        return psycopg.connect(
            address.render_as_string(hide_password=False),
            application_name=mark,
            connect_timeout=10,
            client_encoding="utf8",
            options="-c timezone=UTC -c jit=off",
        )
    except psycopg.OperationalError as error:
        place = reader_engine.url.render_as_string(hide_password=True)
        raise RetryLater(f"No session for audiences at {place}: {str(error).strip()}") from error


def _session_settings(limits: Limits) -> Mapping[str, str]:
    return {
        "statement_timeout": f"{round(limits.seconds * 1000)}ms",
        "lock_timeout": f"{round(limits.lock_seconds * 1000)}ms",
        "idle_in_transaction_session_timeout": "60s",
        "client_connection_check_interval": "5s",
        "work_mem": limits.work_mem,
        # Rows of ids and short texts are cheap to hand over: a worker runs the audience's own
        # part of a large one, while this backend collects. A tenth of the server's default.
        "parallel_tuple_cost": "0.01",
    }


class _Watchdog:
    """Ends a session by the clock: asks it to cancel, then has it terminated."""

    def __init__(self, conn: Session, engine: Engine, mark: str, seconds: float) -> None:
        self._conn = conn
        self._engine = engine
        self._mark = mark
        self._pid = conn.info.backend_pid
        self._done = threading.Event()
        self._seconds = seconds
        self._thread = threading.Thread(target=self._watch, name=mark, daemon=True)
        self.has_bitten = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)

    def _watch(self) -> None:
        if self._done.wait(self._seconds):
            return
        self.has_bitten = True
        log.warning("audience_ended_by_watchdog", pid=self._pid, seconds=self._seconds)
        try:
            self._conn.cancel_safe(timeout=5)
        except psycopg.Error as error:
            log.warning("audience_not_cancelled", error=type(error).__name__)
        while not self._done.wait(2):
            try:
                with self._engine.begin() as conn:
                    END_AUDIENCE_SESSION.all(conn, pid=self._pid, mark=self._mark)
            except SQLAlchemyError as error:
                log.warning("audience_not_terminated", error=type(error).__name__)


@contextmanager
def in_words(where: str, limits: Limits) -> Iterator[None]:
    """Turn the server's errors about an audience into sentences: StopRun, or RetryLater."""
    try:
        yield
    except psycopg.Error as error:
        raise _error_for(error, where, limits) from error


def _error_for(error: psycopg.Error, where: str, limits: Limits) -> PushlineError:
    if isinstance(error, psycopg.errors.LockNotAvailable):
        return RetryLater(f"{where} waited for a table that is locked: {_primary(error)}.")
    if isinstance(error, psycopg.OperationalError) and (error.sqlstate or "08")[:2] == "08":
        return RetryLater(f"{where}: the connection was lost; try again.")
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return StopRun(
                sentence.format(where=where, why=_primary(error), seconds=limits.seconds)
            )
    return StopRun(f"{where}: {_primary(error)}.")


_SENTENCES: tuple[tuple[type[psycopg.Error], str], ...] = (
    (
        psycopg.errors.QueryCanceled,
        "{where} ran longer than {seconds:g} s and was ended. Make it cheaper (see "
        "`pushline audience check`) or raise PUSHLINE_AUDIENCE_SECONDS.",
    ),
    (
        psycopg.errors.AdminShutdown,
        "{where} did not end after {seconds:g} s; its session was terminated.",
    ),
    (
        psycopg.errors.InsufficientPrivilege,
        "{where}: {why}. An audience reads the company's schemas and nothing else; ask their "
        "owner for a grant if this is meant to be read.",
    ),
    (
        psycopg.errors.ConfigurationLimitExceeded,
        "{where} took more disk than allowed: {why}. Sort, group or join fewer rows.",
    ),
    (
        psycopg.errors.OutOfMemory,
        "{where} took more memory than the server gives one query and was ended. Return fewer "
        "people or shorter texts, and do not gather many rows into one value.",
    ),
    (
        psycopg.errors.ProgramLimitExceeded,
        "{where}: {why}. Build smaller values, or write it simpler.",
    ),
)


def _primary(error: psycopg.Error) -> str:
    return (error.diag.message_primary or str(error)).strip().rstrip(".")


def estimate(conn: Session, statement: sql.Composed, parameters: Mapping[str, Any]) -> Estimate:
    """Ask the server what a statement would cost, without running it; ends the session.

    Line by line and no further than needed: the server works constants out beforehand, so that a
    plan can hold one of a gigabyte, which a caller who reads it whole would hold, too.
    """
    top: float | None = None
    for (line,) in conn.cursor().stream(sql.SQL("EXPLAIN ") + statement, parameters):
        node = _PLAN_NODE.match(line)
        if not node:
            continue
        top = float(node["cost"]) if top is None else top
        if not _ABOVE_THE_ROWS.search(node["name"]):
            conn.close()
            rows = int(node["rows"])
            return Estimate(top, rows, float(rows * int(node["width"])))
    raise StopRun("The server's plan cannot be read; is it Postgres?")


def refuse_costly(where: str, expected: Estimate, limits: Limits) -> None:
    """Raise StopRun before a statement runs that the server expects to be too much."""
    if expected.cost > limits.cost_cap:
        raise StopRun(
            f"{where} would cost {expected.cost:,.0f} by the server's estimate; allowed are "
            f"{limits.cost_cap:,.0f}. Give it an index or a narrower condition, or raise "
            "PUSHLINE_AUDIENCE_COST_CAP."
        )
    if expected.bytes > limits.bytes_cap:
        raise StopRun(
            f"{where} would return {expected.bytes / 1e9:,.1f} GB by the server's estimate. "
            "Return shorter texts or fewer people."
        )


def refuse_wide(where: str, widest: int, limits: Limits) -> None:
    """Raise StopRun when one person's fields are more than a push could show."""
    if widest > limits.field_bytes:
        raise StopRun(
            f"{where} returns {widest:,} bytes of texts for one person; there is room for "
            f"{limits.field_bytes:,}. Shorten them, as with left(name, 100)."
        )


def stream_raw(
    conn: Session, statement: sql.Composed, parameters: Mapping[str, Any]
) -> Iterator[tuple[Any, ...]]:
    """Run the one statement; a row when it comes, arrays as the server's own bytes, undecoded."""
    cursor = conn.cursor(binary=True)
    cursor.adapters.register_loader(INT8_ARRAY_OID, _RawLoader)
    cursor.adapters.register_loader(TEXT_ARRAY_OID, _RawLoader)
    return cursor.stream(statement, parameters, binary=True)
