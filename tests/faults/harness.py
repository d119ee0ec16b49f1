"""Drives the processes: starts commands, kills and stops them, asks the checker."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL

from pushline.settings import CHECKOUT
from tests.faults.checker import Finding, check
from tests.faults.worker import DONE, REFUSED, TRY_AGAIN

# A command that hangs for so long is a finding of its own.
PATIENCE = 60.0


class Foundry:
    """The process that all others are forked from."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([".", "plugins"])},
        )

    def ask(self, **order: Any) -> dict[str, Any]:
        """Give an order and return its answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        """End it, and with it every process that it forked."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


@dataclass
class Command:
    """A command under way in a process of its own."""

    foundry: Foundry
    pid: int
    log: Path
    may_stop: bool = False
    end: str = ""

    def wait(self, seconds: float = PATIENCE) -> str:
        """Wait until it ends, dies or stops: "done", "try again", "refused", "killed", ..."""
        if self.end:
            return self.end
        answer = self.foundry.ask(do="wait", pid=self.pid, seconds=seconds, may_stop=self.may_stop)
        if answer["state"] in ("stopped", "running"):
            return str(answer["state"])
        ends = {DONE: "done", TRY_AGAIN: "try again", REFUSED: "refused"}
        is_dead = answer["state"] == "killed"
        self.end = "killed" if is_dead else ends.get(answer["code"], "broken")
        return self.end

    def wait_for(self, *expected: str) -> str:
        """The same, and complain with the log about anything else."""
        found = self.wait()
        assert found in expected, f"{found}, not {expected}: {self.log.read_text()[-3000:]}"
        return found

    def kill(self) -> None:
        """SIGKILL, and wait for the end."""
        os.kill(self.pid, signal.SIGKILL)
        self.wait_for("killed")

    def go_on(self) -> None:
        """Let a stopped command run again."""
        self.may_stop = False
        os.kill(self.pid, signal.SIGCONT)


@dataclass
class Stage:
    """One database with a world in it, and the processes that work on it."""

    foundry: Foundry
    url: URL
    folder: Path
    # Where commands connect to; a proxy may stand in between.
    door: URL | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def dsn(self) -> str:
        """The owner's address for psycopg."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)

    @property
    def provider(self) -> Path:
        """The file of what left."""
        return self.folder / "provider"

    def start(self, command: str, kill_at: str = "", **arguments: Any) -> Command:
        """Start a command in a process of its own; kill_at as PUSHLINE_KILL_AT."""
        log = self.folder / f"{command}-{next(self._numbers)}.log"
        log.touch()
        door = (self.door or self.url).render_as_string(hide_password=False)
        if command == "take":
            arguments.setdefault("provider", str(self.provider))
        answer = self.foundry.ask(
            do="start",
            command=command,
            arguments={"url": door} | arguments,
            kill_at=kill_at,
            log=str(log),
        )
        return Command(self.foundry, answer["pid"], log, may_stop=kill_at.endswith(":stop"))

    def run(self, command: str, **arguments: Any) -> None:
        """Run a command to its end, again and again as Airflow does when it says "try again"."""
        for _ in range(10):
            if self.start(command, **arguments).wait_for("done", "try again") == "done":
                return
        raise AssertionError(f"{command} did not get through")

    @contextmanager
    def connect(self) -> Iterator[psycopg.Connection]:
        """A connection of the owner outside of any transaction."""
        with psycopg.connect(self.dsn, autocommit=True) as conn:
            yield conn

    def ask(self, question: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of a question."""
        with self.connect() as conn:
            return conn.execute(question.encode(), parameters or None).fetchall()

    def set_for_planner(self, setting: str) -> None:
        """Change a setting of the planner's role, for this database alone."""
        with psycopg.connect(self.dsn, user="postgres", autocommit=True) as conn:
            name = self.url.database
            conn.execute(f'ALTER ROLE pushline_planner IN DATABASE "{name}" SET {setting}'.encode())

    def terminate(self, users: str = "pushline_planner") -> int:
        """End every connection of a role to this database; how many there were."""
        with self.connect() as conn:
            rows = conn.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = %s AND pid <> pg_backend_pid()",
                [users],
            ).fetchall()
        return len(rows)

    def await_waiting(self, command: Command) -> str:
        """Until somebody waits for a lock of this database ("waiting"), or the command ends."""
        for _ in range(5000):
            waiting = self.ask(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if waiting[0][0]:
                return "waiting"
            state = command.wait(0.004)
            if state != "running":
                return state
        raise AssertionError("nobody came to the lock")

    def check(self, **given: Any) -> list[Finding]:
        """Ask the independent checker."""
        if given.get("is_sent"):
            given.setdefault("provider", self.provider)
        return check(self.dsn, **given)
