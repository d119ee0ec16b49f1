"""Only a person's answer releases a held run."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from pushline.errors import StopRun
from tests.dags.conftest import RunDag, task_states
from tests.dags.worlds import due_run, status_of, written_run


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


@pytest.fixture
def written(configured_db: Engine) -> int:
    """A held run of a brief that mia and dana wrote."""
    with configured_db.begin() as conn:
        return written_run(
            conn, "mia", "dana", status="held", reach=3, reach_low=1000, reach_high=2000
        )


@pytest.mark.parametrize("by", ["dana", " Mia"])
def test_who_wrote_it_does_not_agree_to_its_reach(configured_db: Engine, written: int, by: str):
    from pushline.plan.tick import describe_held_run, keep_reach_answer
    from pushline.plan.waves import release_held_run

    now = datetime.now(UTC)
    assert not release_held_run(configured_db, written, by, now)
    with pytest.raises(StopRun, match=r"wrote what run .* clear the task ask"):
        keep_reach_answer(configured_db, written, "Approve", by, now)
    assert status_of(configured_db, written) == "held"
    assert describe_held_run(configured_db, written)["writers"] == "dana, mia"
    keep_reach_answer(configured_db, written, "Approve", "adam", now)
    assert status_of(configured_db, written) == "waiting"


def test_the_question_names_the_campaign_the_numbers_and_leads_to_it(
    dag_bag: Any, configured_db: Engine, written: int
):
    """As Airflow's list of Required Actions and the page behind it show it."""
    from common.engines import _engine_at

    class TaskInstance:
        def xcom_pull(self, task_ids: str) -> Any:
            assert task_ids == "look_at_run"
            return words

    _engine_at.cache_clear()
    with configured_db.begin() as conn:
        conn.execute(
            text("UPDATE push.run SET title = b.campaign_code || ' Vinyl' FROM push.brief AS b")
        )
        code = conn.execute(text("SELECT campaign_code FROM push.brief")).scalar_one()
    dag = dag_bag.dags["approve_reach"]
    words = dag.get_task("look_at_run").python_callable({"run_id": written})
    ask = dag.get_task("ask")
    context = {"ti": TaskInstance(), "params": {"run_id": written}}
    subject, body = (
        ask.render_template(part, context, dag.get_template_env())
        for part in (ask.subject, ask.body)
    )
    numbers = "approved for 1,000 to 2,000, would reach 3. Send?"
    assert subject == f"{code} 'Vinyl': {numbers}"
    assert f"/plugin/campaigns/pushline/?brief={code})" in body
    assert "nobody gets it" in body


def test_who_wrote_it_may_refuse_it(configured_db: Engine, written: int):
    from pushline.plan.tick import keep_reach_answer

    keep_reach_answer(configured_db, written, "Reject", "mia", datetime.now(UTC))
    assert status_of(configured_db, written) == "cancelled"


def test_the_question_stays_open_after_an_answer_that_does_not_count(
    dag_bag: Any, configured_db: Engine, written: int
):
    from airflow.sdk.exceptions import TaskAwaitingInput

    from common.approval import AskUntil
    from common.engines import _engine_at

    class Parked(AskUntil):
        def execute(self, context: Any) -> Any:
            raise TaskAwaitingInput(method_name="execute_complete")

    _engine_at.cache_clear()
    asked = dag_bag.dags["approve_reach"].get_task("ask")
    again = Parked(task_id="ask", subject="?", answer_until="", refuses=asked.refuses)
    context = {"params": {"run_id": written}}
    by_dana, by_adam = ({"id": "7", "name": name} for name in ("dana", "adam"))
    with pytest.raises(TaskAwaitingInput):
        again.execute_complete(context, event("Approve", by_dana))
    assert again.execute_complete(context, event("Approve", by_adam))["by"] == "adam"


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
