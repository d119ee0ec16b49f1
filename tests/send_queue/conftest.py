from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from pushline.send_queue.client import Batch, SendQueue
from tests.factories import NOON

SOON = NOON + timedelta(minutes=1)


@dataclass(frozen=True)
class OneConnection:
    """Stands in for an engine: its transactions are savepoints of the test's connection."""

    conn: Connection

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        with self.conn.begin_nested():
            yield self.conn


@pytest.fixture
def one_connection(db: Connection) -> Any:
    return OneConnection(db)


@pytest.fixture
def queue(one_connection: Any) -> SendQueue:
    return SendQueue(one_connection, "worker-1")


@pytest.fixture
def read_batch(db: Connection) -> Callable[[int], Any]:
    def read(batch_id: int) -> Any:
        return db.execute(
            text("SELECT * FROM push.send_batch WHERE batch_id = :batch_id"),
            {"batch_id": batch_id},
        ).one()

    return read


@pytest.fixture
def claim_one(queue: SendQueue) -> Callable[..., Batch]:
    def claim(**over: Any) -> Batch:
        (batch,) = queue.claim(**({"at": SOON} | over))
        return batch

    return claim
