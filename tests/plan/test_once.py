"""Once and never over the cap, whoever crashes and whoever comes at the same time."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from pushline.database.engine import make_engine
from pushline.errors import StopRun
from pushline.plan.bucket import BucketResult, plan_bucket
from pushline.plan.passes import prepare_run
from tests.factories import NOON, users_of_bucket
from tests.oracle.mirror import cancel_waiting, read_decisions, save_policy, save_run, save_user
from tests.oracle.model import CAPPED, Enqueued, LeftOut, Policy, Rule, Run, User
from tests.plan.scene import BUCKET, Scene, make_weeks

BUCKETS = (3, 40)
ONE_A_DAY = Rule(1, 1, window=timedelta(days=1))
SLOTS = """
    SELECT u.user_id, count(*)
    FROM push.send_batch AS b CROSS JOIN LATERAL unnest(b.users) AS u (user_id)
    GROUP BY u.user_id
"""


def slots_taken(conn: Connection) -> dict[int, int]:
    return {row.user_id: row.count for row in conn.execute(text(SLOTS))}


def test_planning_a_bucket_again_changes_nothing(db: Connection):
    scene = Scene(db, 5)
    run_id = scene.save(scene.make_run())
    plan = prepare_run(db, run_id, NOON)
    first = plan_bucket(db, plan, BUCKET, NOON)
    before = read_decisions(db, run_id)
    again = plan_bucket(db, plan, BUCKET, NOON + timedelta(hours=1))
    assert (first.enqueued, first.was_decided) == (5, False)
    assert (again.enqueued, again.left_out, again.batches, again.was_decided) == (0, 0, 0, True)
    assert read_decisions(db, run_id) == before


def test_released_slot_is_not_offered_again_to_whoever_was_decided(db: Connection):
    scene = Scene(db)
    scene.set_policy(ONE_A_DAY)
    first = scene.save(scene.make_run())
    second = scene.save(scene.make_run())
    for run_id in (first, second):
        plan_bucket(db, prepare_run(db, run_id, NOON), BUCKET, NOON)
    assert read_decisions(db, second) == {scene.hero: LeftOut(CAPPED, 1)}
    cancel_waiting(db, first)
    assert plan_bucket(db, prepare_run(db, second, NOON), BUCKET, NOON).was_decided
    assert read_decisions(db, second) == {scene.hero: LeftOut(CAPPED, 1)}
    assert scene.decide() == Enqueued(0, "ru", NOON)


class Crowd:
    """Thirty people in two buckets with a cap of one a day, committed."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with engine.begin() as conn:
            make_weeks(conn)
            save_policy(conn, Policy(NOON - timedelta(days=30), rules=(ONE_A_DAY,)))
            self.users = {bucket: users_of_bucket(conn, bucket, 15) for bucket in BUCKETS}
            for user_id in self.everybody:
                save_user(conn, User(user_id))

    @property
    def everybody(self) -> list[int]:
        return [user_id for users in self.users.values() for user_id in users]

    def add_run(self, number: int) -> int:
        blocks = {bucket: tuple(users) for bucket, users in self.users.items()}
        occasion = NOON - timedelta(seconds=number)
        run = Run(number, "foreign:9001", occasion, NOON + timedelta(days=1), blocks)
        with self.engine.begin() as conn:
            return save_run(conn, run)

    def plan(self, run_id: int, bucket: int) -> BucketResult:
        with self.engine.begin() as conn:
            return plan_bucket(conn, prepare_run(conn, run_id, NOON), bucket, NOON)


def wait_for_lock(engine: Engine, future: Future[BucketResult]) -> None:
    """Until the other planner waits for ours; polling the server is the condition itself."""
    waiting = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'
            AND query LIKE '%bucket_lock%' AND pid <> pg_backend_pid()
    """
    for _ in range(20_000):
        with engine.begin() as conn:
            if conn.execute(text(waiting)).scalar_one():
                return
        if future.done():
            future.result()
            pytest.fail("the second planner did not wait for the first")
    pytest.fail("the second planner never came to the lock")


def test_whoever_waited_for_the_bucket_sees_what_was_planned_meanwhile(committed_db: Engine):
    """Trap: a lock inside the deciding statement decides on what was there before it waited."""
    crowd = Crowd(committed_db)
    first, second = crowd.add_run(1), crowd.add_run(2)
    with ThreadPoolExecutor(1) as pool:
        with committed_db.begin() as conn:
            plan_bucket(conn, prepare_run(conn, first, NOON), BUCKET, NOON)
            future = pool.submit(crowd.plan, second, BUCKET)
            wait_for_lock(committed_db, future)
        result = future.result()
    assert (result.enqueued, result.left_out) == (0, 15)


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_planning_refuses_a_snapshot_older_than_its_lock(committed_db: Engine, level: str):
    """Trap: in these levels the lock's own statement fixes what the decision sees."""
    crowd = Crowd(committed_db)
    run_id = crowd.add_run(1)
    strict = committed_db.execution_options(isolation_level=level)
    with pytest.raises(StopRun, match="Planning needs READ COMMITTED"), strict.begin() as conn:
        plan_bucket(conn, prepare_run(conn, run_id, NOON), BUCKET, NOON)
    with committed_db.begin() as conn:
        assert read_decisions(conn, run_id) == {}


def test_engines_plan_in_read_committed_whatever_the_database_prefers(committed_db: Engine):
    with committed_db.begin() as conn:
        name = conn.execute(text("SELECT current_database()")).scalar_one()
        change = f'ALTER DATABASE "{name}" SET default_transaction_isolation = "repeatable read"'
        conn.execute(text(change))
    engine = make_engine(committed_db.url)
    with engine.begin() as conn:
        level = conn.execute(text("SHOW transaction_isolation")).scalar_one()
    engine.dispose()
    assert level == "read committed"


def test_two_planners_at_once_never_go_over_the_cap(committed_db: Engine):
    crowd = Crowd(committed_db)
    runs = [crowd.add_run(number) for number in range(1, 5)]
    start = Barrier(2)

    def work(mine: list[int], buckets: tuple[int, ...]) -> int:
        start.wait()
        return sum(crowd.plan(run_id, bucket).enqueued for bucket in buckets for run_id in mine)

    with ThreadPoolExecutor(2) as pool:
        works = [pool.submit(work, runs[:2], BUCKETS), pool.submit(work, runs[2:], BUCKETS)]
        enqueued = sum(one.result() for one in works)
    with committed_db.begin() as conn:
        assert slots_taken(conn) == dict.fromkeys(crowd.everybody, 1)
    assert enqueued == len(crowd.everybody)


def test_two_planners_of_one_run_decide_each_bucket_once(committed_db: Engine):
    crowd = Crowd(committed_db)
    run_id = crowd.add_run(1)
    start = Barrier(2)

    def work() -> list[BucketResult]:
        start.wait()
        return [crowd.plan(run_id, bucket) for bucket in BUCKETS]

    with ThreadPoolExecutor(2) as pool:
        works = [pool.submit(work) for _ in range(2)]
        results = [result for one in works for result in one.result()]
    assert sorted(result.enqueued for result in results) == [0, 0, 15, 15]
    assert sum(result.was_decided for result in results) == 2
    with committed_db.begin() as conn:
        assert slots_taken(conn) == dict.fromkeys(crowd.everybody, 1)


def plan_and_die(crowd: Crowd, run_id: int, bucket: int) -> None:
    """Plan a bucket, and lose the connection before the commit."""
    with crowd.engine.connect() as conn:
        pid = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
        plan_bucket(conn, prepare_run(conn, run_id, NOON), bucket, NOON)
        assert len(read_decisions(conn, run_id)) > 15
        with crowd.engine.begin() as killer:
            killer.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": pid})
        with pytest.raises(DBAPIError):
            conn.commit()
        conn.invalidate()


def plan_in_order(crowd: Crowd, run_id: int) -> list[BucketResult]:
    return [crowd.plan(run_id, bucket) for bucket in BUCKETS]


def plan_backwards(crowd: Crowd, run_id: int) -> list[BucketResult]:
    return [crowd.plan(run_id, bucket) for bucket in reversed(BUCKETS)][::-1]


@pytest.mark.parametrize("resume", [plan_in_order, plan_backwards])
def test_killed_planner_leaves_a_bucket_untouched_and_is_resumed(
    committed_db: Engine, resume: Callable[[Crowd, int], list[BucketResult]]
):
    crowd = Crowd(committed_db)
    run_id = crowd.add_run(1)
    assert crowd.plan(run_id, BUCKETS[0]).enqueued == 15
    plan_and_die(crowd, run_id, BUCKETS[1])
    with committed_db.begin() as conn:
        assert set(read_decisions(conn, run_id)) == set(crowd.users[BUCKETS[0]])
    results = resume(crowd, run_id)
    assert [result.was_decided for result in results] == [True, False]
    with committed_db.begin() as conn:
        assert slots_taken(conn) == dict.fromkeys(crowd.everybody, 1)
