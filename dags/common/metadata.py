"""Cleans Airflow's own database through Airflow's own command, in a process of its own.

A task may not touch that database, so its address comes from the connection `pushline_airflow_db`.
"""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from airflow.sdk.exceptions import AirflowSkipException

from common.engines import find_address
from pushline.errors import StopRun
from pushline.settings import parse_url

METADATA_CONNECTION = "pushline_airflow_db"
KEPT_DAYS = 30


def clean_metadata(now: datetime) -> str:
    """Delete runs, logs and events older than 30 days; returns from when they are kept.

    Skips without the connection. Raises StopRun with the end of what the command said.
    """
    address = find_address(METADATA_CONNECTION)
    if address is None:
        raise AirflowSkipException(
            f"Without the connection {METADATA_CONNECTION} Airflow's own database is not cleaned."
        )
    before = (now - timedelta(days=KEPT_DAYS)).isoformat(timespec="seconds")
    done = subprocess.run(
        [
            *(Path(sys.prefix) / "bin" / "airflow", "db", "clean"),
            *("--clean-before-timestamp", before),
            *("--skip-archive", "--error-on-cleanup-failure", "--yes"),
        ],
        check=False,
        capture_output=True,
        text=True,
        env=_environment(address),
        timeout=1800,
    )
    if done.returncode:
        raise StopRun(f"`airflow db clean` failed:\n{(done.stderr or done.stdout)[-2000:]}")
    return before


def _environment(address: str) -> dict[str, str]:
    url = parse_url(address).set(drivername="postgresql+psycopg2")
    # What Airflow sets in a task to keep it from the database does not hold for its own command.
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("_AIRFLOW") and name != "AIRFLOW__CORE__SQL_ALCHEMY_CONN"
    }
    return inherited | {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url.render_as_string(hide_password=False)
    }
