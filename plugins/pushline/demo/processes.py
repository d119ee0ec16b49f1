"""Starts and stops the demo's processes, each in a session of its own, none left behind.

A process is known by its id and the moment it began, so that a reused id is never taken for ours.
"""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psutil

from pushline.demo import state
from pushline.settings import CHECKOUT

FILE = "processes.json"
# One wave after the other: the server that tasks report to goes last, else the scheduler hangs on
# tasks that cannot report.
STOP_WAVES = (("sender", "api", "scheduler"), ("triggerer", "dag-processor"), ("api-server",))
# Python prints "Exception ignored ... SystemExit" and loses a TERM that lands in a garbage
# collection, so it is said again until it is heard.
TERM_EVERY, TERM_FOR = 3.0, 20.0


@dataclass(frozen=True)
class Started:
    """A process that we started."""

    name: str
    pid: int
    began: float

    def process(self) -> psutil.Process | None:
        """The live process, or None when it ended or its id is somebody else's."""
        try:
            process = psutil.Process(self.pid)
            lives = abs(process.create_time() - self.began) < 1
            return process if lives and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


def known() -> dict[str, Started]:
    """Every process that was started and not stopped, alive or not."""
    return {
        name: Started(name, int(entry["pid"]), float(entry["began"]))
        for name, entry in state.read(FILE).items()
    }


def alive() -> dict[str, Started]:
    """Those that live."""
    return {name: started for name, started in known().items() if started.process()}


def _remember(processes: Mapping[str, Started]) -> None:
    state.write(
        FILE, {name: {"pid": one.pid, "began": one.began} for name, one in processes.items()}
    )


def start(name: str, command: Sequence[str], environment: Mapping[str, str]) -> Started:
    """Start a process in a session of its own, its output appended to logs/<name>.log."""
    log = state.log_dir() / f"{name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(command),
            cwd=CHECKOUT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    started = Started(name, process.pid, psutil.Process(process.pid).create_time())
    _remember({**known(), name: started})
    return started


def _session(pid: int) -> list[psutil.Process]:
    """Everything in the session that this process leads, also what outlived it."""
    members = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == pid and process.status() != psutil.STATUS_ZOMBIE:
                members.append(process)
        except (ProcessLookupError, PermissionError, psutil.Error):
            continue
    return members


def _terminate(started: Started) -> None:
    process = started.process()
    deadline = time.monotonic() + TERM_FOR
    while process is not None and time.monotonic() < deadline:
        try:
            process.send_signal(signal.SIGTERM)
            process.wait(TERM_EVERY)
            break
        except psutil.TimeoutExpired:
            continue
        except psutil.NoSuchProcess:
            break
    rest = _session(started.pid)
    for member in rest:
        try:
            member.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(rest, timeout=10)


def stop(names: Sequence[str] | None = None) -> list[str]:
    """Stop these processes, or all, with everything that they started; returns their names."""
    processes = known()
    wanted = [name for name in processes if names is None or name in names]
    for wave in STOP_WAVES:
        with ThreadPoolExecutor() as pool:
            list(pool.map(_terminate, [processes[name] for name in wanted if name in wave]))
    _remember({name: one for name, one in processes.items() if name not in wanted})
    return wanted


def last_lines(name: str, count: int = 15) -> str:
    """End of a process's log, for an error message."""
    log = state.log_dir() / f"{name}.log"
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
