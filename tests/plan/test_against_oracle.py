"""The planner against a slow, obviously right model: same pushes, same reasons."""

import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from pushline.plan.bucket import plan_bucket
from pushline.plan.estimate import estimate_on
from pushline.plan.passes import prepare_run
from tests.factories import users_of_bucket
from tests.oracle import law
from tests.oracle.mirror import (
    cancel_waiting,
    keep_only_weeks,
    read_decisions,
    save_run,
    save_world,
)
from tests.oracle.model import Decision, Enqueued, LeftOut, World
from tests.oracle.worlds import EVENINGS, Story, stories

# PUSHLINE_ORACLE_EXAMPLES=5000 soaks; what is found there comes back as a named test.
EXAMPLES = int(os.environ.get("PUSHLINE_ORACLE_EXAMPLES", "0"))
EVERYDAY = 60
BUCKETS = (3, 40)


def begin_world(conn: Connection, story: Story) -> World:
    world = World(
        users={user.user_id: user for user in story.users},
        policies=list(story.policies),
        ledger=list(story.past),
        project_zone=story.project_zone,
        default_language=story.default_language,
    )
    save_world(conn, world)
    return world


def check_batches(conn: Connection, run_id: int) -> None:
    """What a batch carries beside its users follows from the run."""
    wrong = """
        SELECT b.batch_id FROM push.send_batch AS b JOIN push.run AS r USING (run_id)
        WHERE r.run_id = :run_id AND (
            b.user_count <> cardinality(b.users) OR b.user_count > 1000 OR b.status <> 'waiting'
            OR (b.class, b.lane, b.tags, b.is_counted)
                IS DISTINCT FROM (r.class, r.lane, r.tags, r.is_counted)
            OR b.expires_at > r.expires_at
            OR b.leave_by <> least(b.expires_at, b.not_before + interval '60 minutes')
            OR b.batch_id >> 24 <> r.run_id OR (b.batch_id >> 14) & 1023 <> b.bucket
        )
    """
    assert conn.execute(text(wrong), {"run_id": run_id}).scalars().all() == []


def count_reasons(decisions: dict[int, Decision]) -> Counter[tuple[int, int]]:
    return Counter(
        (one.reason, one.rule) if isinstance(one, LeftOut) else (0, 0) for one in decisions.values()
    )


def play(conn: Connection, story: Story) -> None:
    """Tell the story to both and compare after each run."""
    world = begin_world(conn, story)
    run_ids: dict[int, int] = {}
    for step in story.steps:
        for number in step.cancelled:
            world.give_back(number)
            cancel_waiting(conn, run_ids[number])
        run_id = run_ids[step.run.number] = save_run(conn, step.run)
        expected = law.plan(world, step.run, step.at, list(BUCKETS))
        plan = prepare_run(conn, run_id, step.at)
        if step is story.steps[-1]:
            dry_run = estimate_on(conn, plan, step.at).users
            assert dry_run == count_reasons(expected)
        results = [plan_bucket(conn, plan, bucket, step.at) for bucket in BUCKETS]
        found = read_decisions(conn, run_id)
        if found != expected:
            note(f"run {step.run.number} at {step.at}: planner, oracle")
            for user_id in sorted(expected.keys() | found.keys()):
                if found.get(user_id) != expected.get(user_id):
                    note(f"  {user_id}: {found.get(user_id)}, {expected.get(user_id)}")
        assert found == expected
        enqueued = [one for one in expected.values() if isinstance(one, Enqueued)]
        assert sum(result.enqueued for result in results) == len(enqueued)
        assert sum(result.left_out for result in results) == len(expected) - len(enqueued)
        check_batches(conn, run_id)


@pytest.mark.slow
@pytest.mark.timeout(86_400 if EXAMPLES else 600)
@settings(
    max_examples=EXAMPLES or EVERYDAY,
    derandomize=not EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_planner_decides_as_the_oracle(oracle_db: Engine, data: Any):
    with oracle_db.connect() as conn:
        size = data.draw(st.integers(2, 6), label="users a bucket")
        ids = {bucket: users_of_bucket(conn, bucket, size) for bucket in BUCKETS}
        story = data.draw(stories(ids), label="story")
        play(conn, story)
        conn.rollback()


@pytest.fixture
def oracle_db(committed_db: Engine) -> Engine:
    with committed_db.begin() as conn:
        keep_only_weeks(conn, EVENINGS)
    return committed_db
