"""The tab of Google Sheets that the campaign sheet is kept in step with, from one connection."""

from typing import Any

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException

# Extra: spreadsheet, worksheet, keyfile_dict, language; docs/google-sheet.md.
GOOGLE_CONNECTION = "pushline_google"


def find_extra() -> dict[str, Any] | None:
    """Return what the connection says, or None when there is none."""
    try:
        extra: dict[str, Any] = Connection.get(GOOGLE_CONNECTION).extra_dejson
    except AirflowNotFoundException:
        return None
    return extra
