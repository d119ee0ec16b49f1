"""What holds for every DAG file."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from pushline.settings import CHECKOUT, Settings

FILES = sorted((CHECKOUT / "dags").glob("*.py"))
TASKS = {
    "approve_reach": {"look_at_run", "ask", "keep_answer"},
    "check_promises": {"check"},
    "maintain_database": {"keep_house", "clean_airflow"},
    "plan_marketing_pushes": {
        "open_wave",
        "split_buckets",
        "plan_buckets",
        "close_wave",
        "point_out_faults",
        "list_held_runs",
        "ask_about_reach",
    },
    "plan_trigger_pushes": {
        "open_wave",
        "split_buckets",
        "plan_buckets",
        "close_wave",
        "point_out_faults",
    },
    "refresh_demo_company": {"refresh"},
    "sync_campaign_sheet": {"sync"},
    "sync_people": {"sync", "check_quarantine"},
}


def test_every_file_is_read_without_errors_and_deprecated_names(dag_bag: Any):
    assert dag_bag.import_errors == {}
    assert dag_bag.captured_warnings == {}
    assert {dag_id: set(dag.task_ids) for dag_id, dag in dag_bag.dags.items()} == TASKS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_holds_the_dag_of_its_name_and_stays_small(path: Path, dag_bag: Any):
    assert dag_bag.dags[path.stem].fileloc == str(path)
    assert len(path.read_text().splitlines()) <= 120


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_page_says_what_to_do_when_a_task_is_red(path: Path, dag_bag: Any):
    dag = dag_bag.dags[path.stem]
    assert "red" in dag.doc_md
    assert [task.task_id for task in dag.tasks if f"`{task.task_id}`" in dag.doc_md]
    assert "pushline" in dag.tags
    assert not dag.catchup
    assert {task.owner for task in dag.tasks} == {"pushline"}


def test_waves_never_overlap(dag_bag: Any):
    for dag_id in (
        "plan_marketing_pushes",
        "plan_trigger_pushes",
        "sync_people",
        "sync_campaign_sheet",
    ):
        assert dag_bag.dags[dag_id].max_active_runs == 1


def test_only_what_can_mend_itself_is_tried_again(dag_bag: Any):
    from airflow.sdk import RetryAction
    from sqlalchemy.exc import OperationalError

    from pushline.errors import DatabaseUnreachable, PendingMigrations, RetryLater

    for dag in dag_bag.dags.values():
        for task in dag.tasks:
            policy = task.retry_policy
            for mends in (
                RetryLater("busy"),
                DatabaseUnreachable("away"),
                OperationalError("SELECT", {}, Exception()),
                psycopg.OperationalError("lost"),
            ):
                assert policy.evaluate(mends, 1, 3).action == RetryAction.RETRY
            for stays in (ValueError("typo"), PendingMigrations("run init"), KeyError("x")):
                assert policy.evaluate(stays, 1, 3).action == RetryAction.FAIL


def test_the_demo_s_dag_rests_elsewhere(dag_bag: Any):
    assert dag_bag.dags["refresh_demo_company"].is_paused_upon_creation is True


def test_the_file_names_are_the_dags_the_demo_waits_for():
    assert {path.stem for path in FILES} == set(TASKS)


def test_a_knob_of_a_file_has_the_default_of_the_settings(dag_bag: Any):
    minutes = Settings().sync_minutes
    assert dag_bag.dags["sync_people"].timetable.expression == f"*/{minutes} * * * *"
