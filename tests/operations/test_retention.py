"""Old weeks go while others plan and send: nobody dies or waits longer than a lock may last."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from pushline.maintain import drop_partitions, maintain
from pushline.plan.bucket import plan_bucket
from pushline.plan.passes import prepare_run
from pushline.plan.waves import close_wave, freeze_audiences, plan_wave_buckets, start_wave
from pushline.report.checks import run_checks
from pushline.send_queue.client import SendQueue
from tests.factories import NOON
from tests.operations.story import Company, no_snapshot

# By then the first weeks that the story's partitions cover are older than 62 days.
MUCH_LATER = NOON + timedelta(days=20)
FIRM = ["closed_sum", "once", "batch_without_mark", "caps_exceeded"]
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.fixture
def company(make_database: Callable[[], Engine]) -> Company:
    company = Company(make_database())
    company.add_run(NOON)
    company.add_run(NOON + timedelta(seconds=1))
    return company


def wait_for_waiters(engine: Engine, count: int) -> None:
    """Return when so many sessions wait for a lock; the test's timeout ends a vain wait."""
    nap = Event()
    while True:
        with engine.connect() as conn:
            if conn.execute(text(WAITING)).scalar_one() >= count:
                return
        nap.wait(0.01)


def begin_wave(company: Company) -> Any:
    return freeze_audiences(
        company.engine, start_wave(company.engine, "marketing", NOON + timedelta(hours=1)),
        no_snapshot,
    )  # fmt: skip


def plan_in(conn: Connection, run_id: int, bucket: int, wave: Any) -> Any:
    return plan_bucket(conn, prepare_run(conn, run_id, wave.planned_at), bucket, wave.planned_at)


def plan_and_commit(company: Company, run_id: int, bucket: int, wave: Any) -> Any:
    with company.engine.begin() as conn:
        return plan_in(conn, run_id, bucket, wave)


def refuse_faults(engine: Engine) -> None:
    results = run_checks(engine, NOON + timedelta(hours=1), names=FIRM)
    assert [result.name for result in results if not result.is_clean] == []


def test_weeks_go_between_two_buckets(company: Company, threads: ThreadPoolExecutor):
    wave = begin_wave(company)
    with company.engine.begin() as conn:
        first = plan_in(conn, company.run_ids[0], 0, wave)
        dropping: Future[tuple[str, ...]] = threads.submit(
            drop_partitions, company.engine, MUCH_LATER
        )
        wait_for_waiters(company.engine, 1)
        behind = threads.submit(plan_and_commit, company, company.run_ids[0], 1, wave)
        wait_for_waiters(company.engine, 2)
        # In the middle of its bucket the planner is not held up by whoever waits for it.
        again = plan_in(conn, company.run_ids[1], 0, wave)
    assert len(dropping.result()) > 8
    assert first.enqueued + first.left_out == again.enqueued + again.left_out > 0
    assert behind.result().enqueued > 0
    refuse_faults(company.engine)
    assert drop_partitions(company.engine, MUCH_LATER) == ()


def test_retention_gives_up_rather_than_hold_everybody(
    company: Company, threads: ThreadPoolExecutor
):
    change = "ALTER FUNCTION push.drop_oldest_partition SET lock_timeout = '300ms'"
    with company.engine.begin() as conn:
        conn.execute(text(change))
    wave = begin_wave(company)
    with company.engine.begin() as conn:
        plan_in(conn, company.run_ids[0], 0, wave)
        with pytest.raises(OperationalError, match="lock timeout"):
            drop_partitions(company.engine, MUCH_LATER)
    refuse_faults(company.engine)
    assert any(
        name.startswith("send_batch") for name in drop_partitions(company.engine, MUCH_LATER)
    )


def test_a_taker_with_a_batch_in_hand_is_no_deadlock(company: Company, threads: ThreadPoolExecutor):
    company.plan(NOON + timedelta(hours=1))
    at = NOON + timedelta(hours=1)
    queue = SendQueue(company.engine, "sender-1")
    (batch,) = queue.claim(at=at)
    queue.begin(batch, at=at)
    with company.engine.begin() as conn:
        # finish() step by step: it locks the batch, then writes outcomes.
        row = {"batch_id": batch.batch_id, "fence": batch.fence, "at": at}
        conn.execute(text("SELECT push.lock_batch(:batch_id, :fence)"), row)
        dropping = threads.submit(drop_partitions, company.engine, MUCH_LATER)
        wait_for_waiters(company.engine, 1)
        finish = """
            SELECT changed FROM push.finish(
                :batch_id, :fence, CAST('{1}' AS smallint[]), CAST('{2}' AS smallint[]),
                '{""}', '{phone}', at => :at)
        """
        assert conn.execute(text(finish), row).scalar_one() == 1
    assert len(dropping.result()) > 8
    refuse_faults(company.engine)


def test_planning_and_sending_go_on_while_house_is_kept(
    make_database: Callable[[], Engine], company: Company, threads: ThreadPoolExecutor
):
    alone = Company(make_database())
    for second in range(2):
        alone.add_run(NOON + timedelta(seconds=second))
    alone.plan(NOON + timedelta(hours=1))
    with company.engine.begin() as conn:
        make = (
            "SELECT push.create_partitions(CAST('2026-05-04' AS date), CAST('2026-09-01' AS date))"
        )
        conn.execute(text(make))
    wave = begin_wave(company)
    ended = Event()

    def send() -> int:
        queue, sent = SendQueue(company.engine, "sender-1"), 0
        while not ended.is_set():
            for batch in queue.claim(max_batches=4, at=NOON + timedelta(hours=1)):
                sent += len(queue.begin(batch, at=NOON + timedelta(hours=1)).may_leave)
        return sent

    halves = [
        threads.submit(plan_wave_buckets, company.engine, wave.wave_id, first, first + 3)
        for first in (0, 4)
    ]
    taker = threads.submit(send)
    try:
        done = maintain(company.engine, company.engine, NOON + timedelta(hours=1))
        results = [half.result() for half in halves]
    finally:
        ended.set()
    with suppress(TimeoutError):
        taker.result(timeout=30)
    close_wave(company.engine, wave.wave_id, NOON + timedelta(hours=1))
    assert len(done.dropped) >= 4 * 9
    assert [result.failed_runs for result in results] == [0, 0]
    assert company.tell()["decisions"] == alone.tell()["decisions"]
    refuse_faults(company.engine)
