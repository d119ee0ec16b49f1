"""Housekeeping: nothing is dropped before its total is kept, nothing personal stays too long."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from pushline.errors import RetryLater
from pushline.maintain import (
    create_partitions,
    delete_blocks,
    delete_fields,
    drop_partitions,
    maintain,
)
from pushline.report.checks import run_checks
from pushline.report.funnel import funnel, list_runs
from pushline.report.totals import keep_totals
from tests.factories import create_run, users_of_bucket
from tests.report.factories import enqueue, leave_out

DAY = timedelta(days=1)


@pytest.fixture
def now(committed_db: Engine) -> datetime:
    with committed_db.connect() as conn:
        return conn.execute(text("SELECT date_trunc('hour', now())")).scalar_one()


@pytest.fixture
def old_run(committed_db: Engine, now: datetime) -> int:
    """A run just younger than what the partitions at hand cover, all ended."""
    with committed_db.begin() as conn:
        users = users_of_bucket(conn, 0, 8)
        run_id = create_run(conn, audience=users, occasion=now - 60 * DAY, status="planned")
        leave_out(conn, run_id, users[:3], "no_consent")
        enqueue(conn, run_id, users[3:6], [2, 3, 5], fields=["[]"] * 3)
        enqueue(conn, run_id, users[6:], status="expired", done_at=now - 59 * DAY)
        return run_id


def partitions(engine: Engine, parent: str) -> list[str]:
    with engine.connect() as conn:
        rows = conn.execute(
            text(
                "SELECT inhrelid::regclass::text FROM pg_inherits "
                "WHERE inhparent = CAST(:parent AS regclass) ORDER BY 1"
            ),
            {"parent": f"push.{parent}"},
        )
        return [name.removeprefix("push.") for name in rows.scalars()]


def test_partitions_reach_five_weeks_ahead(committed_db: Engine, now: datetime):
    later = now + 40 * DAY
    assert create_partitions(committed_db, later) > 0
    assert create_partitions(committed_db, later) == 0
    last = date.fromisoformat(partitions(committed_db, "event")[-1].removeprefix("event_"))
    assert last + 7 * DAY > (later + 35 * DAY).date()


def test_nothing_goes_before_its_total_is_kept(committed_db: Engine, now: datetime, old_run: int):
    later = now + 30 * DAY
    before = partitions(committed_db, "send_batch")
    dropped = drop_partitions(committed_db, later)
    assert dropped
    week = f"{now - 60 * DAY - ((now - 60 * DAY).weekday()) * DAY:%Y%m%d}"
    assert f"send_batch_{week}" not in dropped
    assert f"event_{week}" in dropped
    assert keep_totals(committed_db, later) == 1
    assert f"send_batch_{week}" in drop_partitions(committed_db, later)
    assert set(partitions(committed_db, "send_batch")) < set(before)


def test_a_young_week_stays(committed_db: Engine, now: datetime, old_run: int):
    keep_totals(committed_db, now)
    dropped = drop_partitions(committed_db, now)
    left = partitions(committed_db, "send_batch")
    edge = (now - 62 * DAY).date()
    assert all(date.fromisoformat(name[-8:]) + 7 * DAY > edge for name in left)
    assert all(date.fromisoformat(name[-8:]) + 7 * DAY <= edge for name in dropped)


def test_a_funnel_survives_its_rows(committed_db: Engine, now: datetime, old_run: int):
    with committed_db.connect() as conn:
        before = funnel(conn, old_run)
    assert before.adds_up
    later = now + 400 * DAY
    done = maintain(committed_db, committed_db, later)
    assert any(name.startswith("send_batch_") for name in done.dropped)
    assert done.counts["fields_deleted"] == 1
    assert done.counts["blocks_deleted"] == 2
    with committed_db.connect() as conn:
        after = funnel(conn, old_run)
        assert after.kept_at == later
        assert after.as_dict() | {"withheld": {}} == before.as_dict() | {"withheld": {}}
        assert "as kept at" in after.as_table()
        row = list_runs(conn)[0]
        assert (row.audience, row.left_out, row.enqueued, row.withheld) == (8, 3, 5, 1)
    names = ["closed_sum", "once", "batch_without_mark", "field_outlives", "partitions_missing"]
    assert all(result.is_clean for result in run_checks(committed_db, later, names=names))


def test_personal_fields_go_two_days_after_the_deadline(
    committed_db: Engine, now: datetime, old_run: int
):
    forgotten_at = now - 60 * DAY + timedelta(hours=6) + 2 * DAY
    assert delete_fields(committed_db, forgotten_at - timedelta(seconds=1)) == 0
    assert delete_fields(committed_db, forgotten_at) == 1


def test_blocks_stay_until_total_and_batches_are_gone(
    committed_db: Engine, now: datetime, old_run: int
):
    """Half a run would not add up, however soon the company lets go of blocks."""
    with committed_db.begin() as conn:
        conn.execute(text("UPDATE push.setting SET block_retention = '1 day'"))
    delete_fields(committed_db, now)
    batches_gone = now + 11 * DAY
    assert delete_blocks(committed_db, batches_gone) == 0
    keep_totals(committed_db, now)
    assert delete_blocks(committed_db, now + 8 * DAY) == 0
    assert delete_blocks(committed_db, batches_gone) == 2


def test_housekeeping_may_be_repeated(committed_db: Engine, now: datetime, old_run: int):
    maintain(committed_db, committed_db, now)
    assert maintain(committed_db, committed_db, now).dropped == ()


def test_blocks_stay_for_their_time(committed_db: Engine, now: datetime, old_run: int):
    keep_totals(committed_db, now)
    assert delete_fields(committed_db, now + 3 * DAY) == 1
    assert delete_blocks(committed_db, now + 119 * DAY) == 0
    assert delete_blocks(committed_db, now + 121 * DAY) == 2


def test_totals_are_counted_again_until_late_answers_are_in(
    committed_db: Engine, now: datetime, old_run: int
):
    deadline = now - 60 * DAY + timedelta(hours=6)
    assert keep_totals(committed_db, deadline - timedelta(minutes=1)) == 0
    for moment in (deadline, deadline + DAY, deadline + 3 * DAY):
        assert keep_totals(committed_db, moment) == 1
    assert keep_totals(committed_db, deadline + 4 * DAY) == 0


def test_a_step_that_fails_does_not_stop_the_others(
    committed_db: Engine, as_role, now: datetime, old_run: int
):
    # The planner is no owner: dropping fails, the rest is done.
    with pytest.raises(RetryLater, match="partitions_dropped: permission denied"):
        maintain(committed_db, as_role("planner"), now)
    with committed_db.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM push.run_total")).scalar() == 1
