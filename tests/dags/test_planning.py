"""A wave as Airflow runs it: due runs to batches, held runs to a question."""

from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from sqlalchemy import Engine, text

from pushline.report.dry_runs import find_dry_run
from pushline.send_queue.client import SendQueue
from tests.dags.conftest import RunDag, returned, task_states
from tests.dags.worlds import due_run, status_of
from tests.factories import create_batch


def test_a_due_run_becomes_batches_and_its_funnel_adds_up(run_dag: RunDag, configured_db: Engine):
    with configured_db.begin() as conn:
        run_id = due_run(conn)
    run = run_dag("plan_marketing_pushes")
    assert run.state == "success"
    assert status_of(configured_db, run_id) == "planned"
    (funnel,) = returned(run, "close_wave")
    assert (funnel["run_id"], funnel["audience"], funnel["enqueued"]) == (run_id, 4, 3)
    assert funnel["reasons"] == {"unknown_user": 1}
    assert funnel["adds_up"] is True
    with configured_db.connect() as conn:
        wave = conn.execute(text("SELECT dag_id, dag_run_id, finished_at FROM push.wave")).one()
    assert wave[:2] == ("plan_marketing_pushes", run.run_id)
    assert wave.finished_at is not None


def test_nothing_due_is_skipped_and_green(run_dag: RunDag):
    run = run_dag("plan_marketing_pushes")
    assert run.state == "success"
    assert task_states(run)["open_wave"] == "skipped"
    assert task_states(run)["close_wave"] == "skipped"


def test_a_run_out_of_its_band_is_held_and_asked_about_once(run_dag: RunDag, configured_db: Engine):
    with configured_db.begin() as conn:
        run_id = due_run(conn, reach_low=1000, reach_high=2000)
    first = run_dag("plan_marketing_pushes")
    assert status_of(configured_db, run_id) == "held"
    assert task_states(first)["ask_about_reach"] == "success"
    second = run_dag("plan_marketing_pushes")
    assert second.state == "success"
    assert task_states(second)["ask_about_reach"] == "skipped"


def test_a_run_that_fails_is_pointed_out_and_the_others_go_on(
    run_dag: RunDag, configured_db: Engine
):
    with configured_db.begin() as conn:
        broken = due_run(conn, snapshot_at=None, audience_name="no_such_file", status="waiting")
        fine = due_run(conn)
    run = run_dag("plan_marketing_pushes")
    assert run.state == "failed"
    assert task_states(run)["point_out_faults"] == "failed"
    assert task_states(run)["close_wave"] == "success"
    assert status_of(configured_db, broken) == "set_aside"
    assert status_of(configured_db, fine) == "planned"


def test_a_dry_run_writes_nothing_and_the_real_one_resumes(run_dag: RunDag, configured_db: Engine):
    with configured_db.begin() as conn:
        run_id = due_run(conn)
        other = due_run(conn)
    dry = run_dag("plan_marketing_pushes", run_id=run_id)
    (counted,) = returned(dry, "open_wave")["dry_run"]
    assert (counted["audience"], counted["would_reach"]) == (4, 3)
    assert counted["left_out"] == [{"code": "unknown_user", "rule_title": "", "users": 1}]
    assert status_of(configured_db, run_id) == "waiting"
    real = run_dag("plan_marketing_pushes", run_id=run_id, dry_run=False)
    assert real.state == "success"
    assert status_of(configured_db, run_id) == "planned"
    assert status_of(configured_db, other) == "waiting"


@pytest.mark.parametrize("lane", ["marketing", "trigger"])
def test_the_form_as_it_opens_plans_nothing_and_counts_what_is_due(
    run_dag: RunDag, configured_db: Engine, lane: str
):
    """Airflow hands on the form's defaults: a person pressed Trigger and nothing else."""
    with configured_db.begin() as conn:
        run_id = due_run(conn, **{"class": lane, "lane": lane, "title": "Sale"})
        due_run(conn, snapshot_at=None, title="Unread", **{"class": lane, "lane": lane})
    form = {"run_id": None, "dry_run": True} | ({"brief": None} if lane == "marketing" else {})
    dry = run_dag(f"plan_{lane}_pushes", **form)
    assert dry.state == "success"
    counted = {one["title"]: one for one in returned(dry, "open_wave")["dry_run"]}
    assert (counted["Sale"]["would_reach"], counted["Sale"]["fault"]) == (3, "")
    assert "when it is planned" in counted["Unread"]["fault"]
    assert status_of(configured_db, run_id) == "waiting"
    with configured_db.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM push.send_batch")).scalar_one() == 0
        kept = find_dry_run(conn, f"plan_{lane}_pushes", dry.run_id)
        assert kept is not None
        assert find_dry_run(conn, f"plan_{lane}_pushes", "another") is None
    assert {one.title: one.would_reach for one in kept.counted} == {"Sale": 3, "Unread": 0}


def test_the_switch_off_without_a_run_plans_all_that_is_due(run_dag: RunDag, configured_db: Engine):
    with configured_db.begin() as conn:
        run_id = due_run(conn)
    run_dag("plan_marketing_pushes", run_id=None, brief=None, dry_run=False)
    assert status_of(configured_db, run_id) == "planned"


def test_a_typo_in_the_form_plans_nothing(run_dag: RunDag, configured_db: Engine):
    with configured_db.begin() as conn:
        run_id = due_run(conn)
    run = run_dag("plan_marketing_pushes", run=run_id)
    assert run.state == "failed"
    assert status_of(configured_db, run_id) == "waiting"


def test_triggers_are_planned_in_their_own_lane(run_dag: RunDag, configured_db: Engine):
    with configured_db.begin() as conn:
        mine = due_run(conn, **{"class": "trigger", "lane": "trigger"})
        other = due_run(conn)
    run = run_dag("plan_trigger_pushes")
    assert run.state == "success"
    assert status_of(configured_db, mine) == "planned"
    assert status_of(configured_db, other) == "waiting"


@pytest.mark.parametrize("hours", [1, -1])
def test_a_workers_clock_ends_no_lease_and_makes_nothing_late(
    run_dag: RunDag, configured_db: Engine, monkeypatch: pytest.MonkeyPatch, hours: int
):
    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + timedelta(hours=hours)

    monkeypatch.setattr("common.planning.datetime", Wrong, raising=False)
    now = datetime.now(UTC)
    with configured_db.begin() as conn:
        run_id = due_run(conn, status="planned")
        claimed = create_batch(conn, run_id, not_before=now - timedelta(minutes=11))
        waits = create_batch(conn, run_id, leave_by=now + timedelta(minutes=30))
        late = create_batch(conn, run_id, leave_by=now - timedelta(minutes=1))
    SendQueue(configured_db, "sender-1").claim(max_batches=1, lease=timedelta(minutes=50))
    run_dag("plan_marketing_pushes")
    with configured_db.connect() as conn:
        rows = conn.execute(text("SELECT batch_id, status::text FROM push.send_batch"))
        states = {row.batch_id: row.status for row in rows}
    assert states[claimed] == "claimed"
    assert states[waits] == "waiting"
    assert states[late] == "expired"
