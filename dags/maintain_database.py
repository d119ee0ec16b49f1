"""Keeps house: partitions for the weeks ahead, totals of old runs, retention, Airflow's history.

**What it does.** `keep_house` makes the partitions of the next five weeks, ends what is late, keeps
the funnels of old runs and only then drops what is older than the retention; personal fields go two
days after their deadline. `clean_airflow` deletes Airflow's own runs older than 30 days; it needs
the connection `pushline_airflow_db` and is skipped without it.

**When a task is red**

* `keep_house`: its log names the steps that failed, the others are done. "Permission": it works as
  the owner of the tables (PUSHLINE_DATABASE_URL). "Lock timeout": somebody holds a table; clear the
  task when they are done. Partitions reach five weeks ahead: there is time, but not for ever.
* `clean_airflow`: the log has the end of what `airflow db clean` said. Nothing of Pushline depends
  on it.
"""

from datetime import UTC, datetime

from airflow.sdk import dag, task

from common.defaults import DAG_DEFAULTS, TAG


@dag(
    schedule="17 3 * * *",
    doc_md=__doc__,
    tags=[TAG, "upkeep"],
    **DAG_DEFAULTS,
)
def maintain_database() -> None:
    """Wire the housekeeping."""

    @task
    def keep_house() -> dict[str, int]:
        """Partitions, totals, retention; returns counts."""
        from common.engines import planner_engine, role_engine
        from pushline.database.clock import read_clock
        from pushline.maintain import maintain

        engine = planner_engine()
        done = maintain(engine, role_engine("owner"), read_clock(engine))
        return dict(done.counts)

    @task
    def clean_airflow() -> str:
        """Delete Airflow's own old rows."""
        from common.metadata import clean_metadata

        return clean_metadata(datetime.now(UTC))

    keep_house()
    clean_airflow()


maintain_database()
