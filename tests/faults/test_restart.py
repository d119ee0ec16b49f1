"""Postgres stops at once (as a crash does) in the middle of a command, and comes back."""

import os
from collections.abc import Iterator

import pytest

from pushline.database.server import Server, server_home
from pushline.settings import Settings
from tests.conftest import FAST, Databases
from tests.faults import stories
from tests.faults.harness import Foundry
from tests.faults.worlds import Worlds

# One server for all of them, so that it is built once and nobody else is on it.
# What was committed must be there after a crash; only a power cut may lose it here.
KEPT = FAST | {"synchronous_commit": "on"}


@pytest.fixture(scope="module")
def crashing_server() -> Iterator[Server]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    server = Server(server_home(Settings(), f"postgres-faults-{worker}"), KEPT)
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def up_again(crashing_server: Server) -> None:
    """A test that failed while the server was away fails alone."""
    crashing_server.start()


@pytest.fixture(scope="module")
def crashing_worlds(
    crashing_server: Server, foundry: Foundry, tmp_path_factory: pytest.TempPathFactory
) -> Worlds:
    databases = Databases(crashing_server)
    databases.drop_abandoned()
    return Worlds(databases, foundry, tmp_path_factory.mktemp("restart"))


def crash(server: Server) -> None:
    """Stop without a checkpoint, as when the power of its container is cut, and start again."""
    server._run("pg_ctl", "-D", server.data, "-w", "-s", "-m", "immediate", "stop")
    server.start()


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("plan", "snapshot.before_commit:2"),
        ("plan", "plan.after_write:3"),
        ("plan", "plan.before_commit:12"),
        ("plan", "plan.after_commit:5"),
        ("take", "begin.after_commit:2"),
        ("take", "finish.before_commit:3"),
        ("cancel", "cancel.before_commit:2"),
    ],
)
def test_crash_of_postgres_in_the_middle_is_survived(
    crashing_server: Server, crashing_worlds: Worlds, name: str, order: str
):
    story = stories.STORIES[name]
    golden = crashing_worlds.golden
    with crashing_worlds.stage(story.state) as stage:
        command = story.start(stage, f"{order}:stop")
        command.wait_for("stopped")
        crash(crashing_server)
        command.go_on()
        command.wait_for("try again", "done")
        assert stage.check(provider=stage.provider) == []
        assert story.carry_on(stage, golden) == []
        assert stage.ask("SELECT count(*) FROM push.set_aside") == [(0,)]


def test_planner_without_a_server_tries_again(crashing_server: Server, crashing_worlds: Worlds):
    golden = crashing_worlds.golden
    with crashing_worlds.stage("due") as stage:
        planner = stories.tick(stage, "plan.after_commit:3:stop")
        planner.wait_for("stopped")
        crashing_server._run(
            "pg_ctl", "-D", crashing_server.data, "-w", "-s", "-m", "immediate", "stop"
        )
        planner.go_on()
        planner.wait_for("try again")
        crashing_server.start()
        assert stories.tick_again(stage, golden) == []
        assert stage.ask("SELECT count(*) FROM push.set_aside") == [(0,)]
