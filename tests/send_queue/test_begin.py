from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from pushline.send_queue.client import Answer, Outcome, SendQueue
from pushline.send_queue.pause import pause, resume
from tests.factories import NOON, create_batch, create_run
from tests.send_queue.conftest import SOON


def test_the_attempt_is_committed_before_bytes_leave(
    db: Connection, queue: SendQueue, claim_one, read_batch
):
    batch_id = create_batch(db)
    batch = claim_one()
    begun = queue.begin(batch, [3, 1], at=SOON)
    assert (begun.may_leave, begun.refused_because) == ((1, 3), None)
    row = read_batch(batch_id)
    assert (row.status, row.states, row.state_counts[:2]) == ("claimed", [1, 0, 1], [1, 2])


def test_nothing_begins_twice(db: Connection, queue: SendQueue, claim_one):
    create_batch(db)
    batch = claim_one()
    queue.begin(batch, [1], at=SOON)
    again = queue.begin(batch, [1, 2], at=SOON)
    assert (again.may_leave, again.refused_because) == ((2,), "position")
    assert queue.begin(batch, at=SOON).may_leave == (3,)


@pytest.mark.parametrize("scope", ["all", "lane", "run"])
def test_a_pause_holds_a_claimed_batch_back(
    db: Connection, queue: SendQueue, claim_one, read_batch, scope: str
):
    run = create_run(db)
    batch_id = create_batch(db, run)
    batch = claim_one()
    named = {"all": {}, "lane": {"lane": "marketing"}, "run": {"run_id": run}}[scope]
    pause(db, "dana", SOON, **named)
    refused = queue.begin(batch, at=SOON)
    assert (refused.may_leave, refused.refused_because) == ((), "paused")
    assert read_batch(batch_id).states is None
    resume(db, "dana", SOON, **named)
    assert queue.begin(batch, at=SOON).may_leave == (1, 2, 3)


def test_a_cancelled_run_does_not_begin_even_before_its_buckets_are_swept(
    db: Connection, queue: SendQueue, claim_one
):
    run = create_run(db)
    create_batch(db, run)
    batch = claim_one()
    db.execute(text("UPDATE push.run SET status = 'cancelled' WHERE run_id = :r"), {"r": run})
    assert queue.begin(batch, at=SOON).refused_because == "cancelled"


def test_late_is_dropped_even_in_a_takers_hand(db: Connection, queue: SendQueue, claim_one):
    create_batch(db)
    batch = claim_one(at=NOON + timedelta(minutes=59))
    refused = queue.begin(batch, at=NOON + timedelta(minutes=60))
    assert (refused.may_leave, refused.refused_because) == ((), "expired")


def test_an_erased_person_gets_nothing_from_a_claimed_batch(
    db: Connection, queue: SendQueue, claim_one, read_batch
):
    batch_id = create_batch(db)
    batch = claim_one()
    db.execute(
        text("UPDATE push.send_batch SET users[2] = 0 WHERE batch_id = :batch"),
        {"batch": batch_id},
    )
    begun = queue.begin(batch, at=SOON)
    assert (begun.may_leave, begun.refused_because) == ((1, 3), "position")
    queue.finish(batch, [Answer(2, Outcome.WITHHELD, "erased")], at=SOON)
    assert read_batch(batch_id).states == [1, 5, 1]


def test_a_taker_sees_who_was_erased_before_the_claim(db: Connection, claim_one):
    batch_id = create_batch(db)
    db.execute(
        text("UPDATE push.send_batch SET users[1] = 0 WHERE batch_id = :batch"),
        {"batch": batch_id},
    )
    batch = claim_one()
    assert (batch.erased, batch.waiting) == ([1], [2, 3])
