"""The closed sum and the slots after any sequence of what takers, people and time may do."""

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from pushline.send_queue.client import Answer, Batch, Outcome, SendQueue, StaleFence
from pushline.send_queue.closing import cancel_run, expire_batches
from pushline.send_queue.pause import pause, resume
from tests.factories import NOON, create_batch, create_run, users_of_bucket

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("claim"), st.integers(1, 3)),
        st.tuples(st.just("begin"), st.integers(0, 7)),
        st.tuples(st.just("finish"), st.integers(0, 63)),
        st.tuples(st.just("release"), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 50)),
        st.tuples(st.just("expire"), st.just(0)),
        st.tuples(st.just("cancel"), st.integers(0, 1)),
        st.tuples(st.just("pause"), st.integers(0, 1)),
    ),
    max_size=25,
)
OPEN_STATES = ("waiting", "claimed")
END_STATES = ("accepted", "rejected", "unknown", "withheld", "expired", "cancelled")
ENDS = [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.UNKNOWN, Outcome.WITHHELD, Outcome.LATER]


class World:
    """Two runs with two batches each and one undone bucket; a taker that does as it is told."""

    def __init__(self, db: Connection, engine: Any) -> None:
        self.db, self.engine, self.now = db, engine, NOON
        self.queue = SendQueue(engine, "w")
        self.held: list[Batch] = []
        self.begun: set[tuple[int, int, int]] = set()
        audience = users_of_bucket(db, 0, 6) + users_of_bucket(db, 1, 2)
        self.runs = [
            create_run(db, audience=audience),
            create_run(db, audience=audience, lane="trigger", resend_unknown=True),
        ]
        for run in self.runs:
            create_batch(db, run, users=audience[:3])
            create_batch(db, run, users=audience[3:6], not_before=NOON + timedelta(minutes=30))

    def step(self, what: str, number: int) -> None:
        getattr(self, what)(number)

    def claim(self, number: int) -> None:
        self.held += self.queue.claim(number, at=self.now)

    def begin(self, number: int) -> None:
        for batch in self.held[:1]:
            asked = [position for position in (1, 2, 3) if number & (1 << (position - 1))]
            try:
                begun = self.queue.begin(batch, asked, at=self.now)
            except StaleFence:
                self.held.pop(0)
                continue
            self.begun |= {(batch.batch_id, batch.fence, position) for position in begun.may_leave}

    def finish(self, number: int) -> None:
        for batch in self.held[:1]:
            position, outcome = number % 3 + 1, ENDS[number % len(ENDS)]
            if (batch.batch_id, batch.fence, position) not in self.begun:
                outcome = Outcome.WITHHELD
            answers = [Answer(position, outcome, "", f"i{number % 2}")]
            try:
                self.queue.finish(batch, answers, at=self.now)
            except StaleFence:
                self.held.pop(0)
            else:
                if outcome == Outcome.LATER:
                    self.begun -= {(batch.batch_id, batch.fence, position)}

    def release(self, _: int) -> None:
        for batch in self.held[:1]:
            self.held.pop(0)
            try:
                self.queue.release(batch, at=self.now)
            except StaleFence:
                continue

    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.held = self.held[1:] + self.held[:1]

    def expire(self, _: int) -> None:
        expire_batches(self.engine, self.now)

    def cancel(self, number: int) -> None:
        cancel_run(self.engine, self.runs[number], "dana", self.now)

    def pause(self, number: int) -> None:
        if not pause(self.db, "dana", self.now, run_id=self.runs[number]):
            resume(self.db, "dana", self.now, run_id=self.runs[number])

    def check(self) -> None:
        for run in self.runs:
            self.check_sum(run)
        self.check_batches()

    def check_sum(self, run: int) -> None:
        """Both sides from different tables, and the counts against the pushes one by one."""
        row = self.db.execute(
            text(
                "SELECT r.audience_users,"
                " (SELECT sum(enqueued_users) FROM push.run_bucket AS m"
                "  WHERE m.run_id = r.run_id) AS enqueued,"
                " (SELECT coalesce(sum(user_count), 0) FROM push.decision_block AS d"
                "  WHERE d.run_id = r.run_id) AS reasons,"
                " (SELECT coalesce(sum(cardinality(a.users)), 0) FROM push.audience_block AS a"
                "  WHERE a.run_id = r.run_id AND NOT EXISTS (SELECT FROM push.run_bucket AS m"
                "   WHERE m.run_id = a.run_id AND m.bucket = a.bucket)) AS not_planned_yet"
                " FROM push.run AS r WHERE r.run_id = :run"
            ),
            {"run": run},
        ).one()
        counts = self.db.execute(
            text("SELECT * FROM push.batch_state_count WHERE run_id = :run"), {"run": run}
        ).one()
        names = self.db.execute(
            text("SELECT state FROM push.push WHERE run_id = :run"), {"run": run}
        ).scalars()
        assert row.audience_users == row.enqueued + row.reasons + row.not_planned_yet
        by_state = {state: getattr(counts, state) for state in OPEN_STATES + END_STATES}
        assert counts.enqueued == row.enqueued == sum(by_state.values())
        assert +Counter(by_state) == Counter(names)

    def check_batches(self) -> None:
        for batch in self.db.execute(text("SELECT * FROM push.send_batch")):
            states = batch.states or [0] * batch.user_count
            ever_claimed = batch.claimed_at is not None
            ended_whole = batch.status in {"cancelled", "expired"}
            assert batch.holds_slots == (ever_claimed or not ended_whole)
            if batch.status == "done":
                assert not {0, 1} & set(states)
            if batch.status == "waiting":
                assert 1 not in states
            if batch.states is not None and batch.status in {"cancelled", "expired"}:
                assert not {0, 1} & set(states)


@given(steps=STEPS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_sum_closes_and_slots_follow_the_law_after_anything(
    db: Connection, one_connection: Any, steps: list[tuple[str, int]]
):
    with db.begin_nested() as universe:
        world = World(db, one_connection)
        world.check()
        for what, number in steps:
            world.step(what, number)
            world.check()
        universe.rollback()


def test_in_the_end_nothing_is_open(db: Connection, one_connection: Any):
    world = World(db, one_connection)
    for what, number in [("claim", 2), ("begin", 1), ("wait", 45), ("claim", 1), ("begin", 7)]:
        world.step(what, number)
    world.wait(500)
    world.expire(0)
    world.expire(0)
    world.check()
    open_batches = db.execute(
        text("SELECT count(*) FROM push.send_batch WHERE status IN ('waiting', 'claimed')")
    ).scalar_one()
    assert open_batches == 0
    reasons = db.execute(
        text("SELECT DISTINCT decision FROM push.decision WHERE decision <> 'enqueued'")
    ).scalars()
    assert list(reasons) == ["run_expired"]
