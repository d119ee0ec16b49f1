import pytest

from pushline.demo import airflow_client
from pushline.demo.airflow_client import wait_until
from pushline.demo.up import _run_until_green
from pushline.errors import PushlineError


class FakeAirflow:
    """Every look at a DAG shows the next state of its newest run; the last one stays."""

    base_url = "http://airflow"

    def __init__(self, **states: list[str]) -> None:
        self.seen = states
        self.triggered: list[str] = []

    def states(self, dag_id: str) -> list[str]:
        states = self.seen[dag_id]
        state = states.pop(0) if len(states) > 1 else states[0]
        return [state] if state else []

    def trigger(self, dag_id: str) -> None:
        self.triggered.append(dag_id)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(airflow_client.time, "sleep", lambda _: None)


def test_what_runs_by_itself_is_only_waited_for():
    airflow = FakeAirflow(a=["queued", "running", "success"])
    assert _run_until_green(airflow, {"a"}) == []
    assert airflow.triggered == []


def test_what_never_ran_is_started_once():
    airflow = FakeAirflow(a=["", "queued", "success"])
    assert _run_until_green(airflow, {"a"}) == []
    assert airflow.triggered == ["a"]


def test_a_failed_run_is_tried_again_once():
    airflow = FakeAirflow(
        mends=["failed", "running", "success"], breaks=["failed", "running", "failed"]
    )
    assert _run_until_green(airflow, {"mends", "breaks"}) == ["breaks"]
    assert sorted(airflow.triggered) == ["breaks", "mends"]


def test_waiting_ends_with_the_sentence():
    with pytest.raises(PushlineError, match="too slow"):
        wait_until(lambda: False, 0, "too slow")
