"""The database ends connections, refuses new ones, lets nobody wait: try again, lose nothing."""

from collections.abc import Callable
from contextlib import ExitStack

import psycopg
import pytest
from sqlalchemy import URL
from sqlalchemy.exc import OperationalError

from pushline.database.engine import make_engine
from pushline.errors import RetryLater
from pushline.plan.waves import refuse_passing
from tests.faults import stories, world
from tests.faults.harness import Stage
from tests.faults.worlds import Worlds

StageOf = Callable[[str], Stage]
CUT_AT = [
    "due.before_commit:1",
    "wave.before_commit:1",
    "snapshot.after_blocks:1",
    "reach.before_commit:2",
    "plan.after_lock:5",
    "plan.after_write:3",
    "plan.before_commit:9",
    "close_wave.before_commit:1",
    "transaction.before_commit:30",
]


END_PLANNERS = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = %s AND usename IN ('pushline_planner', 'pushline_audience')
"""


@pytest.mark.parametrize("order", CUT_AT)
def test_planner_whose_connection_is_ended_tries_again(
    stage_of: StageOf, worlds: Worlds, order: str
):
    stage = stage_of("due")
    planner = stories.tick(stage, f"{order}:stop")
    planner.wait_for("stopped")
    assert stage.terminate() > 0
    planner.go_on()
    planner.wait_for("try again")
    assert stage.check() == []
    assert stories.tick_again(stage, worlds.golden) == []
    assert stage.ask("SELECT count(*) FROM push.set_aside") == [(0,)]


@pytest.mark.parametrize(
    "order", ["claim.before_commit:1", "begin.before_commit:2", "finish.before_commit:1"]
)
def test_taker_whose_connection_is_ended_tries_again(stage_of: StageOf, order: str):
    stage = stage_of("planned")
    taker = stories.take(stage, f"{order}:stop")
    taker.wait_for("stopped")
    assert stage.terminate("pushline") > 0
    taker.go_on()
    taker.wait_for("try again")
    assert stage.check(provider=stage.provider) == []
    assert stories.take_again(stage, {}) == []


def test_planner_that_gets_no_connection_tries_again(stage_of: StageOf, worlds: Worlds):
    """Too many connections in the middle of a wave: no run may be set aside for that."""
    stage = stage_of("due")
    planner = stories.tick(stage, "plan.after_commit:3:stop")
    planner.wait_for("stopped")
    name = stage.url.database
    outside = psycopg.connect(stage.dsn.replace(f"/{name}", "/postgres"), autocommit=True)
    with outside, ExitStack() as crowd:
        for _ in range(2):
            crowd.enter_context(psycopg.connect(stage.dsn))
        outside.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT 2'.encode())
        outside.execute(END_PLANNERS, [name])
        planner.go_on()
        planner.wait_for("try again")
        outside.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT -1'.encode())
    assert stage.ask("SELECT count(*) FROM push.set_aside") == [(0,)]
    assert stories.tick_again(stage, worlds.golden) == []


def test_planner_that_finds_nobody_at_the_door_sets_no_run_aside():
    """The server may be back when the failure is to be written down: that made it a run's own."""
    engine = make_engine(URL.create("postgresql+psycopg", "nobody", host="127.0.0.1", port=1))
    with pytest.raises(OperationalError) as refused:
        engine.connect()
    with pytest.raises(RetryLater):
        refuse_passing(refused.value)


def test_planner_that_waits_too_long_for_a_bucket_tries_again(stage_of: StageOf, worlds: Worlds):
    stage = stage_of("due")
    stage.set_for_planner("lock_timeout = '100ms'")
    with stage.connect() as conn, conn.transaction():
        conn.execute("SELECT FROM push.bucket_lock WHERE bucket = 2 FOR UPDATE")
        stories.tick(stage).wait_for("try again")
    assert stage.check() == []
    assert stage.ask("SELECT count(*) FROM push.set_aside") == [(0,)]
    assert stories.tick_again(stage, worlds.golden) == []


def test_run_whose_statement_takes_too_long_is_set_aside_and_resumed_by_hand(stage_of: StageOf):
    """A limit of statements is somebody's decision: the run says so, and waits for a person."""
    stage = stage_of("due")
    stage.set_for_planner("statement_timeout = '300ms'")
    planner = stories.tick(stage, "wave.after_commit:2:stop")
    planner.wait_for("stopped")
    with stage.connect() as conn, conn.transaction():
        conn.execute("SELECT FROM push.bucket_lock WHERE bucket = 2 FOR UPDATE")
        planner.go_on()
        planner.wait_for("done")
    assert stage.check() == []
    notes = stage.ask("SELECT status_note FROM push.run WHERE status = 'set_aside'")
    assert len(notes) == len(world.offers_of_today())
    assert all("statement timeout" in note for (note,) in notes)
    stage.set_for_planner("statement_timeout = 0")
    for (run_id,) in stage.ask("SELECT run_id FROM push.run WHERE status = 'set_aside'"):
        stage.run("resume", run_id=run_id, now=stories.TICK)
    assert stage.check(is_resumed=True) == []


def test_takers_at_once_never_send_the_same_push(stage_of: StageOf):
    stage = stage_of("planned")
    takers = [
        stage.start("take", at=stories.SENDING.isoformat(), worker=f"taker-{n}") for n in range(6)
    ]
    for taker in takers:
        taker.wait_for("done")
    assert stage.check(provider=stage.provider) == []
    assert stories.take_again(stage, {}) == []
