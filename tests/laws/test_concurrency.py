"""Many at once, over real connections: nobody over, nobody under, nobody twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from pushline.errors import StopRun
from pushline.plan.bucket import BucketResult, plan_bucket
from pushline.plan.passes import RunPlan, prepare_run
from pushline.send_queue.client import SendQueue
from pushline.send_queue.closing import cancel_run
from pushline.send_queue.offer import offer_pushes
from tests.factories import NOON
from tests.laws.audit import Report, audit, watch
from tests.laws.town import shrink
from tests.oracle.mirror import save_policy, save_run, save_user
from tests.oracle.model import Policy, Rule, Run, User
from tests.plan.scene import make_weeks

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLANNERS, PEOPLE, MAXIMUM = 16, 40, 3
SLOTS = """
    SELECT count(*) FROM push.send_batch AS b CROSS JOIN LATERAL unnest(b.users) AS u (user_id)
    WHERE b.holds_slots GROUP BY u.user_id
"""
UNEVEN = """
    SELECT r.run_id FROM push.run_sum AS r
    WHERE r.audience_users <> r.enqueued + r.left_out + r.undone_users
        OR r.enqueued <> r.waiting + r.claimed + r.accepted + r.rejected + r.unknown + r.withheld
            + r.expired + r.cancelled
"""
# The deciding statement as somebody might write it who wants to save a round trip.
LOCK_INSIDE = """
    WITH locked AS (SELECT FROM push.bucket_lock WHERE bucket = :bucket FOR UPDATE)
    SELECT count(*) AS pushes FROM push.send_batch AS b
    WHERE (SELECT count(*) FROM locked) = 1 AND b.bucket = :bucket AND :user = ANY(b.users)
"""


class Crowd:
    """Forty people in two buckets who may get three pushes a week; commit order is watched."""

    def __init__(self, engine: Engine) -> None:
        self.engine = create_engine(engine.url, pool_size=PLANNERS + 2)
        with self.engine.begin() as conn:
            shrink(conn, [], 2)
            make_weeks(conn)
            watch(conn)
            rule = Rule(1, MAXIMUM, window=7 * DAY)
            save_policy(conn, Policy(NOON - 30 * DAY, rules=(rule,)))
            self.blocks: dict[int, tuple[int, ...]] = {}
            for user in range(1, PEOPLE + 1):
                bucket = conn.execute(text("SELECT push.bucket_of(:u)"), {"u": user}).scalar_one()
                self.blocks[bucket] = (*self.blocks.get(bucket, ()), user)
                save_user(conn, User(user))

    def add_run(self, number: int) -> int:
        occasion = NOON - timedelta(seconds=number)
        run = Run(number, "foreign:9001", occasion, NOON + DAY, self.blocks)
        with self.engine.begin() as conn:
            return save_run(conn, run)

    def plan(self, run_id: int, bucket: int) -> BucketResult:
        with self.engine.begin() as conn:
            return plan_bucket(conn, prepare_run(conn, run_id, NOON), bucket, NOON)

    def at_once(self, works: list[Callable[[], Any]]) -> list[Any]:
        """Start all at the same moment; their results, errors raised."""
        start = Barrier(len(works))

        def wait_and(work: Callable[[], Any]) -> Any:
            start.wait()
            return work()

        with ThreadPoolExecutor(len(works)) as pool:
            return [one.result() for one in [pool.submit(wait_and, work) for work in works]]

    def audit(self) -> Report:
        with self.engine.connect() as conn:
            assert conn.execute(text(UNEVEN)).all() == []
            report = audit(conn)
            conn.rollback()
        return report

    def slots(self) -> list[int]:
        with self.engine.connect() as conn:
            return list(conn.execute(text(SLOTS)).scalars())


@pytest.fixture
def crowd(committed_db: Engine) -> Any:
    crowd = Crowd(committed_db)
    yield crowd
    crowd.engine.dispose()


def test_sixteen_planners_of_sixteen_runs_fill_every_slot_and_none_more(crowd: Crowd):
    runs = [crowd.add_run(number) for number in range(PLANNERS)]

    def work(run_id: int, turn: int) -> int:
        order = list(crowd.blocks)[:: 1 if turn % 2 else -1]
        return sum(crowd.plan(run_id, bucket).enqueued for bucket in order)

    enqueued = crowd.at_once([lambda r=r, n=n: work(r, n) for n, r in enumerate(runs)])
    assert crowd.slots() == [MAXIMUM] * PEOPLE
    assert sum(enqueued) == MAXIMUM * PEOPLE
    report = crowd.audit()
    assert report.is_clean, report.details
    assert (report.pushes, report.refusals) == (120, PLANNERS * PEOPLE - 120)


def test_sixteen_planners_of_one_run_decide_each_user_once(crowd: Crowd):
    run_id = crowd.add_run(1)

    def work() -> list[BucketResult]:
        return [crowd.plan(run_id, bucket) for bucket in crowd.blocks]

    results = [one for part in crowd.at_once([work] * PLANNERS) for one in part]
    assert sum(one.enqueued for one in results) == PEOPLE
    assert sum(one.was_decided for one in results) == 2 * PLANNERS - 2
    assert crowd.slots() == [1] * PEOPLE
    assert crowd.audit().is_clean


def test_the_same_offer_at_once_is_one_run(crowd: Crowd):
    def work() -> int:
        with crowd.engine.begin() as conn:
            return offer_pushes(
                conn, team="shop", occasion_key="order-1", class_="trigger", user_ids=[1, 2, 3],
                content={"texts": {"ru": {"title": "T", "body": "B"}}},
                not_before=NOON, expires_at=NOON + DAY, at=NOON,
            )  # fmt: skip

    assert len(set(crowd.at_once([work] * 8))) == 1
    with crowd.engine.connect() as conn:
        count = "SELECT count(*), sum(audience_users) FROM push.run WHERE source_kind = 'foreign'"
        assert tuple(conn.execute(text(count)).one()) == (1, 3)


def test_cancel_racing_plan_leaves_nothing_waiting_and_nobody_undecided(crowd: Crowd):
    """Whoever comes first: no push waits any more, everybody has a reason, slots are free."""
    for number in range(1, 7):
        run_id = crowd.add_run(number)

        def work(run_id: int = run_id) -> None:
            for bucket in crowd.blocks:
                try:
                    crowd.plan(run_id, bucket)
                except StopRun:
                    return

        def stop(run_id: int = run_id) -> int:
            ended = cancel_run(crowd.engine, run_id, "ana", NOON)
            return ended.cancelled + ended.undecided

        assert crowd.at_once([work, work, stop])[2] == PEOPLE
    assert crowd.slots() == []
    with crowd.engine.connect() as conn:
        states = "SELECT DISTINCT status FROM push.send_batch"
        assert set(conn.execute(text(states)).scalars()) <= {"cancelled"}
    assert crowd.audit().is_clean


def test_claim_racing_cancel_keeps_the_slots_of_what_was_claimed_and_no_others(crowd: Crowd):
    for number in range(1, 7):
        run_id = crowd.add_run(number)
        for bucket in crowd.blocks:
            crowd.plan(run_id, bucket)
        before = sum(crowd.slots())
        queue = SendQueue(crowd.engine, f"taker-{number}")

        def take(queue: SendQueue = queue) -> list[Any]:
            return queue.claim(1, at=NOON)

        def stop(run_id: int = run_id) -> int:
            return cancel_run(crowd.engine, run_id, "ana", NOON).cancelled

        *taken, _ = crowd.at_once([take, take, stop])
        claimed = [batch for part in taken for batch in part]
        mine = sum(len(batch.users) for batch in claimed)
        with crowd.engine.connect() as conn:
            every = text("SELECT coalesce(sum(user_count), 0) FROM push.send_batch WHERE run_id=:r")
            planned = conn.execute(every, {"r": run_id}).scalar_one()
        assert sum(crowd.slots()) == before - planned + mine
        for batch in claimed:
            assert queue.begin(batch, at=NOON).refused_because in ("cancelled", "ended")
    assert crowd.audit().is_clean


class TestTraps:
    """Both ways to lock too late, tried out: the audit sees them, and the product has neither."""

    def count_with(self, conn: Connection, bucket: int, user: int) -> int:
        row = {"bucket": bucket, "user": user}
        return int(conn.execute(text(LOCK_INSIDE), row).scalar_one())

    @pytest.fixture
    def two(self, crowd: Crowd) -> tuple[Crowd, int, int]:
        return crowd, crowd.add_run(1), next(iter(crowd.blocks))

    def test_a_lock_inside_the_deciding_statement_would_not_see_what_it_waited_for(self, two: Any):
        crowd, run_id, bucket = two
        user = crowd.blocks[bucket][0]
        with ThreadPoolExecutor(1) as pool:
            with crowd.engine.begin() as first:
                plan_bucket(first, prepare_run(first, run_id, NOON), bucket, NOON)
                waiting = pool.submit(self._count_alone, crowd, bucket, user)
                wait_until_somebody_waits(crowd.engine)
            assert waiting.result() == 0
        assert self._count_alone(crowd, bucket, user) == 1

    def _count_alone(self, crowd: Crowd, bucket: int, user: int) -> int:
        with crowd.engine.begin() as conn:
            return self.count_with(conn, bucket, user)

    def plan_unlocked(self, crowd: Crowd, level: str, works: int) -> None:
        """Plan as the product would without its lock and without its refusal."""
        plans = []
        for number in range(works):
            run_id = crowd.add_run(number + 1)
            with crowd.engine.begin() as conn:
                plans.append(prepare_run(conn, run_id, NOON))
        bucket = next(iter(crowd.blocks))
        start = Barrier(works)

        def work(plan: RunPlan) -> None:
            engine = crowd.engine.execution_options(isolation_level=level)
            with engine.begin() as conn:
                conn.execute(text("SELECT count(*) FROM push.send_batch"))
                start.wait()
                write_without_lock(conn, plan, bucket)

        with ThreadPoolExecutor(works) as pool:
            for one in [pool.submit(work, plan) for plan in plans]:
                one.result()

    def test_without_a_lock_the_audit_sees_users_over_the_cap(self, crowd: Crowd):
        self.plan_unlocked(crowd, "REPEATABLE READ", MAXIMUM + 2)
        report = crowd.audit()
        assert report.over > 0, report.details

    @pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
    def test_the_product_refuses_a_level_whose_snapshot_is_older_than_the_lock(
        self, crowd: Crowd, level: str
    ):
        run_id = crowd.add_run(1)
        strict = crowd.engine.execution_options(isolation_level=level)
        with pytest.raises(StopRun, match="READ COMMITTED"), strict.begin() as conn:
            plan_bucket(conn, prepare_run(conn, run_id, NOON), next(iter(crowd.blocks)), NOON)
        assert crowd.slots() == []


def write_without_lock(conn: Connection, plan: RunPlan, bucket: int) -> None:
    """What plan_bucket does after the lock, for a run of one pass."""
    from pushline.plan import bucket as product

    opened = product.OPEN_RUN_BUCKET.one(
        conn, run_id=plan.run.run_id, bucket=bucket, at=NOON, most_few=0
    )
    (made,) = plan.passes
    written = product.WRITE_DECISIONS.run(
        conn,
        made.bind(bucket, opened.latest, is_first=True),
        planned_at=NOON,
        first_batch_no=0,
    ).one()
    product.INSERT_RUN_BUCKET.execute(
        conn,
        run_id=plan.run.run_id,
        bucket=bucket,
        planned_at=NOON,
        policy_id=plan.policy.policy_id,
        audience_users=opened.audience_users,
        enqueued_users=written.enqueued_users,
        batch_count=written.batch_count,
    )


def wait_until_somebody_waits(engine: Engine) -> None:
    """Polling the server is the condition itself."""
    waiting = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'
    """
    for _ in range(20_000):
        with engine.begin() as conn:
            if conn.execute(text(waiting)).scalar_one():
                return
    pytest.fail("nobody waits for the lock")
