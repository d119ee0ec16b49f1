"""Freezes a run's audience: runs the SQL once and keeps the ids by bucket."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, chain, islice
from typing import Any

import psycopg
import structlog
from sqlalchemy import Connection, Engine, Row

from pushline.audience.catalogue import Catalogue, catalogue_for
from pushline.audience.reader import Limits, RawIds, RawTexts, allow_raw_arrays
from pushline.audience.reading import (
    Block,
    ReadAudience,
    Reading,
    Watch,
    ignore_session,
    join_arrays,
)
from pushline.audience.statement import Selection
from pushline.database.engine import transaction
from pushline.database.sql import Query
from pushline.errors import PushlineError, RetryLater, StopRun
from pushline.kill_points import reach
from pushline.model import hash_sql_texts

log = structlog.get_logger(__name__)

GET_SNAPSHOT_ORDER = Query("audience/get_snapshot_order")
LOCK_UNREAD_RUN = Query("audience/lock_unread_run")
INSERT_AUDIENCE_BLOCKS = Query("audience/insert_audience_blocks")
INSERT_AUDIENCE_FIELDS = Query("audience/insert_audience_fields")
COLLAPSE_DUPLICATES = Query("audience/collapse_duplicates")
MOVE_EXCLUDED = Query("audience/move_excluded")
CUT_TO_MAX_USERS = Query("audience/cut_to_max_users")
SET_SNAPSHOT = Query("audience/set_snapshot")

# Blocks are written together until they are so large.
_BYTES_AT_ONCE = 1 << 18


@dataclass(frozen=True)
class Snapshot:
    """A run's frozen audience in numbers; is_new is False when it was there already."""

    run_id: int
    is_new: bool
    rows: int = 0
    null_rows: int = 0
    users: int = 0
    excluded: int = 0
    over_max: int = 0


def take_snapshot(
    reader_engine: Engine,
    engine: Engine,
    run_id: int,
    now: datetime,
    *,
    limits: Limits | None = None,
    audiences: Catalogue | None = None,
) -> Snapshot:
    """Freeze a run's audience once: users by bucket, who is excluded, who is over max_users.

    The statement runs as the audience role on `reader_engine`; the result is written on `engine`
    (the planner's) in one transaction. A run that has its snapshot is left as it is. Raises
    StopRun with the sentence for a person when the audience cannot be taken (it breaks a limit,
    was changed after the approval, lacks a column), RetryLater when the server is away.
    """
    with transaction(engine) as conn:
        order = GET_SNAPSHOT_ORDER.one_or_none(conn, run_id=run_id)
    if order is None:
        raise StopRun(f"There is no run {run_id}.")
    if order.snapshot_at is not None:
        return Snapshot(run_id, is_new=False)
    started = time.monotonic()
    with _any_refusal_stops():
        reading, exclusions = _open_order(reader_engine, engine, order, now, limits, audiences)
        with closing(reading.blocks()) as coming:
            # Until the first block comes the audience's SQL runs: so long nothing is locked.
            blocks = chain(list(islice(coming, 1)), coming)
            reach("snapshot.after_read")
            with transaction(engine) as conn:
                snapshot = _store(conn, run_id, order.max_users, reading, blocks, exclusions, now)
    reach("snapshot.after_commit")
    log.info(
        "snapshot_taken",
        run_id=run_id,
        is_new=snapshot.is_new,
        rows=snapshot.rows,
        null_rows=snapshot.null_rows,
        users=snapshot.users,
        excluded=snapshot.excluded,
        over_max=snapshot.over_max,
        seconds=round(time.monotonic() - started, 2),
    )
    return snapshot


@dataclass(frozen=True)
class FoundAudience:
    """What a run's audience and its exclusions returned, not stored yet."""

    audience: ReadAudience
    exclusions: Sequence[ReadAudience]


def read_users(
    reader_engine: Engine,
    engine: Engine,
    order: Row[Any],
    now: datetime,
    *,
    audiences: Catalogue | None = None,
    limits: Limits | None = None,
    watch: Watch = ignore_session,
) -> FoundAudience:
    """Read the audience of an order (a row of GET_SNAPSHOT_ORDER), ids only; nothing is stored.

    For estimates: who gets it does not depend on the personal fields. Same errors as take_snapshot.
    """
    with _any_refusal_stops():
        reading, exclusions = _open_order(
            reader_engine, engine, order, now, limits, audiences, with_fields=False, watch=watch
        )
        return FoundAudience(reading.read(), exclusions)


def try_snapshot(
    conn: Connection,
    run_id: int,
    max_users: int | None,
    found: FoundAudience,
    now: datetime,
    *,
    part: tuple[int, int] = (0, 1),
) -> Snapshot:
    """Store what was read as the snapshot of a run that only the caller's transaction knows.

    As a dry run does; the caller rolls back. part = (which, of how many): only every how-manieth
    bucket, unless max_users is cut, which takes all.
    """
    which, parts = part if max_users is None else (0, 1)
    blocks = [block for block in found.audience.blocks if block.bucket % parts == which]
    return _store(conn, run_id, max_users, found.audience, blocks, found.exclusions, now)


@contextmanager
def _any_refusal_stops() -> Iterator[None]:
    """Whatever is wrong with an audience's file or values stops the run."""
    try:
        yield
    except (RetryLater, StopRun):
        raise
    except PushlineError as error:
        raise StopRun(str(error)) from error


def _open_order(
    reader_engine: Engine,
    engine: Engine,
    order: Row[Any],
    now: datetime,
    limits: Limits | None,
    audiences: Catalogue | None,
    *,
    with_fields: bool = True,
    watch: Watch = ignore_session,
) -> tuple[Reading, list[ReadAudience]]:
    """An order's audience, still to be read, and its exclusions, read whole.

    Each in a session of its own as the audience role. The exclusions first: nothing else runs
    between an audience's last row and its snapshot.
    """
    limits = limits or Limits.from_settings()
    selection, exclusions = _selections(order, now, audiences)
    opened = [
        Reading(reader_engine, engine, each, order.bucket_count, limits, watch=watch)
        for each in (selection, *exclusions)
    ]
    if with_fields:
        opened[0].field_names = order.field_names
    return opened[0], [reading.read() for reading in opened[1:]]


def _selections(
    order: Row[Any], now: datetime, audiences: Catalogue | None
) -> tuple[Selection, list[Selection]]:
    """The audience and its exclusions with their values; refuses files changed since approval."""
    if not order.audience_name:
        raise StopRun("This run names no audience.")
    catalogue = audiences or catalogue_for(order.source_kind)
    excluding = audiences or Catalogue()
    selection = Selection.of(catalogue.file(order.audience_name), order.audience_parameters, now)
    exclusions = [
        Selection.of(excluding.file(item["name"]), item.get("parameters"), now)
        for item in _items(order.exclusions)
    ]
    if order.sql_hash:
        files = [selection.file, *(exclusion.file for exclusion in exclusions)]
        if hash_sql_texts({file.name: file.source for file in files}) != order.sql_hash:
            raise StopRun(
                f"The SQL of {', '.join(sorted({file.name for file in files}))} is not what was "
                "approved. Have the brief approved again, or put the file back."
            )
    return selection, exclusions


def _items(exclusions: Any) -> Sequence[Mapping[str, Any]]:
    if not isinstance(exclusions, list):
        raise StopRun("The exclusions of this run are no list; save the brief again.")
    return exclusions


def _store(
    conn: Connection,
    run_id: int,
    max_users: int | None,
    counted: Reading | ReadAudience,
    blocks: Iterable[Block],
    exclusions: Sequence[ReadAudience],
    now: datetime,
) -> Snapshot:
    """Write blocks as they come; `counted` knows the rows when the last has come."""
    if LOCK_UNREAD_RUN.one_or_none(conn, run_id=run_id) is None:
        return Snapshot(run_id, is_new=False)
    stored = _store_blocks(conn, run_id, blocks)
    reach("snapshot.after_blocks")
    for exclusion in exclusions:
        _move_excluded(conn, run_id, stored, exclusion)
    if max_users is not None:
        CUT_TO_MAX_USERS.execute(conn, run_id=run_id)
    totals = SET_SNAPSHOT.one(conn, run_id=run_id, audience_rows=counted.rows, now=now)
    reach("snapshot.before_commit")
    return Snapshot(
        run_id,
        is_new=True,
        rows=counted.rows,
        null_rows=counted.null_rows,
        users=totals.audience_users,
        excluded=totals.excluded,
        over_max=totals.over_max,
    )


def _store_blocks(conn: Connection, run_id: int, blocks: Iterable[Block]) -> set[int]:
    """Write blocks, small ones together; which buckets they were."""
    driver = conn.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("expected psycopg")
    allow_raw_arrays(driver)
    stored = set()
    for together in _gather(blocks):
        stored |= _insert_blocks(conn, run_id, together)
    return stored


def _gather(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    together: list[Block] = []
    size = 0
    for block in blocks:
        together.append(block)
        size += len(block.users) + len(block.fields or b"")
        if size >= _BYTES_AT_ONCE:
            yield together
            together, size = [], 0
    if together:
        yield together


def _insert_blocks(conn: Connection, run_id: int, together: Sequence[Block]) -> set[int]:
    ends = list(accumulate(block.rows for block in together))
    places = {
        "run_id": run_id,
        "buckets": [block.bucket for block in together],
        "first_places": [end - block.rows + 1 for block, end in zip(together, ends, strict=True)],
        "last_places": ends,
    }
    users = join_arrays([block.users for block in together])
    INSERT_AUDIENCE_BLOCKS.execute(conn, **places, users=RawIds(users))
    fields = [block.fields for block in together if block.fields is not None]
    if fields:
        INSERT_AUDIENCE_FIELDS.execute(conn, **places, fields=RawTexts(join_arrays(fields)))
    for block in together:
        if block.has_duplicates():
            COLLAPSE_DUPLICATES.execute(conn, run_id=run_id, bucket=block.bucket)
    return {block.bucket for block in together}


def _move_excluded(
    conn: Connection, run_id: int, stored: set[int], exclusion: ReadAudience
) -> None:
    for block in exclusion.blocks:
        if block.bucket in stored:
            MOVE_EXCLUDED.execute(
                conn, run_id=run_id, bucket=block.bucket, excluded=RawIds(block.users)
            )
