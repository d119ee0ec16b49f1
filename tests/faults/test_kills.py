"""kill -9 at every named point, at its first and at a later time; then the product goes on.

The promises hold at once (each commit leaves a good state), and after going on nothing is lost:
a killed tick comes to the decisions of one that was never disturbed, user by user.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pushline.kill_points import POINTS
from pushline.settings import CHECKOUT
from tests.faults import stories, world
from tests.faults.harness import Stage
from tests.faults.worlds import Worlds

StageOf = Callable[[str], Stage]
# A later time of what happens often: in another bucket, run, row or batch.
LATER_TIMES = {
    "transaction.after_commit": 30,
    "snapshot.before_commit": 3,
    "plan.after_write": 12,
    "plan.before_commit": 25,
    "plan.after_commit": 14,
    "begin.after_commit": 4,
    "finish.before_commit": 5,
    "import.after_row": 4,
    "approval.before_commit": 3,
    "offer.before_commit": 2,
    "cancel.before_commit": 2,
}
ORDERS = [*(f"{point}:1" for point in POINTS), *(f"{p}:{n}" for p, n in LATER_TIMES.items())]


@pytest.mark.parametrize("order", ORDERS)
def test_process_killed_at_a_point_loses_and_doubles_nothing(
    stage_of: StageOf, worlds: Worlds, order: str
):
    story = stories.story_of(order.partition(":")[0])
    stage = stage_of(story.state)
    story.start(stage, order).wait_for("killed")
    assert stage.check(provider=stage.provider) == []
    assert story.carry_on(stage, worlds.golden) == []


@pytest.mark.parametrize("sent", [1, 17])
def test_taker_killed_between_two_pushes_sends_none_of_them_again(stage_of: StageOf, sent: int):
    stage = stage_of("planned")
    stage.start("take", at=stories.SENDING.isoformat(), kill_after=sent).wait_for("killed")
    assert len(stage.provider.read_text().splitlines()) == sent
    assert stories.take_again(stage, {}) == []
    unknown = stage.ask(
        "SELECT count(*) FROM push.outcome WHERE outcome = 4 AND reason = 'lease_expired'"
    )
    assert unknown[0][0] > 0


def test_process_of_its_own_dies_where_its_environment_says(stage_of: StageOf, tmp_path: Path):
    """The same by exec instead of fork: PUSHLINE_KILL_AT is read when the product is imported."""
    stage = stage_of("due")
    arguments = tmp_path / "arguments"
    url = stage.url.render_as_string(hide_password=False)
    arguments.write_text(json.dumps({"url": url, "now": world.TICK.isoformat()}))
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.worker", "tick", str(arguments)],
        cwd=CHECKOUT,
        env=os.environ
        | {"PYTHONPATH": f".{os.pathsep}plugins", "PUSHLINE_KILL_AT": "plan.after_write:5"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert stage.check() == []
    assert stage.ask("SELECT count(*) FROM push.run_bucket WHERE planned_at > '2026-11-21'") > [
        (0,)
    ]
