"""Freezes a run's audience: reads the SQL once and keeps the ids by bucket."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import psycopg
import structlog
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Connection, Engine, Row

from pushline.audience.catalogue import Catalogue, catalogue_for
from pushline.audience.reader import (
    Estimate,
    Limits,
    RawIds,
    RawTexts,
    Session,
    allow_raw_arrays,
    contained_session,
    estimate,
    in_words,
    read_raw,
    refuse_costly,
    refuse_wide,
)
from pushline.audience.statement import Selection, compose
from pushline.database.engine import transaction
from pushline.database.sql import Query
from pushline.errors import PushlineError, RetryLater, StopRun
from pushline.kill_points import reach
from pushline.model import hash_sql_texts

log = structlog.get_logger(__name__)

READ_BLOCKS = Query("audience/read_blocks")
READ_IDS = Query("audience/read_ids")
GET_SNAPSHOT_ORDER = Query("audience/get_snapshot_order")
LOCK_UNREAD_RUN = Query("audience/lock_unread_run")
INSERT_AUDIENCE_BLOCK = Query("audience/insert_audience_block")
INSERT_AUDIENCE_FIELD = Query("audience/insert_audience_field")
COLLAPSE_DUPLICATES = Query("audience/collapse_duplicates")
MOVE_EXCLUDED = Query("audience/move_excluded")
CUT_TO_MAX_USERS = Query("audience/cut_to_max_users")
SET_SNAPSHOT = Query("audience/set_snapshot")

# Binary array: 20 bytes of header, then length and value of each element.
_ARRAY_HEADER = 20
Watch = Callable[[Session], None]
_ELEMENT = np.dtype([("length", ">i4"), ("value", ">i8")])


def ignore_session(session: Session, /) -> None:
    """Watch nothing: most readings end by their limits alone."""


@dataclass(frozen=True)
class Block:
    """One bucket of an audience: rows read, ids and fields as the server's bytes."""

    bucket: int
    rows: int
    users: bytes
    fields: bytes | None

    def ids(self) -> NDArray[np.int64]:
        """The ids as numbers."""
        elements = np.frombuffer(self.users, dtype=_ELEMENT, offset=_ARRAY_HEADER)
        return elements["value"].astype(np.int64)

    def has_duplicates(self) -> bool:
        """Whether a user came more than once."""
        ids = np.sort(self.ids())
        return bool((ids[1:] == ids[:-1]).any())


@dataclass(frozen=True)
class ReadAudience:
    """What one audience statement returned."""

    blocks: Sequence[Block]
    rows: int
    null_rows: int
    estimate: Estimate
    seconds: float


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


def read_audience(
    reader_engine: Engine,
    engine: Engine,
    selection: Selection,
    *,
    bucket_count: int,
    field_names: Sequence[str] = (),
    limits: Limits,
    watch: Watch = ignore_session,
) -> ReadAudience:
    """Run an audience once, contained; `engine` is the planner's, for the watchdog.

    `watch` is told of each session before its statement runs, so that it can be cancelled. Raises
    StopRun when it breaks a limit or cannot be run, RetryLater when the server is away.
    """
    where = selection.file.where
    started = time.monotonic()
    with (
        in_words(where, limits),
        contained_session(reader_engine, engine, limits) as session,
    ):
        watch(session)
        composed = _compose(session, selection, bucket_count, field_names, limits)
        expected = estimate(session, *composed)
    refuse_costly(where, expected, limits)
    with (
        in_words(where, limits),
        contained_session(reader_engine, engine, limits) as session,
    ):
        watch(session)
        found = read_raw(session, *composed)
    if field_names:
        refuse_wide(where, max((row[4] or 0 for row in found), default=0), limits)
    rows = sum(row[1] for row in found)
    if rows > limits.row_cap:
        raise StopRun(
            f"{where} returns more than {limits.row_cap:,} rows. Narrow it, "
            "or raise PUSHLINE_AUDIENCE_ROW_CAP."
        )
    blocks = [
        Block(row[0], row[1], row[2], row[3] if field_names else None)
        for row in found
        if row[0] is not None
    ]
    return ReadAudience(
        blocks=sorted(blocks, key=lambda block: block.bucket),
        rows=rows,
        null_rows=rows - sum(block.rows for block in blocks),
        estimate=expected,
        seconds=time.monotonic() - started,
    )


def _compose(
    session: Session,
    selection: Selection,
    bucket_count: int,
    field_names: Sequence[str],
    limits: Limits,
) -> tuple[sql.Composed, dict[str, Any]]:
    field_cap = {"field_cap": limits.field_bytes} if field_names else {}
    return compose(
        READ_BLOCKS if field_names else READ_IDS,
        selection,
        field_names=field_names,
        server_version=session.info.server_version,
        bucket_mask=bucket_count - 1,
        row_cap=limits.row_cap,
        **field_cap,
    )


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
    read = _read_order(reader_engine, engine, order, now, limits, audiences)
    reach("snapshot.after_read")
    with transaction(engine) as conn:
        snapshot = _store(conn, run_id, order.max_users, *read, now)
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
    watch: Watch = ignore_session,
) -> FoundAudience:
    """Read the audience of an order (a row of GET_SNAPSHOT_ORDER), ids only; nothing is stored.

    For estimates: who gets it does not depend on the personal fields. Same errors as take_snapshot.
    """
    read = _read_order(
        reader_engine, engine, order, now, None, audiences, with_fields=False, watch=watch
    )
    return FoundAudience(*read)


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
    audience = replace(found.audience, blocks=blocks)
    return _store(conn, run_id, max_users, audience, found.exclusions, now)


def _read_order(
    reader_engine: Engine,
    engine: Engine,
    order: Row[Any],
    now: datetime,
    limits: Limits | None,
    audiences: Catalogue | None,
    *,
    with_fields: bool = True,
    watch: Watch = ignore_session,
) -> tuple[ReadAudience, list[ReadAudience]]:
    """Run the audience and its exclusions as the audience role, each in a session of its own."""
    limits = limits or Limits.from_settings()
    try:
        selection, exclusions = _selections(order, now, audiences)
        audience = read_audience(
            reader_engine,
            engine,
            selection,
            bucket_count=order.bucket_count,
            field_names=order.field_names if with_fields else (),
            limits=limits,
            watch=watch,
        )
        left_out = [
            read_audience(
                reader_engine,
                engine,
                exclusion,
                bucket_count=order.bucket_count,
                limits=limits,
                watch=watch,
            )
            for exclusion in exclusions
        ]
    except (RetryLater, StopRun):
        raise
    except PushlineError as error:
        raise StopRun(str(error)) from error
    return audience, left_out


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
    audience: ReadAudience,
    exclusions: Sequence[ReadAudience],
    now: datetime,
) -> Snapshot:
    if LOCK_UNREAD_RUN.one_or_none(conn, run_id=run_id) is None:
        return Snapshot(run_id, is_new=False)
    _store_blocks(conn, run_id, audience)
    reach("snapshot.after_blocks")
    for exclusion in exclusions:
        _move_excluded(conn, run_id, audience, exclusion)
    if max_users is not None:
        CUT_TO_MAX_USERS.execute(conn, run_id=run_id)
    stored = SET_SNAPSHOT.one(conn, run_id=run_id, audience_rows=audience.rows, now=now)
    reach("snapshot.before_commit")
    return Snapshot(
        run_id,
        is_new=True,
        rows=audience.rows,
        null_rows=audience.null_rows,
        users=stored.audience_users,
        excluded=stored.excluded,
        over_max=stored.over_max,
    )


def _store_blocks(conn: Connection, run_id: int, audience: ReadAudience) -> None:
    driver = conn.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("expected psycopg")
    allow_raw_arrays(driver)
    for block in audience.blocks:
        place = {"run_id": run_id, "bucket": block.bucket}
        INSERT_AUDIENCE_BLOCK.execute(conn, **place, users=RawIds(block.users))
        if block.fields is not None:
            INSERT_AUDIENCE_FIELD.execute(conn, **place, fields=RawTexts(block.fields))
        if block.has_duplicates():
            COLLAPSE_DUPLICATES.execute(conn, **place)


def _move_excluded(
    conn: Connection, run_id: int, audience: ReadAudience, exclusion: ReadAudience
) -> None:
    stored = {block.bucket for block in audience.blocks}
    for block in exclusion.blocks:
        if block.bucket in stored:
            MOVE_EXCLUDED.execute(
                conn, run_id=run_id, bucket=block.bucket, excluded=RawIds(block.users)
            )
