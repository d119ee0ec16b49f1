"""Changes the number of buckets of an installation: offline, in one transaction, proven or undone.

Buckets are the unit of parallel work: more of them let more cores plan at once. All that is kept
by bucket moves: recipients, snapshots, decisions, batches, what was answered for their pushes.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, Row
from sqlalchemy.exc import DBAPIError

from pushline.database.engine import transaction
from pushline.database.sql import Query
from pushline.errors import PushlineError, RetryLater
from pushline.send_queue.closing import expire_batches

LOCK_EVERYTHING = Query("rebucket/lock_everything")
LIST_OBSTACLES = Query("rebucket/list_obstacles")
GET_REBUCKET_PREVIEW = Query("rebucket/get_rebucket_preview")
GET_CONTENT = Query("rebucket/get_content")
CHANGE_BUCKET_COUNT = Query("rebucket/change_bucket_count")
LIMIT_LOCKS = Query("maintain/limit_locks")
# Must be clean before, too: what is broken cannot be moved.
FIRM_CHECKS = ("batch_without_mark", "closed_sum", "once")
# Must find no more than before.
COMPARED_CHECKS = ("caps_exceeded", "recipient_drift")
MOST_BUCKETS = 1024

WAYS_OUT = {
    "session": " is connected. Stop Airflow, takers and producers first",
    "claimed": ": claimed. Stop the takers; batches come back when their lease is over",
    "planning": ": being planned. Let the DAG finish, or finish it with: pushline run plan RUN",
    "closing": ": being closed. Finish it with: pushline run cancel RUN, or let maintain_database",
    "half": ": decided by half. Finish it with: pushline run plan RUN, or: pushline run cancel RUN",
}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rebucketed:
    """What was, or in a dry run would be, rewritten; pushes and users stay as many as they are."""

    old_count: int
    new_count: int
    recipients: int
    runs: int
    pushes: int
    batches: int
    split_batches: int
    batches_after: int
    obstacles: tuple[str, ...] = ()


def preview_rebucket(engine: Engine, bucket_count: int) -> Rebucketed:
    """Count what rebucket would rewrite, and name what forbids it now; changes nothing.

    `engine` is the owner's. Raises PushlineError for a number that cannot be.
    """
    with transaction(engine) as conn:
        return _preview(conn, bucket_count)


def rebucket(engine: Engine, bucket_count: int, now: datetime) -> Rebucketed:
    """Move everything to `bucket_count` buckets; all of it or nothing.

    `engine` is the owner's. What nobody may send any more is ended first, so that lost leases are
    no obstacle. Raises PushlineError when somebody works (the message says who, and the way
    out), when a check finds a broken promise before or after, or when anything that buckets hold
    differs afterwards; RetryLater when a table stays locked.
    """
    refuse_bad_count(engine, bucket_count)
    expire_batches(engine, now)
    try:
        with transaction(engine) as conn:
            LIMIT_LOCKS.one(conn)
            LOCK_EVERYTHING.execute(conn)
            preview = _preview(conn, bucket_count)
            if preview.obstacles:
                raise PushlineError(
                    "The number of buckets cannot be changed now; nothing was changed.\n"
                    + "\n".join(preview.obstacles)
                )
            _move(conn, bucket_count, now)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == "55P03":
            raise RetryLater(
                "Somebody holds a table of Pushline; nothing was changed. End reports and other"
                " sessions, then try again."
            ) from error
        raise
    log.info("rebucketed", old_count=preview.old_count, new_count=bucket_count)
    return preview


def refuse_bad_count(engine: Engine, bucket_count: int) -> None:
    """Raise PushlineError unless there may be so many buckets, and they are another number."""
    if not 1 <= bucket_count <= MOST_BUCKETS or bucket_count & (bucket_count - 1):
        raise PushlineError(
            f"{bucket_count} buckets cannot be: choose a power of two from 1 to {MOST_BUCKETS},"
            " such as 64 or 128."
        )
    with transaction(engine) as conn:
        if GET_REBUCKET_PREVIEW.one(conn, bucket_count=bucket_count).old_count == bucket_count:
            raise PushlineError(f"There are {bucket_count} buckets already; nothing is to be done.")


def _preview(conn: Connection, bucket_count: int) -> Rebucketed:
    row = GET_REBUCKET_PREVIEW.one(conn, bucket_count=bucket_count)
    obstacles = tuple(f"{o.detail}{WAYS_OUT[o.kind]}." for o in LIST_OBSTACLES.all(conn))
    return Rebucketed(new_count=bucket_count, obstacles=obstacles, **row._asdict())


def _move(conn: Connection, bucket_count: int, now: datetime) -> None:
    found_before = {name: _count(conn, name, now) for name in (*FIRM_CHECKS, *COMPARED_CHECKS)}
    broken = [name for name in FIRM_CHECKS if found_before[name]]
    if broken:
        raise PushlineError(
            f"{', '.join(broken)} found broken promises: mend them before anything is moved"
            " (pushline check run). Nothing was changed."
        )
    before = GET_CONTENT.one(conn)
    CHANGE_BUCKET_COUNT.one(conn, bucket_count=bucket_count, now=now)
    differing = _differences(before, GET_CONTENT.one(conn))
    differing += [name for name in found_before if _count(conn, name, now) > found_before[name]]
    if differing:
        raise PushlineError(
            f"After moving, {', '.join(differing)} would differ: everything was taken back."
            " Please report it."
        )


def _differences(before: Row[Any], after: Row[Any]) -> list[str]:
    """Return what is not as it was; nobody may stand in a bucket that is not theirs."""
    now = after._asdict()
    changed = [
        name for name, old in before._asdict().items() if name != "misplaced" and old != now[name]
    ]
    return [*changed, "misplaced"] if after.misplaced else changed


def _count(conn: Connection, name: str, now: datetime) -> int:
    check = Query(f"checks/{name}")
    parameters = {"now": now} if "now" in check.header.parameters else {}
    return len(check.all(conn, **parameters))
