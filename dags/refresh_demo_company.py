"""Keeps the demo company living: views, carts, orders and price changes of the last minutes.

**What it does.** Only in the demo: plays what its shop did since the last time. Elsewhere the DAG
is created paused, and finds nothing to do when somebody starts it.

**When `refresh` is red** the demo's database is away or half made: `make demo` mends it, or
`make reset demo` starts over.
"""

from datetime import UTC, datetime

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowSkipException

from common.defaults import DAG_DEFAULTS, TAG, knob


@dag(
    schedule="*/5 * * * *",
    doc_md=__doc__,
    tags=[TAG, "demo"],
    is_paused_upon_creation=not knob("IS_DEMO", 0),
    **DAG_DEFAULTS,
)
def refresh_demo_company() -> None:
    """Wire the refresh."""

    @task
    def refresh() -> dict[str, int]:
        """Play the minutes that have passed; returns counts."""
        from common.engines import role_engine
        from pushline.demo import company

        engine = role_engine("owner")
        with engine.connect() as conn:
            if not company.is_seeded(conn):
                raise AirflowSkipException("There is no demo company here.")
        played = company.refresh(engine, datetime.now(UTC))
        return {"views": played.views, "carts": played.carts, "orders": played.orders}

    refresh()


refresh_demo_company()
