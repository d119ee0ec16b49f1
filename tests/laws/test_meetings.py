"""A person and the planner at the same moment, on two connections, in both orders of coming.

Whatever meets: a brief that was cancelled stays so and nothing of it leaves; what lost its approval
waits for another one; an edit is refused, or what leaves says what the edit says. Nobody gets
it twice, and nobody is forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import count, product
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from pushline.brief.approval import withdraw_approval
from pushline.brief.versions import (
    BriefStarted,
    get_brief,
    lock_brief,
    move_brief,
    refuse_when_started,
)
from pushline.errors import RetryLater, Unapproved
from pushline.plan.bucket import plan_bucket
from pushline.plan.due import create_due_runs, move_briefs
from pushline.plan.passes import prepare_run
from pushline.plan.waves import (
    INSERT_WAVE,
    TAKE_DUE_RUNS,
    close_wave,
    plan_wave_buckets,
    set_aside,
    start_wave,
)
from pushline.send_queue.client import SendQueue
from pushline.send_queue.closing import cancel_run
from tests.factories import NOON, users_of_bucket
from tests.laws import hands
from tests.laws.model import BUCKETS, Content, Source
from tests.laws.town import shrink
from tests.meetings import meet
from tests.oracle.mirror import save_user
from tests.oracle.model import User
from tests.plan.scene import make_weeks

ZONE = "Asia/Almaty"
CONTENT = Content(
    push_class="marketing",
    tags=(),
    languages=("ru",),
    ttl=timedelta(hours=12),
    audience="everybody",
    send_at=NOON.replace(tzinfo=None) + timedelta(hours=5),
)
RUN = "SELECT max(run_id) FROM push.run WHERE source_kind = 'brief' AND source_id = :brief"
UNREAD = f"SELECT snapshot_at IS NULL FROM push.run WHERE run_id = ({RUN})"  # noqa: S608
LIVE = "SELECT count(*) FROM push.approval WHERE source_id = :brief AND withdrawn_at IS NULL"


class Town:
    """Two people in each of four buckets; briefs come and go."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.touches = count(1)
        with engine.begin() as conn:
            shrink(conn, [])
            make_weeks(conn)
            self.blocks = {
                bucket: tuple(users_of_bucket(conn, bucket, 2)) for bucket in range(BUCKETS)
            }
            for user in self.everybody:
                save_user(conn, User(user))

    @property
    def everybody(self) -> list[int]:
        return sorted(user for users in self.blocks.values() for user in users)

    def write_brief(self) -> "Campaign":
        with self.engine.begin() as conn:
            content = replace(CONTENT, touch=next(self.touches))
            brief_id, code = hands.write_brief(conn, content, ZONE, "bek", NOON)
            source = Source("brief", brief_id, code, [content])
            hands.approve(conn, source, (0, 99), NOON)
        return Campaign(self, source)


@dataclass
class Campaign:
    """An approved brief, what may be done to it, and what became of it."""

    town: Town
    source: Source
    version: int = 1

    @property
    def code(self) -> str:
        return self.source.name

    def ask(self, question: str) -> Any:
        with self.town.engine.connect() as conn:
            return conn.execute(text(question), {"brief": self.source.source_id}).scalar_one()

    @property
    def status(self) -> str:
        return str(self.ask("SELECT status FROM push.brief WHERE brief_id = :brief"))

    # ------------------------------------------------------------------ the person

    def cancel(self, conn: Connection) -> None:
        move_brief(conn, self.code, "cancelled", by="ana", now=NOON)

    def withdraw(self, conn: Connection) -> None:
        withdraw_approval(conn, self.code, by="ana", now=NOON)

    def edit(self, conn: Connection) -> None:
        """As the page saves a cell of an approved row."""
        refuse_when_started(conn, lock_brief(conn, self.code))
        withdraw_approval(conn, self.code, by="bek", now=NOON)
        content = replace(self.source.versions[-1], touch=next(self.town.touches))
        hands.edit_brief(conn, self.source, content, ZONE, NOON)
        self.version = 2

    # ------------------------------------------------------------------ the planner

    def move(self, conn: Connection) -> None:
        move_briefs(conn, [], NOON)

    def take(self, conn: Connection) -> None:
        wave = INSERT_WAVE.one(conn, lane="marketing", now=NOON)
        TAKE_DUE_RUNS.all(conn, wave_id=wave.wave_id, lane="marketing", now=NOON)

    def plan(self, conn: Connection) -> None:
        run_id = self.ask(RUN)
        with self.town.engine.connect() as other:
            plan = prepare_run(other, run_id, NOON)
        plan_bucket(conn, plan, 0, NOON)

    def make_run(self) -> int:
        assert create_due_runs(self.town.engine, NOON) == 1
        run_id = int(self.ask(RUN))
        with self.town.engine.begin() as conn:
            hands.write_snapshot(conn, run_id, (self.town.blocks, {}, {}), NOON)
        return run_id

    def prepare(self, step: str) -> None:
        """All that comes before a step of the planner."""
        if step == "move":
            return
        self.make_run()
        if step == "plan":
            start_wave(self.town.engine, "marketing", NOON)

    def finish(self) -> None:
        """The ticks that follow."""
        engine = self.town.engine
        for _ in range(2):
            create_due_runs(engine, NOON)
            run_id = self.ask(RUN)
            if run_id is not None and self.ask(UNREAD):
                with engine.begin() as conn:
                    hands.write_snapshot(conn, run_id, (self.town.blocks, {}, {}), NOON)
            wave = start_wave(engine, "marketing", NOON)
            plan_wave_buckets(engine, wave.wave_id, 0, BUCKETS - 1)
            close_wave(engine, wave.wave_id, NOON)

    def claim(self) -> list[tuple[str | None, int]]:
        """(title, user) of all that may leave now of this brief; it is gone then."""
        queue = SendQueue(self.town.engine, "taker")
        found = []
        for batch in queue.claim(99, at=NOON):
            assert batch.run_id == self.ask(RUN)
            found += [(batch.title, user) for user in batch.users]
        return sorted(found)


@pytest.fixture
def town(committed_db: Engine) -> Town:
    return Town(committed_db)


def in_a_transaction(engine: Engine, work: Callable[[Connection], Any]) -> Callable[[], Any]:
    def do() -> Any:
        with engine.begin() as conn:
            return work(conn)

    return do


@pytest.mark.parametrize("step", ["move", "take", "plan"])
def test_a_person_and_the_planner_at_once(town: Town, step: str):
    for act, person_first in product(("cancel", "withdraw", "edit"), (True, False)):
        campaign = town.write_brief()
        campaign.prepare(step)
        person, planner = getattr(campaign, act), getattr(campaign, step)
        first, second = (person, planner) if person_first else (planner, person)
        _, answer = meet(town.engine, first, in_a_transaction(town.engine, second))
        # An edit is refused for somebody who is decided, planning for an edit that it waited for.
        refused = isinstance(answer, BriefStarted)
        assert refused == (act == "edit" and step == "plan" and not person_first)
        stopped = isinstance(answer, Unapproved)
        assert stopped == (act == "edit" and step == "plan" and person_first)
        assert refused or stopped or not isinstance(answer, Exception)
        if refused:
            campaign.version = 1
        check(campaign, act, refused=refused)


def check(campaign: Campaign, act: str, *, refused: bool) -> None:
    """Let the planner go on, and look what leaves."""
    campaign.finish()
    everybody = campaign.town.everybody
    if act == "cancel":
        assert (campaign.status, campaign.ask(LIVE), campaign.claim()) == ("cancelled", 0, [])
        campaign.finish()
        assert (campaign.status, campaign.claim()) == ("cancelled", [])
        return
    if not refused:
        assert (campaign.status, campaign.ask(LIVE), campaign.claim()) == ("audience_ready", 0, [])
        with campaign.town.engine.begin() as conn:
            hands.approve(conn, campaign.source, (0, 99), NOON)
        campaign.finish()
    claimed = campaign.claim()
    with campaign.town.engine.connect() as conn:
        brief = get_brief(conn, campaign.code)
    assert brief.version == campaign.version
    assert claimed == [(brief.row.title_ru, user) for user in everybody]


def test_what_was_cancelled_while_its_wave_ends_stays_cancelled(town: Town):
    """Whether all of it was decided, or it failed before anybody was."""

    def cancel(conn: Connection) -> None:
        conn.execute(text("SELECT FROM push.cancel_runs(ARRAY[:r], NULL, 'ana', :at)"),
                     {"r": run_id, "at": NOON})  # fmt: skip

    def fail() -> None:
        set_aside(town.engine, run_id, -1, ValueError("broken"), NOON)

    for ends in ("planned", "failed"):
        campaign = town.write_brief()
        run_id = campaign.make_run()
        wave = start_wave(town.engine, "marketing", NOON)
        if ends == "planned":
            plan_wave_buckets(town.engine, wave.wave_id, 0, BUCKETS - 1)
        close = partial(close_wave, town.engine, wave.wave_id)
        meet(town.engine, cancel, fail if ends == "failed" else close)
        assert campaign.ask("SELECT status FROM push.run WHERE source_id = :brief") == "cancelled"
        cancel_run(town.engine, run_id, "ana", NOON)
        assert campaign.claim() == []


def test_the_planner_locks_briefs_in_the_order_of_everybody(town: Town):
    """Made in the other order: whoever holds one brief gets the next, and nobody is in a ring."""
    campaigns = [town.write_brief() for _ in range(3)]
    with town.engine.begin() as conn:
        swap = "UPDATE push.brief SET campaign_code = 'C-2026-9' || 99 - brief_id"
        conn.execute(text(swap))
        conn.execute(text("ANALYZE push.brief"))
    codes = sorted(f"C-2026-9{99 - it.source.source_id}" for it in campaigns)

    def hold(code: str) -> Callable[[Connection], Any]:
        return lambda conn: lock_brief(conn, code)

    _, answer = meet(
        town.engine,
        hold(codes[0]),
        in_a_transaction(town.engine, campaigns[0].move),
        then=hold(codes[-1]),
    )
    assert answer is None


def test_a_busy_database_is_asked_again(town: Town):
    campaign = town.write_brief()
    impatient = create_engine(town.engine.url, connect_args={"options": "-c lock_timeout=1"})
    with town.engine.connect() as page, page.begin():
        campaign.cancel(page)
        with pytest.raises(RetryLater):
            create_due_runs(impatient, NOON)
        page.execute(text("LOCK push.run IN EXCLUSIVE MODE"))
        with pytest.raises(RetryLater):
            start_wave(impatient, "marketing", NOON)
    impatient.dispose()
