import os
import sys
from pathlib import Path

import psutil
import pytest

from pushline.demo import processes, state
from pushline.settings import get_settings

# Prints when it is ready to be signalled, then lives until somebody ends it.
DEAF = (
    "import signal, subprocess, sys, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print('child', child.pid, flush=True)\n"
    "time.sleep(600)\n"
)


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PUSHLINE_STATE_DIR", str(tmp_path))
    monkeypatch.setattr(processes, "TERM_FOR", 0.2)
    monkeypatch.setattr(processes, "TERM_EVERY", 0.1)
    get_settings.cache_clear()
    yield
    processes.stop()
    get_settings.cache_clear()


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def wait_for_line(name: str) -> str:
    log = state.log_dir() / f"{name}.log"
    for _ in range(100_000):
        if "\n" in (text := log.read_text()):
            return text
        os.sched_yield()
    raise AssertionError("said nothing")


def test_started_processes_are_known_and_stopped():
    started = processes.start("scheduler", python("import time; time.sleep(600)"), os.environ)
    assert set(processes.alive()) == {"scheduler"}
    assert processes.stop() == ["scheduler"]
    assert started.process() is None
    assert processes.known() == {}


def test_a_deaf_process_and_its_children_are_killed():
    processes.start("scheduler", python(DEAF), os.environ)
    child = psutil.Process(int(wait_for_line("scheduler").split()[1]))
    processes.stop(["scheduler"])
    psutil.wait_procs([child], timeout=5)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_only_the_named_are_stopped():
    for name in ("scheduler", "triggerer"):
        processes.start(name, python("import time; time.sleep(600)"), os.environ)
    processes.stop(["triggerer"])
    assert set(processes.alive()) == {"scheduler"}


def test_a_reused_process_id_is_not_ours():
    me = psutil.Process()
    stranger = processes.Started("scheduler", me.pid, me.create_time() - 3600)
    assert stranger.process() is None


def test_every_process_of_the_demo_has_its_wave():
    from pushline.demo.airflow_home import PROCESSES
    from pushline.demo.up import SENDER

    waves = [name for wave in processes.STOP_WAVES for name in wave]
    assert {*PROCESSES, SENDER} <= set(waves)
    assert waves[-1] == "api-server"
