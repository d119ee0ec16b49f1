"""Keeps the campaign sheet and a tab of Google Sheets in step, both ways.

**What it does.** Reads the tab once and writes it once: cells that people changed in the tab go to
the page by the same rules as if they were typed there, changes of the page go to the tab, status,
problems and results are written back. Both changed the same cell: neither is overwritten, a
sentence in the tab says so. docs/google-sheet.md tells the rules and how to set it up.

**Switch it on** once the connection `pushline_google` is there; it is created paused, unless the
connection came with the environment.

**By hand.** *Trigger* syncs at once. *Dry run* says what would happen and changes nothing.

**When `sync` is**

* *skipped*: there is no connection `pushline_google`, or another sync was under way.
* *red*, "does not let the service account in": share the spreadsheet with its mail address.
* *red*, "no tab", "no spreadsheet", "lacks", "key": the connection says something wrong; the
  message names it. Mend the connection and trigger again.
* *red*, "is busy" or "did not answer": Google was away for 20 minutes. The next sync goes on; no
  edit is lost and no row doubled, wherever it broke off.
"""

import os
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import Param, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from common.defaults import DAG_DEFAULTS, TAG, knob

# Google is given so long to come back; seconds.
PATIENCE = 1200.0


@dag(
    schedule=f"*/{knob('GOOGLE_MINUTES', 10)} * * * *",
    doc_md=__doc__,
    tags=[TAG, "briefs"],
    # Without a tab it has nothing to do: whoever makes the connection later switches it on.
    is_paused_upon_creation="AIRFLOW_CONN_PUSHLINE_GOOGLE" not in os.environ,
    params={
        "dry_run": Param(
            False,
            type="boolean",
            title="Dry run",
            description_md="Say what would be taken and written, change nothing.",
        )
    },
    **DAG_DEFAULTS,
)
def sync_campaign_sheet() -> None:
    """Wire a sync."""

    # The sync waits by itself, and the next one is ten minutes away.
    @task(retries=0)
    def sync(params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Bring tab and page in step; returns counts, without texts."""
        from common.engines import role_engine
        from common.google import GOOGLE_CONNECTION, find_extra
        from pushline.google_sheet.connect import read_access
        from pushline.google_sheet.errors import SyncRunning
        from pushline.google_sheet.sync import sync_sheet

        extra = find_extra()
        if extra is None:
            raise AirflowSkipException(f"There is no connection {GOOGLE_CONNECTION}.")
        access = read_access(extra)
        try:
            report = sync_sheet(
                role_engine("page"),
                access.open(),
                clock=lambda: datetime.now(UTC),
                patience=PATIENCE,
                language=access.language,
                dry_run=bool((params or {}).get("dry_run")),
            )
        except SyncRunning as error:
            raise AirflowSkipException(str(error)) from error
        return report.count()

    sync()


sync_campaign_sheet()
