"""A history made by the product and audited in plain SQL; and that the audit sees what is wrong."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from tests.conftest import Databases
from tests.laws.audit import Report, audit
from tests.laws.history import History

SEED = int(os.environ.get("PUSHLINE_AUDIT_SEED", "11"))
USERS, WEEKS = 1_000, 2
_SOMEBODY = """
    SELECT p.user_id, p.run_id FROM audit.push AS p INNER JOIN push.recipient AS r USING (user_id)
    WHERE p.is_counted AND p.released = 9223372036854775807 AND p.class = 'marketing'
        AND r.weekly_limit IS NULL
    ORDER BY p.user_id, p.ordinal LIMIT 1
"""


@pytest.fixture(scope="module")
def history(databases: Databases, template: str) -> Iterator[Engine]:
    """Four weeks of five hundred people, once for the whole file; tests roll back."""
    name = f"test_{os.getpid()}_history"
    engine = create_engine(databases.clone(template, name))
    played = History(engine, SEED, USERS, buckets=2, brief_chance=0.8)
    played.settle(WEEKS)
    played.live(WEEKS)
    assert played.user_weeks == 2_000
    yield engine
    engine.dispose()
    databases.drop(name)


def look(conn: Connection) -> Report:
    report = audit(conn)
    assert report.pushes > 1_000
    assert report.refusals > 500
    return report


@pytest.mark.slow
class TestHistory:
    def test_nobody_is_over_or_under(self, history: Engine):
        with history.connect() as conn:
            report = look(conn)
            conn.rollback()
        assert report.is_clean, report.details

    def test_a_push_too_many_is_seen(self, history: Engine):
        """As if nobody had counted: pushes of one user come true at the same time."""
        with history.connect() as conn:
            audit(conn)
            user = conn.execute(text(_SOMEBODY)).one().user_id
            move = """
                UPDATE push.send_batch SET not_before = (
                    SELECT min(not_before) FROM push.send_batch WHERE :user = ANY(users)
                ) WHERE :user = ANY(users)
            """
            conn.execute(text(move), {"user": user})
            report = audit(conn)
            conn.rollback()
        assert report.over > 0

    def test_a_refusal_without_need_is_seen(self, history: Engine):
        """As if slots had come back earlier: batches of the past hold none any more."""
        with history.connect() as conn:
            conn.execute(text("INSERT INTO audit.release SELECT batch_id, 0 FROM push.send_batch"))
            report = audit(conn)
            conn.rollback()
        assert report.under > 0

    def test_a_user_decided_twice_is_seen(self, history: Engine):
        with history.connect() as conn:
            conn.execute(text(
                "UPDATE push.decision_block SET users = users || users[1]"
                " WHERE (run_id, bucket, reason, rule_no) = (SELECT run_id, bucket, reason, rule_no"
                " FROM push.decision_block WHERE reason < 17 ORDER BY 1, 2 LIMIT 1)"
            ))  # fmt: skip
            report = audit(conn)
            conn.rollback()
        assert report.doubled == 1

    def test_a_user_nobody_decided_is_seen(self, history: Engine):
        with history.connect() as conn:
            conn.execute(text(
                "DELETE FROM push.decision_block WHERE (run_id, bucket, reason, rule_no) = (SELECT"
                " run_id, bucket, reason, rule_no FROM push.decision_block WHERE reason < 17"
                " ORDER BY 1, 2 LIMIT 1)"
            ))  # fmt: skip
            report = audit(conn)
            conn.rollback()
        assert report.lost > 0
