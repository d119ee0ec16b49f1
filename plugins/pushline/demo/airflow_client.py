"""What the demo asks Airflow over HTTP: is it well, start a run, how did it end."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import requests

from pushline.errors import PushlineError

HEALTHY_PARTS = ("metadatabase", "scheduler", "triggerer", "dag_processor")
ENDED = ("success", "failed")


class AirflowClient:
    """Airflow's REST API as one of the demo's people."""

    def __init__(self, base_url: str, user: str, password: str) -> None:
        self.base_url = base_url
        self._login = {"username": user, "password": password}
        self._http = requests.Session()
        self._http.trust_env = False  # a proxy of the machine has no business with 127.0.0.1

    def _call(self, method: str, path: str, **body: Any) -> Any:
        if "Authorization" not in self._http.headers:
            answer = self._http.post(f"{self.base_url}/auth/token", json=self._login, timeout=30)
            answer.raise_for_status()
            token = answer.json()["access_token"]
            self._http.headers["Authorization"] = f"Bearer {token}"
        answer = self._http.request(method, f"{self.base_url}{path}", timeout=60, **body)
        answer.raise_for_status()
        return answer.json()

    def is_healthy(self) -> bool:
        """Whether every part says so; False while it does not answer yet."""
        try:
            answer = self._http.get(f"{self.base_url}/api/v2/monitor/health", timeout=5)
            parts = answer.json() if answer.ok else {}
        except (requests.RequestException, ValueError):
            return False
        return all((parts.get(name) or {}).get("status") == "healthy" for name in HEALTHY_PARTS)

    def warm_up(self, seconds: float) -> None:
        """Ask the execution API for the first time: it builds itself then, which takes 4 seconds.

        Without this the first task would wait for it. It goes on building when nobody waits.
        """
        with suppress(requests.RequestException):
            self._http.get(f"{self.base_url}/execution/health", timeout=seconds)

    def import_errors(self) -> list[str]:
        """DAG files that Airflow could not read, each with the end of its traceback."""
        errors = self._call("GET", "/api/v2/importErrors")["import_errors"]
        return [f"{one['filename']}: {one['stack_trace'].strip()[-600:]}" for one in errors]

    def dags(self) -> dict[str, bool]:
        """Every DAG that Airflow has read, and whether it is paused."""
        found = self._call("GET", "/api/v2/dags?limit=100")["dags"]
        return {one["dag_id"]: one["is_paused"] for one in found}

    def states(self, dag_id: str) -> list[str]:
        """States of the latest runs, newest first."""
        path = f"/api/v2/dags/{dag_id}/dagRuns?order_by=-run_after&limit=5"
        return [one["state"] for one in self._call("GET", path)["dag_runs"]]

    def trigger(self, dag_id: str) -> None:
        """Start a run now."""
        self._call("POST", f"/api/v2/dags/{dag_id}/dagRuns", json={"logical_date": None})


def wait_until(holds: Callable[[], bool], seconds: float, message: str) -> None:
    """Look twice a second; raise PushlineError with the message when the time is over."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise PushlineError(message)
        time.sleep(0.5)
