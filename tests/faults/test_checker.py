"""The checker itself: quiet about a good world, and it sees each promise when it is broken."""

from collections.abc import Callable

import pytest

from tests.faults import stories
from tests.faults.checker import LOST, OVER, SUMS, TWICE, UNAPPROVED, read_outcome
from tests.faults.harness import Stage

StageOf = Callable[[str], Stage]
NAMES = """
    CREATE TEMP VIEW one_batch AS
    SELECT min(batch_id) AS id FROM push.send_batch WHERE not_before > '2026-11-21' AND is_counted;
    CREATE TEMP VIEW one_run AS
    SELECT min(run_id) AS id FROM push.send_batch WHERE planned_at > '2026-11-21';
"""
WAYS_TO_BREAK = {
    "a user twice": (
        TWICE,
        "UPDATE push.send_batch SET users = users || users[1], user_count = user_count + 1"
        " WHERE batch_id = (SELECT id FROM one_batch)",
    ),
    "a batch lost": (
        LOST,
        "DELETE FROM push.send_batch WHERE batch_id = (SELECT id FROM one_batch)",
    ),
    "a bucket half done": (
        SUMS,
        "DELETE FROM push.run_bucket WHERE run_id = (SELECT id FROM one_run)",
    ),
    "another number on the mark": (
        SUMS,
        "UPDATE push.run_bucket SET enqueued_users = enqueued_users + 1"
        " WHERE run_id = (SELECT id FROM one_run)",
    ),
    "a stranger in a batch": (
        SUMS,
        "UPDATE push.send_batch SET users[1] = 999999 WHERE batch_id = (SELECT id FROM one_batch)",
    ),
    "over a cap": (
        OVER,
        "UPDATE push.send_batch SET not_before = '2026-11-21 07:00+00', class = 'trigger'",
    ),
    "nearer than the gap": (
        OVER,
        "INSERT INTO push.policy (valid_from, made_by, minimum_gap) VALUES (now(), 'x', '30 h')",
    ),
    "over an own limit": (OVER, "UPDATE push.recipient SET weekly_limit = 0"),
    "an approval withdrawn before": (
        UNAPPROVED,
        "UPDATE push.approval SET withdrawn_at = approved_at, withdrawn_by = 'boss'",
    ),
    "planned too early": (UNAPPROVED, "UPDATE push.run SET due_at = due_at + interval '9 h'"),
    "a run not closed": (
        LOST,
        "UPDATE push.run SET status = 'planning' WHERE run_id = (SELECT id FROM one_run)",
    ),
}


def test_undisturbed_world_keeps_every_promise_and_is_worth_checking(stage_of: StageOf):
    stage = stage_of("planned")
    assert stage.check(is_resumed=True) == []
    decided = read_outcome(stage.dsn)
    reasons = {what[1] for what in decided.values() if what[0] == "left out"}
    assert reasons >= {1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 16}
    assert sum(what[0] == "enqueued" for what in decided.values()) > 300


@pytest.mark.parametrize("way", WAYS_TO_BREAK)
def test_each_broken_promise_is_seen(stage_of: StageOf, way: str):
    stage = stage_of("planned")
    promise, statement = WAYS_TO_BREAK[way]
    with stage.connect() as conn:
        conn.execute(NAMES)
        conn.execute(statement.encode())
    assert promise in {finding.promise for finding in stage.check(is_resumed=True)}


def test_taker_that_sends_before_it_begins_is_seen(stage_of: StageOf):
    stage = stage_of("planned")
    careless = {"kill_after": 5, "begins_first": False}
    stage.start("take", at=stories.SENDING.isoformat(), **careless).wait_for("killed")
    found = {finding.promise for finding in stage.check(provider=stage.provider)}
    assert found == {SUMS}
    assert TWICE in {finding.promise for finding in stories.take_again(stage, {})}
