"""The snapshot's laws: distinct users, three arrays without a common user, fields in line."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pushline.audience import Snapshot, grant_audience_reader, take_snapshot
from pushline.errors import StopRun
from pushline.model import hash_sql_texts
from tests.audience.conftest import World
from tests.factories import NOON, create_run
from tests.oracle.draw import cut_order

ALL = "SELECT user_id, first_name, city FROM company.person"
COLUMNS = "-- column first_name text nullable: x\n-- column city text nullable: x\n"
FIELDS = ["first_name", "city"]


def make_run(world: World, **over: Any) -> int:
    row = {"audience_name": "all", "field_names": FIELDS, "status": "planning"}
    for key in ("audience_parameters", "exclusions"):
        if key in over:
            over[key] = json.dumps(over[key])
    with world.owner.begin() as conn:
        return create_run(conn, **(row | over))


def take(world: World, run_id: int) -> Snapshot:
    return take_snapshot(
        world.reader,
        world.planner,
        run_id,
        NOON,
        limits=world.limits,
        audiences=world.audiences,
    )


def stored(world: World, run_id: int) -> dict[str, Any]:
    """Users with their fields, excluded and over_max, all buckets together."""
    with world.owner.connect() as conn:
        rows = conn.execute(
            text(
                "SELECT b.*, f.fields, push.bucket_of(b.users[1]) AS first_bucket "
                "FROM push.audience_block b LEFT JOIN push.audience_field f USING (run_id, bucket) "
                "WHERE b.run_id = :run"
            ),
            {"run": run_id},
        ).all()
        wrong = conn.execute(
            text(
                "SELECT count(*) FROM push.audience_block b, "
                "unnest(b.users || b.excluded || b.over_max) u "
                "WHERE b.run_id = :run AND push.bucket_of(u) <> b.bucket"
            ),
            {"run": run_id},
        ).scalar_one()
    assert wrong == 0
    users: list[int] = []
    fields: list[Any] = []
    excluded: list[int] = []
    over_max: list[int] = []
    for row in rows:
        users += row.users
        excluded += row.excluded
        over_max += row.over_max
        if row.fields is not None:
            assert len(row.fields) == len(row.users)
            fields += [json.loads(field) for field in row.fields]
    return {"users": users, "fields": fields, "excluded": excluded, "over_max": over_max}


def test_users_and_fields_are_kept(world: World):
    world.write("all", ALL, COLUMNS)
    people = [(u, f'Ann "{u}" \\ \n', None if u % 3 else "Алматы") for u in range(1, 300)]
    world.fill(people)
    run_id = make_run(world)
    snapshot = take(world, run_id)
    assert (snapshot.is_new, snapshot.rows, snapshot.users) == (True, 299, 299)
    found = stored(world, run_id)
    assert dict(zip(found["users"], found["fields"], strict=True)) == {
        u: [name, city] for u, name, city in people
    }


def test_long_fields_stay_with_their_users(world: World):
    """More than is written at once, so that blocks of several statements meet."""
    world.write("all", ALL, COLUMNS)
    world.fill([(user, f"{user}-{'x' * 10_000}", None) for user in range(1, 121)])
    run_id = make_run(world)
    assert take(world, run_id).users == 120
    found = stored(world, run_id)
    assert sorted(found["users"]) == list(range(1, 121))
    for user, (name, city) in zip(found["users"], found["fields"], strict=True):
        assert (name.partition("-")[0], city) == (str(user), None)


def test_values_keep_their_json_type(world: World):
    world.write(
        "all",
        "SELECT user_id, 5 AS number, date '2026-01-02' AS day, true AS flag, ARRAY[1, 2] AS items "
        "FROM company.person",
        "-- column number int: x\n-- column day date: x\n-- column flag bool: x\n"
        "-- column items list: x\n",
    )
    world.fill([(1, None, None)])
    run_id = make_run(world, field_names=["items", "day", "flag", "number"])
    take(world, run_id)
    assert stored(world, run_id)["fields"] == [[[1, 2], "2026-01-02", True, 5]]


def test_run_without_fields_keeps_none(world: World):
    world.write("all", ALL, COLUMNS)
    world.fill([(1, "a", "b")])
    run_id = make_run(world, field_names=[])
    take(world, run_id)
    assert stored(world, run_id)["fields"] == []
    with world.owner.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM push.audience_field")).scalar_one() == 0


def test_parameters_are_bound(world: World):
    world.write(
        "all",
        "SELECT user_id, first_name, city FROM company.person "
        "WHERE city = :city AND '50%' LIKE '%\u0025' AND joined_on < CAST(:now AS timestamptz)",
        COLUMNS + "-- param city text default 'Almaty': x\n",
    )
    nasty = "x' OR true --"
    world.fill([(1, "a", "Almaty"), (2, "b", nasty)])
    default = make_run(world)
    take(world, default)
    given_value = make_run(world, audience_parameters={"city": nasty})
    take(world, given_value)
    assert stored(world, default)["users"] == [1]
    assert stored(world, given_value)["users"] == [2]


def test_second_snapshot_changes_nothing(world: World):
    world.write("all", ALL, COLUMNS)
    world.fill([(1, "a", "b")])
    run_id = make_run(world)
    take(world, run_id)
    world.fill([(1, "a", "b"), (2, "c", "d")])
    again = take(world, run_id)
    assert not again.is_new
    assert stored(world, run_id)["users"] == [1]


def test_cancelled_run_gets_no_snapshot(world: World):
    world.write("all", ALL, COLUMNS)
    world.fill([(1, "a", "b")])
    run_id = make_run(world, status="cancelled")
    assert not take(world, run_id).is_new
    assert stored(world, run_id)["users"] == []


def test_rows_without_user_are_counted_and_passed_over(world: World):
    world.write("all", ALL, COLUMNS)
    world.fill([(None, "a", "b"), (None, "a", "b"), (3, "c", "d")])
    run_id = make_run(world)
    snapshot = take(world, run_id)
    assert (snapshot.rows, snapshot.null_rows, snapshot.users) == (3, 2, 1)
    assert stored(world, run_id)["users"] == [3]


def test_empty_audience_is_a_snapshot(world: World):
    world.write("all", ALL, COLUMNS)
    run_id = make_run(world)
    snapshot = take(world, run_id)
    assert (snapshot.is_new, snapshot.users) == (True, 0)
    with world.owner.connect() as conn:
        row = conn.execute(
            text("SELECT snapshot_at, audience_users FROM push.run WHERE run_id = :r"),
            {"r": run_id},
        ).one()
        assert tuple(row) == (NOON, 0)


def test_file_changed_after_approval_is_refused(world: World):
    world.write("all", ALL, COLUMNS)
    world.write("some", "SELECT user_id FROM company.person WHERE city = 'x'")
    texts = {name: world.audiences[name].sql for name in ("all", "some")}
    exclusions = [{"name": "some", "parameters": {}}]
    run_id = make_run(world, exclusions=exclusions, sql_hash=hash_sql_texts(texts))
    later = make_run(world, exclusions=exclusions, sql_hash=hash_sql_texts(texts))
    assert take(world, run_id).is_new
    world.write("some", "SELECT user_id FROM company.person WHERE city = 'y'")
    with pytest.raises(StopRun, match=r"all, some is not what was\s+approved"):
        take(world, later)


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"audience_name": "none_such"}, "There is no sql/audiences/none_such.sql"),
    ({"audience_name": None}, "names no audience"),
    ({"field_names": ["age"]}, "has no column age, which the texts use. It has first_name"),
    ({"audience_parameters": {"days": 3}}, "has no parameter days"),
    ({"audience_name": "broken"}, "one SELECT only"),
    ({"audience_name": "typo"}, 'relation "company.persons" does not exist'),
    ({"exclusions": [{"name": "typo"}]}, 'relation "company.persons" does not exist'),
]


def test_audience_that_cannot_be_taken_stops_the_run(world: World):
    world.write("all", ALL, COLUMNS)
    world.write("broken", ALL + "; DROP TABLE company.person", COLUMNS)
    world.write("typo", "SELECT user_id, 1 AS first_name, 2 AS city FROM company.persons", COLUMNS)
    for over, sentence in IMPOSSIBLE:
        run_id = make_run(world, **over)
        with pytest.raises(StopRun) as error:
            take(world, run_id)
        assert sentence in str(error.value)
        assert stored(world, run_id)["users"] == []


def test_a_limit_that_breaks_halfway_leaves_nothing(world: World):
    world.write("all", ALL, COLUMNS)
    world.fill([(user, "a", "b") for user in range(1, 200)])
    world.limits = replace(world.limits, row_cap=100)
    run_id = make_run(world)
    with pytest.raises(StopRun, match="more than 100 rows"):
        take(world, run_id)
    assert stored(world, run_id)["users"] == []


GATE = """
CREATE TABLE company.gate ();
CREATE FUNCTION company.wait_at_gate() RETURNS boolean
    LANGUAGE plpgsql AS 'BEGIN PERFORM FROM company.gate; RETURN true; END';
CREATE VIEW company.guarded AS SELECT * FROM company.person WHERE company.wait_at_gate();
"""
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND starts_with(application_name, 'pushline-audience-')
    AND wait_event_type = 'Lock'
"""


def test_the_run_is_free_while_its_audience_runs(world: World):
    with world.owner.begin() as conn:
        conn.exec_driver_sql(GATE)
        grant_audience_reader(conn, ["company"])
    world.write("all", "SELECT user_id, first_name, city FROM company.guarded", COLUMNS)
    world.fill([(1, "a", "b")])
    world.limits = replace(world.limits, lock_seconds=20)
    run_id = make_run(world)
    with world.owner.connect() as gate, ThreadPoolExecutor(1) as pool:
        gate.exec_driver_sql("LOCK TABLE company.gate")
        taking = pool.submit(take, world, run_id)
        watching = world.owner.execution_options(isolation_level="AUTOCOMMIT")
        with watching.connect() as conn:
            while not conn.exec_driver_sql(WAITING).scalar_one():
                assert not taking.done()
        with world.owner.begin() as conn:
            conn.execute(
                text("SELECT FROM push.run WHERE run_id = :run FOR UPDATE NOWAIT"), {"run": run_id}
            )
        gate.rollback()
        assert taking.result().users == 1


people = st.lists(
    st.tuples(
        st.integers(min_value=1, max_value=60),
        st.sampled_from(["Ann", "Bo", None]),
        st.sampled_from(["a", "b", None]),
    ),
    max_size=120,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=people,
    excluded_below=st.integers(0, 40),
    excluded_city=st.sampled_from(["a", "z"]),
    max_users=st.one_of(st.none(), st.integers(1, 40)),
    with_fields=st.booleans(),
)
def test_laws_of_the_snapshot(
    world: World,
    rows: list[tuple[int, str | None, str | None]],
    excluded_below: int,
    excluded_city: str,
    max_users: int | None,
    with_fields: bool,
):
    world.write("all", ALL, COLUMNS)
    world.write(
        "low",
        "SELECT user_id FROM company.person WHERE user_id < :below",
        "-- param below int default 0: x\n",
    )
    world.write(
        "lives_in",
        "SELECT user_id FROM company.person WHERE city = :city",
        f"-- param city text default '{excluded_city}': x\n",
    )
    world.fill(list(rows))
    run_id = make_run(
        world,
        exclusions=[
            {"name": "low", "parameters": {"below": excluded_below}},
            {"name": "lives_in"},
        ],
        max_users=max_users,
        field_names=FIELDS if with_fields else [],
    )
    snapshot = take(world, run_id)
    found = stored(world, run_id)
    audience = {user for user, _, _ in rows}
    excluded = {user for user, _, city in rows if user < excluded_below or city == excluded_city}
    everybody = found["users"] + found["excluded"] + found["over_max"]
    assert len(everybody) == len(set(everybody))
    assert set(everybody) == audience
    assert set(found["excluded"]) == excluded
    left = len(audience - excluded)
    assert len(found["users"]) == (left if max_users is None else min(left, max_users))
    assert (snapshot.rows, snapshot.users) == (len(rows), len(audience))
    assert (snapshot.excluded, snapshot.over_max) == (
        len(found["excluded"]),
        len(found["over_max"]),
    )
    if with_fields:
        assert all(
            (user, *fields) in rows
            for user, fields in zip(found["users"], found["fields"], strict=True)
        )
    by_hash = sorted(audience - excluded, key=lambda user: (cut_order(user, 7), user))
    assert set(found["users"]) == set(by_hash[:max_users])


def test_cut_does_not_depend_on_the_order_of_rows(world: World):
    world.write("all", ALL, COLUMNS)
    world.write("backwards", ALL + " ORDER BY user_id DESC", COLUMNS)
    world.fill([(u, "a", "b") for u in range(1, 500)])
    chosen = []
    for name in ("all", "backwards"):
        run_id = make_run(world, audience_name=name, max_users=100)
        take(world, run_id)
        chosen.append(sorted(stored(world, run_id)["users"]))
    assert chosen[0] == chosen[1]
    assert len(chosen[0]) == 100
