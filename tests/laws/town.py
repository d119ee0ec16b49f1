"""A small town for laws: few buckets instead of 64, and an engine that is rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, NestedTransaction, text

from tests.laws.model import BUCKETS

_OTHER_BUCKETS = """
    SELECT format('DROP TABLE push.recipient_%s', bucket) FROM push.bucket_lock
    WHERE bucket >= :count
"""
_SHRINK = """
    CREATE OR REPLACE FUNCTION push.bucket_of(user_id bigint) RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (hashint8extended(user_id, 7) & {mask})::smallint
"""
_BATCH_PARTITIONS = """
    SELECT format('DROP TABLE %s', inhrelid::regclass) FROM pg_inherits
    WHERE inhparent = 'push.send_batch'::regclass
"""
_RESTART = """
    SELECT setval(pg_get_serial_sequence('push.' || t.name, t.name || '_id'), 1, false)
    FROM unnest(ARRAY['run', 'brief', 'offer', 'policy', 'wave']) AS t (name)
    UNION ALL
    SELECT setval(pg_get_serial_sequence('push.trigger_rule', 'trigger_id'), 1, false)
"""
_PARTITIONS = "SELECT push.create_partitions(CAST(:first AS date), CAST(:last AS date))"


def shrink(
    conn: Connection, weeks: list[tuple[datetime, datetime]], buckets: int = BUCKETS
) -> None:
    """Make an empty database a town: few buckets, and the weeks that are played."""
    for statement in conn.execute(text(_OTHER_BUCKETS), {"count": buckets}).scalars().all():
        conn.execute(text(statement))
    conn.execute(text(_SHRINK.format(mask=buckets - 1)))
    conn.execute(text("DELETE FROM push.bucket_lock WHERE bucket >= :n"), {"n": buckets})
    conn.execute(text("UPDATE push.setting SET bucket_count = :n"), {"n": buckets})
    for statement in conn.execute(text(_BATCH_PARTITIONS)).scalars().all():
        conn.execute(text(statement))
    for first, last in weeks:
        conn.execute(text(_PARTITIONS), {"first": first, "last": last})


def restart_numbers(conn: Connection) -> None:
    """Count from 1 again: what is rolled back leaves gaps, and splits follow from the numbers."""
    conn.execute(text(_RESTART))


def weeks_around(days: list[datetime]) -> list[tuple[datetime, datetime]]:
    """From ten days before each to a month after it."""
    return [(day - timedelta(days=10), day + timedelta(days=31)) for day in days]


@dataclass(frozen=True)
class OneConnection:
    """Stands in for an engine: its transactions are savepoints, and all of it is rolled back."""

    conn: Connection

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction."""
        with self.conn.begin_nested():
            yield self.conn

    @contextmanager
    def connect(self) -> Iterator["Savepoints"]:
        """A connection that a task keeps for several transactions."""
        yield Savepoints(self.conn)

    def execution_options(self, **_: Any) -> "OneConnection":
        """An estimate's read-only view: within one transaction it is the same."""
        return self


@dataclass(frozen=True)
class Savepoints:
    """The connection itself, but for its transactions: they are savepoints."""

    conn: Connection

    def begin(self) -> NestedTransaction:
        """A transaction within the one that is rolled back."""
        return self.conn.begin_nested()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.conn, name)


@contextmanager
def one_connection(engine: Engine) -> Iterator[Any]:
    """An engine whose work never happened."""
    with engine.connect() as conn:
        outer = conn.begin()
        yield OneConnection(conn)
        outer.rollback()
