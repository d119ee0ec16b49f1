"""Keeps the built worlds as template databases, so that each fault gets a fresh copy."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine

from pushline.settings import CHECKOUT
from tests.conftest import Databases, digest_of_sql
from tests.faults import world
from tests.faults.checker import read_outcome
from tests.faults.harness import Command, Foundry, Stage

STATES = ("empty", "due", "planned")
_numbers = count(1)


def digest_of_world() -> str:
    """Changes whenever a built world might."""
    digest = hashlib.sha256(digest_of_sql().encode())
    folders = [CHECKOUT / "plugins" / "pushline", Path(__file__).parent, CHECKOUT / "tests"]
    files = [
        *folders[0].rglob("*.py"),
        *(folders[1] / name for name in ("world.py", "scenarios.py", "worlds.py")),
        *(folders[2] / name for name in ("factories.py", "oracle/mirror.py")),
    ]
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@dataclass
class Worlds:
    """Copies of the built worlds on one server."""

    databases: Databases
    foundry: Foundry
    folder: Path
    _names: dict[str, str] = field(default_factory=dict)
    _golden: dict[tuple[object, ...], tuple[object, ...]] | None = None

    def template(self, state: str) -> str:
        """Name of the template of a state, built when this text of the product was not seen."""
        if state not in self._names:
            self._build()
        return self._names[state]

    def _build(self) -> None:
        digest = digest_of_world()
        names = {state: f"faults_{digest}_{state}" for state in STATES}
        with self.databases.connect() as conn:
            conn.execute("SELECT pg_advisory_lock(3)")
            rows = conn.execute("SELECT datname FROM pg_database WHERE datname ~ '^faults_'")
            known = {name for (name,) in rows}
            for name in known - set(names.values()):
                self.databases.drop(name)
            if not set(names.values()) <= known:
                self._build_states(names)
        self._names = names

    def _build_states(self, names: dict[str, str]) -> None:
        previous = ""
        for state in STATES:
            unfinished = f"unfinished_{os.getpid()}_faults"
            self.databases.drop(unfinished)
            if previous:
                self.databases.clone(names[previous], unfinished)
            else:
                self.databases.server.ensure_database(unfinished)
            url = self.databases.server.url(unfinished)
            engine = create_engine(url)
            address = url.render_as_string(hide_password=False)
            try:
                if state == "empty":
                    world.build_empty(engine)
                    self.databases.server.contain_audience_reader(unfinished)
                    self._run("yesterday", address)
                else:
                    self._run(state, address)
            finally:
                engine.dispose()
            self.databases.drop(names[state])
            self.databases.rename(unfinished, names[state])
            previous = state

    def _run(self, state: str, address: str) -> None:
        """Build in a process of its own: the product's engines stay out of this one."""
        log = self.folder / f"build-{state}.log"
        arguments = {"url": address, "state": state, "provider": str(self.folder / "before")}
        log.touch()
        answer = self.foundry.ask(
            do="start", command="build", arguments=arguments, kill_at="", log=str(log)
        )
        Command(self.foundry, answer["pid"], log).wait_for("done")

    @contextmanager
    def stage(self, state: str) -> Iterator[Stage]:
        """A fresh copy of a world."""
        folder = self.folder / str(next(_numbers))
        folder.mkdir()
        engine = create_engine(self.databases.take(self.template(state)))
        try:
            yield Stage(self.foundry, engine.url, folder)
        finally:
            self.databases.give_back(engine)

    @property
    def golden(self) -> dict[tuple[object, ...], tuple[object, ...]]:
        """What the undisturbed tick decides."""
        if self._golden is None:
            with self.stage("planned") as stage:
                self._golden = read_outcome(stage.dsn)
        return self._golden
