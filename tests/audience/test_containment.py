"""What the role and the limits hold back, with the guard out of the way."""

import threading
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text

from pushline.audience.grants import grant_audience_reader, list_reader_risks
from pushline.audience.header import AudienceFile
from pushline.audience.reader import Limits, contained_session, in_words
from pushline.audience.reading import read_audience
from pushline.audience.statement import Selection
from pushline.errors import GiveUpRow, RetryLater, StopRun
from tests.audience.conftest import World
from tests.factories import NOON

QUICK = Limits(seconds=0.3)


def unguarded(statement: str) -> Selection:
    """A selection that no guard has seen."""
    file = AudienceFile("evil", "sql/audiences/evil.sql", statement, statement, "t", "o")
    return Selection(file, {"now": NOON})


def read(world: World, statement: str, limits: Limits | None = None) -> int:
    found = read_audience(
        world.reader,
        world.planner,
        unguarded(statement),
        bucket_count=64,
        limits=limits or world.limits,
    )
    return found.rows


def test_plain_select_works(world: World):
    world.fill([(1, "a", "b"), (2, "c", "d")])
    assert read(world, "SELECT user_id FROM company.person") == 2


FORBIDDEN = [
    "SELECT 1 AS user_id WHERE set_config('statement_timeout', '0', false) IS NOT NULL",
    "SELECT 1 AS user_id WHERE pg_try_advisory_lock(42)",
    "SELECT 1 AS user_id WHERE pg_advisory_xact_lock(42) IS NOT NULL",
    "SELECT 1 AS user_id WHERE pg_notify('a', 'b') IS NOT NULL",
    "SELECT 1 AS user_id WHERE pg_sleep(60) IS NOT NULL",
    "SELECT 1 AS user_id WHERE pg_terminate_backend(1)",
    "SELECT 1 AS user_id WHERE query_to_xml('SELECT 1', true, true, '') IS NOT NULL",
    "SELECT lo_create(0)::bigint AS user_id",
    "SELECT nextval('company.counter') AS user_id",
    "SELECT length(pg_read_file('/etc/passwd')) AS user_id",
    "SELECT user_id FROM push.person",
    "SELECT user_id FROM push.recipient",
    "SELECT batch_id AS user_id FROM push.send_batch",
    "SELECT user_id FROM company.person FOR UPDATE",
    "SELECT bucket AS user_id FROM push.bucket_lock FOR UPDATE",
    "SELECT length(rolpassword) AS user_id FROM pg_authid",
]


def test_role_may_do_nothing_but_read_the_company(world: World):
    words = r"(permission denied|read-only transaction|reads the comp)"
    for statement in FORBIDDEN:
        with pytest.raises(StopRun, match=words):
            read(world, statement)


SMUGGLED = [
    "1) AS q) SELECT 1; DELETE FROM company.person; --",
    "SELECT 1 AS user_id) AS q LIMIT 1) SELECT 1; DROP TABLE company.person; --",
]


def test_second_statement_never_runs(world: World):
    world.fill([(1, None, None)])
    for statement in SMUGGLED:
        with pytest.raises(StopRun):
            read(world, statement)
    assert read(world, "SELECT user_id FROM company.person") == 1


def test_writing_is_refused_even_with_a_right_to_write(world: World):
    with world.owner.begin() as conn:
        conn.execute(text("GRANT ALL ON company.person TO pushline_audience"))
        conn.execute(
            text(
                "CREATE FUNCTION company.sly() RETURNS bigint LANGUAGE sql "
                "AS 'INSERT INTO company.person (user_id) VALUES (66) RETURNING user_id'"
            )
        )
        conn.execute(text("GRANT EXECUTE ON FUNCTION company.sly() TO pushline_audience"))
    with pytest.raises(StopRun, match="read-only transaction"):
        read(world, "SELECT company.sly() AS user_id")


def test_endless_statement_is_ended(world: World):
    started = datetime.now(UTC)
    with pytest.raises(StopRun, match=r"ran longer than 0\.3 s and was ended"):
        read(world, "SELECT g AS user_id FROM generate_series(1, 1000000000000) AS g", QUICK)
    assert (datetime.now(UTC) - started).total_seconds() < 30


def run_without_timeout(world: World, limits: Limits) -> None:
    with (
        in_words("sql/audiences/x.sql", limits),
        contained_session(world.reader, world.planner, limits) as session,
    ):
        session.execute("SET LOCAL statement_timeout = 0")
        session.execute("SELECT count(*) FROM generate_series(1, 1000000000000)")


def test_watchdog_ends_a_statement_without_timeout(world: World):
    with pytest.raises(StopRun, match=r"ran longer|did not end"):
        run_without_timeout(world, Limits(seconds=0.2))


def test_watchdog_terminates_what_does_not_cancel(world: World):
    with world.owner.begin() as conn:
        conn.execute(
            text(
                "CREATE FUNCTION company.stubborn() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN "
                "LOOP BEGIN PERFORM count(*) FROM generate_series(1, 100000000); "
                "EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$"
            )
        )
    with pytest.raises(StopRun, match="did not end after"):
        read(world, "SELECT company.stubborn() AS user_id", Limits(seconds=0.2))
    with world.owner.connect() as conn:
        alive = conn.execute(
            text(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE usename = 'pushline_audience' AND datname = current_database()"
            )
        )
        assert alive.scalar_one() == 0


def test_too_many_rows_are_refused(world: World):
    with pytest.raises(StopRun, match="returns more than 1,000 rows"):
        read(world, "SELECT g AS user_id FROM generate_series(1, 5000) AS g", Limits(row_cap=1000))


def test_statement_that_costs_too_much_does_not_start(world: World):
    with pytest.raises(StopRun, match=r"would cost .* by the server's estimate; allowed are 10"):
        read(world, "SELECT user_id FROM company.person", Limits(cost_cap=10))


def test_locked_table_is_a_reason_to_try_later(world: World):
    with world.owner.begin() as conn:
        conn.execute(text("LOCK TABLE company.person"))
        with pytest.raises(RetryLater, match="locked"):
            read(world, "SELECT user_id FROM company.person", Limits(lock_seconds=0.1))


def test_nothing_stays_behind_for_the_next_statement(world: World):
    pids: list[int] = []
    for _ in range(2):
        with contained_session(world.reader, world.planner, world.limits) as session:
            pids.append(session.info.backend_pid)
            assert session.execute("SHOW transaction_read_only").fetchone() == ("on",)
    assert pids[0] != pids[1]
    assert not [t for t in threading.enumerate() if t.name.startswith("pushline-audience")]


def test_superuser_is_refused_as_reader(world: World):
    superuser = create_engine(world.owner.url.set(username="postgres"))
    with (
        pytest.raises(StopRun, match="superuser, whom no limit holds"),
        contained_session(superuser, world.planner, world.limits),
    ):
        pass
    superuser.dispose()


def test_server_that_is_away_is_a_reason_to_try_later(world: World):
    nowhere = create_engine(world.owner.url.set(port=1))
    with (
        pytest.raises(RetryLater, match="No session for audiences"),
        contained_session(nowhere, world.planner, world.limits),
    ):
        pass


def test_planner_and_sender_keep_their_functions(committed_db: Engine):
    for role in ("pushline_planner", "pushline_sender", "pushline"):
        url = committed_db.url.set(drivername="postgresql", username=role)
        with psycopg.connect(url.render_as_string(hide_password=False)) as conn:
            conn.execute("SELECT set_config('pushline.x', '1', true), pg_advisory_xact_lock(1)")
            conn.execute("SELECT pg_notify('pushline', 'x')")


def test_migrated_database_has_no_open_risks(world: World):
    with world.owner.connect() as conn:
        assert list_reader_risks(conn) == []
        conn.execute(text("GRANT USAGE ON SCHEMA push TO pushline_audience"))
        conn.execute(text("GRANT SELECT, UPDATE ON push.person TO pushline_audience"))
        risks = list_reader_risks(conn)
        assert any("may read push.person" in risk for risk in risks)
        assert any("may change push.person" in risk for risk in risks)
        conn.rollback()


@pytest.mark.parametrize("schema", ["push", "push_meta", "pg_catalog", "information_schema"])
def test_our_own_schemas_are_not_granted(world: World, schema: str):
    with world.owner.connect() as conn, pytest.raises(GiveUpRow, match="do not read"):
        grant_audience_reader(conn, [schema])
