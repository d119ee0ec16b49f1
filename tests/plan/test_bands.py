"""A run leaves by itself only within its band, whoever else is planned in its wave."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from pushline.plan.waves import (
    close_wave,
    freeze_audiences,
    plan_wave_buckets,
    release_held_run,
    start_wave,
)
from tests.factories import NOON, users_of_bucket
from tests.laws.town import OneConnection, shrink
from tests.oracle.mirror import save_policy, save_run, save_user
from tests.oracle.model import Policy, Rule, Run, User

FIVE_MINUTES = timedelta(minutes=5)
_LAST = "SELECT bucket_count - 1 FROM push.setting"
_READ = """
    SELECT r.run_id, r.status, r.reach, r.reach_low, r.reach_high,
        coalesce((SELECT sum(b.user_count) FROM push.send_batch AS b WHERE b.run_id = r.run_id), 0)
            AS enqueued,
        (SELECT count(*) FROM push.decision_block AS d WHERE d.run_id = r.run_id) AS reasons,
        r.reach_approved_by
    FROM push.run AS r WHERE r.source_id = 9001 ORDER BY r.run_id
"""


def no_snapshot(run_id: int, now: Any, /) -> None:
    """These runs have theirs."""


@pytest.fixture
def small(db: Connection) -> Any:
    """A few buckets, so that a wave is planned in no time; all of it is rolled back."""
    shrink(db, [(NOON - timedelta(days=9), NOON + timedelta(days=9))])
    return OneConnection(db)


class Town:
    """Twelve people in three buckets; so many pushes a day each."""

    def __init__(self, engine: Any, most: int = 1) -> None:
        self.engine = engine
        with engine.begin() as conn:
            self.last_bucket = conn.execute(text(_LAST)).scalar_one()
            rules = (Rule(1, most, window=timedelta(days=1)),)
            save_policy(conn, Policy(NOON - timedelta(days=30), rules=rules))
            self.blocks = {bucket: tuple(users_of_bucket(conn, bucket, 4)) for bucket in (0, 1, 3)}
            for users in self.blocks.values():
                for user_id in users:
                    save_user(conn, User(user_id))
        self.number = 0

    def add(self, band: tuple[int, int] | None, users: int = 4, **over: Any) -> int:
        """A run for the first users of each bucket."""
        self.number += 1
        blocks = {bucket: all_users[:users] for bucket, all_users in self.blocks.items()}
        occasion = NOON - timedelta(seconds=60 - self.number)
        row: dict[str, Any] = {"status": "waiting"}
        if band:
            row |= {"reach_low": band[0], "reach_high": band[1]}
        run = Run(self.number, "foreign:9001", occasion, NOON + timedelta(hours=9), blocks)
        with self.engine.begin() as conn:
            return save_run(conn, run, **(row | over))

    def plan(self, at: datetime = NOON, aside: tuple[int, ...] = ()) -> tuple[int, ...]:
        wave = start_wave(self.engine, "marketing", at)
        wave = freeze_audiences(self.engine, wave, no_snapshot)
        plan_wave_buckets(self.engine, wave.wave_id, 0, self.last_bucket)
        close_wave(self.engine, wave.wave_id, at)
        assert wave.set_aside == aside
        return wave.held

    def read(self) -> dict[int, Any]:
        with self.engine.begin() as conn:
            return {row.run_id: row for row in conn.execute(text(_READ))}


def test_two_runs_for_the_same_people_at_once_are_not_both_sent_unasked(small: Any):
    """The first takes everybody's slot: the second would reach nobody, so somebody is asked."""
    town = Town(small)
    first, second = town.add((10, 14)), town.add((10, 14))
    assert town.plan() == (second,)
    runs = town.read()
    assert (runs[first].status, runs[first].enqueued, runs[first].reach) == ("planned", 12, 12)
    assert (runs[second].status, runs[second].enqueued, runs[second].reach) == ("held", 0, 0)
    assert runs[second].reasons == 0


def test_a_held_run_leaves_its_slots_to_the_next(small: Any):
    town = Town(small)
    held, next_one = town.add((20, 30)), town.add((10, 14))
    assert town.plan() == (held,)
    runs = town.read()
    assert (runs[next_one].enqueued, runs[next_one].reach) == (12, 12)
    assert runs[held].reach == 12


def test_holding_one_can_push_the_next_out_of_its_band(small: Any):
    """It was approved for what the first leaves over; all of it is more than that."""
    town = Town(small)
    held, partial = town.add((20, 30), users=2), town.add((5, 7))
    assert town.plan() == (held, partial)
    assert town.read()[partial].reach == 12


def test_a_run_that_somebody_sent_takes_slots_from_those_planned_beside_it(small: Any):
    town = Town(small)
    asked = town.add((20, 30))
    assert town.plan() == (asked,)
    release_held_run(small, asked, "adam", NOON)
    beside = town.add((10, 14))
    assert town.plan(NOON + FIVE_MINUTES) == (beside,)
    assert town.read()[asked].enqueued == 12


def test_a_run_without_a_band_takes_slots_from_one_with_a_band(small: Any):
    town = Town(small)
    offer, brief = town.add(None), town.add((10, 14))
    assert town.plan() == (brief,)
    assert town.read()[offer].enqueued == 12


def test_one_that_breaks_steps_out_and_the_others_are_judged_without_it(small: Any):
    town = Town(small)
    broken, fine = town.add((10, 14)), town.add((10, 14))
    with small.begin() as conn:
        conn.execute(
            text("UPDATE push.run SET content_hash = :h WHERE run_id = :r"),
            {"h": "1" * 64, "r": broken},
        )
    assert town.plan(aside=(broken,)) == ()
    runs = town.read()
    assert (runs[broken].status, runs[broken].enqueued) == ("set_aside", 0)
    assert (runs[fine].status, runs[fine].enqueued) == ("planned", 12)


def test_what_a_crash_left_half_planned_is_not_judged_again(small: Any):
    """Its pushes are out; what it takes in the rest still counts for the next."""
    town = Town(small)
    half = town.add((10, 14))
    wave = freeze_audiences(small, start_wave(small, "marketing", NOON), no_snapshot)
    plan_wave_buckets(small, wave.wave_id, 0, 1)
    beside = town.add((10, 14))
    assert town.plan(NOON + FIVE_MINUTES) == (beside,)
    runs = town.read()
    assert (runs[half].status, runs[half].enqueued, runs[half].reach) == ("planned", 12, 12)
    assert runs[beside].reach == 0


BANDS = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(sorted)
RUNS = st.lists(
    st.tuples(st.none() | BANDS, st.integers(1, 4), st.sampled_from([1, 5]), st.booleans()),
    min_size=2,
    max_size=5,
)


@given(drawn=RUNS, most=st.integers(1, 2))
@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_leaves_by_itself_is_within_its_band(small: Any, drawn: Any, most: int):
    """And what is held would not be, beside those that went before it."""
    with small.conn.begin_nested() as universe:
        town = Town(small, most)
        for band, users, priority, is_agreed in drawn:
            agreed = "adam" if is_agreed else None
            town.add(band, users, priority=priority, reach_approved_by=agreed)
        town.plan()
        for run in town.read().values():
            if run.reach_low is None or run.reach_approved_by:
                assert run.status == "planned"
            elif run.reach_low <= run.reach <= run.reach_high:
                assert (run.status, run.enqueued) == ("planned", run.reach)
            else:
                assert (run.status, run.enqueued) == ("held", 0)
        universe.rollback()
