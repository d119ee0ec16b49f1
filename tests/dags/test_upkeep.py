"""The DAGs that keep the rest in order."""

import pytest
from sqlalchemy import URL, Engine, text

from tests.dags.conftest import RunDag, returned, task_states
from tests.dags.worlds import due_run, small_shop


def test_people_are_taken_over_from_the_company(run_dag: RunDag, configured_db: Engine):
    with configured_db.begin() as conn:
        small_shop(conn, people=3)
    run = run_dag("sync_people", is_full=True)
    assert run.state == "success"
    assert returned(run, "sync")["rows"]["person"] == 3
    with configured_db.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM push.recipient")).scalar_one() == 3


def test_promises_are_checked_and_kept(run_dag: RunDag, configured_db: Engine):
    with configured_db.begin() as conn:
        due_run(conn)
    run_dag("plan_marketing_pushes")
    run = run_dag("check_promises")
    assert run.state == "success"
    assert returned(run, "check")["closed_sum"] == 0


def test_a_broken_promise_fails(run_dag: RunDag, configured_db: Engine):
    with configured_db.begin() as conn:
        run_id = due_run(conn)
    run_dag("plan_marketing_pushes")
    with configured_db.begin() as conn:
        lost = text("DELETE FROM push.decision_block WHERE run_id = :run_id")
        conn.execute(lost, {"run_id": run_id})
    assert run_dag("check_promises").state == "failed"


def test_without_a_demo_company_there_is_nothing_to_refresh(run_dag: RunDag):
    run = run_dag("refresh_demo_company")
    assert run.state == "success"
    assert task_states(run) == {"refresh": "skipped"}


def test_house_is_kept_and_airflow_cleaned(
    run_dag: RunDag, airflow_metadata: URL, monkeypatch: pytest.MonkeyPatch
):
    address = airflow_metadata.set(drivername="postgresql").render_as_string()
    monkeypatch.setenv("AIRFLOW_CONN_PUSHLINE_AIRFLOW_DB", address)
    run = run_dag("maintain_database")
    assert run.state == "success"
    assert "totals_kept" in returned(run, "keep_house")
    assert task_states(run)["clean_airflow"] == "success"


def test_airflow_is_not_cleaned_without_its_address(run_dag: RunDag):
    assert task_states(run_dag("maintain_database"))["clean_airflow"] == "skipped"
