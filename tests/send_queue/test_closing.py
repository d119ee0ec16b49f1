from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from pushline.errors import PushlineError
from pushline.send_queue.client import Answer, Outcome, SendQueue
from pushline.send_queue.closing import (
    CANCEL_RUNS,
    RECOVER_LEASES,
    cancel_lane,
    cancel_run,
    close_bucket,
    expire_batches,
)
from tests.factories import NOON, create_batch, create_run, users_of_bucket
from tests.send_queue.conftest import SOON

HOUR = timedelta(hours=1)


def run_status(db: Connection, run_id: int):
    return db.execute(
        text("SELECT status, closed_at FROM push.run WHERE run_id = :run_id"), {"run_id": run_id}
    ).one()


def reasons(db: Connection, run_id: int) -> dict[str, int]:
    rows = db.execute(
        text(
            "SELECT r.code, sum(d.user_count) FROM push.decision_block AS d"
            " JOIN push.reason AS r USING (reason) WHERE run_id = :run_id GROUP BY r.code"
        ),
        {"run_id": run_id},
    )
    return {row.code: row.sum for row in rows}


class TestCancel:
    def test_a_batch_never_claimed_gives_its_slots_back(
        self, db: Connection, one_connection, read_batch
    ):
        run = create_run(db)
        batch_id = create_batch(db, run)
        done = cancel_run(one_connection, run, "dana", SOON)
        assert (done.left_already, done.cancelled, done.undecided) == (0, 3, 0)
        row = read_batch(batch_id)
        assert (row.status, row.holds_slots, row.done_at) == ("cancelled", False, SOON)
        assert run_status(db, run) == ("cancelled", SOON)

    def test_a_batch_in_a_takers_hand_keeps_them(
        self, db: Connection, one_connection, queue: SendQueue, claim_one, read_batch
    ):
        run = create_run(db)
        batch_id = create_batch(db, run)
        claim_one()
        cancel_run(one_connection, run, "dana", SOON)
        row = read_batch(batch_id)
        assert (row.status, row.holds_slots, row.states) == ("cancelled", True, [7, 7, 7])
        assert row.lease_until is None

    def test_a_batch_claimed_once_and_waiting_again_keeps_them(
        self, db: Connection, one_connection, queue: SendQueue, claim_one, read_batch
    ):
        run = create_run(db)
        batch_id = create_batch(db, run)
        queue.release(claim_one(), at=SOON)
        cancel_run(one_connection, run, "dana", SOON)
        row = read_batch(batch_id)
        assert (row.status, row.holds_slots, row.states) == ("cancelled", True, None)

    def test_what_has_begun_goes_on_to_its_end(
        self, db: Connection, one_connection, queue: SendQueue, claim_one, read_batch
    ):
        run = create_run(db)
        batch_id = create_batch(db, run)
        batch = claim_one()
        queue.begin(batch, [1], at=SOON)
        done = cancel_run(one_connection, run, "dana", SOON)
        assert (done.left_already, done.cancelled) == (1, 2)
        assert read_batch(batch_id).states == [1, 7, 7]
        assert queue.begin(batch, [2], at=SOON).refused_because == "cancelled"
        queue.finish(batch, [Answer(2, Outcome.WITHHELD, "no_consent")], at=SOON)
        assert queue.finish(batch, [Answer(1, Outcome.ACCEPTED)], at=SOON).is_done
        row = read_batch(batch_id)
        assert (row.status, row.states, row.holds_slots) == ("done", [2, 7, 7], True)

    def test_nothing_is_tried_again_of_a_cancelled_run(
        self, db: Connection, one_connection, queue: SendQueue, claim_one, read_batch
    ):
        run = create_run(db)
        batch_id = create_batch(db, run)
        batch = claim_one()
        queue.begin(batch, [1], at=SOON)
        cancel_run(one_connection, run, "dana", SOON)
        assert queue.finish(batch, [Answer(1, Outcome.LATER, "provider_busy")], at=SOON).is_done
        assert read_batch(batch_id).states == [7, 7, 7]

    def test_a_begun_push_that_waits_to_be_sent_again_is_not_called_cancelled(
        self, db: Connection, one_connection, queue: SendQueue, claim_one, read_batch
    ):
        run = create_run(db, resend_unknown=True)
        batch_id = create_batch(db, run)
        batch = claim_one()
        queue.begin(batch, [1], at=SOON)
        queue.release(batch, at=SOON)
        cancel_run(one_connection, run, "dana", SOON)
        assert read_batch(batch_id).states == [4, 7, 7]

    @pytest.mark.parametrize("end", ["lease", "release"])
    def test_a_begun_push_is_not_sent_again_once_the_run_is_cancelled(
        self,
        db: Connection,
        one_connection,
        queue: SendQueue,
        claim_one,
        read_batch,
        end: str,
    ):
        run = create_run(db, resend_unknown=True)
        batch_id = create_batch(db, run)
        batch = claim_one()
        queue.begin(batch, [1], at=SOON)
        cancel_run(one_connection, run, "dana", SOON)
        if end == "lease":
            RECOVER_LEASES.scalar(db, at=SOON + timedelta(minutes=2))
        else:
            assert queue.release(batch, at=SOON) == 0
        row = read_batch(batch_id)
        assert (row.status, row.states) == ("done", [4, 7, 7])

    def test_users_of_undone_buckets_get_the_reason_and_the_bucket_its_mark(
        self, db: Connection, one_connection
    ):
        done, undone = users_of_bucket(db, 0), users_of_bucket(db, 1, 4)
        run = create_run(db, audience=done + undone)
        create_batch(db, run, users=done)
        ended = cancel_run(one_connection, run, "dana", SOON)
        assert (ended.cancelled, ended.undecided) == (3, 4)
        assert reasons(db, run) == {"run_cancelled": 4}
        marks = db.execute(
            text(
                "SELECT bucket, audience_users, enqueued_users FROM push.run_bucket"
                " WHERE run_id = :run_id ORDER BY bucket"
            ),
            {"run_id": run},
        ).all()
        assert marks == [(0, 3, 3), (1, 4, 0)]

    def test_it_is_noted_who_did_it_and_once(self, db: Connection, one_connection):
        run = create_run(db)
        create_batch(db, run)
        first = cancel_run(one_connection, run, "dana", SOON)
        assert cancel_run(one_connection, run, "dana", SOON) == first
        rows = db.execute(text("SELECT who, what, run_id FROM push.audit_log")).all()
        assert rows == [("dana", "cancel", run)]

    def test_a_run_that_is_not_there(self, one_connection):
        with pytest.raises(PushlineError, match="no run 77"):
            cancel_run(one_connection, 77, "dana", SOON)

    def test_an_expired_run_has_nothing_left_to_cancel(self, db: Connection, one_connection):
        run = create_run(db, status="waiting")
        expire_batches(one_connection, NOON + 6 * HOUR)
        with pytest.raises(PushlineError, match="has expired before"):
            cancel_run(one_connection, run, "dana", NOON + 6 * HOUR)

    def test_what_a_crash_cut_short_is_finished_by_housekeeping(
        self, db: Connection, one_connection, read_batch
    ):
        run = create_run(db)
        batches = [create_batch(db, run, bucket=bucket) for bucket in range(3)]
        CANCEL_RUNS.all(db, run_ids=[run], lane=None, who="dana", now=SOON)
        close_bucket(one_connection, run, 0, SOON)
        assert run_status(db, run) == ("cancelled", None)
        assert [read_batch(b).status for b in batches] == ["cancelled", "waiting", "waiting"]
        expire_batches(one_connection, SOON)
        assert [read_batch(b).status for b in batches] == ["cancelled"] * 3
        assert run_status(db, run) == ("cancelled", SOON)

    def test_a_lane_is_cancelled_as_far_as_it_is_under_way(
        self, db: Connection, one_connection, read_batch
    ):
        under_way = create_run(db)
        create_batch(db, under_way)
        half_planned = create_run(db, audience=users_of_bucket(db, 2))
        future = create_run(db, status="waiting", due_at=NOON + 48 * HOUR)
        trigger = create_run(db, lane="trigger")
        urgent = create_batch(db, trigger)
        ended = cancel_lane(one_connection, "marketing", "dana", SOON)
        assert {one.run_id for one in ended} == {under_way, half_planned}
        assert run_status(db, future).status == "waiting"
        assert read_batch(urgent).status == "waiting"
        assert [one.run_id for one in cancel_lane(one_connection, None, "dana", SOON)] == [trigger]

    def test_what_waits_for_a_person_is_cancelled_with_its_lane_and_what_is_over_stays(
        self, db: Connection, one_connection, read_batch
    ):
        stopped = {create_run(db, status=status) for status in ("held", "set_aside")}
        over = create_run(db)
        users = users_of_bucket(db, 0)
        create_batch(db, over, users=users, status="done", states=[2] * 3, done_at=NOON)
        ended = cancel_lane(one_connection, "marketing", "dana", SOON)
        assert {one.run_id for one in ended} == stopped
        assert run_status(db, over).status == "planned"

    def test_it_waits_for_whoever_plans_in_the_bucket(self, committed_db: Engine):
        with committed_db.begin() as conn:
            run = create_run(conn)
            batch_id = create_batch(conn, run, bucket=3)
        with committed_db.connect() as planner:
            planner.execute(text("SELECT FROM push.bucket_lock WHERE bucket = 3 FOR UPDATE"))
            impatient = create_engine(
                committed_db.url, connect_args={"options": "-c lock_timeout=100ms"}
            )
            with pytest.raises(OperationalError, match="lock timeout"):
                cancel_run(impatient, run, "dana", SOON)
            impatient.dispose()
            # The run itself was stopped before the first bucket.
            assert SendQueue(committed_db, "w").claim(at=SOON) == []
            planner.rollback()
        assert cancel_run(committed_db, run, "dana", SOON).cancelled == 3
        with committed_db.begin() as conn:
            status = conn.execute(
                text("SELECT status FROM push.send_batch WHERE batch_id = :id"), {"id": batch_id}
            ).scalar_one()
        assert status == "cancelled"


class TestExpire:
    def test_a_batch_never_claimed_gives_its_slots_back(
        self, db: Connection, one_connection, read_batch
    ):
        batch_id = create_batch(db)
        assert expire_batches(one_connection, NOON + HOUR - timedelta(seconds=1)).batches == 0
        assert expire_batches(one_connection, NOON + HOUR).batches == 1
        row = read_batch(batch_id)
        assert (row.status, row.holds_slots, row.states) == ("expired", False, None)

    def test_a_batch_claimed_once_keeps_them_and_its_ends(
        self, db: Connection, one_connection, queue: SendQueue, claim_one, read_batch
    ):
        batch_id = create_batch(db)
        batch = claim_one()
        queue.begin(batch, [1], at=SOON)
        queue.finish(batch, [Answer(1, Outcome.ACCEPTED)], at=SOON)
        queue.release(batch, at=SOON)
        expire_batches(one_connection, NOON + HOUR)
        row = read_batch(batch_id)
        assert (row.status, row.holds_slots, row.states) == ("expired", True, [2, 6, 6])

    def test_a_lost_batch_is_taken_back_and_then_expires(
        self, db: Connection, one_connection, queue: SendQueue, claim_one, read_batch
    ):
        batch_id = create_batch(db)
        queue.begin(claim_one(), [2], at=SOON)
        ended = expire_batches(one_connection, NOON + HOUR)
        assert (ended.leases, ended.batches) == (1, 1)
        assert read_batch(batch_id).states == [6, 4, 6]

    def test_a_batch_in_lease_is_left_to_its_taker(
        self, db: Connection, one_connection, claim_one, read_batch
    ):
        batch_id = create_batch(db)
        claim_one(at=NOON + timedelta(minutes=59))
        assert expire_batches(one_connection, NOON + HOUR).batches == 0
        assert read_batch(batch_id).status == "claimed"

    def test_a_run_past_its_end_gives_undecided_users_the_reason(
        self, db: Connection, one_connection
    ):
        done, undone = users_of_bucket(db, 0), users_of_bucket(db, 1, 4)
        run = create_run(db, audience=done + undone, status="set_aside")
        create_batch(db, run, users=done)
        assert expire_batches(one_connection, NOON + 6 * HOUR).runs == 1
        assert reasons(db, run) == {"run_expired": 4}
        assert run_status(db, run) == ("expired", NOON + 6 * HOUR)
        assert expire_batches(one_connection, NOON + 6 * HOUR).runs == 0

    @pytest.mark.parametrize("status", ["waiting", "held"])
    def test_a_run_never_planned_ends_too(self, db: Connection, one_connection, status: str):
        run = create_run(db, status=status)
        assert expire_batches(one_connection, NOON + 5 * HOUR).runs == 0
        assert expire_batches(one_connection, NOON + 6 * HOUR).runs == 1
        assert run_status(db, run).status == "expired"

    def test_a_run_planned_to_the_end_stays_planned(self, db: Connection, one_connection):
        users = users_of_bucket(db, 0)
        run = create_run(db, audience=users)
        create_batch(db, run, users=users)
        assert expire_batches(one_connection, NOON + 6 * HOUR).runs == 0
        assert run_status(db, run).status == "planning"


def test_cancel_and_claim_at_once_leave_no_push_in_between(committed_db: Engine):
    with committed_db.begin() as conn:
        run = create_run(conn)
        for bucket in range(30):
            create_batch(conn, run, bucket=bucket)

    def take(_: int) -> int:
        queue, begun = SendQueue(committed_db, "w"), 0
        while batches := queue.claim(at=SOON):
            begun += len(queue.begin(batches[0], at=SOON).may_leave)
        return begun

    with ThreadPoolExecutor(3) as pool:
        takers = [pool.submit(take, n) for n in range(2)]
        ended = pool.submit(cancel_run, committed_db, run, "dana", SOON).result()
        begun = sum(taker.result() for taker in takers)
    assert ended.left_already == begun
    assert ended.cancelled + begun == 90
