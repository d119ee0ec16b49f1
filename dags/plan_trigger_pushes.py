"""Plans trigger pushes: every five minutes the users whose condition holds, in a lane of their own.

**What it does.** One run per trigger that is on and approved: its SQL file finds the users
(viewed, not bought, and now cheaper ...), the same plan as for campaigns decides each of them, the
batches travel in the trigger lane and never wait behind a big campaign.

**By hand.** *Trigger* opens a form whose switch *Dry run* is on: it only counts, the tab **Funnel**
shows the numbers. With the switch off, the run is planned or resumed; without a run, all triggers
are planned now.

**When a task is red**

* `open_wave`: the database is away (start it, clear the task), or behind the code
  (`pushline init`). A missed tick is not made up for: the next one finds the same users.
* `plan_buckets`: clear it; what is done stays done. The next tick takes the rest along.
* `point_out_faults`: a trigger's SQL failed or took too long; the log names it. Mend the file in
  `sql/triggers` and have the trigger approved again, or switch it off: `pushline trigger off NAME`.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task

from common import planning
from common.defaults import DAG_DEFAULTS, FAST_LANE, TAG
from common.links import FunnelLink

LANE = "trigger"


@dag(
    schedule="*/5 * * * *",
    doc_md=__doc__,
    tags=[TAG, "planning"],
    params={"run_id": planning.FORM["run_id"], "dry_run": planning.FORM["dry_run"]},
    dagrun_timeout=timedelta(minutes=30),
    **(DAG_DEFAULTS | {"default_args": FAST_LANE}),
)
def plan_trigger_pushes() -> None:
    """Wire a wave."""

    @task
    def open_wave(params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Make a run of every trigger, find its users."""
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

    @task(trigger_rule=planning.AFTER_BUCKETS)
    def close_wave(opened: dict[str, Any]) -> list[dict[str, Any]]:
        """End the wave; returns the funnels."""
        return planning.close_and_count(opened)

    opened = open_wave()
    planned = plan_buckets.expand_kwargs(split_buckets(opened))
    closed = close_wave(opened)
    closed.operator.operator_extra_links = (FunnelLink(),)
    planned >> [point_out_faults(opened), closed]


plan_trigger_pushes()
