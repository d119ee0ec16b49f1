from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from pushline.send_queue.client import Answer, Outcome, SendQueue, StaleFence
from pushline.send_queue.closing import RECOVER_LEASES
from pushline.send_queue.refusal import ContractBreach
from tests.factories import NOON, create_batch, create_run
from tests.send_queue.conftest import SOON

LATER = SOON + timedelta(minutes=2)  # when the default lease ends


def recover(db: Connection, at) -> int:
    return RECOVER_LEASES.scalar(db, at=at)


def test_a_batch_in_lease_is_nobody_elses(db: Connection, queue: SendQueue, claim_one):
    create_batch(db)
    claim_one()
    assert queue.claim(at=LATER - timedelta(seconds=1)) == []


def test_a_renewed_lease_lasts(db: Connection, queue: SendQueue, claim_one):
    create_batch(db)
    batch = claim_one()
    assert queue.renew(batch, at=LATER) == LATER + timedelta(minutes=2)
    assert recover(db, LATER) == 0


def test_lost_pushes_that_had_begun_are_unknown_and_the_others_wait_again(
    db: Connection, queue: SendQueue, claim_one, read_batch
):
    batch_id = create_batch(db)
    batch = claim_one()
    queue.begin(batch, [2], at=SOON)
    assert recover(db, LATER) == 1
    row = read_batch(batch_id)
    assert (row.status, row.states, row.worker) == ("waiting", [0, 4, 0], None)
    again = claim_one(at=LATER)
    assert again.waiting == [1, 3]
    assert again.fence > batch.fence
    reasons = db.execute(text("SELECT position, outcome, reason FROM push.outcome")).all()
    assert reasons == [(2, 4, "lease_expired")]


def test_the_next_claim_takes_lost_batches_back_by_itself(
    db: Connection, queue: SendQueue, claim_one
):
    batch_id = create_batch(db)
    claim_one()
    assert claim_one(at=LATER).batch_id == batch_id


def test_a_lost_batch_whose_pushes_had_all_begun_is_done(
    db: Connection, queue: SendQueue, claim_one, read_batch
):
    batch_id = create_batch(db)
    queue.begin(claim_one(), at=SOON)
    recover(db, LATER)
    row = read_batch(batch_id)
    assert (row.status, row.states, row.done_at) == ("done", [4, 4, 4], LATER)


def test_a_run_may_ask_to_send_unknown_pushes_again(
    db: Connection, queue: SendQueue, claim_one, read_batch
):
    batch_id = create_batch(db, create_run(db, resend_unknown=True))
    queue.begin(claim_one(), [1], at=SOON)
    recover(db, LATER)
    assert read_batch(batch_id).states == [0, 0, 0]
    again = claim_one(at=LATER)
    queue.begin(again, at=LATER)
    queue.finish(again, [Answer(1, Outcome.REJECTED), Answer(2, Outcome.REJECTED)], at=LATER)
    # The first attempt may have arrived: unknown is better than rejected.
    assert read_batch(batch_id).states == [4, 3, 1]


def test_nothing_is_sent_again_that_would_be_late(
    db: Connection, queue: SendQueue, claim_one, read_batch
):
    batch_id = create_batch(db, create_run(db, resend_unknown=True))
    batch = claim_one(at=NOON + timedelta(minutes=59))
    queue.begin(batch, [1], at=NOON + timedelta(minutes=59))
    recover(db, NOON + timedelta(minutes=61))
    assert read_batch(batch_id).states == [4, 0, 0]


def test_a_stale_fence_changes_nothing_and_is_told_so(
    db: Connection, queue: SendQueue, claim_one, read_batch
):
    batch_id = create_batch(db)
    old = claim_one()
    queue.begin(old, [1], at=SOON)
    recover(db, LATER)
    before = read_batch(batch_id)
    for call in (
        lambda: queue.renew(old, at=LATER),
        lambda: queue.begin(old, [2], at=LATER),
        lambda: queue.finish(old, [Answer(1, Outcome.ACCEPTED)], at=LATER),
        lambda: queue.release(old, at=LATER),
    ):
        with pytest.raises(StaleFence, match="no longer yours"):
            call()
    assert read_batch(batch_id) == before
    assert db.execute(text("SELECT count(*) FROM push.outcome WHERE outcome = 2")).scalar() == 0


def test_the_fence_is_stale_for_the_one_before_and_good_for_the_next(
    db: Connection, queue: SendQueue, claim_one
):
    create_batch(db)
    old = claim_one()
    new = claim_one(at=LATER)
    with pytest.raises(StaleFence):
        queue.begin(old, at=LATER)
    assert queue.begin(new, at=LATER).may_leave == (1, 2, 3)


def test_a_released_batch_waits_again_at_once(db: Connection, queue: SendQueue, claim_one):
    create_batch(db)
    batch = claim_one()
    queue.begin(batch, [1], at=SOON)
    queue.finish(batch, [Answer(1, Outcome.ACCEPTED)], at=SOON)
    assert queue.release(batch, at=SOON) == 2
    assert claim_one().waiting == [2, 3]
    with pytest.raises(StaleFence):
        queue.release(batch, at=SOON)


def test_a_batch_that_ended_cannot_be_renewed_and_is_not_stale(
    db: Connection, queue: SendQueue, claim_one
):
    create_batch(db)
    batch = claim_one()
    queue.finish(batch, [Answer(p, Outcome.WITHHELD, "no_consent") for p in (1, 2, 3)], at=SOON)
    assert queue.renew(batch, at=SOON) is None
    assert queue.release(batch, at=SOON) == 0
    assert queue.begin(batch, at=SOON).refused_because == "ended"


def test_an_unknown_batch_is_told_so(db: Connection, queue: SendQueue, claim_one):
    create_batch(db)
    unknown = replace(claim_one(), batch_id=5)
    with pytest.raises(ContractBreach, match="no batch 5"):
        queue.begin(unknown, at=SOON)
