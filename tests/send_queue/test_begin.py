from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, text

from pushline.send_queue.client import Answer, Begun, Outcome, SendQueue
from pushline.send_queue.pause import pause, resume
from tests.factories import NOON, create_batch, create_run
from tests.send_queue.conftest import SOON

BEGIN = text("SELECT may_leave FROM push.begin(:batch, :fence, '{1,2}', CAST(:at AS timestamptz))")


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


def test_two_who_begin_at_once_do_not_both_send(committed_db: Engine):
    """Trap: whoever waited for the other must see what he began, not what stood there before."""
    with committed_db.begin() as conn:
        create_batch(conn)
    queue = SendQueue(committed_db, "w")
    (batch,) = queue.claim(at=SOON)
    with ThreadPoolExecutor(1) as pool:
        with committed_db.begin() as first:
            row = first.execute(BEGIN, {"batch": batch.batch_id, "fence": batch.fence, "at": SOON})
            assert row.scalar_one() == [1, 2]
            second = pool.submit(queue.begin, batch, at=SOON)
            wait_for_lock(committed_db, second)
        begun = second.result()
    assert begun.may_leave == (3,)


def wait_for_lock(engine: Engine, future: Future[Begun]) -> None:
    """Until the other taker waits for ours; polling the server is the condition itself."""
    waiting = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%begin%'
    """
    for _ in range(20_000):
        with engine.begin() as conn:
            if conn.execute(text(waiting)).scalar_one():
                return
        if future.done():
            pytest.fail("the second taker did not wait for the first")
    pytest.fail("the second taker never came to the lock")


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
