"""The demo as a person meets it, in a state folder of its own: the real Airflow, start to end."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests

from pushline.demo.state import PEOPLE
from pushline.settings import CHECKOUT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@dataclass
class Demo:
    state: Path
    output: str = ""

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AIRFLOW", "PUSHLINE", "PYTEST"))
        }
        return subprocess.run(
            [Path(sys.prefix) / "bin" / "pushline", "demo", *arguments],
            check=False,
            env=environment | {"PUSHLINE_STATE_DIR": str(self.state), "COLUMNS": "100"},
            capture_output=True,
            text=True,
            cwd=CHECKOUT,
        )

    def processes(self) -> list[psutil.Process]:
        """Everything on this machine that works for this demo."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("PUSHLINE_STATE_DIR") == str(self.state):
                    found.append(process)
            except psutil.Error:
                continue
        return found

    @property
    def url(self) -> str:
        return re.search(r"Airflow +(http://127\.0\.0\.1:\d+)/", self.output)[1]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("demo") / "state")
    done = demo.run("up")
    demo.output = done.stdout
    yield demo
    demo.run("reset", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_starts_is_started_once_and_leaves_nothing(demo: Demo):
    assert re.findall(r"^\[(\d)/6\]", demo.output, re.MULTILINE) == list("123456"), demo.output
    assert "is green" in demo.output
    assert all(name in demo.output for name, _, _ in PEOPLE)
    before = {process.pid for process in demo.processes()}

    for name, _, _ in PEOPLE:
        login = {"username": name, "password": name}
        answer = requests.post(f"{demo.url}/auth/token", json=login, timeout=60)
        assert answer.ok
        headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        dags = requests.get(f"{demo.url}/api/v2/dags", headers=headers, timeout=60).json()["dags"]
        assert {dag["dag_id"] for dag in dags} == {
            path.stem for path in (CHECKOUT / "dags").glob("*.py")
        }
    wrong = {"username": "admin", "password": "guess"}
    assert requests.post(f"{demo.url}/auth/token", json=wrong, timeout=60).status_code == 401
    assert requests.get(f"{demo.url}/api/v2/dags", timeout=60).status_code == 401

    again = demo.run("up")
    assert again.returncode == 0
    assert "Tables are up to date" in again.stdout
    assert {"api-server", "scheduler"} <= _names(demo)
    assert before & {process.pid for process in demo.processes()}

    down = demo.run("down")
    assert down.stdout.startswith("Stopped: "), down.stderr
    assert demo.processes() == []
    assert demo.run("down").stdout.strip() == "Nothing was running."
    assert demo.run("status").returncode == 1


def _names(demo: Demo) -> set[str]:
    import json

    return set(json.loads((demo.state / "processes.json").read_text()))
