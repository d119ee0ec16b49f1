"""Another number of buckets is another way to slice the work; nobody's pushes may change by it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from typer.testing import CliRunner

from pushline.cli import build
from pushline.errors import PushlineError
from pushline.plan.waves import close_wave, freeze_audiences, plan_wave_buckets, start_wave
from pushline.rebucket import preview_rebucket, rebucket
from pushline.report.checks import run_checks
from pushline.send_queue.client import SendQueue
from pushline.send_queue.closing import expire_batches
from tests.factories import NOON, create_batch, create_run
from tests.operations.story import MIDDLE, Company, no_snapshot, tell_story

LATER = NOON + timedelta(hours=27)
Make = Callable[[], Engine]


def scalar(engine: Engine, question: str) -> Any:
    with engine.begin() as conn:
        return conn.execute(text(question)).scalar_one()


def set_status(conn: Connection, run_id: int, status: str) -> None:
    change = text("UPDATE push.run SET status = :status WHERE run_id = :run_id")
    conn.execute(change, {"run_id": run_id, "status": status})


def test_the_story_ends_the_same_with_other_buckets(
    make_database: Make, undisturbed: dict[str, Any]
):
    engine = make_database()
    counts = (16, 2, 4)

    def change(company: Company) -> None:
        for number in counts:
            company.engine.dispose()
            rebucket(company.engine, number, MIDDLE)

    assert tell_story(engine, change) == undisturbed
    results = run_checks(engine, LATER)
    names = {result.name for result in results if not result.is_clean}
    assert names <= {"recipient_drift", "due_but_not_planned", "stale_lease", "field_outlives"}
    assert scalar(engine, "SELECT count(*) FROM push.bucket_lock") == counts[-1]
    sides = "SELECT bool_and(bucket = push.bucket_of(user_id)) FROM push.recipient"
    assert scalar(engine, sides) is True


def test_story_is_worth_telling(undisturbed: dict[str, Any]):
    reasons = {type(made).__name__ + str(getattr(made, "reason", "")) for run in
               undisturbed["decisions"].values() for made in run.values()}  # fmt: skip
    assert len(reasons) >= 9
    assert len(undisturbed["answers"]) > 20
    assert len(undisturbed["opens"]) > 5
    assert len(undisturbed["fields"]) > 40
    assert {row[5] for row in undisturbed["pushes"]} >= {"accepted", "waiting", "cancelled"}


def test_preview_says_what_then_happens_and_changes_nothing(make_database: Make):
    engine = make_database()
    company = Company(engine)
    company.add_run(NOON)
    company.plan(NOON)
    engine.dispose()
    before = preview_rebucket(engine, 16)
    assert before.split_batches > 5
    assert scalar(engine, "SELECT count(*) FROM push.bucket_lock") == 8
    done = rebucket(engine, 16, MIDDLE)
    assert done == before
    assert scalar(engine, "SELECT count(*) FROM push.send_batch") == before.batches_after
    assert scalar(engine, "SELECT sum(user_count) FROM push.send_batch") == before.pushes


def test_an_old_address_never_meets_another_push(make_database: Make):
    engine = make_database()
    company = Company(engine)
    company.add_run(NOON)
    company.plan(NOON)
    question = "SELECT array_agg(batch_id ORDER BY batch_id) FROM push.send_batch"
    old = set(scalar(engine, question))
    whole = "SELECT array_agg(batch_id) FROM push.send_batch WHERE user_count = 1"
    single = set(scalar(engine, whole))
    engine.dispose()
    done = rebucket(engine, 16, MIDDLE)
    new = set(scalar(engine, question))
    assert single <= new
    assert len(old & new) == done.batches - done.split_batches


@pytest.mark.parametrize(
    ("buckets", "sentence"),
    [(63, "power of two"), (2048, "power of two"), (64, "64 buckets already")],
)
def test_odd_numbers_are_refused(committed_db: Engine, buckets: int, sentence: str):
    with pytest.raises(PushlineError, match=sentence):
        rebucket(committed_db, buckets, MIDDLE)


def test_it_waits_for_nobody_and_says_who_is_in_the_way(committed_db: Engine, as_role):
    with committed_db.begin() as conn:
        create_batch(conn, create_run(conn))
    queue = SendQueue(committed_db, "sender-7")
    (batch,) = queue.claim(at=NOON)
    with pytest.raises(PushlineError, match=r"1 batches of run \d+, by sender-7 until .* Stop the"):
        rebucket(committed_db, 32, NOON)
    queue.release(batch, at=NOON)
    planner = as_role("planner")
    with planner.connect():
        with pytest.raises(PushlineError, match=r"pushline_planner, process \d+.*Stop Airflow"):
            rebucket(committed_db, 32, NOON)
        assert "pushline_planner" in preview_rebucket(committed_db, 32).obstacles[0]
    planner.dispose()
    assert rebucket(committed_db, 32, NOON).new_count == 32


def test_a_lease_that_ran_out_is_no_obstacle(committed_db: Engine):
    with committed_db.begin() as conn:
        create_batch(conn, create_run(conn))
    (batch,) = SendQueue(committed_db, "sender-7").claim(at=NOON)
    assert rebucket(committed_db, 32, batch.lease_until + timedelta(seconds=1)).pushes == 3


def test_a_wave_or_a_run_decided_by_half_is_in_the_way(make_database: Make):
    engine = make_database()
    company = Company(engine)
    run_id = company.add_run(NOON)
    wave = freeze_audiences(engine, start_wave(engine, "marketing", NOON), no_snapshot)
    plan_wave_buckets(engine, wave.wave_id, 0, 3)
    engine.dispose()
    with pytest.raises(PushlineError, match=rf"run {run_id} .* decided in .* being planned"):
        rebucket(engine, 32, NOON)
    with engine.begin() as conn:
        set_status(conn, run_id, "set_aside")
    engine.dispose()
    with pytest.raises(PushlineError, match="decided by half"):
        rebucket(engine, 32, NOON)
    with engine.begin() as conn:
        set_status(conn, run_id, "planning")
    plan_wave_buckets(engine, wave.wave_id, 4, 7)
    close_wave(engine, wave.wave_id, NOON)
    engine.dispose()
    assert rebucket(engine, 32, NOON).old_count == 8


def test_what_differs_afterwards_is_taken_back(make_database: Make):
    engine = make_database()
    company = Company(engine)
    company.add_run(NOON)
    company.plan(NOON)
    expire_batches(engine, NOON)
    told = company.tell()
    with engine.begin() as conn:
        conn.execute(
            text("""
            CREATE FUNCTION push.lose_slot() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN new.holds_slots := false; RETURN new; END $$
        """)
        )
        conn.execute(
            text("""
            CREATE TRIGGER lose_slot BEFORE INSERT ON push.send_batch
            FOR EACH ROW EXECUTE FUNCTION push.lose_slot()
        """)
        )
    engine.dispose()
    with pytest.raises(PushlineError, match=r"push_digest.* would differ"):
        rebucket(engine, 16, NOON)
    assert company.tell() == told
    assert scalar(engine, "SELECT push.bucket_of(17) < 8 AND count(*) = 8 FROM push.bucket_lock")


def test_what_is_broken_before_is_not_moved(committed_db: Engine):
    with committed_db.begin() as conn:
        create_batch(conn, create_run(conn))
        conn.execute(text("UPDATE push.run_bucket SET enqueued_users = 2"))
    committed_db.dispose()
    with pytest.raises(PushlineError, match="closed_sum found broken promises"):
        rebucket(committed_db, 32, NOON)


def test_command_says_the_numbers_first(configured_db: Engine):
    with configured_db.begin() as conn:
        create_batch(conn, create_run(conn, occasion=NOON))
    configured_db.dispose()
    shown = CliRunner().invoke(build(), ["rebucket", "128", "--dry-run"], catch_exceptions=False)
    assert "Nothing was changed." in shown.output
    assert scalar(configured_db, "SELECT count(*) FROM push.bucket_lock") == 64
    configured_db.dispose()
    done = CliRunner().invoke(build(), ["rebucket", "128"], input="y\n", catch_exceptions=False)
    assert "Done: 128 buckets." in done.output
    assert scalar(configured_db, "SELECT count(*) FROM push.bucket_lock") == 128
