from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text

from pushline.send_queue.client import SendQueue, push_id
from pushline.send_queue.pause import pause, resume
from pushline.send_queue.refusal import ContractBreach
from tests.factories import NOON, create_batch, create_run, users_of_bucket
from tests.send_queue.conftest import SOON

MINUTE = timedelta(minutes=1)


def claimed_ids(queue: SendQueue, **over) -> list[int]:
    return [batch.batch_id for batch in queue.claim(**({"max_batches": 10, "at": SOON} | over))]


def test_trigger_lane_first_then_by_time_then_by_id(db: Connection, queue: SendQueue):
    marketing = create_run(db)
    trigger = create_run(db, lane="trigger")
    early = create_batch(db, marketing, not_before=NOON - MINUTE, bucket=1)
    late = create_batch(db, marketing, bucket=2)
    later_id = create_batch(db, marketing, bucket=3)
    urgent = create_batch(db, trigger)
    assert claimed_ids(queue) == [urgent, early, late, later_id]


def test_at_most_so_many_are_taken_the_trigger_lane_first(db: Connection, queue: SendQueue):
    marketing = create_batch(db)
    urgent = create_batch(db, create_run(db, lane="trigger"))
    assert claimed_ids(queue, max_batches=1) == [urgent]
    assert claimed_ids(queue, max_batches=1) == [marketing]
    assert claimed_ids(queue, max_batches=1) == []


def test_what_the_trigger_lane_took_is_not_offered_to_the_other_again(
    db: Connection, queue: SendQueue
):
    marketing = [create_batch(db, bucket=bucket) for bucket in range(3)]
    urgent = create_batch(db, create_run(db, lane="trigger"))
    assert claimed_ids(queue, max_batches=2) == [urgent, marketing[0]]


def test_only_the_lanes_asked_for(db: Connection, queue: SendQueue):
    marketing = create_batch(db)
    create_batch(db, create_run(db, lane="trigger"))
    assert claimed_ids(queue, lanes=["marketing"]) == [marketing]


def test_only_due_and_not_late(db: Connection, queue: SendQueue):
    batch = create_batch(db)
    assert claimed_ids(queue, at=NOON - MINUTE) == []
    assert claimed_ids(queue, at=NOON + 60 * MINUTE) == []
    assert claimed_ids(queue, at=NOON + 59 * MINUTE) == [batch]


def test_not_after_the_run_expires(db: Connection, queue: SendQueue):
    create_batch(db, create_run(db, ttl=10 * MINUTE))
    assert claimed_ids(queue, at=NOON + 10 * MINUTE) == []


def test_a_batch_carries_all_that_a_sender_needs(db: Connection, queue: SendQueue):
    texts = {"kk": {"title": "Сәлем, {{ name }}", "link": "https://shop.example/?utm_medium=push"}}
    run = create_run(db, texts=texts, field_names=["name"], languages=["kk"])
    users = users_of_bucket(db, 5, 2)
    create_batch(db, run, users=users, language="kk", fields=['["Айгүл"]', '["Dana \\"D\\""]'])
    (batch,) = queue.claim(at=SOON)
    assert (batch.run_id, batch.lane, batch.class_) == (run, "marketing", "marketing")
    assert batch.title == "Сәлем, {{ name }}"
    assert batch.link == "https://shop.example/?utm_medium=push"
    assert batch.users == tuple(users)
    assert batch.field_names == ("name",)
    assert batch.decode_fields() == [{"name": "Айгүл"}, {"name": 'Dana "D"'}]
    assert (batch.fence, batch.states, batch.waiting) == (1, (0, 0), [1, 2])
    assert batch.leave_by == NOON + timedelta(hours=1)
    assert batch.lease_until == SOON + timedelta(minutes=2)


@pytest.mark.parametrize("erased", [[], [{}]], ids=["", "and an erased person"])
def test_fields_come_by_name_and_with_their_types(db: Connection, queue: SendQueue, erased: list):
    run = create_run(db, field_names=["name", "price", "is_new"])
    known = ['["Dana", 12.5, true]', '["Айгүл", null, false]']
    create_batch(
        db, run, users=[1, 2, *(3 for _ in erased)], fields=[*known, *("[]" for _ in erased)]
    )
    (batch,) = queue.claim(at=SOON)
    assert batch.decode_fields() == [
        {"name": "Dana", "price": 12.5, "is_new": True},
        {"name": "Айгүл", "price": None, "is_new": False},
        *erased,
    ]


def test_without_fields_each_push_has_none(db: Connection, queue: SendQueue):
    create_batch(db)
    (batch,) = queue.claim(at=SOON)
    assert batch.fields_text is None
    assert batch.decode_fields() == [{} for _ in batch.users]


@pytest.mark.parametrize("scope", ["all", "lane", "run"])
def test_what_is_paused_is_not_claimed(db: Connection, queue: SendQueue, scope: str):
    run = create_run(db)
    batch = create_batch(db, run)
    named = {"all": {}, "lane": {"lane": "marketing"}, "run": {"run_id": run}}[scope]
    assert pause(db, "dana", NOON, **named)
    assert not pause(db, "dana", NOON, **named)
    assert claimed_ids(queue) == []
    assert resume(db, "dana", NOON, **named)
    assert not resume(db, "dana", NOON, **named)
    assert claimed_ids(queue) == [batch]


def test_a_paused_run_or_lane_does_not_stop_the_others(db: Connection, queue: SendQueue):
    stopped = create_run(db)
    create_batch(db, stopped)
    other = create_batch(db)
    urgent = create_batch(db, create_run(db, lane="trigger"))
    pause(db, "dana", NOON, run_id=stopped)
    assert claimed_ids(queue, lanes=["marketing"]) == [other]
    pause(db, "dana", NOON, lane="marketing")
    assert claimed_ids(queue) == [urgent]


def test_a_cancelled_run_is_not_claimed_before_its_buckets_are_swept(
    db: Connection, queue: SendQueue
):
    create_batch(db, create_run(db, status="cancelled"))
    assert claimed_ids(queue) == []


def test_a_throttled_run_keeps_to_its_pushes_a_minute(db: Connection, queue: SendQueue):
    run = create_run(db, throttle=5)
    batches = [create_batch(db, run, bucket=bucket) for bucket in range(4)]  # three users each
    free = create_batch(db)
    assert claimed_ids(queue) == [batches[0], free]
    assert claimed_ids(queue, at=SOON + timedelta(seconds=59)) == []
    assert claimed_ids(queue, at=SOON + MINUTE) == [batches[1]]


def test_a_batch_bigger_than_the_throttle_leaves_and_is_waited_out(
    db: Connection, queue: SendQueue
):
    run = create_run(db, throttle=2)
    first, second = (create_batch(db, run, bucket=bucket) for bucket in (0, 1))
    assert claimed_ids(queue) == [first]
    assert claimed_ids(queue, at=SOON + timedelta(seconds=89)) == []
    assert claimed_ids(queue, at=SOON + timedelta(seconds=90)) == [second]


def test_two_takers_get_different_batches_and_do_not_wait(committed_db: Engine):
    with committed_db.begin() as conn:
        batches = {create_batch(conn, bucket=bucket) for bucket in range(6)}
    claim = text(
        "SELECT batch_id"
        " FROM push.claim('w', NULL, 3, interval '1 minute', CAST(:at AS timestamptz))"
    )
    with committed_db.connect() as first, committed_db.connect() as second:
        one = set(first.execute(claim, {"at": SOON}).scalars())
        two = set(second.execute(claim, {"at": SOON}).scalars())
        first.commit()
        second.commit()
    assert len(one) == len(two) == 3
    assert one | two == batches


def test_many_takers_at_once_share_without_overlap(committed_db: Engine):
    with committed_db.begin() as conn:
        run = create_run(conn)
        batches = [create_batch(conn, run, bucket=bucket) for bucket in range(40)]

    def work(name: str) -> list[int]:
        queue, taken = SendQueue(committed_db, name), []
        while more := queue.claim(max_batches=2, at=SOON):
            taken += [batch.batch_id for batch in more]
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [batch for part in pool.map(work, "abcd") for batch in part]
    assert sorted(taken) == sorted(batches)


def test_two_takers_together_keep_to_the_throttle(committed_db: Engine):
    with committed_db.begin() as conn:
        run = create_run(conn, throttle=6)
        for bucket in range(10):
            create_batch(conn, run, bucket=bucket)

    def work(name: str) -> int:
        return sum(len(batch.users) for batch in SendQueue(committed_db, name).claim(5, at=SOON))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, "abcdefgh")) == 6


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"max_batches": 0}, "1 to 1000"),
        ({"lease": timedelta(hours=2)}, "1 second to 1 hour"),
    ],
)
def test_odd_claims_are_refused_in_words(queue: SendQueue, over: dict, words: str):
    with pytest.raises(ContractBreach, match=words):
        queue.claim(**over)


def test_a_nameless_worker_is_refused(one_connection):
    with pytest.raises(ContractBreach, match="name of its worker"):
        SendQueue(one_connection, "").claim()


def test_the_identity_of_a_push_is_the_same_everywhere(db: Connection, queue: SendQueue):
    create_batch(db)
    (batch,) = queue.claim(at=SOON)
    in_database = db.execute(
        text("SELECT push.push_id(:run, :user)"), {"run": batch.run_id, "user": batch.users[1]}
    ).scalar_one()
    assert batch.push_id_at(2) == in_database == push_id(batch.run_id, batch.users[1])
    assert push_id(1, 2) != push_id(2, 1)
    # Frozen: other teams compute it, too.
    assert push_id(1, 2) == UUID("8c7654ec-fd7b-0b62-3b80-3e2f4e02ad1c")
