"""The link from a task to the page of its wave."""

from typing import Any
from urllib.parse import urlencode, urlparse

from airflow.sdk import BaseOperatorLink
from airflow.sdk.configuration import conf


class FunnelLink(BaseOperatorLink):
    """Opens the funnels of the runs that an Airflow run planned."""

    name = "Funnel"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002 - Airflow's signature
        """Return an address on Airflow's own server."""
        prefix = urlparse(conf.get("api", "base_url", fallback="/")).path.rstrip("/")
        asked = urlencode({"dag_id": ti_key.dag_id, "run_id": ti_key.run_id})
        return f"{prefix}/pushline/dag-runs?{asked}"
