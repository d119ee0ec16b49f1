"""Only a person's answer releases a held run."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.dags.conftest import RunDag, task_states
from tests.dags.worlds import due_run, status_of


@pytest.fixture
def held(configured_db: Engine) -> int:
    with configured_db.begin() as conn:
        return due_run(conn, status="held", reach=3, reach_low=1000, reach_high=2000)


def test_marking_the_question_as_success_is_no_approval(
    run_dag: RunDag, configured_db: Engine, held: int
):
    run = run_dag("approve_reach", run_id=held, mark_success="ask")
    assert run.state == "success"
    assert status_of(configured_db, held) == "held"


def test_a_run_that_is_not_held_is_not_asked_about(run_dag: RunDag, configured_db: Engine):
    with configured_db.begin() as conn:
        run_id = due_run(conn)
    run = run_dag("approve_reach", run_id=run_id)
    assert run.state == "failed"
    assert task_states(run)["look_at_run"] == "failed"


@pytest.mark.parametrize(
    ("answer", "by", "status"),
    [
        ("Approve", "adam", "waiting"),
        ("Reject", "adam", "cancelled"),
        (None, None, "held"),
        ("Approve", None, "held"),
    ],
)
def test_an_answer_is_kept_with_its_name(
    configured_db: Engine, held: int, answer: str | None, by: str | None, status: str
):
    from pushline.plan.tick import keep_reach_answer

    sentence = keep_reach_answer(configured_db, held, answer, by, datetime.now(UTC))
    assert status_of(configured_db, held) == status
    assert str(held) in sentence


def question(until: datetime) -> Any:
    from common.approval import AskUntil

    return AskUntil(task_id="ask", subject="Send?", answer_until=until.isoformat())


def event(chosen: str, who: dict[str, str] | None, *, timedout: bool = False) -> dict[str, Any]:
    return {
        "chosen_options": [chosen],
        "params_input": {},
        "responded_at": datetime.now(UTC),
        "responded_by_user": who,
        "timedout": timedout,
    }


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        (event("Approve", {"id": "7", "name": "adam"}), {"answer": "Approve", "by": "adam"}),
        (event("Reject", {"id": "7", "name": "adam"}), {"answer": "Reject", "by": "adam"}),
        (event("Reject", None, timedout=True), {"answer": None, "by": None}),
    ],
)
def test_the_question_returns_who_said_what(told: dict[str, Any], answer: dict[str, Any]):
    assert question(datetime.now(UTC)).execute_complete({}, told) == answer


def test_the_question_is_not_asked_when_the_time_is_over():
    from airflow.sdk.exceptions import AirflowSkipException

    with pytest.raises(AirflowSkipException, match="over"):
        question(datetime.now(UTC) - timedelta(seconds=1)).execute({})
