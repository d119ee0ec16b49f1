"""Addresses of Pushline's pages on Airflow's own server."""

from typing import Any
from urllib.parse import urlencode, urlparse

from airflow.sdk import BaseOperatorLink
from airflow.sdk.configuration import conf


class FunnelLink(BaseOperatorLink):
    """Opens the funnels of the runs that an Airflow run planned."""

    name = "Funnel"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002 - Airflow's signature
        """Return an address on Airflow's own server."""
        asked = urlencode({"dag_id": ti_key.dag_id, "run_id": ti_key.run_id})
        return f"{_prefix()}/pushline/dag-runs?{asked}"


def link_to_brief(campaign_code: str) -> str:
    """Return where a brief stands in the sheet, with Airflow around it."""
    asked = urlencode({"brief": campaign_code})
    return f"{_prefix()}/plugin/campaigns{_prefix()}/pushline/?{asked}"


def _prefix() -> str:
    return urlparse(conf.get("api", "base_url", fallback="/")).path.rstrip("/")
