"""Metrics of a DAG run as a StatsD server sees them, and the dashboard that draws them."""

import json
import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text

from pushline.metrics import COUNTERS, GAUGES, LANES
from pushline.settings import CHECKOUT
from tests.dags.conftest import RunDag
from tests.dags.worlds import due_run
from tests.factories import create_batch

DASHBOARD = CHECKOUT / "deploy" / "grafana" / "pushline.json"
DRAWN = r"airflow_(pushline_[a-z_]+_(?:marketing|trigger))"
NAMES = {f"{name}.{lane}" for name in (*GAUGES, *COUNTERS) for lane in LANES}


@pytest.fixture
def statsd(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A receiver on a free port, and Airflow's metrics switched on as a task switches them on."""
    from airflow.sdk.observability import stats
    from airflow.sdk.observability.metrics import stats_utils

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        receiver.setblocking(False)
        monkeypatch.setenv("AIRFLOW__METRICS__STATSD_ON", "True")
        monkeypatch.setenv("AIRFLOW__METRICS__STATSD_HOST", "127.0.0.1")
        monkeypatch.setenv("AIRFLOW__METRICS__STATSD_PORT", str(receiver.getsockname()[1]))
        stats.initialize(factory=stats_utils.get_stats_factory(), export_legacy_names=False)
        yield receiver
        monkeypatch.undo()
        stats.initialize(factory=stats_utils.get_stats_factory(), export_legacy_names=False)


def received(receiver: socket.socket) -> dict[str, tuple[float, str]]:
    """Pushline's metrics that came: name to value and kind; a counter is added up."""
    found: dict[str, tuple[float, str]] = {}
    while True:
        try:
            packet = receiver.recv(65_536).decode()
        except BlockingIOError:
            return found
        for line in packet.splitlines():
            match = re.fullmatch(r"airflow\.(pushline\.[^:]+):([-+.\d]+)\|(g|c)", line)
            if match:
                name, value, kind = match.groups()
                before = found.get(name, (0, kind))[0] if kind == "c" else 0
                found[name] = (before + float(value), kind)


def test_a_wave_tells_what_it_did(run_dag: RunDag, configured_db: Engine, statsd: socket.socket):
    with configured_db.begin() as conn:
        due_run(conn)
        due_run(conn)
        person = text("SELECT min(user_id) FROM push.recipient")
        conn.execute(
            text("UPDATE push.recipient SET weekly_limit = 0 WHERE user_id = :user_id"),
            {"user_id": conn.execute(person).scalar_one()},
        )
    assert run_dag("plan_marketing_pushes").state == "success"
    found = received(statsd)
    assert set(found) <= NAMES
    assert found["pushline.planned.marketing"] == (8, "c")
    assert found["pushline.enqueued.marketing"] == (5, "c")
    assert found["pushline.cap_hits.marketing"] == (1, "c")
    assert found["pushline.queue_waiting.marketing"] == (5, "g")
    assert found["pushline.queue_due.marketing"] == (5, "g")
    assert found["pushline.queue_waiting.trigger"] == (0, "g")
    assert 0 <= found["pushline.queue_lag_seconds.marketing"][0] < 600
    assert found["pushline.planned_per_second.marketing"][0] > 0
    assert "pushline.planned.trigger" not in found


def test_the_queue_is_told_when_nothing_is_due(
    run_dag: RunDag, configured_db: Engine, statsd: socket.socket
):
    with configured_db.begin() as conn:
        now = conn.execute(text("SELECT now() - interval '5 minutes'")).scalar_one()
        run_id = due_run(conn, status="planned", snapshot_at=now)
        create_batch(conn, run_id)
        conn.execute(text("INSERT INTO push.pause (scope, lane, paused_by, paused_at) "
                          "VALUES ('lane', 'marketing', 'dana', now())"))  # fmt: skip
    run_dag("plan_trigger_pushes")
    found = received(statsd)
    assert found["pushline.queue_due.marketing"] == (3, "g")
    assert found["pushline.queue_lag_seconds.marketing"][0] >= 600
    assert found["pushline.queue_paused.marketing"] == (1, "g")
    assert found["pushline.queue_paused.trigger"] == (0, "g")


def test_a_wave_goes_on_when_nobody_takes_its_metrics(
    run_dag: RunDag, configured_db: Engine, statsd: socket.socket, monkeypatch: pytest.MonkeyPatch
):
    from airflow.sdk.observability import stats

    def fail(*_: Any) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(stats, "gauge", fail)
    with configured_db.begin() as conn:
        due_run(conn)
    assert run_dag("plan_marketing_pushes").state == "success"


def test_dashboard_draws_exactly_what_is_sent():
    dashboard = json.loads(DASHBOARD.read_text())
    drawn = set()
    for panel in dashboard["panels"]:
        assert panel["description"]
        for target in panel["targets"]:
            drawn |= set(
                re.findall(r"airflow_(pushline_[a-z_]+_(?:marketing|trigger))", target["expr"])
            )
    assert drawn == {name.replace(".", "_") for name in NAMES}


def test_every_metric_is_explained():
    page = (CHECKOUT / "docs" / "operations.md").read_text()
    assert [name for name in (*GAUGES, *COUNTERS) if f"`{name}.<lane>`" not in page] == []
