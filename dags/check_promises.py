"""Asks the database whether Pushline keeps its promises: the closed sum, the caps, once, on time.

**What it does.** Runs every file of `sql/checks`; each returns the rows that must not be. What was
found stands in `push.check_result`, too.

**When `check` is red**, its log names each broken promise with sample rows and a line "What to
do". `pushline check run` shows all of it again. Common ones:

* *due but not planned*: `plan_marketing_pushes` is paused, red or too slow: look there first.
* *recipient drift*: somebody wrote to push.person, consent or installation by hand; run
  `sync_people` with *Everything anew*.
* *closed sum*, *caps exceeded*, *once*: these must never happen. Pause the queue
  (`pushline queue pause`), keep the log, and report it.
"""

from datetime import UTC, datetime

from airflow.sdk import dag, task

from common.defaults import DAG_DEFAULTS, TAG


@dag(
    schedule="*/15 * * * *",
    doc_md=__doc__,
    tags=[TAG, "checks"],
    **DAG_DEFAULTS,
)
def check_promises() -> None:
    """Wire the checks."""

    @task
    def check() -> dict[str, int]:
        """Run every check; returns what each found, fails when a promise is broken."""
        from common.engines import planner_engine
        from pushline.report.checks import require_clean, run_checks

        results = run_checks(planner_engine(), datetime.now(UTC))
        require_clean(results)
        return {result.name: result.offending for result in results}

    check()


check_promises()
