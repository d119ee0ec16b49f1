"""Takes over the company's people, consents and app installs: what changed since the last time.

**What it does.** Reads `sql/sources/*.sql` (on the connection `pushline_source`, or beside
Pushline's own tables) and writes person, consent, installation and recipient, bucket by bucket.
Rows that cannot be taken go to `push.quarantine` with the reason; the others go on.

**By hand.** *Trigger* with *Everything anew* reads all rows, not only those that changed.

**When a task is red**

* `sync`: "lacks" or "has the unknown": a file in `sql/sources` does not return the columns that
  Pushline reads; mend it. "stayed locked": it tried three times, the next sync reads the same
  rows. Anything else: the company's database is away; the next sync catches up.
* `check_quarantine`: too many rows of a source could not be taken, which is how a broken export
  looks. The open rows of `push.quarantine` (`solved_at IS NULL`) say which and why. Good rows were
  taken already; nothing has to be repeated.
"""

from datetime import UTC, datetime
from typing import Any

from airflow.sdk import Param, dag, task

from common.defaults import DAG_DEFAULTS, TAG, knob


@dag(
    schedule=f"*/{knob('SYNC_MINUTES', 10)} * * * *",
    doc_md=__doc__,
    tags=[TAG, "people"],
    params={"is_full": Param(False, type="boolean", title="Everything anew")},
    **DAG_DEFAULTS,
)
def sync_people() -> None:
    """Wire a sync."""

    @task
    def sync(params: dict[str, Any] | None = None) -> dict[str, dict[str, int]]:
        """Take over what changed; returns counts."""
        from common.engines import planner_engine, source_engine
        from pushline import people

        is_full = bool((params or {}).get("is_full"))
        now = datetime.now(UTC)
        synced = people.sync_people(source_engine(), planner_engine(), now, is_full=is_full)
        return {"rows": dict(synced.rows), "quarantined": dict(synced.quarantined)}

    @task
    def check_quarantine(synced: dict[str, dict[str, int]]) -> None:
        """Fail when a source looks broken."""
        from pushline.people.quarantine import refuse_many

        refuse_many(synced["rows"], synced["quarantined"])

    check_quarantine(sync())


sync_people()
