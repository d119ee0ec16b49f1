"""The network breaks during COMMIT: whether it happened or not, trying again loses nothing."""

from collections.abc import Callable

import pytest

from tests.faults import stories
from tests.faults.harness import Stage
from tests.faults.proxy import Fault, proxy_to
from tests.faults.worlds import Worlds

StageOf = Callable[[str], Stage]
# Commits of a tick: making runs, the wave, snapshots, reaches, then a bucket each.
BROKEN_COMMITS = [
    ("plan", "before", 22),
    ("plan", "after", 2),
    ("plan", "after", 9),
    ("plan", "after", 30),
    ("plan", "half", 25),
    ("plan", "delay", 20),
    ("import", "after", 0),
    ("approval", "after", 2),
    ("offer", "after", 1),
    ("offer", "before", 0),
    ("take", "after", 0),
    ("take", "after", 1),
    ("take", "half", 2),
    ("take", "after", 5),
    ("cancel", "after", 0),
    ("cancel", "after", 3),
]


@pytest.mark.parametrize(("name", "fault", "commits"), BROKEN_COMMITS)
def test_commit_without_an_answer_is_neither_lost_nor_doubled(
    stage_of: StageOf, worlds: Worlds, name: str, fault: Fault, commits: int
):
    story = stories.STORIES[name]
    stage = stage_of(story.state)
    with proxy_to(stage.url.port or 5432, fault, commits) as proxy:
        stage.door = stage.url.set(port=proxy.port)
        command = story.start(stage, "")
        command.wait_for("done" if fault == "delay" else "try again")
        assert proxy.has_struck
        stage.door = None
    assert stage.check(provider=stage.provider) == []
    assert story.carry_on(stage, worlds.golden) == []
    assert stage.ask("SELECT count(*) FROM push.set_aside") == [(0,)]


def test_bucket_of_a_client_that_vanished_is_freed_by_the_servers_own_limit(
    stage_of: StageOf, worlds: Worlds
):
    """No FIN, no RST: only idle_in_transaction_session_timeout (5 minutes) ends such a session."""
    stage = stage_of("due")
    stage.set_for_planner("idle_in_transaction_session_timeout = '500ms'")
    with proxy_to(stage.url.port or 5432, "silence", 22) as proxy:
        stage.door = stage.url.set(port=proxy.port)
        stories.tick(stage).wait_for("try again")
        stage.door = None
        assert stories.tick_again(stage, worlds.golden) == []
