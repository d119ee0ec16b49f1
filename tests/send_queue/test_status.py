from datetime import timedelta

from sqlalchemy import Connection, text

from pushline.send_queue.client import Answer, Outcome, SendQueue
from pushline.send_queue.pause import pause
from pushline.send_queue.status import queue_status
from tests.factories import NOON, create_batch, create_run, users_of_bucket
from tests.send_queue.conftest import SOON


def test_an_empty_queue_has_two_quiet_lanes(db: Connection):
    status = queue_status(db, NOON)
    assert [lane.lane for lane in status.lanes] == ["trigger", "marketing"]
    assert all(lane.waiting == lane.due == lane.claimed == 0 for lane in status.lanes)
    assert all(lane.oldest_due is None for lane in status.lanes)


def test_each_lane_in_numbers(db: Connection, queue: SendQueue, claim_one):
    trigger = create_run(db, lane="trigger")
    create_batch(db, trigger)
    batch = claim_one()
    queue.begin(batch, [1, 2], at=SOON)
    queue.finish(batch, [Answer(1, Outcome.ACCEPTED), Answer(2, Outcome.REJECTED)], at=SOON)
    run = create_run(db)
    create_batch(db, run, bucket=1)
    create_batch(db, run, bucket=2, not_before=NOON + timedelta(hours=2))
    urgent, marketing = queue_status(db, NOON + timedelta(minutes=4)).lanes
    assert (urgent.claimed, urgent.accepted, urgent.rejected) == (1, 1, 1)
    assert (marketing.waiting, marketing.due) == (6, 3)
    assert marketing.oldest_due == timedelta(minutes=4)
    queue.finish(batch, [Answer(3, Outcome.WITHHELD)], at=SOON)
    urgent, _ = queue_status(db, NOON + timedelta(minutes=4)).lanes
    assert (urgent.claimed, urgent.withheld, urgent.pushes_per_minute) == (0, 1, 0.4)


def test_pauses_are_shown_with_who_and_what(db: Connection):
    run = create_run(db, title="Autumn sale")
    pause(db, "dana", NOON, run_id=run)
    pause(db, "ivan", SOON)
    status = queue_status(db, SOON)
    assert [(one.scope, one.title, one.paused_by) for one in status.pauses] == [
        ("run", "Autumn sale", "dana"),
        ("all", None, "ivan"),
    ]
    assert all(lane.is_paused for lane in status.lanes)
    assert status.as_dict()["pauses"][1]["paused_at"] == SOON.isoformat()


def test_the_view_of_pushes_names_each_state(db: Connection, queue: SendQueue, claim_one):
    run = create_run(db)
    users = users_of_bucket(db, 0)
    create_batch(db, run, users=users)
    rows = text("SELECT user_id, position, state FROM push.push WHERE run_id = :run ORDER BY 2")
    assert [row.state for row in db.execute(rows, {"run": run})] == ["waiting"] * 3
    batch = claim_one()
    queue.begin(batch, [1, 2], at=SOON)
    queue.finish(batch, [Answer(1, Outcome.UNKNOWN)], at=SOON)
    assert db.execute(rows, {"run": run}).all() == [
        (users[0], 1, "unknown"),
        (users[1], 2, "claimed"),
        (users[2], 3, "claimed"),
    ]


def test_erased_people_stay_counted_and_nameless(db: Connection):
    run = create_run(db)
    create_batch(db, run)
    db.execute(text("UPDATE push.send_batch SET users[1] = 0 WHERE run_id = :run"), {"run": run})
    rows = db.execute(
        text("SELECT push_id, user_id FROM push.push WHERE run_id = :run AND position = 1"),
        {"run": run},
    ).all()
    assert rows == [(None, None)]
