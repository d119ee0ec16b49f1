"""An edit while planning is under way: before anybody is decided it holds, afterwards it waits."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from pushline.brief.approval import withdraw_approval
from pushline.brief.versions import BriefStarted, move_brief
from pushline.database.sql import Query
from pushline.plan.due import create_due_runs
from pushline.plan.waves import close_wave, freeze_audiences, plan_wave_buckets, start_wave
from pushline.report.funnel import funnel
from pushline.report.run_sentences import explain_note
from pushline.send_queue.client import Answer, Outcome, SendQueue
from pushline.send_queue.closing import expire_batches
from pushline.send_queue.pause import pause, resume
from tests.factories import NOON, create_batch, users_of_bucket
from tests.laws import hands
from tests.laws.model import BUCKETS, Content, Source
from tests.laws.reading import read_all
from tests.laws.town import OneConnection, shrink
from tests.oracle.mirror import save_user
from tests.oracle.model import User
from tests.plan.scene import make_weeks

ZONE = "Asia/Almaty"
CHECKS = [Query(f"checks/{name}") for name in ("closed_sum", "once")]
CONTENT = Content(
    push_class="marketing",
    tags=(),
    languages=("ru",),
    ttl=timedelta(hours=12),
    audience="everybody",
    send_at=NOON.replace(tzinfo=None) + timedelta(hours=5),
)


class Desk:
    """An approved brief that is due, and a wave that froze its audience and then died."""

    def __init__(self, conn: Connection) -> None:
        shrink(conn, [])
        make_weeks(conn)
        self.conn, self.engine = conn, OneConnection(conn)
        self.blocks = {bucket: tuple(users_of_bucket(conn, bucket, 2)) for bucket in (1, 3)}
        for users in self.blocks.values():
            for user in users:
                save_user(conn, User(user))
        brief_id, code = hands.write_brief(conn, CONTENT, ZONE, "bek", NOON)
        self.source = Source("brief", brief_id, code, [CONTENT])
        hands.approve(conn, self.source, (0, 99), NOON)
        self.plan(last=-1)

    def plan(self, last: int = BUCKETS - 1, *, moves_briefs: bool = True) -> None:
        """A wave; the brief is called `sending` at the tick after it."""
        engine: Any = self.engine
        if moves_briefs:
            create_due_runs(engine, NOON)
        wave = freeze_audiences(engine, start_wave(engine, "marketing", NOON), self.snapshot)
        plan_wave_buckets(engine, wave.wave_id, 0, last)
        if last == BUCKETS - 1:
            close_wave(engine, wave.wave_id, NOON)

    def snapshot(self, run_id: int, now: Any, /) -> None:
        if not [block for block in read_all(self.conn).blocks if block.run_id == run_id]:
            hands.write_snapshot(self.conn, run_id, (self.blocks, {}, {}), now)

    def edit(self) -> None:
        hands.edit_brief(self.conn, self.source, replace(CONTENT, touch=1), ZONE, NOON)


@pytest.fixture
def desk(committed_db: Engine) -> Any:
    with committed_db.connect() as conn:
        yield Desk(conn)
        conn.rollback()


def test_what_was_edited_before_anybody_was_decided_does_not_leave(desk: Desk):
    desk.edit()
    desk.plan()
    assert read_all(desk.conn).batches == []


def test_what_was_stopped_before_anybody_was_decided_does_not_leave(desk: Desk):
    move_brief(desk.conn, desk.source.name, "cancelled", by="ana", now=NOON)
    desk.plan()
    assert read_all(desk.conn).batches == []


def test_once_somebody_is_decided_the_edit_is_refused_and_the_rest_leaves(desk: Desk):
    desk.plan(last=1)
    with pytest.raises(BriefStarted):
        desk.edit()
    desk.plan()
    assert sum(batch.user_count for batch in read_all(desk.conn).batches) == 4


def test_an_edit_throws_a_paused_run_away_with_its_pause(desk: Desk):
    desk.conn.execute(text("UPDATE push.run SET status = 'waiting', wave_id = NULL"))
    desk.conn.execute(
        text(
            "INSERT INTO push.pause (scope, run_id, paused_by, paused_at)"
            " SELECT 'run', run_id, 'dana', now() FROM push.run"
        )
    )
    desk.edit()
    desk.plan()
    assert read_all(desk.conn).batches == []
    assert desk.conn.execute(text("SELECT count(*) FROM push.pause")).scalar() == 0


def test_an_edit_throws_away_what_takers_asked_for_behind_a_throttle(desk: Desk):
    desk.conn.execute(text("UPDATE push.run SET status = 'waiting', wave_id = NULL"))
    desk.conn.execute(text("INSERT INTO push.run_throttle (run_id) SELECT run_id FROM push.run"))
    desk.edit()
    desk.plan()
    assert read_all(desk.conn).batches == []
    assert desk.conn.execute(text("SELECT count(*) FROM push.run_throttle")).scalar() == 0


def claim(desk: Desk, most: int = 9) -> list[Any]:
    engine: Any = desk.engine
    return SendQueue(engine, "taker").claim(most, at=NOON)


def test_what_lost_its_approval_stays_in_the_queue_until_it_is_approved_again(desk: Desk):
    desk.plan(moves_briefs=False)
    queue = SendQueue(desk.engine, "taker")  # type: ignore[arg-type]
    (taken,) = claim(desk, most=1)
    withdraw_approval(desk.conn, desk.source.name, by="ana", now=NOON)
    assert (claim(desk), queue.begin(taken, at=NOON).refused_because) == ([], "paused")
    # Nobody's pause and nobody's resume lets it out.
    pause(desk.conn, "dana", NOON, run_id=taken.run_id)
    resume(desk.conn, "dana", NOON, run_id=taken.run_id)
    assert (claim(desk), queue.begin(taken, at=NOON).may_leave) == ([], ())
    other = create_batch(desk.conn)
    assert [batch.batch_id for batch in claim(desk, most=1)] == [other]
    hands.approve(desk.conn, desk.source, (0, 99), NOON)
    assert queue.begin(taken, at=NOON).may_leave == (1, 2)
    assert [batch.run_id for batch in claim(desk)] == [taken.run_id]


def state_of(desk: Desk) -> tuple[str, int]:
    """Where the run stands, and how many of its people are decided; its sum closes."""
    (run_id,) = desk.conn.execute(text("SELECT run_id FROM push.run")).scalars()
    found = funnel(desk.conn, run_id)
    assert found.faults == ()
    assert all(check.all(desk.conn, now=NOON) == [] for check in CHECKS)
    return found.status, found.audience - found.not_planned_yet


def note_of(desk: Desk) -> str:
    return str(desk.conn.execute(text("SELECT status_note FROM push.run")).scalar_one())


def test_a_run_that_lost_its_approval_goes_on_when_it_is_approved_again(desk: Desk):
    """Somebody is decided, so nothing but the same version can be approved: it is the old text."""
    desk.plan(last=1, moves_briefs=False)
    withdraw_approval(desk.conn, desk.source.name, by="ana", now=NOON)
    for _ in range(2):
        desk.plan()
        assert state_of(desk) == ("set_aside", 2)
        assert claim(desk) == []
    assert "снова вовремя" in explain_note(note_of(desk), "ru")
    hands.approve(desk.conn, desk.source, (0, 5), NOON)
    assert state_of(desk) == ("set_aside", 2)
    desk.plan()
    assert state_of(desk) == ("planned", 4)
    users = [user for batch in read_all(desk.conn).batches for user in batch.users]
    assert sorted(users) == sorted(user for block in desk.blocks.values() for user in block)
    assert sum(len(batch.waiting) for batch in claim(desk)) == 4


def test_a_run_that_nobody_had_been_decided_in_is_made_anew_for_the_reach_of_now(desk: Desk):
    withdraw_approval(desk.conn, desk.source.name, by="ana", now=NOON)
    desk.plan(moves_briefs=False)
    assert state_of(desk) == ("set_aside", 0)
    hands.approve(desk.conn, desk.source, (0, 3), NOON)
    desk.plan()
    assert state_of(desk) == ("held", 0)
    withdraw_approval(desk.conn, desk.source.name, by="ana", now=NOON)
    hands.approve(desk.conn, desk.source, (0, 4), NOON)
    desk.plan()
    assert state_of(desk) == ("planned", 4)


def test_a_brief_that_is_cancelled_in_the_middle_sends_nothing_more_and_ends_by_itself(desk: Desk):
    desk.plan(last=1, moves_briefs=False)
    (taken,) = claim(desk, most=1)
    move_brief(desk.conn, desk.source.name, "cancelled", by="ana", now=NOON)
    queue = SendQueue(desk.engine, "taker")  # type: ignore[arg-type]
    assert (claim(desk), queue.begin(taken, at=NOON).may_leave) == ([], ())
    desk.plan()
    assert state_of(desk) == ("set_aside", 2)
    expire_batches(desk.engine, NOON + timedelta(days=1))  # type: ignore[arg-type]
    assert state_of(desk) == ("expired", 4)


def test_what_failed_by_itself_waits_for_a_person_however_often_it_is_approved(desk: Desk):
    desk.plan(last=1, moves_briefs=False)
    desk.conn.execute(
        text("INSERT INTO push.set_aside SELECT run_id, 3, now(), 'broken' FROM push.run")
    )
    withdraw_approval(desk.conn, desk.source.name, by="ana", now=NOON)
    desk.plan()
    hands.approve(desk.conn, desk.source, (0, 99), NOON)
    desk.plan()
    assert state_of(desk) == ("set_aside", 2)


def test_without_another_approval_in_time_the_rest_expires_and_the_run_says_why(desk: Desk):
    desk.plan(last=1, moves_briefs=False)
    withdraw_approval(desk.conn, desk.source.name, by="ana", now=NOON)
    desk.plan()
    expire_batches(desk.engine, NOON + timedelta(days=1))  # type: ignore[arg-type]
    assert state_of(desk) == ("expired", 4)
    hands.approve(desk.conn, desk.source, (0, 99), NOON + timedelta(days=1))
    assert explain_note(note_of(desk), "ru") != explain_note("any other", "ru")
    assert explain_note(note_of(desk), "en") == "expired while its approval was taken back"


def test_what_had_begun_when_its_approval_went_comes_to_its_end(desk: Desk):
    desk.plan(moves_briefs=False)
    queue = SendQueue(desk.engine, "taker")  # type: ignore[arg-type]
    (taken,) = claim(desk, most=1)
    assert queue.begin(taken, [1], at=NOON).may_leave == (1,)
    withdraw_approval(desk.conn, desk.source.name, by="ana", now=NOON)
    assert queue.begin(taken, at=NOON).may_leave == ()
    assert queue.finish(taken, [Answer(1, Outcome.ACCEPTED)], at=NOON).changed == 1
    with pytest.raises(BriefStarted):
        desk.edit()
