"""Forks a real process per command of a scenario, so that it can be killed like any other.

`python -m tests.faults.worker` imports the product once and then answers orders, one JSON a line:
start (a command, in a process of its own), wait (for its end or its stop). It holds no connection
and no thread, so a fork of it is as good as a fresh process, at a twentieth of the price.
"""

import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from pushline import kill_points
from pushline.errors import PushlineError, RetryLater
from tests.faults import scenarios, world

COMMANDS = scenarios.COMMANDS | {"build": world.build}
# Exit codes of a command: done, a bug, a refusal in words, "try again" as Airflow would.
DONE, BROKEN, REFUSED, TRY_AGAIN = 0, 1, 2, 75


NAP = 0.002


def run_command(name: str, arguments: dict[str, Any]) -> int:
    """Run one command of the scenarios as the product's own callers do; return its exit code."""
    try:
        COMMANDS[name](**arguments)
    except (RetryLater, OperationalError):
        traceback.print_exc()
        return TRY_AGAIN
    except PushlineError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201 - the log
        return REFUSED
    except Exception:  # noqa: BLE001 - the parent reads the log
        traceback.print_exc()
        return BROKEN
    return DONE


def start(order: dict[str, Any]) -> dict[str, Any]:
    """Fork; the child runs the command and ends."""
    pid = os.fork()
    if pid:
        return {"pid": pid}
    code = BROKEN
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        for target, source in ((0, nothing), (1, log), (2, log)):
            os.dup2(source, target)
        kill_points.arm(order["kill_at"])
        code = run_command(order["command"], order["arguments"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def stays_stopped(pid: int) -> bool:
    """Whether it stopped by itself; a machine that was put to sleep wakes it up again."""
    time.sleep(0.05)
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def wait(order: dict[str, Any]) -> dict[str, Any]:
    """Wait until the process ends or stops, at most so many seconds."""
    # Counted in naps, not by the clock: a machine that was put to sleep costs no patience.
    for _ in range(int(order["seconds"] / NAP)):
        pid, status = os.waitpid(order["pid"], os.WNOHANG | os.WUNTRACED)
        if pid and os.WIFSTOPPED(status):
            if order["may_stop"] and stays_stopped(pid):
                return {"state": "stopped", "code": 0}
        elif pid and os.WIFSIGNALED(status):
            return {"state": "killed", "code": os.WTERMSIG(status)}
        elif pid:
            return {"state": "ended", "code": os.WEXITSTATUS(status)}
        time.sleep(NAP)
    return {"state": "running", "code": 0}


def serve() -> None:
    """Answer orders until nobody gives any more; then end what is left."""
    children: set[int] = set()
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "start":
            answer = start(order)
            children.add(answer["pid"])
        else:
            answer = wait(order)
            if answer["state"] in ("killed", "ended"):
                children.discard(order["pid"])
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer
    for pid in children:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        # One command in a process of its own: PUSHLINE_KILL_AT says where it dies.
        sys.exit(run_command(sys.argv[1], json.loads(Path(sys.argv[2]).read_text())))
    serve()
