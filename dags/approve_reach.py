"""Asks a person whether a run may go out although its reach left the approved band.

**What it does.** `plan_marketing_pushes` holds such a run and starts this DAG once for it. `ask`
waits under *Required Actions* until somebody presses **Approve** or **Reject**, or the run's time
is over. Only who may approve can answer, and who wrote the campaign may not agree to its reach:
then the log of `ask` says so and the question stays open. `keep_answer` puts the run into the next
wave, or cancels it, with the name of who answered. Unanswered, the run expires: nobody gets it.

**When a task is red**

* `look_at_run`: the run is not held (any more); nothing is left to do, mark it as success.
* `keep_answer`: the database was away after somebody answered; clear this task (not `ask`), the
  answer is kept. Where it says that somebody wrote what the run sends, clear `ask`, too.

Marking `ask` as success by hand is no approval: the run stays held.
"""

from datetime import UTC, datetime
from typing import Any

from airflow.sdk import Param, dag, task

from common.approval import AskUntil
from common.defaults import DAG_DEFAULTS, TAG

BODY = """\
**{{ ti.xcom_pull(task_ids='look_at_run')['title'] }}**

| | users |
|---|---:|
| would reach now | **{{ ti.xcom_pull(task_ids='look_at_run')['reach'] }}** |
| expected when approved | {{ ti.xcom_pull(task_ids='look_at_run')['expected'] }} |
| approved band | {{ ti.xcom_pull(task_ids='look_at_run')['band'] }} |
| written by | {{ ti.xcom_pull(task_ids='look_at_run')['writers'] }} |

Whoever wrote it may not approve: such an answer does not count, and the question stays open.

* **Approve**: it leaves with the next wave, within five minutes, to as many as may get it then.
* **Reject**: it is cancelled, nobody gets it.
* No answer by {{ ti.xcom_pull(task_ids='look_at_run')['deadline'] }}: it expires, nobody gets it.
{% if ti.xcom_pull(task_ids='look_at_run')['link'] %}
[Open it in the sheet]({{ ti.xcom_pull(task_ids='look_at_run')['link'] }})
{% endif %}"""


def refuse_writers(context: Any, answer: str, by: str) -> str | None:
    """Say why this person may not agree, from the database as it stands now."""
    from common.engines import planner_engine
    from pushline.plan.tick import refuse_answer

    return refuse_answer(planner_engine(), int(context["params"]["run_id"]), answer, by)


@dag(
    schedule=None,
    doc_md=__doc__,
    tags=[TAG, "planning"],
    params={"run_id": Param(type="integer", minimum=1, title="Run")},
    **(DAG_DEFAULTS | {"max_active_runs": 64}),
)
def approve_reach() -> None:
    """Wire the question."""

    @task
    def look_at_run(params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Read the numbers to decide by."""
        from common.engines import planner_engine
        from common.links import link_to_brief
        from pushline.plan.tick import describe_held_run

        words = describe_held_run(planner_engine(), int((params or {})["run_id"]))
        return words | {"link": link_to_brief(str(words["code"])) if words["code"] else ""}

    ask = AskUntil(
        task_id="ask",
        subject="{{ ti.xcom_pull(task_ids='look_at_run')['question'] }}",
        body=BODY,
        answer_until="{{ ti.xcom_pull(task_ids='look_at_run')['answer_until'] }}",
        refuses=refuse_writers,
    )

    @task
    def keep_answer(
        answer: dict[str, str | None] | None, params: dict[str, Any] | None = None
    ) -> str:
        """Release or refuse the run; without an answer leave it to its deadline."""
        from common.engines import planner_engine
        from pushline.plan.tick import keep_reach_answer

        given = answer or {"answer": None, "by": None}
        run_id = int((params or {})["run_id"])
        now = datetime.now(UTC)
        return keep_reach_answer(planner_engine(), run_id, given["answer"], given["by"], now)

    look_at_run() >> ask >> keep_answer(ask.output)


approve_reach()
