"""Housekeeping of a day: partitions ahead, expiry, totals of old runs, retention, personal fields.

Each step is a transaction of its own and may be repeated; one that fails does not stop the others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from pushline.database.engine import transaction
from pushline.database.sql import Query
from pushline.errors import RetryLater
from pushline.report.totals import keep_totals
from pushline.send_queue.closing import expire_batches

CREATE_PARTITIONS = Query("maintain/create_partitions")
DROP_OLDEST_PARTITION = Query("maintain/drop_oldest_partition")
LIMIT_LOCKS = Query("maintain/limit_locks")
DELETE_AUDIENCE_FIELDS = Query("maintain/delete_audience_fields")
DELETE_AUDIENCE_BLOCKS = Query("maintain/delete_audience_blocks")
DELETE_DECISION_BLOCKS = Query("maintain/delete_decision_blocks")
DELETE_CHECK_RESULTS = Query("maintain/delete_check_results")

# More than a thousand leases are taken back in portions; this many portions at most.
_ROUNDS = 100

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Maintained:
    """What one round of housekeeping did, by step; `dropped` names the tables that went."""

    counts: Mapping[str, int]
    dropped: tuple[str, ...] = ()


def maintain(engine: Engine, owner_engine: Engine, now: datetime) -> Maintained:
    """Do all of it as of `now`: rows as the planner (`engine`), tables as their owner.

    Totals are kept before anything that they were counted from is dropped. Raises RetryLater at
    the end, when steps failed: the others are done, and a repeat is harmless.
    """
    dropped: tuple[str, ...] = ()

    def drop() -> int:
        nonlocal dropped
        dropped = drop_partitions(owner_engine, now)
        return len(dropped)

    steps: dict[str, Callable[[], int]] = {
        "partitions_created": lambda: create_partitions(owner_engine, now),
        "ended": lambda: _end_late(engine, now),
        "totals_kept": lambda: keep_totals(engine, now),
        "partitions_dropped": drop,
        "fields_deleted": lambda: delete_fields(engine, now),
        "blocks_deleted": lambda: delete_blocks(engine, now),
        "check_results_deleted": lambda: _delete_check_results(engine, now),
    }
    counts: dict[str, int] = {}
    faults: list[str] = []
    for name, step in steps.items():
        try:
            counts[name] = step()
        except DBAPIError as error:
            faults.append(f"{name}: {str(error.orig).strip().splitlines()[0]}")
    log.info("maintained", **counts, faults=len(faults))
    if faults:
        raise RetryLater(
            "Housekeeping did what it could; these steps failed and are tried again next time:\n"
            + "\n".join(faults)
        )
    return Maintained(counts, dropped)


def create_partitions(owner_engine: Engine, now: datetime) -> int:
    """Make the weekly partitions of the five weeks ahead; returns how many were new."""
    with transaction(owner_engine) as conn:
        LIMIT_LOCKS.one(conn)
        return int(CREATE_PARTITIONS.scalar(conn, now=now))


def drop_partitions(owner_engine: Engine, now: datetime) -> tuple[str, ...]:
    """Drop weeks of batches, outcomes, receipts and events older than push.setting.batch_retention.

    A week with a run whose total is not kept stays. Each table goes in a transaction of its own, so
    that planning and sending wait for one table at a time. Returns the names of those that went.
    """
    dropped: list[str] = []
    while True:
        with transaction(owner_engine) as conn:
            name = DROP_OLDEST_PARTITION.scalar(conn, now=now)
        if name is None:
            return tuple(dropped)
        dropped.append(str(name))


def delete_fields(engine: Engine, now: datetime) -> int:
    """Forget personal fields two days after their deadline; returns the number of rows."""
    with transaction(engine) as conn:
        return DELETE_AUDIENCE_FIELDS.execute(conn, now=now)


def delete_blocks(engine: Engine, now: datetime) -> int:
    """Let go of snapshots and decisions older than push.setting.block_retention; number of rows."""
    with transaction(engine) as conn:
        decisions = DELETE_DECISION_BLOCKS.execute(conn, now=now)
        return decisions + DELETE_AUDIENCE_BLOCKS.execute(conn, now=now)


def _end_late(engine: Engine, now: datetime) -> int:
    """Expire batches and runs and take lost leases back until there are none."""
    ended = 0
    for _ in range(_ROUNDS):
        round_ = expire_batches(engine, now)
        ended += round_.batches + round_.runs + round_.leases
        if not round_.leases:
            break
    return ended


def _delete_check_results(engine: Engine, now: datetime) -> int:
    with transaction(engine) as conn:
        return DELETE_CHECK_RESULTS.execute(conn, now=now)
