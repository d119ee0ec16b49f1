"""Plans marketing pushes: every five minutes all approved runs that are due, as one wave.

**What it does.** `open_wave` ends what is late, makes the runs of briefs that are due, freezes
their audiences and compares each reach with the approved band. `plan_buckets` decides every user
(caps, quiet hours, consent, control groups ...) and writes batches into the send queue.
`close_wave` returns each run's funnel; its button **Funnel** opens the page with the numbers.

**By hand.** *Trigger* opens a form whose switch *Dry run* is on: it only counts, for the run or
brief that is named, or for all that is due now; the tab **Funnel** shows the numbers. With the
switch off, the run is planned or resumed; without a run or brief, all that is due now.

**When a task is red**

* `open_wave`: the database is away (it tried three times: start it, then clear the task), or
  behind the code (`pushline init`), or the form named a run that cannot be planned (the log says
  why). Clearing is always safe: nobody is decided twice.
* `plan_buckets`: clear it. Buckets that are done stay done, the rest is planned. Until then the
  next wave takes the unfinished runs along.
* `point_out_faults`: some runs were set aside, the others went on. The log has a sentence for
  each: mend the audience file or the brief, then `pushline run plan RUN`.
* `ask_about_reach`: the DAG `approve_reach` is missing or broken; see its page.
"""

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import dag, task

from common import planning
from common.defaults import DAG_DEFAULTS, TAG
from common.links import FunnelLink

LANE = "marketing"


@dag(
    schedule="*/5 * * * *",
    doc_md=__doc__,
    tags=[TAG, "planning"],
    params=planning.FORM,
    dagrun_timeout=timedelta(hours=2),
    **DAG_DEFAULTS,
)
def plan_marketing_pushes() -> None:
    """Wire a wave."""

    @task
    def open_wave(params: dict[str, Any] | None = None) -> dict[str, Any]:
        """End what is late, take the due runs, freeze their audiences."""
        return planning.open_wave(LANE, params or {})

    @task
    def split_buckets(opened: dict[str, Any]) -> list[dict[str, int]]:
        """Make one range of buckets per parallel task."""
        return planning.list_ranges(opened)

    @task(map_index_template="{{ task.op_kwargs['first_bucket'] }} ...")
    def plan_buckets(wave_id: int, first_bucket: int, last_bucket: int) -> dict[str, int]:
        """Decide every user of a range of buckets."""
        return planning.plan_range(wave_id, first_bucket, last_bucket)

    @task(trigger_rule=planning.AFTER_BUCKETS)
    def point_out_faults(opened: dict[str, Any]) -> None:
        """Fail when runs were set aside."""
        planning.point_out_faults(opened)

    @task
    def list_held_runs() -> list[dict[str, Any]]:
        """Find the runs that wait for an approval of their reach."""
        return planning.list_approvals_to_ask()

    @task(trigger_rule=planning.AFTER_BUCKETS)
    def close_wave(opened: dict[str, Any]) -> list[dict[str, Any]]:
        """End the wave; returns the funnels."""
        return planning.close_and_count(opened)

    opened = open_wave()
    planned = plan_buckets.expand_kwargs(split_buckets(opened))
    closed = close_wave(opened)
    closed.operator.operator_extra_links = (FunnelLink(),)
    held = list_held_runs()
    ask_about_reach = TriggerDagRunOperator.partial(
        task_id="ask_about_reach",
        trigger_dag_id="approve_reach",
        logical_date=None,
        skip_when_already_exists=True,
    ).expand_kwargs(held)
    opened >> held >> ask_about_reach
    planned >> [point_out_faults(opened), closed]


plan_marketing_pushes()
