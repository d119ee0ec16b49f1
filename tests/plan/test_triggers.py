"""A trigger that is edited or switched off while its wave is under way does not leave as it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from pushline.brief.approval import record_approval
from pushline.errors import StopRun
from pushline.plan.bucket import plan_bucket
from pushline.plan.passes import prepare_run
from pushline.trigger import TriggerRule, hash_trigger, save_trigger, switch_trigger
from tests.factories import NOON, users_of_bucket
from tests.oracle.mirror import save_user
from tests.oracle.model import User
from tests.plan.scene import BUCKET, Scene

OTHER_BUCKET = 40
SQL_HASH = "a" * 64
RULE = TriggerRule(
    name="price_drop",
    title="Cheaper now",
    texts={"ru": {"title": "Дешевле", "body": "Минус 20 %"}},
    cool_down=timedelta(days=3),
    ttl=timedelta(hours=6),
    utm_campaign="price_drop",
)
COUNT = "SELECT coalesce(sum(user_count), 0) FROM push.send_batch WHERE run_id = :run_id"


def save_approved(conn: Connection, rule: TriggerRule) -> tuple[int, int]:
    trigger_id, version = save_trigger(conn, rule, SQL_HASH, "bek", NOON)
    record_approval(
        conn,
        source_kind="trigger",
        source_id=trigger_id,
        version=version,
        content_hash=hash_trigger(rule, SQL_HASH),
        by="ana",
        now=NOON,
        expected_reach=10,
    )
    return trigger_id, version


class Fired:
    """A trigger that is on, and its run whose wave began: one person in each of two buckets."""

    def __init__(self, conn: Connection) -> None:
        scene = Scene(conn)
        self.conn = conn
        other = users_of_bucket(conn, OTHER_BUCKET, 1)[0]
        save_user(conn, User(other))
        trigger_id, version = save_approved(conn, RULE)
        switch_trigger(conn, RULE.name, is_on=True)
        run = scene.make_run(blocks={BUCKET: (scene.hero,), OTHER_BUCKET: (other,)})
        self.run_id = scene.save(
            replace(run, push_class="trigger"),
            source_kind="trigger",
            source_id=trigger_id,
            version=version,
            content_hash=hash_trigger(RULE, SQL_HASH),
        )

    def plan(self, bucket: int = BUCKET) -> int:
        plan = prepare_run(self.conn, self.run_id, NOON)
        return plan_bucket(self.conn, plan, bucket, NOON).enqueued

    def count_enqueued(self) -> int:
        return int(self.conn.execute(text(COUNT), {"run_id": self.run_id}).scalar_one())


def edit(conn: Connection) -> None:
    save_trigger(conn, replace(RULE, title="Much cheaper"), SQL_HASH, "bek", NOON)


def edit_and_approve(conn: Connection) -> None:
    save_approved(conn, replace(RULE, title="Much cheaper"))


def switch_off(conn: Connection) -> None:
    switch_trigger(conn, RULE.name, is_on=False)


CHANGES = pytest.mark.parametrize("change", [edit, edit_and_approve, switch_off])


def test_trigger_that_is_on_and_approved_as_it_stands_is_planned(db: Connection):
    assert Fired(db).plan() == 1


@CHANGES
def test_changed_before_anybody_was_decided_it_does_not_leave(
    db: Connection, change: Callable[[Connection], None]
):
    fired = Fired(db)
    change(db)
    with pytest.raises(StopRun, match=r"of a trigger that was edited or switched off since"):
        fired.plan()
    assert fired.count_enqueued() == 0


@CHANGES
def test_once_somebody_was_decided_the_rest_leaves_as_it_was(
    db: Connection, change: Callable[[Connection], None]
):
    fired = Fired(db)
    assert fired.plan() == 1
    change(db)
    assert fired.plan(OTHER_BUCKET) == 1


def test_saved_again_unchanged_it_leaves(db: Connection):
    fired = Fired(db)
    save_trigger(db, RULE, SQL_HASH, "bek", NOON)
    assert fired.plan() == 1
