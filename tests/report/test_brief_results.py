"""What became of a brief: sent, opened, B beside A; the same before and after rows are dropped."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, text

from pushline.report.brief_results import BriefResult, list_brief_results
from pushline.report.funnel import funnel, list_runs
from pushline.report.totals import KEEP_TOTALS
from pushline.report.uplift import Uplift
from pushline.report.variants import list_variants
from pushline.settings import get_settings
from tests.factories import NOON, create_batch, create_run, users_of_bucket
from tests.report.factories import enqueue

DAY = timedelta(days=1)
_ADD_BRIEF = """
    WITH written AS (
        INSERT INTO push.brief
            (brief_id, campaign_code, current_version, created_by, created_at, changed_at)
        OVERRIDING SYSTEM VALUE VALUES (:id, :code, 1, 'bek', :at, :at)
    )
    INSERT INTO push.brief_version (brief_id, version, content, content_hash, edited_by, edited_at)
    VALUES (:id, 1, '{}', :hash, '{bek}', :at)
"""
_RECEIVE = """
    INSERT INTO push.receipt (run_day, batch_id, position, kind, received_at, insert_id)
    SELECT b.run_day, b.batch_id, p, CAST(:kind AS text), :at,
        concat(CAST(:kind AS text), p, ':', CAST(:again AS text))
    FROM push.send_batch AS b CROSS JOIN generate_series(1, :count) AS p
    WHERE b.batch_id = :batch_id
"""
_END = """
    UPDATE push.send_batch
    SET status = 'done', claimed_at = :at, states = array_fill(2::smallint, ARRAY[user_count])
    WHERE batch_id = :batch_id
"""


def add_brief(conn: Connection, number: int) -> int:
    row = {"id": number, "code": f"C-2026-{number:03}", "hash": "0" * 64, "at": NOON - DAY}
    conn.execute(text(_ADD_BRIEF), row)
    return number


def receive(conn: Connection, batch_id: int, kind: str, count: int, again: int = 0) -> None:
    """Let the first `count` pushes of a batch report something back."""
    row = {"batch_id": batch_id, "kind": kind, "count": count, "again": again, "at": NOON}
    conn.execute(text(_RECEIVE), row)


def end(conn: Connection, batch_id: int) -> None:
    """Let the provider take a batch whole."""
    conn.execute(text(_END), {"batch_id": batch_id, "at": NOON})


def result_of(conn: Connection, brief_id: int) -> BriefResult:
    (found,) = list_brief_results(conn, [brief_id]).values()
    return found


def add_pair(conn: Connection, brief_id: int, **over: Any) -> tuple[int, int, int]:
    """A run of two variants with 300 pushes each, which wait; returns run, A's batch, B's batch."""
    users = users_of_bucket(conn, 0, 600)
    run_id = create_run(conn, source_id=brief_id, variant_shares=[5000, 10000], **over)
    one = create_batch(conn, run_id, users=users[:300])
    return run_id, one, create_batch(conn, run_id, users=users[300:], variant=1)


def test_numbers_come_as_they_are_known_and_outlive_their_rows(db: Connection):
    brief_id = add_brief(db, 71)
    assert list_brief_results(db, [brief_id]) == {}
    run_id, one, other = add_pair(db, brief_id)
    waiting = result_of(db, brief_id)
    assert (waiting.stage, waiting.sent) == ("sending", 0)
    assert (waiting.opened, waiting.uplift) == ("not_sent", "under_way")
    end(db, one)
    assert (result_of(db, brief_id).sent, result_of(db, brief_id).opened) == (300, "nothing_back")
    receive(db, one, "delivered", 250)
    receive(db, one, "opened", 12)
    receive(db, one, "opened", 5, again=1)
    assert (result_of(db, brief_id).opened, result_of(db, brief_id).uplift) == (12, "under_way")
    end(db, other)
    receive(db, other, "opened", 80)
    done = result_of(db, brief_id)
    assert (done.code, done.run_id, done.stage) == ("C-2026-071", run_id, "sent")
    assert (done.sent, done.opened, done.is_final) == (600, 92, False)
    assert isinstance(done.uplift, Uplift)
    assert (done.uplift.base_share, done.uplift.share) == (12 / 300, 80 / 300)
    assert done.uplift.is_clear
    assert done.compared_at == NOON

    variants = list_variants(db, run_id)
    for day in (1, 4):
        KEEP_TOTALS.execute(db, now=NOON + day * DAY)
    final = result_of(db, brief_id)
    assert final.is_final
    assert list_brief_results(db, only_open=True) == {}
    # What comes after that changes no number any more, here and there alike.
    receive(db, one, "opened", 100, again=2)
    assert result_of(db, brief_id) == final
    assert list_variants(db, run_id) == variants
    db.execute(text("DELETE FROM push.receipt"))
    db.execute(text("DELETE FROM push.send_batch"))
    kept = result_of(db, brief_id)
    assert (kept.sent, kept.opened, kept.uplift) == (done.sent, done.opened, done.uplift)
    assert list_variants(db, run_id) == variants


def test_runs_of_a_brief_are_summed_and_the_latest_that_can_tell_compares(db: Connection):
    brief_id = add_brief(db, 72)
    for day in range(2):
        _, one, other = add_pair(db, brief_id, occasion=NOON + day * DAY)
        end(db, one)
        end(db, other)
        receive(db, one, "opened", 10 + day)
    add_pair(db, brief_id, occasion=NOON + 2 * DAY)
    found = result_of(db, brief_id)
    assert (found.sent, found.opened, found.stage) == (1200, 21, "sending")
    assert isinstance(found.uplift, Uplift)
    assert found.uplift.base_share == 11 / 300
    assert found.compared_at == NOON + DAY


def test_nothing_is_compared_while_one_may_have_been_open_for_longer(db: Connection):
    brief_id = add_brief(db, 77)
    run_id, one, other = add_pair(db, brief_id)
    ahead = create_batch(db, run_id, users=users_of_bucket(db, 1, 90), variant=1)
    for batch_id, opened in ((one, 9), (ahead, 80)):
        end(db, batch_id)
        receive(db, batch_id, "opened", opened)
    assert (result_of(db, brief_id).sent, result_of(db, brief_id).uplift) == (390, "under_way")
    end(db, other)
    assert isinstance(result_of(db, brief_id).uplift, Uplift)


def test_sent_is_what_the_provider_took(db: Connection):
    run_id = create_run(db, source_id=add_brief(db, 78))
    users = users_of_bucket(db, 0, 8)
    enqueue(db, run_id, users, states=[2, 2, 2, 3, 4, 5, 6, 7], done_at=NOON)
    assert result_of(db, 78).sent == 3


def test_numbers_are_final_two_days_after_the_deadline(db: Connection):
    """Answers come late: a total that was kept before is not the last word."""
    run_id = create_run(db, source_id=add_brief(db, 79))
    end(db, create_batch(db, run_id))
    final_at = NOON + timedelta(hours=6) + 2 * DAY
    for moment, is_final in [(final_at, False), (final_at + timedelta(seconds=1), True)]:
        KEEP_TOTALS.execute(db, now=moment)
        assert result_of(db, 79).is_final is is_final


def test_an_empty_cell_says_why(db: Connection):
    alone, old = add_brief(db, 73), add_brief(db, 74)
    for brief_id in (alone, old):
        batch_id = create_batch(db, create_run(db, source_id=brief_id))
        end(db, batch_id)
        receive(db, batch_id, "delivered", 3)
    assert (result_of(db, alone).opened, result_of(db, alone).uplift) == (0, "one_variant")
    KEEP_TOTALS.execute(db, now=NOON + 4 * DAY)
    db.execute(text("UPDATE push.run_total SET came_back = NULL"))
    assert (result_of(db, old).sent, result_of(db, old).opened) == (3, "dropped")
    assert result_of(db, old).uplift == "dropped"


def test_totals_of_before_learn_what_came_back(db: Connection):
    run_id, one, _other = add_pair(db, add_brief(db, 75))
    end(db, one)
    receive(db, one, "opened", 7)
    KEEP_TOTALS.execute(db, now=NOON + DAY)
    kept = text("SELECT came_back FROM push.run_total WHERE run_id = :run_id")
    counted = db.execute(kept, {"run_id": run_id}).scalar_one()
    assert [(it["variant"], it["opened"]) for it in counted] == [("A", 7), ("B", 0)]
    db.execute(text("UPDATE push.run_total SET came_back = NULL"))
    file = get_settings().sql_dir / "migrations" / "0019_keep_what_came_back.sql"
    (upgrade,) = (
        statement
        for statement in file.read_text(encoding="utf-8").split(";")
        if "UPDATE push.run_total" in statement
    )
    db.exec_driver_sql(upgrade)
    assert db.execute(kept, {"run_id": run_id}).scalar_one() == counted


def test_a_planned_run_is_sending_until_nothing_is_left(db: Connection):
    run_id, one, other = add_pair(db, add_brief(db, 76))

    def stages(*statuses: str) -> list[tuple[str, str]]:
        return [(row.status, row.stage) for row in list_runs(db, statuses=statuses or None)]

    end(db, one)
    assert stages() == stages("sending") == stages("planned") == [("planned", "sending")]
    assert stages("sent") == []
    assert funnel(db, run_id).stage == "sending"
    end(db, other)
    assert stages() == stages("sent") == [("planned", "sent")]
    assert stages("sending") == []
    assert funnel(db, run_id).stage == "sent"
    db.execute(text("UPDATE push.run SET status = 'cancelled'"))
    assert stages() == [("cancelled", "cancelled")]
