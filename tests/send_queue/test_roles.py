"""Takers and producers can do their part of the contract and nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from pushline.send_queue.client import Answer, Outcome, SendQueue
from pushline.send_queue.closing import cancel_run, expire_batches
from pushline.send_queue.offer import offer_answer, offer_pushes
from pushline.send_queue.pause import pause, resume
from pushline.send_queue.pretend import PretendTaker
from pushline.send_queue.refusal import ContractBreach
from pushline.send_queue.status import queue_status
from tests.factories import create_batch, create_run, users_of_bucket

TEXTS = {"texts": {"ru": {"title": "Заказ", "body": "В пути"}}}


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


def test_a_sender_does_its_whole_work_by_functions(
    committed_db: Engine, as_role: Callable[[str], Engine], now: datetime
):
    with committed_db.begin() as conn:
        create_batch(conn, create_run(conn, occasion=now - timedelta(minutes=1)))
    queue = SendQueue(as_role("sender"), "w")
    (batch,) = queue.claim()
    assert queue.renew(batch) > now
    assert queue.begin(batch, [1]).may_leave == (1,)
    queue.finish(batch, [Answer(1, Outcome.ACCEPTED)])
    assert queue.release(batch) == 2
    assert PretendTaker(as_role("sender"), "p").work_once() == 2


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM push.send_batch",
        "UPDATE push.send_batch SET status = 'done'",
        "INSERT INTO push.send_batch (run_day) VALUES (current_date)",
        "DELETE FROM push.send_batch",
        "INSERT INTO push.outcome (run_day) VALUES (current_date)",
        "SELECT * FROM push.audience_field",
        "SELECT * FROM push.person",
        "SELECT * FROM push.receipt",
        "SELECT push.pause('me')",
        "SELECT push.offer('t', 'k', 'marketing', 'marketing', '{1}', '{}', now(), now())",
        "SELECT push.give_back('{}', '{}', now(), '')",
        "SELECT push.lock_batch(1, 1)",
        "CREATE TABLE push.mine ()",
    ],
)
def test_a_sender_can_do_nothing_else(as_role: Callable[[str], Engine], statement: str):
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        as_role("sender").begin() as conn,
    ):
        conn.execute(text(statement))


def test_a_taker_cannot_name_the_moment(as_role: Callable[[str], Engine], now: datetime):
    with pytest.raises(ContractBreach, match="Only the planner may name the moment"):
        SendQueue(as_role("sender"), "w").claim(at=now + timedelta(days=1))


def test_a_producer_offers_and_reads_its_answer(
    committed_db: Engine, as_role: Callable[[str], Engine], now: datetime
):
    with committed_db.begin() as conn:
        conn.execute(text("SELECT push.let_team_offer('logistics', 'pushline_producer', true)"))
    with as_role("producer").begin() as conn:
        offer_pushes(
            conn,
            team="logistics",
            occasion_key="k",
            class_="transactional",
            user_ids=[1, 2],
            content=TEXTS,
            not_before=now,
            expires_at=now + timedelta(hours=1),
        )
        (decided,) = offer_answer(conn, "logistics", "k")
    assert (decided.decision, decided.user_count) == ("not_planned_yet", 2)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM push.offer",
        "SELECT * FROM push.run",
        "INSERT INTO push.run (title) VALUES ('x')",
        "SELECT * FROM push.send_batch",
        "SELECT * FROM push.claim('me', NULL, 1, interval '1 minute')",
        "SELECT push.recover_expired_leases()",
        "SELECT * FROM push.offering_team",
        "SELECT push.let_team_offer('t', 'pushline_producer')",
    ],
)
def test_a_producer_can_do_nothing_else(as_role: Callable[[str], Engine], statement: str):
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        as_role("producer").begin() as conn,
    ):
        conn.execute(text(statement))


def test_the_planner_may_cancel_expire_pause_and_look(
    committed_db: Engine, as_role: Callable[[str], Engine], now: datetime
):
    with committed_db.begin() as conn:
        users = users_of_bucket(conn, 0) + users_of_bucket(conn, 1)
        run = create_run(conn, occasion=now, audience=users)
        create_batch(conn, run, users=users[:3])
    planner = as_role("planner")
    assert cancel_run(planner, run, "dana", now).undecided == 3
    assert expire_batches(planner, now).batches == 0
    with planner.begin() as conn:
        assert pause(conn, "dana", now, lane="marketing")
        assert queue_status(conn, now).lanes[1].is_paused
        assert resume(conn, "dana", now, lane="marketing")


def test_bi_sees_pushes_and_decisions_and_no_batch(as_role: Callable[[str], Engine]):
    bi = as_role("bi")
    with bi.begin() as conn:
        for view in ("push", "decision", "batch_state_count"):
            assert conn.execute(text(f"SELECT * FROM push.{view}")).all() == []  # noqa: S608
    with pytest.raises(ProgrammingError, match="permission denied"), bi.begin() as conn:
        conn.execute(text("SELECT * FROM push.send_batch"))
