"""A process that stops in the middle and comes back: it held a bucket, or a batch."""

from collections.abc import Callable

import pytest

from tests.faults import stories, world
from tests.faults.harness import Stage
from tests.faults.worlds import Worlds

StageOf = Callable[[str], Stage]
BOOKS = "SELECT batch_id, status, states, fence FROM push.send_batch ORDER BY 1"
HANG_AND_SEND = [
    "claim.after_commit:1:stop",
    "begin.after_commit:1:stop",
    "finish.before_call:2:stop",
]


def test_planner_that_hangs_with_a_bucket_makes_others_wait_and_its_death_frees_it(
    stage_of: StageOf, worlds: Worlds
):
    stage = stage_of("due")
    with stage.connect() as conn:
        conn.execute(f"ALTER DATABASE \"{stage.url.database}\" SET lock_timeout = '150ms'")
    hanging = stories.tick(stage, "plan.after_write:3:stop")
    hanging.wait_for("stopped")
    stories.tick(stage).wait_for("try again")
    assert stage.check() == []
    hanging.kill()
    assert stories.tick_again(stage, worlds.golden) == []


@pytest.mark.parametrize("times", [1, 6])
def test_planners_of_two_lanes_never_decide_a_bucket_at_the_same_time(
    stage_of: StageOf, times: int
):
    """Without the bucket lock the second decides on what the first has not committed yet."""
    stage = stage_of("due")
    at_once = {"now": stories.TICK, "lanes": ["trigger"]}
    first = stage.start(
        "tick", f"plan.before_commit:{times}:stop", now=stories.TICK, lanes=["marketing"]
    )
    first.wait_for("stopped")
    second = stage.start("tick", **at_once)
    stage.await_waiting(second)
    first.go_on()
    first.wait_for("done")
    second.wait_for("done")
    assert stage.check(is_resumed=True) == []


def test_planners_of_the_same_runs_at_once_decide_each_bucket_once(
    stage_of: StageOf, worlds: Worlds
):
    stage = stage_of("due")
    first = stories.tick(stage, "plan.after_write:7:stop")
    first.wait_for("stopped")
    second = stories.tick(stage)
    stage.await_waiting(second)
    first.go_on()
    first.wait_for("done")
    second.wait_for("done")
    stage.run("tick", now=stories.TICK)
    assert stage.check(is_resumed=True) == []
    assert set(worlds.golden) == set(stories.read_outcome(stage.dsn))


def test_run_cancelled_between_two_buckets_gets_no_further_bucket(stage_of: StageOf):
    stage = stage_of("due")
    planner = stories.tick(stage, "plan.after_commit:2:stop")
    planner.wait_for("stopped")
    ((run_id,),) = stage.ask(
        "SELECT run_id FROM push.run WHERE status = 'planning' AND run_id IN"
        " (SELECT run_id FROM push.run_bucket) ORDER BY priority LIMIT 1"
    )
    stage.run("cancel", run_id=run_id, now=stories.TICK)
    planner.go_on()
    planner.wait_for("done")
    assert stage.check(is_resumed=True) == []
    assert stage.ask("SELECT status FROM push.run WHERE run_id = %s", run_id) == [("cancelled",)]


def test_run_whose_approval_is_withdrawn_between_two_buckets_goes_on_when_it_is_given_again(
    stage_of: StageOf, worlds: Worlds
):
    stage = stage_of("due")
    planner = stories.tick(stage, "plan.after_commit:2:stop")
    planner.wait_for("stopped")
    decided = (
        "SELECT run_id, bucket FROM push.run_bucket INNER JOIN push.run USING (run_id)"
        " WHERE source_kind = 'brief' ORDER BY 1, 2"
    )
    before = stage.ask(decided)
    stage.run("withdraw", now=stories.TICK)
    planner.go_on()
    planner.wait_for("done")
    assert len(before) == 2
    assert stage.ask(decided) == before
    stage.run("approve", ideas=world.APPROVED, now=stories.WRITTEN)
    # Others were planned meanwhile and took slots: the same people, not the same decisions.
    stage.run("tick", now=stories.TICK)
    assert stage.check(is_resumed=True) == []
    assert set(worlds.golden) == set(stories.read_outcome(stage.dsn))


def test_cancel_waits_for_the_bucket_that_is_being_planned(stage_of: StageOf):
    """Without the lock the planner's batches would come after the cancel, and leave."""
    stage = stage_of("due")
    planner = stories.tick(stage, "plan.before_commit:1:stop")
    planner.wait_for("stopped")
    ((run_id,),) = stage.ask(
        "SELECT run_id FROM push.run WHERE status = 'planning' ORDER BY priority, run_id LIMIT 1"
    )
    cancel = stage.start("cancel", run_id=run_id, now=stories.TICK)
    assert stage.await_waiting(cancel) == "waiting"
    planner.go_on()
    cancel.wait_for("done")
    planner.wait_for("done")
    assert stage.check(is_resumed=True) == []
    assert stories.take_again(stage, {}) == []
    left = stage.provider.read_text().splitlines()
    assert not [line for line in left if line.startswith(f"{run_id} ")]


@pytest.mark.parametrize("order", HANG_AND_SEND)
def test_taker_that_hangs_past_its_lease_sends_nothing_twice(stage_of: StageOf, order: str):
    """Its batches went to another; the fence tells it so when it wakes up."""
    stage = stage_of("planned")
    hanging = stories.take(stage, order)
    hanging.wait_for("stopped")
    stage.run("take", at=stories.LATER.isoformat(), worker="second")
    before = stage.ask(BOOKS)
    hanging.go_on()
    hanging.wait_for("done")
    assert stage.ask(BOOKS) == before
    assert stage.check(provider=stage.provider) == []
    assert stories.take_again(stage, {}) == []


def test_tasks_of_one_wave_are_resumed_range_by_range(stage_of: StageOf, worlds: Worlds):
    """As Airflow does: one of two mapped tasks dies and is retried, the other goes on."""
    stage = stage_of("due")
    numbers = stage.folder / "wave"
    stage.run("open_wave", now=stories.TICK, numbers=str(numbers))
    wave_id = int(numbers.read_text())
    dying = stage.start("plan_range", "plan.after_write:3", wave_id=wave_id, first=0, last=1)
    other = stage.start("plan_range", wave_id=wave_id, first=2, last=world.scenarios.BUCKETS - 1)
    dying.wait_for("killed")
    other.wait_for("done")
    stage.run("plan_range", wave_id=wave_id, first=0, last=1)
    stage.run("end_wave", wave_id=wave_id, now=stories.TICK)
    assert stories.tick_again(stage, worlds.golden) == []
