"""Cancel, pause and resume while takers work: the number said is the number that left."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event, Lock
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from typer.testing import CliRunner

from pushline.cli import build
from pushline.plan.estimate import estimate_run
from pushline.plan.waves import close_wave, freeze_audiences, plan_wave_buckets, start_wave
from pushline.send_queue import pause as pauses
from pushline.send_queue.client import Answer, Outcome, SendQueue
from pushline.send_queue.closing import cancel_lane, cancel_run
from pushline.send_queue.refusal import StaleFence
from tests.factories import NOON, create_batch, create_run, users_of_bucket
from tests.operations.story import HOUR, Company, no_snapshot
from tests.oracle.mirror import read_decisions
from tests.oracle.model import LeftOut

SOON = NOON + timedelta(minutes=1)
TAKERS = 4
PUSHES = 96


class Takers:
    """Threads that claim, begin push by push and finish, and write down what left."""

    def __init__(self, engine: Engine) -> None:
        self.engine = create_engine(engine.url, pool_size=TAKERS + 2)
        self.left: Counter[int] = Counter()
        self.pushes: Counter[tuple[int, int]] = Counter()
        self._lock, self._ended = Lock(), Event()
        self._some_left = Event()
        self._wanted = 0
        self._pool = ThreadPoolExecutor(TAKERS)
        self._works = [self._pool.submit(self._work, number) for number in range(TAKERS)]

    def _work(self, number: int) -> None:
        queue = SendQueue(self.engine, f"sender-{number}")
        while not self._ended.is_set():
            for batch in queue.claim(max_batches=2, at=SOON):
                for position in batch.waiting:
                    if not self._send(queue, batch, position):
                        break

    def _send(self, queue: SendQueue, batch: Any, position: int) -> bool:
        begun = queue.begin(batch, [position], at=SOON)
        if not begun.may_leave:
            if begun.refused_because == "paused":
                queue.release(batch, at=SOON)
            return False
        with self._lock:
            self.left[batch.run_id] += 1
            self.pushes[batch.run_id, batch.user_at(position)] += 1
            if sum(self.left.values()) >= self._wanted:
                self._some_left.set()
        try:
            queue.finish(batch, [Answer(position, Outcome.ACCEPTED)], at=SOON)
        except StaleFence:
            return False
        return True

    def wait_for(self, count: int) -> None:
        """Until so many have left in all."""
        with self._lock:
            self._wanted = count
            self._some_left.clear()
            if sum(self.left.values()) >= count:
                return
        assert self._some_left.wait(60)

    def end(self) -> None:
        """Let everybody end what they have in hand; raises what went wrong with any."""
        self._ended.set()
        for work in self._works:
            work.result()
        self._pool.shutdown()
        self.engine.dispose()


@pytest.fixture
def queue_of(committed_db: Engine) -> Callable[..., int]:
    """A run of 24 batches of four."""

    def make(**over: Any) -> int:
        with committed_db.begin() as conn:
            run_id = create_run(conn, **over)
            for bucket in range(12):
                users = users_of_bucket(conn, bucket, 8)
                create_batch(conn, run_id, users=users[:4])
                create_batch(conn, run_id, users=users[4:])
        return run_id

    return make


@pytest.fixture
def takers(committed_db: Engine) -> Iterator[Callable[[], Takers]]:
    made: list[Takers] = []

    def begin() -> Takers:
        made.append(Takers(committed_db))
        return made[-1]

    yield begin
    for group in made:
        group.end()


def test_cancelled_run_says_how_many_had_left(
    committed_db: Engine, queue_of: Callable[..., int], takers: Callable[[], Takers]
):
    run_id = queue_of()
    group = takers()
    group.wait_for(30)
    done = cancel_run(committed_db, run_id, "dana", SOON)
    group.end()
    assert done.left_already == group.left[run_id]
    assert done.left_already + done.cancelled == PUSHES
    assert 30 <= done.left_already < PUSHES
    assert max(group.pushes.values()) == 1


def test_cancelled_lane_says_it_of_each_run_and_leaves_the_other_lane(
    committed_db: Engine, queue_of: Callable[..., int], takers: Callable[[], Takers]
):
    first, second, other = queue_of(), queue_of(), queue_of(lane="trigger")
    group = takers()
    group.wait_for(PUSHES + 20)  # the trigger lane goes first
    done = {ended.run_id: ended for ended in cancel_lane(committed_db, "marketing", "dana", SOON)}
    group.wait_for(PUSHES + sum(ended.left_already for ended in done.values()))
    group.end()
    assert set(done) == {first, second}
    for run_id, ended in done.items():
        assert ended.left_already == group.left[run_id]
        assert ended.left_already + ended.cancelled == PUSHES
    assert group.left[other] == PUSHES


@pytest.mark.parametrize("scope", ["run", "lane", "all"])
def test_pause_says_how_many_had_left_and_resume_sends_each_once(
    committed_db: Engine, queue_of: Callable[..., int], takers: Callable[[], Takers], scope: str
):
    run_id = queue_of()
    over: Any = {"run": {"run_id": run_id}, "lane": {"lane": "marketing"}, "all": {}}[scope]
    group = takers()
    group.wait_for(20)
    with committed_db.begin() as conn:
        pauses.pause(conn, "dana", SOON, **over)
    found = pauses.count_left(committed_db, SOON, **over)
    group.end()
    assert found.left_already == group.left[run_id]
    assert found.left_already + found.waiting == PUSHES
    with committed_db.begin() as conn:
        pauses.resume(conn, "dana", SOON, **over)
    later = takers()
    later.wait_for(found.waiting)
    later.end()
    assert group.pushes.keys().isdisjoint(later.pushes)
    assert len(group.pushes) + len(later.pushes) == PUSHES
    assert max((group.pushes + later.pushes).values()) == 1


def someone_waits(engine: Engine) -> bool:
    with engine.connect() as conn:
        waiting = (
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database())"
        )
        return bool(conn.execute(text(waiting)).scalar_one())


def test_pause_waits_for_a_begin_that_is_on_its_way(committed_db: Engine):
    with committed_db.begin() as conn:
        create_batch(conn, create_run(conn))
    queue = SendQueue(committed_db, "sender-1")
    (batch,) = queue.claim(at=SOON)
    with ThreadPoolExecutor(1) as pool:
        with committed_db.begin() as conn:
            begin = "SELECT push.begin(:batch_id, :fence, NULL, :at)"
            row = {"batch_id": batch.batch_id, "fence": batch.fence, "at": SOON}
            conn.execute(text(begin), row)
            with committed_db.begin() as other:
                pauses.pause(other, "dana", SOON)
            counting = pool.submit(pauses.count_left, committed_db, SOON)
            while not counting.done() and not someone_waits(committed_db):
                Event().wait(0.01)
        assert counting.result().left_already == 3


def test_command_says_the_number(configured_db: Engine):
    now = datetime.now(NOON.tzinfo)
    with configured_db.begin() as conn:
        create_batch(conn, create_run(conn, occasion=now - timedelta(minutes=2)))
    queue = SendQueue(configured_db, "sender-1")
    (batch,) = queue.claim()
    queue.begin(batch, [1])
    paused = CliRunner().invoke(build(), ["queue", "pause"], catch_exceptions=False)
    assert "Everything is paused. 1 pushes had left already, 2 wait." in paused.output


SCENES: dict[str, dict[str, Any]] = {
    "plain": {},
    "several texts and a control group": {
        "variant_shares": (5000, 10_000),
        "languages": ("ru", "kk"),
        "control_share": 1500,
    },
    "deferring, tagged": {"is_deferring": True, "tags": ("sale",)},
    "on the users' clocks": {"local_time": datetime(2026, 12, 3, 19, 0)},  # noqa: DTZ001
    "throttled": {"throttle": 2, "expires_at": NOON + 385 * HOUR},
    "transactional": {"push_class": "transactional", "is_counted": False},
}


@pytest.fixture(scope="module")
def dry_company(make_database: Callable[[], Engine]) -> Company:
    company = Company(make_database())
    company.add_run(NOON)
    company.plan(NOON)
    return company


@pytest.mark.parametrize("scene", SCENES)
def test_dry_run_is_the_real_run(dry_company: Company, scene: str):
    # Days apart, in any order: no scene takes another one's slots away.
    at = NOON + list(SCENES).index(scene) * timedelta(days=4)
    run_id = dry_company.add_run(at, **SCENES[scene])
    lane: Any = "trigger" if scene == "transactional" else "marketing"
    engine = dry_company.engine
    wave = freeze_audiences(engine, start_wave(engine, lane, at), no_snapshot)
    expected = estimate_run(engine, run_id, wave.planned_at)
    plan_wave_buckets(engine, wave.wave_id, 0, 7)
    close_wave(engine, wave.wave_id, at)
    with engine.begin() as conn:
        made = read_decisions(conn, run_id)
    found = Counter(
        (one.reason, one.rule) if isinstance(one, LeftOut) else (0, 0) for one in made.values()
    )
    assert +expected.users == found
    variants = Counter(one.variant for one in made.values() if not isinstance(one, LeftOut))
    assert +expected.by_variant == variants
    assert 0 < expected.reach < expected.audience
