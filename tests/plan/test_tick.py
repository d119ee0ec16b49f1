"""The steps of a tick that tasks call."""

import pytest
from sqlalchemy import Engine

from pushline.errors import StopRun
from pushline.plan.tick import (
    StartedBy,
    describe_held_run,
    find_run,
    list_held_runs,
    list_runs_of_dag_run,
    split_buckets,
)
from tests.factories import create_run


@pytest.mark.parametrize("parts", [1, 2, 3, 7, 64, 200])
def test_ranges_cover_every_bucket_once(committed_db: Engine, parts: int):
    ranges = split_buckets(committed_db, parts)
    assert len(ranges) == min(parts, 64)
    covered = [bucket for first, last in ranges for bucket in range(first, last + 1)]
    assert covered == list(range(64))


def test_a_held_run_is_described_with_the_numbers_to_decide_by(committed_db: Engine):
    with committed_db.begin() as conn:
        held = create_run(
            conn, status="held", reach=1500, reach_low=800, reach_high=1200, title="Sale"
        )
        other = create_run(conn)
    words = describe_held_run(committed_db, held)
    assert (words["title"], words["reach"], words["band"]) == ("Sale", "1,500", "800 to 1,200")
    asked = f"Run {held} 'Sale': approved for 800 to 1,200, would reach 1,500. Send?"
    assert words["question"] == asked
    assert str(words["deadline"]).endswith("Asia/Almaty")
    assert [row.run_id for row in list_held_runs(committed_db)] == [held]
    with pytest.raises(StopRun, match=f"Run {other} is planned"):
        describe_held_run(committed_db, other)
    with pytest.raises(StopRun, match="Run 404 does not exist"):
        describe_held_run(committed_db, 404)


def test_a_brief_without_a_run_is_told_so(committed_db: Engine):
    with pytest.raises(StopRun, match="No run of C-2026-001 is under way"):
        find_run(committed_db, "C-2026-001")


@pytest.mark.parametrize(("dag_run_id", "runs"), [("held-run-7", [7]), ("held-run-x", [])])
def test_the_airflow_run_that_asks_is_named_after_its_run(
    committed_db: Engine, dag_run_id: str, runs: list[int]
):
    with committed_db.connect() as conn:
        assert list_runs_of_dag_run(conn, StartedBy("approve_reach", dag_run_id)) == runs
