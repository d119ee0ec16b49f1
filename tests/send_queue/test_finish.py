import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from pushline.send_queue.client import Answer, Outcome, SendQueue
from pushline.send_queue.refusal import ContractBreach
from tests.factories import create_batch
from tests.send_queue.conftest import SOON

# The law, best first.
BEST_FIRST = [
    Outcome.ACCEPTED,
    Outcome.UNKNOWN,
    Outcome.UNDER_WAY,
    Outcome.LATER,
    Outcome.REJECTED,
    Outcome.WITHHELD,
]


def begin_all(queue: SendQueue, claim_one):
    batch = claim_one()
    queue.begin(batch, at=SOON)
    return batch


def test_a_batch_is_done_when_every_position_has_an_end(
    db: Connection, queue: SendQueue, claim_one, read_batch
):
    batch_id = create_batch(db)
    batch = begin_all(queue, claim_one)
    first = queue.finish(batch, [Answer(1, Outcome.ACCEPTED)], at=SOON)
    assert (first.changed, first.is_done) == (1, False)
    assert read_batch(batch_id).status == "claimed"
    last = queue.finish(
        batch, [Answer(2, Outcome.REJECTED, "unregistered"), Answer(3, Outcome.UNKNOWN)], at=SOON
    )
    assert (last.changed, last.is_done) == (2, True)
    row = read_batch(batch_id)
    assert (row.status, row.states, row.done_at) == ("done", [2, 3, 4], SOON)
    assert row.lease_until is None
    assert row.state_counts == [0, 0, 1, 1, 1, 0, 0, 0]


def test_every_answer_is_kept_by_installation(db: Connection, queue: SendQueue, claim_one):
    create_batch(db)
    batch = begin_all(queue, claim_one)
    answers = [
        Answer(1, Outcome.REJECTED, "unregistered", "old-phone"),
        Answer(1, Outcome.ACCEPTED, "", "new-phone"),
    ]
    queue.finish(batch, answers, at=SOON)
    queue.finish(batch, answers, at=SOON)
    rows = db.execute(
        text(
            "SELECT installation_id, outcome, reason, attempt FROM push.outcome"
            " ORDER BY installation_id"
        )
    ).all()
    assert rows == [("new-phone", 2, "", 1), ("old-phone", 3, "unregistered", 1)]


def test_a_late_better_answer_still_counts_after_the_batch_is_done(
    db: Connection, queue: SendQueue, claim_one, read_batch
):
    batch_id = create_batch(db)
    batch = begin_all(queue, claim_one)
    queue.finish(batch, [Answer(p, Outcome.REJECTED, "", "a") for p in (1, 2, 3)], at=SOON)
    queue.finish(batch, [Answer(1, Outcome.ACCEPTED, "", "b")], at=SOON)
    queue.finish(batch, [Answer(1, Outcome.REJECTED, "", "c")], at=SOON)
    row = read_batch(batch_id)
    assert (row.status, row.states) == ("done", [2, 3, 3])


def test_an_installation_under_way_keeps_the_push_open(
    db: Connection, queue: SendQueue, claim_one, read_batch
):
    batch_id = create_batch(db)
    batch = begin_all(queue, claim_one)
    queue.finish(
        batch,
        [Answer(1, Outcome.REJECTED, "", "a"), Answer(1, Outcome.UNDER_WAY, "", "b")],
        at=SOON,
    )
    assert read_batch(batch_id).states == [1, 1, 1]
    queue.finish(batch, [Answer(1, Outcome.REJECTED, "", "b")], at=SOON)
    assert read_batch(batch_id).states == [3, 1, 1]


def test_what_never_left_may_begin_again(db: Connection, queue: SendQueue, claim_one, read_batch):
    batch_id = create_batch(db)
    batch = begin_all(queue, claim_one)
    queue.finish(batch, [Answer(2, Outcome.LATER, "provider_busy")], at=SOON)
    assert read_batch(batch_id).states == [1, 0, 1]
    assert queue.begin(batch, at=SOON).may_leave == (2,)
    queue.finish(batch, [Answer(2, Outcome.ACCEPTED)], at=SOON)
    assert read_batch(batch_id).states == [1, 2, 1]


@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.UNKNOWN])
def test_an_answer_without_begin_is_refused(
    db: Connection, queue: SendQueue, claim_one, read_batch, outcome: Outcome
):
    batch_id = create_batch(db)
    batch = claim_one()
    with pytest.raises(ContractBreach, match=r"position 2: it was not begun"):
        queue.finish(batch, [Answer(2, outcome)], at=SOON)
    assert read_batch(batch_id).states is None


def test_withheld_needs_no_begin(db: Connection, queue: SendQueue, claim_one, read_batch):
    batch_id = create_batch(db)
    batch = claim_one()
    queue.finish(batch, [Answer(2, Outcome.WITHHELD, "no_consent")], at=SOON)
    assert read_batch(batch_id).states == [0, 5, 0]
    assert queue.begin(batch, at=SOON).may_leave == (1, 3)


def test_a_position_that_is_not_there_is_refused(db: Connection, queue: SendQueue, claim_one):
    create_batch(db)
    with pytest.raises(ContractBreach, match="positions go from 1 to 3"):
        queue.finish(claim_one(), [Answer(4, Outcome.WITHHELD)], at=SOON)


answer_lists = st.lists(
    st.tuples(st.sampled_from(list(Outcome)), st.sampled_from(["a", "b", "c"])),
    min_size=1,
    max_size=5,
    unique_by=lambda answer: answer[1],
)


@given(answers=answer_lists)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_push_takes_the_best_of_its_answers(
    db: Connection, queue: SendQueue, answers: list[tuple[Outcome, str]]
):
    with db.begin_nested() as world:
        batch_id = create_batch(db)
        (batch,) = queue.claim(at=SOON)
        queue.begin(batch, at=SOON)
        queue.finish(batch, [Answer(1, outcome, "", name) for outcome, name in answers], at=SOON)
        states = db.execute(
            text("SELECT states FROM push.send_batch WHERE batch_id = :id"), {"id": batch_id}
        ).scalar_one()
        world.rollback()
    assert states[0] == min((outcome for outcome, _ in answers), key=BEST_FIRST.index)


ends = st.sampled_from(
    [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.UNKNOWN, Outcome.WITHHELD, Outcome.UNDER_WAY]
)


@given(calls=st.lists(st.lists(st.tuples(ends, st.sampled_from("abc")), min_size=1), max_size=4))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_answers_in_several_calls_never_make_a_push_worse(
    db: Connection, queue: SendQueue, calls: list[list[tuple[Outcome, str]]]
):
    order = BEST_FIRST.index
    with db.begin_nested() as world:
        batch_id = create_batch(db)
        (batch,) = queue.claim(at=SOON)
        queue.begin(batch, at=SOON)
        finals: list[Outcome] = []
        for call in calls:
            queue.finish(batch, [Answer(1, outcome, "", name) for outcome, name in call], at=SOON)
            had_end = bool(finals)
            finals += [outcome for outcome, _ in call if outcome != Outcome.UNDER_WAY]
            state = db.execute(
                text("SELECT states[1] FROM push.send_batch WHERE batch_id = :id"),
                {"id": batch_id},
            ).scalar_one()
            best = min(finals, key=order, default=Outcome.UNDER_WAY)
            if not finals:
                assert state == Outcome.UNDER_WAY
            elif order(best) <= order(Outcome.UNKNOWN) or had_end:
                assert state in {best, Outcome.UNDER_WAY}
            assert state == Outcome.UNDER_WAY or state in finals
            if state != Outcome.UNDER_WAY:
                assert state == best
        world.rollback()
