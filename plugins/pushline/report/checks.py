"""Runs sql/checks: each returns offending rows. A broken promise is stored and fails loudly."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from pushline.database.engine import transaction
from pushline.database.sql import Query
from pushline.errors import BadQueryFile, ChecksFailed
from pushline.settings import get_settings

log = structlog.get_logger(__name__)

ADD_CHECK_RESULT = Query("report/add_check_result")
LIST_CHECK_RESULTS = Query("report/list_check_results")
LIMIT_CHECK = Query("report/limit_check")

SAMPLE_SIZE = 20
SEVERITIES = ("fail", "warn")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found: how many rows, the first of them as (key, detail), and what to do.

    `error` is set when the check itself could not be finished; that counts as found.
    """

    name: str
    severity: str
    purpose: str
    remedy: str
    offending: int = 0
    sample: tuple[tuple[str, str], ...] = ()
    error: str = ""
    checked_at: datetime | None = None
    seconds: float = field(default=0.0, compare=False)

    @property
    def is_clean(self) -> bool:
        """Whether the promise holds."""
        return not self.offending and not self.error

    @property
    def breaks(self) -> bool:
        """Whether somebody must act: a check that fails has rows, or one could not be finished."""
        return not self.is_clean and (self.severity == "fail" or bool(self.error))


def list_checks() -> list[Query]:
    """Return the checks there are, by name. Raises BadQueryFile for one without severity."""
    folder = get_settings().sql_dir / "checks"
    checks = [Query(f"checks/{path.stem}") for path in sorted(folder.glob("*.sql"))]
    for check in checks:
        if check.header.severity not in SEVERITIES:
            raise BadQueryFile(
                f"sql/{check.name}.sql: the header needs `-- severity: fail` or warn."
            )
    return checks


def run_checks(
    engine: Engine, now: datetime, *, names: Sequence[str] | None = None, limit: str = "5min"
) -> list[CheckResult]:
    """Run every check (or those named) as of `now`, store what they found, and return it.

    Each runs read only, in a transaction of its own, for at most `limit` (an interval as Postgres
    writes it). One that breaks does not stop the others. See require_clean for failing.
    """
    chosen = [check for check in list_checks() if names is None or check.path.stem in names]
    results = [_run_check(engine, check, now, limit) for check in chosen]
    with transaction(engine) as conn:
        for result in results:
            _store(conn, result, now)
    for result in results:
        level = log.error if result.breaks else log.info
        level(
            "check_done",
            check=result.name,
            offending=result.offending,
            error=result.error or None,
            seconds=round(result.seconds, 2),
        )
    return results


def require_clean(results: Sequence[CheckResult]) -> None:
    """Raise ChecksFailed if a promise is broken: names, counts, sample keys, the way out."""
    broken = [result for result in results if result.breaks]
    if not broken:
        return
    lines = [f"{len(broken)} of {len(results)} checks found broken promises."]
    for result in broken:
        if result.error:
            lines.append(f"{result.name}: could not be finished: {result.error}")
        else:
            keys = "; ".join(f"{key}: {detail}" for key, detail in result.sample[:3])
            more = ", ..." if result.offending > len(result.sample[:3]) else ""
            lines.append(f"{result.name}: {result.offending:,} ({keys}{more})")
        if result.remedy:
            lines.append(f"  What to do: {result.remedy}")
    lines.append("All of it: pushline check run")
    raise ChecksFailed("\n".join(lines))


def list_check_results(conn: Connection) -> list[CheckResult]:
    """Return what each check found when it last ran."""
    return [
        CheckResult(
            name=row.check_name,
            severity=row.severity,
            purpose="",
            remedy="",
            offending=row.offending,
            sample=tuple((item["key"], item["detail"]) for item in row.sample),
            checked_at=row.checked_at,
        )
        for row in LIST_CHECK_RESULTS.all(conn)
    ]


def _run_check(engine: Engine, check: Query, now: datetime, limit: str) -> CheckResult:
    """Run one check; what stops it becomes its error."""
    name = check.path.stem
    header = check.header
    sample: list[tuple[str, str]] = []
    offending = 0
    error = ""
    started = time.monotonic()
    parameters = {"now": now} if "now" in header.parameters else {}
    try:
        with engine.connect() as conn:
            # Rows come in portions: a check that goes wrong may find millions.
            conn.execution_options(postgresql_readonly=True, yield_per=1000)
            LIMIT_CHECK.one(conn, longest=limit)
            for row in check.run(conn, **parameters):
                offending += 1
                if len(sample) < SAMPLE_SIZE:
                    sample.append((str(row.key), str(row.detail)))
            conn.rollback()
    except DBAPIError as broken:
        error = str(broken.orig).strip().splitlines()[0]
    return CheckResult(
        name=name,
        severity=header.severity,
        purpose=header.purpose,
        remedy=header.remedy,
        offending=offending,
        sample=tuple(sample),
        error=error,
        seconds=time.monotonic() - started,
    )


def _store(conn: Connection, result: CheckResult, now: datetime) -> None:
    """Add the row of push.check_result; one that could not be finished counts as an offence."""
    sample = [{"key": key, "detail": detail} for key, detail in result.sample]
    if result.error:
        sample.insert(0, {"key": "could not be finished", "detail": result.error})
    ADD_CHECK_RESULT.execute(
        conn,
        check_name=result.name,
        severity="fail" if result.error else result.severity,
        checked_at=now,
        offending=result.offending + bool(result.error),
        sample=json.dumps(sample, ensure_ascii=False),
    )
