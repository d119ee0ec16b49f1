"""A wave: the important run first, the failing run aside, the unfinished run resumed."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from pushline.errors import StopRun
from pushline.plan.waves import (
    close_wave,
    freeze_audiences,
    plan_now,
    plan_wave_buckets,
    release_held_run,
    start_wave,
    start_wave_of,
)
from tests.factories import NOON, users_of_bucket
from tests.oracle.mirror import read_decisions, save_policy, save_run, save_user
from tests.oracle.model import CAPPED, Enqueued, LeftOut, Policy, Rule, Run, User
from tests.plan.scene import make_weeks

LAST_BUCKET = 63
ONE_A_DAY = Rule(1, 1, window=timedelta(days=1))
BREAK = """
    CREATE FUNCTION push.break_run() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF new.run_id = TG_ARGV[0]::bigint AND new.bucket = 40 THEN
            RAISE EXCEPTION 'the disk of bucket 40 is full';
        END IF;
        RETURN new;
    END $$
"""
HANG = """
    CREATE TRIGGER break_run BEFORE INSERT ON push.run_bucket
    FOR EACH ROW EXECUTE FUNCTION push.break_run(%s)
"""


def no_snapshot(run_id: int, now: Any, /) -> None:
    """These runs have theirs."""


class Town:
    """Three people in each of two buckets, one push a day each, committed."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with engine.begin() as conn:
            make_weeks(conn)
            save_policy(conn, Policy(NOON - timedelta(days=30), rules=(ONE_A_DAY,)))
            self.blocks = {bucket: tuple(users_of_bucket(conn, bucket)) for bucket in (3, 40)}
            for users in self.blocks.values():
                for user_id in users:
                    save_user(conn, User(user_id))

    def add_run(self, number: int, hours: int = 9, **over: Any) -> int:
        occasion = NOON - timedelta(seconds=number)
        run = Run(number, "foreign:9001", occasion, NOON + timedelta(hours=hours), self.blocks)
        with self.engine.begin() as conn:
            return save_run(conn, run, **({"status": "waiting"} | over))

    def plan_wave(self, at: Any = NOON) -> int:
        wave = freeze_audiences(self.engine, start_wave(self.engine, "marketing", at), no_snapshot)
        plan_wave_buckets(self.engine, wave.wave_id, 0, LAST_BUCKET)
        close_wave(self.engine, wave.wave_id, at)
        return wave.wave_id

    def decisions(self, run_id: int) -> set[Any]:
        with self.engine.begin() as conn:
            return set(read_decisions(conn, run_id).values())

    def column(self, name: str, run_id: int) -> Any:
        with self.engine.begin() as conn:
            row = conn.execute(text("SELECT * FROM push.run WHERE run_id = :r"), {"r": run_id})
            return row.mappings().one()[name]

    def break_bucket(self, run_id: int) -> None:
        with self.engine.begin() as conn:
            conn.exec_driver_sql(BREAK)
            conn.exec_driver_sql(HANG % run_id)

    def mend(self) -> None:
        with self.engine.begin() as conn:
            conn.execute(text("DROP TRIGGER break_run ON push.run_bucket"))


GETS_IT, CAPPED_BY_1 = {Enqueued(0, "ru", NOON)}, {LeftOut(CAPPED, 1)}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"priority": 5}, {"priority": 1}),
        ({"hours": 9}, {"hours": 3}),
        ({"priority": 5, "hours": 3}, {"priority": 1, "hours": 9}),
    ],
)
def test_slots_go_by_priority_then_by_deadline(
    committed_db: Engine, first: dict[str, Any], second: dict[str, Any]
):
    town = Town(committed_db)
    loser, winner = town.add_run(1, **first), town.add_run(2, **second)
    town.plan_wave()
    assert town.decisions(winner) == GETS_IT
    assert town.decisions(loser) == CAPPED_BY_1
    assert (town.column("status", winner), town.column("status", loser)) == ("planned",) * 2


def test_among_equals_the_older_run_wins(committed_db: Engine):
    town = Town(committed_db)
    older, younger = town.add_run(1), town.add_run(2)
    town.plan_wave()
    assert town.decisions(older) == GETS_IT
    assert town.decisions(younger) == CAPPED_BY_1


def test_failing_run_is_set_aside_and_the_others_go_on(committed_db: Engine):
    town = Town(committed_db)
    broken, other = town.add_run(1), town.add_run(2)
    town.break_bucket(broken)
    town.plan_wave()
    assert town.column("status", broken) == "set_aside"
    assert "the disk of bucket 40 is full" in town.column("status_note", broken)
    assert town.column("status", other) == "planned"
    with committed_db.begin() as conn:
        found = read_decisions(conn, other)
    assert {found[user] for user in town.blocks[3]} == CAPPED_BY_1
    assert {found[user] for user in town.blocks[40]} == GETS_IT


def test_resumed_run_decides_only_what_is_left_and_keeps_its_reach(committed_db: Engine):
    town = Town(committed_db)
    run_id = town.add_run(1)
    town.break_bucket(run_id)
    town.plan_wave()
    before = town.decisions(run_id)
    assert town.column("reach", run_id) == 6
    town.mend()
    later = NOON + timedelta(minutes=20)
    plan_now(committed_db, run_id, no_snapshot, LAST_BUCKET + 1, later)
    assert town.column("status", run_id) == "planned"
    assert town.column("reach", run_id) == 6
    assert town.decisions(run_id) == before | {Enqueued(0, "ru", later)}
    with committed_db.begin() as conn:
        assert len(read_decisions(conn, run_id)) == 6


def test_run_that_a_crash_left_unfinished_is_taken_by_the_next_wave(committed_db: Engine):
    town = Town(committed_db)
    run_id = town.add_run(1)
    wave = start_wave(committed_db, "marketing", NOON)
    plan_wave_buckets(committed_db, wave.wave_id, 0, 10)
    later = NOON + timedelta(minutes=5)
    town.plan_wave(later)
    assert town.decisions(run_id) == GETS_IT | {Enqueued(0, "ru", later)}
    assert town.column("status", run_id) == "planned"


def test_held_run_leaves_the_wave_undecided(committed_db: Engine):
    town = Town(committed_db)
    held, other = town.add_run(1, reach_low=7, reach_high=9), town.add_run(2)
    town.plan_wave()
    assert town.column("status", held) == "held"
    assert town.decisions(held) == set()
    assert town.decisions(other) == GETS_IT
    with pytest.raises(StopRun, match="cannot be resumed"):
        start_wave_of(committed_db, held, NOON)


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [
        (1, 5, "held"),
        (1, 6, "planned"),
        (6, 9, "planned"),
        (7, 9, "held"),
        (None, None, "planned"),
    ],
)
def test_a_run_is_held_outside_of_its_band_on_either_side(
    committed_db: Engine, low: int | None, high: int | None, status: str
):
    """Six people: too many surprise as much as too few, the ends of the band do not."""
    town = Town(committed_db)
    run_id = town.add_run(1, reach_low=low, reach_high=high)
    town.plan_wave()
    assert town.column("status", run_id) == status


def test_a_held_run_that_somebody_agreed_to_is_planned_and_not_asked_about_again(
    committed_db: Engine,
):
    town = Town(committed_db)
    run_id = town.add_run(1, reach_low=1, reach_high=5)
    town.plan_wave()
    later = NOON + timedelta(minutes=5)
    assert release_held_run(committed_db, run_id, "ana", later)
    town.plan_wave(later)
    assert town.column("status", run_id) == "planned"
    assert town.decisions(run_id) == {Enqueued(0, "ru", later)}


def test_a_run_is_not_taken_at_its_deadline(committed_db: Engine):
    """Late is dropped: it neither fails nor is tried, housekeeping ends it as expired."""
    town = Town(committed_db)
    late, in_time = town.add_run(1, hours=1), town.add_run(2, hours=2)
    town.plan_wave(NOON + timedelta(hours=1))
    assert (town.column("status", late), town.column("status_note", late)) == ("waiting", "")
    assert town.column("status", in_time) == "planned"
