"""What `pushline doctor` looks at: each line is ok, a warning or a failure, with the way out."""

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import Connection, Engine, NullPool, Row, create_engine
from sqlalchemy.exc import DBAPIError

from pushline.audience import list_reader_risks
from pushline.database.engine import make_engine
from pushline.database.migrate import pending
from pushline.database.prepare import LIST_CLOSED_FUNCTIONS
from pushline.database.roles import owner_url, role_name, url_for
from pushline.database.server import default_server
from pushline.database.sql import Query
from pushline.errors import PushlineError
from pushline.report.checks import CheckResult, list_check_results
from pushline.send_queue.status import queue_status
from pushline.settings import ROLES, Role, get_settings

GET_SERVER = Query("report/get_server")
LIST_USED_ZONES = Query("report/list_used_zones")
LIST_ZONE_OFFSETS = Query("report/list_zone_offsets")
GET_SESSION_SETTING = Query("report/get_session_setting")
PARTITIONS_MISSING = Query("checks/partitions_missing")

OLDEST_PYTHON = (3, 11)
OLDEST_SERVER = 150000
LATE_QUEUE = timedelta(minutes=10)
LATE_CHECKS = timedelta(hours=1)
LATE_SYNC = timedelta(days=1)
CLOCK_SKEW = timedelta(seconds=5)
SCARCE_BYTES = 2 << 30

OFFSETS_WAY_OUT = (
    "One of the two has old rules of time zones: bring the package tzdata up to date, then Postgres"
    " (a minor release; Debian's also the package tzdata of the system). Times there may be off."
)
# Who runs the deciding SQL.
DECIDERS: frozenset[Role] = frozenset(("planner", "page"))

Verdict = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at: what was seen, and what to do when it is not ok."""

    name: str
    verdict: Verdict
    seen: str
    way_out: str = ""


Look = Callable[[Connection, datetime], Iterator[Line]]


def examine(now: datetime) -> list[Line]:
    """Look at everything as of `now`; what cannot be looked at is a line that fails."""
    lines = [*_look_at_machine()]
    engine = make_engine(owner_url())
    try:
        with engine.connect() as conn:
            behind = list(_look_at_migrations(conn))
    except DBAPIError as error:
        lines.append(_unreachable(engine, error))
        return lines
    lines += behind
    if any(line.verdict == "fail" for line in behind):
        engine.dispose()
        return lines
    for look in LOOKS:
        lines += _guarded(look, engine, now)
    engine.dispose()
    for role in ROLES:
        lines.append(_look_at_role(role))
    return lines


def _guarded(look: Look, engine: Engine, now: datetime) -> list[Line]:
    """Run one look in a transaction of its own; an error becomes a line."""
    name = look.__name__.removeprefix("_look_at_").replace("_", " ")
    try:
        with engine.connect() as conn:
            return list(look(conn, now))
    except (DBAPIError, PushlineError) as error:
        told = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        return [Line(name, "fail", told.strip().splitlines()[0], "See the message; then repeat.")]


def _unreachable(engine: Engine, error: DBAPIError) -> Line:
    place = engine.url.render_as_string(hide_password=True)
    return Line(
        "server",
        "fail",
        f"Postgres at {place} does not answer: {str(error.orig).strip().splitlines()[0]}",
        "Start the demo with `make demo`, or check PUSHLINE_DATABASE_URL.",
    )


def _look_at_machine() -> Iterator[Line]:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= OLDEST_PYTHON:
        yield Line("python", "ok", version)
    else:
        yield Line("python", "fail", version, "Install Python 3.11 or newer.")
    settings = get_settings()
    missing = [str(path) for path in (settings.sql_dir, settings.dags_dir) if not path.is_dir()]
    if missing:
        way_out = "Set PUSHLINE_SQL_DIR and PUSHLINE_DAGS_DIR to the folders of the checkout."
        yield Line("settings", "fail", f"no folder {', '.join(missing)}", way_out)
    else:
        kind = "embedded Postgres" if settings.uses_embedded_server else "PUSHLINE_DATABASE_URL"
        yield Line("settings", "ok", f"{kind}, project zone {settings.time_zone}")
    yield from _look_at_disk(settings.state_dir)
    if settings.uses_embedded_server:
        yield from _look_at_disk(default_server().home)


def _look_at_disk(folder: Path) -> Iterator[Line]:
    place = next(path for path in (folder, *folder.parents) if path.exists())
    usage = shutil.disk_usage(place)
    seen = f"{usage.free / (1 << 30):.1f} GB free at {place}"
    if usage.free < SCARCE_BYTES:
        yield Line("disk", "warn", seen, "Free some space, or move PUSHLINE_STATE_DIR.")
    else:
        yield Line("disk", "ok", seen)


def _look_at_migrations(conn: Connection) -> Iterator[Line]:
    behind = pending(conn)
    if behind:
        yield Line("migrations", "fail", f"{len(behind)} not applied", "Run: pushline init")
    else:
        yield Line("migrations", "ok", "none pending")


def _look_at_server(conn: Connection, now: datetime) -> Iterator[Line]:
    server = GET_SERVER.one(conn, now=now)
    size = f"{server.database_size / (1 << 20):,.0f} MB"
    seen = f"Postgres {server.version}, {server.encoding}, {size}"
    if server.version_number < OLDEST_SERVER:
        yield Line("server", "fail", seen, "Pushline needs Postgres 15 or newer.")
    elif server.encoding != "UTF8":
        yield Line("server", "fail", seen, "Make the database anew with -E UTF8.")
    else:
        yield Line("server", "ok", seen)
    skew = abs(server.server_now - datetime.now(now.tzinfo))
    if skew > CLOCK_SKEW:
        way_out = "Set both clocks by NTP: deadlines are judged by the server's."
        yield Line("clock", "warn", f"the server is {skew.total_seconds():.0f} s off", way_out)
    if server.policy_from is None:
        way_out = "Add one: until then only consent and reachability limit pushes."
        yield Line("policy", "warn", "there is no policy in force", way_out)
    else:
        yield Line("policy", "ok", f"in force since {server.policy_from:%Y-%m-%d %H:%M} UTC")
    if not server.recipients or server.synced_until is None:
        yield Line("people", "warn", "nobody is known yet", "Run: pushline people sync")
    elif now - server.synced_until > LATE_SYNC:
        seen = f"synced until {server.synced_until:%Y-%m-%d %H:%M} UTC"
        yield Line("people", "warn", seen, "Look at the DAG sync_people.")
    else:
        yield Line("people", "ok", f"synced until {server.synced_until:%Y-%m-%d %H:%M} UTC")


def _look_at_zones(conn: Connection, now: datetime) -> Iterator[Line]:
    server = GET_SERVER.one(conn, now=now)
    strange = [row.name for row in LIST_USED_ZONES.all(conn)]
    strange = [name for name in strange if name not in available_timezones()]
    wanted = get_settings().time_zone
    if not server.has_project_zone:
        seen = f"push.setting.project_zone is {server.project_zone}, which the server does not know"
        yield Line("zones", "fail", seen, "Set it to a name like Asia/Almaty.")
    elif server.project_zone != wanted:
        seen = f"the database says {server.project_zone}, PUSHLINE_TIME_ZONE {wanted}"
        yield Line("zones", "warn", seen, "Make them equal; planning follows the database.")
    elif strange:
        seen = f"Python does not know {', '.join(strange[:3])}"
        yield Line("zones", "warn", seen, "Bring the package tzdata up to date.")
    elif apart := find_offsets_apart(LIST_ZONE_OFFSETS.all(conn, now=now)):
        told = "; ".join(f"{name} from {day:%Y-%m-%d}" for name, day in apart[:3])
        seen = f"Python and the server tell another hour in {told}"
        yield Line("zones", "warn", seen, OFFSETS_WAY_OUT)
    else:
        yield Line("zones", "ok", server.project_zone)


def find_offsets_apart(rows: Sequence[Row[Any]]) -> list[tuple[str, datetime]]:
    """Return each zone whose offset Python sees otherwise than the server, and the first such day.

    Of `rows` name, days and minutes (offset from UTC) are read. The page and the sheet work out
    moments by Python's zones, planning by the server's.
    """
    apart = []
    for row in rows:
        zone = ZoneInfo(row.name)
        for day, minutes in zip(row.days, row.minutes, strict=True):
            if day.astimezone(zone).utcoffset() != timedelta(minutes=minutes):
                apart.append((row.name, day))
                break
    return apart


def _look_at_partitions(conn: Connection, now: datetime) -> Iterator[Line]:
    missing = PARTITIONS_MISSING.all(conn, now=now)
    if missing:
        way_out = PARTITIONS_MISSING.header.remedy
        yield Line("partitions", "warn", f"{len(missing)} missing in the next 14 days", way_out)
    else:
        yield Line("partitions", "ok", "at least 14 days ahead")


def _look_at_checks(conn: Connection, now: datetime) -> Iterator[Line]:
    latest = list_check_results(conn)
    way_out = "Run: pushline check run"
    found = [result for result in latest if not result.is_clean]
    told = ", ".join(f"{result.name} {result.offending:,}" for result in found)
    if not latest:
        yield Line("checks", "warn", "never ran", way_out)
    elif any(result.severity == "fail" for result in found):
        yield Line("checks", "fail", told, way_out)
    elif found:
        yield Line("checks", "warn", told, way_out)
    elif now - min(_known_times(latest)) > LATE_CHECKS:
        seen = f"clean, but last at {min(_known_times(latest)):%Y-%m-%d %H:%M} UTC"
        yield Line("checks", "warn", seen, "Look at the DAG check_promises.")
    else:
        yield Line("checks", "ok", f"{len(latest)} clean")


def _known_times(latest: list[CheckResult]) -> list[datetime]:
    return [result.checked_at for result in latest if result.checked_at is not None]


def _look_at_queue(conn: Connection, now: datetime) -> Iterator[Line]:
    status = queue_status(conn, now)
    for lane in status.lanes:
        name = f"queue {lane.lane}"
        seen = f"{lane.due:,} due, {lane.pushes_per_minute:,.0f} a minute"
        if lane.is_paused:
            yield Line(name, "warn", f"paused, {seen}", "Run: pushline queue resume")
        elif lane.oldest_due and lane.oldest_due > LATE_QUEUE:
            minutes = lane.oldest_due.total_seconds() / 60
            seen = f"the oldest has been due for {minutes:.0f} minutes, {seen}"
            yield Line(name, "warn", seen, "See whether a sender runs: pushline queue status")
        else:
            yield Line(name, "ok", seen)


def _look_at_audience_reader(conn: Connection, now: datetime) -> Iterator[Line]:  # noqa: ARG001
    risks = list_reader_risks(conn)
    if risks:
        way_out = "As a superuser, once: SELECT push.contain_audience_reader()"
        yield Line("audience reader", "warn", f"{len(risks)} server functions open to it", way_out)
    else:
        yield Line("audience reader", "ok", "contained")


def _look_at_role(role: Role) -> Line:
    """Connect as a role, the way the programs do."""
    name = role_name(role)
    engine = create_engine(url_for(role), poolclass=NullPool)
    try:
        with engine.connect() as conn:
            found = GET_SESSION_SETTING.one(conn)
            closed = LIST_CLOSED_FUNCTIONS.scalar(conn, role_name=found.role_name)
    except DBAPIError as error:
        told = str(error.orig).strip().splitlines()[0]
        way_out = f"Run `pushline init` with PUSHLINE_{role.upper()}_PASSWORD set, or check pg_hba."
        return Line(f"role {role}", "fail", told, way_out)
    if role in DECIDERS and closed:
        seen = f"may not call {closed}, which were closed before it was made"
        way_out = "As a superuser, once more: SELECT push.contain_audience_reader()"
        return Line(f"role {role}", "fail", seen, way_out)
    if found.login_name != found.role_name:
        seen = f"works as {found.role_name}, but logs in as {found.login_name}"
        setting = f"PUSHLINE_{role.upper()}"
        way_out = f"Set {setting}_URL, or {setting}_PASSWORD and run `pushline init`."
        return Line(f"role {role}", "warn", seen, way_out)
    if role in DECIDERS and found.plan_cache_mode != "force_custom_plan":
        way_out = f"As an administrator: ALTER ROLE {name} SET plan_cache_mode = force_custom_plan"
        return Line(f"role {role}", "warn", "plans statements for all values at once", way_out)
    return Line(f"role {role}", "ok", f"connects as {found.role_name}")


LOOKS: tuple[Look, ...] = (
    _look_at_server,
    _look_at_zones,
    _look_at_partitions,
    _look_at_checks,
    _look_at_queue,
    _look_at_audience_reader,
)
