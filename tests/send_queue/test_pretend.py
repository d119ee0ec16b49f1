from collections import Counter
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from pushline.send_queue.client import Outcome, SendQueue
from pushline.send_queue.closing import cancel_run
from pushline.send_queue.pretend import FATES, PretendTaker, fate_of, receipts_of
from tests.factories import create_batch, create_run, users_of_bucket
from tests.send_queue.conftest import SOON


class TimedTaker(PretendTaker):
    """A taker whose queue reads a fixed moment."""

    @property
    def queue(self) -> SendQueue:
        return TimedQueue(self.engine, self.worker)


class TimedQueue(SendQueue):
    def claim(self, *args: Any, **over: Any):
        return super().claim(*args, **over, at=SOON)

    def begin(self, *args: Any):
        return super().begin(*args, at=SOON)

    def finish(self, *args: Any):
        return super().finish(*args, at=SOON)

    def release(self, *args: Any):
        return super().release(*args, at=SOON)


@pytest.fixture
def taker(one_connection: Any) -> PretendTaker:
    return TimedTaker(one_connection, "pretend", clock=lambda: SOON)


def identities(count: int) -> list[UUID]:
    return [UUID(int=(n * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128) for n in range(count)]


def test_fates_follow_the_table():
    assert sum(share for share, _, _ in FATES) == 10_000
    found = Counter(fate_of(identity) for identity in identities(20_000))
    for share, outcome, reason in FATES:
        assert found[outcome, reason] / 20_000 == pytest.approx(share / 10_000, abs=0.003)


def test_what_comes_back_is_delivered_before_opened():
    for identity in identities(500):
        assert receipts_of(identity, "marketing", 0) in (
            [],
            ["delivered"],
            ["delivered", "opened"],
        )
    opened = [
        sum(
            "opened" in receipts_of(identity, "marketing", variant) for identity in identities(5000)
        )
        for variant in (0, 1)
    ]
    assert opened[1] > opened[0]


def test_every_due_push_ends_by_its_fate(db: Connection, taker: PretendTaker):
    run = create_run(db)
    for bucket in (0, 1):
        create_batch(db, run, users=users_of_bucket(db, bucket, 300))
    assert taker.work_until_empty() == 600
    words = {2: "accepted", 3: "rejected", 4: "unknown", 5: "withheld"}
    pushes = db.execute(
        text("SELECT push_id, state FROM push.push WHERE run_id = :run"), {"run": run}
    ).all()
    assert len(pushes) == 600
    assert all(push.state == words[fate_of(push.push_id)[0]] for push in pushes)
    accepted = [push.push_id for push in pushes if push.state == "accepted"]
    receipts = db.execute(text("SELECT kind, count(*) FROM push.receipt GROUP BY kind")).all()
    wanted = Counter(kind for one in accepted for kind in receipts_of(one, "marketing", 0))
    assert {row.kind: row.count for row in receipts} == dict(wanted)


def test_nothing_due_nothing_done(db: Connection, taker: PretendTaker):
    assert taker.work_once() == 0


def test_an_erased_person_is_withheld(db: Connection, taker: PretendTaker):
    run = create_run(db)
    create_batch(db, run)
    db.execute(text("UPDATE push.send_batch SET users[1] = 0 WHERE run_id = :run"), {"run": run})
    assert taker.work_once() == 3
    reasons = db.execute(text("SELECT reason FROM push.outcome WHERE position = 1")).scalars()
    assert list(reasons) == ["erased"]


def test_a_run_cancelled_under_its_hands_is_given_back(
    db: Connection, one_connection: Any, taker: PretendTaker
):
    run = create_run(db)
    create_batch(db, run)

    class Meddled(TimedQueue):
        def begin(self, *args: Any):
            cancel_run(one_connection, run, "dana", SOON)
            return super().begin(*args)

    class MeddledTaker(TimedTaker):
        @property
        def queue(self) -> SendQueue:
            return Meddled(self.engine, self.worker)

    MeddledTaker(one_connection, "pretend").work_once()
    states = db.execute(text("SELECT state FROM push.push WHERE run_id = :r"), {"r": run})
    assert set(states.scalars()) <= {"cancelled", "withheld"}


def test_it_ends_after_the_batch_in_hand_when_stopped(db: Connection, one_connection: Any):
    run = create_run(db)
    for bucket in (0, 1):
        create_batch(db, run, bucket=bucket)
    stop = Event()

    class StoppedQueue(TimedQueue):
        def finish(self, *args: Any):
            stop.set()
            return super().finish(*args)

    class StoppedTaker(TimedTaker):
        @property
        def queue(self) -> SendQueue:
            return StoppedQueue(self.engine, self.worker)

    StoppedTaker(one_connection, "pretend", stop=stop).work_until_stopped()
    statuses = db.execute(
        text("SELECT status FROM push.send_batch WHERE run_id = :r ORDER BY 1"), {"r": run}
    ).scalars()
    assert list(statuses) == ["done", "waiting"]


def test_the_same_push_always_ends_the_same():
    assert fate_of(UUID(int=0)) == (Outcome.ACCEPTED, "")
    assert fate_of(UUID(int=9999 << 96)) == (Outcome.WITHHELD, "logged_out")
