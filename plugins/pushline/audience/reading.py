"""Reads an audience by bucket: ids and fields as the server's bytes, a block at a time."""

import struct
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Engine

from pushline.audience.reader import (
    Estimate,
    Limits,
    Session,
    contained_session,
    estimate,
    in_words,
    refuse_costly,
    refuse_wide,
    stream_raw,
)
from pushline.audience.statement import Selection, compose
from pushline.database.sql import Query
from pushline.errors import StopRun

READ_BLOCKS = Query("audience/read_blocks")
READ_IDS = Query("audience/read_ids")

# Binary array: a header (dimensions, whether there are nulls, type, elements, first subscript),
# then length and value of each element.
_HEADER = struct.Struct(">iiIii")
_ARRAY_HEADER = _HEADER.size
_ELEMENT = np.dtype([("length", ">i4"), ("value", ">i8")])

Watch = Callable[[Session], None]


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


def join_arrays(arrays: Sequence[bytes]) -> bytes:
    """Put arrays of one type behind one another; none of them is empty."""
    if len(arrays) == 1:
        return arrays[0]
    headers = [_HEADER.unpack_from(array) for array in arrays]
    has_nulls = int(any(header[1] for header in headers))
    count = sum(header[3] for header in headers)
    header = _HEADER.pack(1, has_nulls, headers[0][2], count, 1)
    return b"".join([header, *(array[_ARRAY_HEADER:] for array in arrays)])


@dataclass
class Reading:
    """One audience to be read once, contained; `engine` is the planner's, for the watchdog.

    `watch` is told of each session before its statement runs, so that it can be cancelled. `rows`
    and `null_rows` (rows without a user) count what has come so far.
    """

    reader_engine: Engine
    engine: Engine
    selection: Selection
    bucket_count: int
    limits: Limits
    field_names: Sequence[str] = ()
    watch: Watch = ignore_session
    rows: int = field(default=0, init=False)
    null_rows: int = field(default=0, init=False)
    estimate: Estimate = field(init=False)

    def blocks(self) -> Generator[Block, None, None]:
        """Run the statement; a block when it comes, in no order.

        The first comes when the whole audience has been run: what follows is only sent. Raises
        StopRun when it breaks a limit or cannot be run, RetryLater when the server is away. Close
        the iterator (contextlib.closing): that ends the session.
        """
        with self._session() as session:
            composed = self._compose(session)
            self.estimate = estimate(session, *composed)
        refuse_costly(self.selection.file.where, self.estimate, self.limits)
        with self._session() as session:
            for row in stream_raw(session, *composed):
                block = self._take(row)
                if block is not None:
                    yield block

    def read(self) -> "ReadAudience":
        """Read it whole: the blocks in the order of buckets."""
        started = time.monotonic()
        with closing(self.blocks()) as coming:
            blocks = sorted(coming, key=lambda block: block.bucket)
        seconds = time.monotonic() - started
        return ReadAudience(blocks, self.rows, self.null_rows, self.estimate, seconds)

    @contextmanager
    def _session(self) -> Iterator[Session]:
        """Lend a session for one statement; what the server says against it comes in words."""
        with (
            in_words(self.selection.file.where, self.limits),
            contained_session(self.reader_engine, self.engine, self.limits) as session,
        ):
            self.watch(session)
            yield session

    def _compose(self, session: Session) -> tuple[sql.Composed, dict[str, Any]]:
        field_cap = {"field_cap": self.limits.field_bytes} if self.field_names else {}
        return compose(
            READ_BLOCKS if self.field_names else READ_IDS,
            self.selection,
            field_names=self.field_names,
            server_version=session.info.server_version,
            bucket_mask=self.bucket_count - 1,
            row_cap=self.limits.row_cap,
            **field_cap,
        )

    def _take(self, row: tuple[Any, ...]) -> Block | None:
        where, limits = self.selection.file.where, self.limits
        bucket, rows, users = row[:3]
        if self.field_names:
            refuse_wide(where, row[4] or 0, limits)
        self.rows += rows
        if self.rows > limits.row_cap:
            raise StopRun(
                f"{where} returns more than {limits.row_cap:,} rows. Narrow it, "
                "or raise PUSHLINE_AUDIENCE_ROW_CAP."
            )
        if bucket is None:
            self.null_rows += rows
            return None
        return Block(bucket, rows, users, row[3] if self.field_names else None)


@dataclass(frozen=True)
class ReadAudience:
    """What one audience statement returned."""

    blocks: Sequence[Block]
    rows: int
    null_rows: int
    estimate: Estimate
    seconds: float


def read_audience(
    reader_engine: Engine,
    engine: Engine,
    selection: Selection,
    *,
    bucket_count: int,
    field_names: Sequence[str] = (),
    limits: Limits,
) -> ReadAudience:
    """Read an audience whole; see Reading."""
    reading = Reading(reader_engine, engine, selection, bucket_count, limits, field_names)
    return reading.read()
