"""Least privilege: every right of every role as a snapshot; what the planner needs, by doing it."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError

from pushline.database.roles import role_name
from pushline.database.sql import Query
from pushline.maintain import delete_blocks, delete_fields
from pushline.plan.bucket import plan_bucket
from pushline.plan.passes import prepare_run
from pushline.report.checks import run_checks
from pushline.report.funnel import funnel
from pushline.report.totals import keep_totals
from pushline.report.why import why
from pushline.send_queue.closing import cancel_run, expire_batches
from pushline.settings import ROLES, Role, get_settings
from tests.factories import NOON, create_run, users_of_bucket
from tests.report.factories import add_person

SNAPSHOT = Path(__file__).with_name("grants.txt")

LIST_GRANTS = text(
    r"""
    WITH object AS (
        SELECT 'table' AS kind, n.nspname || '.' || c.relname AS name, a.*
        FROM pg_class AS c
        INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
        CROSS JOIN LATERAL aclexplode(c.relacl) AS a
        WHERE n.nspname IN ('push', 'push_meta', 'mart') AND NOT c.relispartition
        UNION ALL
        SELECT 'column', n.nspname || '.' || c.relname || '.' || t.attname, a.*
        FROM pg_attribute AS t
        INNER JOIN pg_class AS c ON t.attrelid = c.oid
        INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
        CROSS JOIN LATERAL aclexplode(t.attacl) AS a
        WHERE n.nspname IN ('push', 'push_meta', 'mart') AND NOT c.relispartition
        UNION ALL
        SELECT 'schema', n.nspname, a.*
        FROM pg_namespace AS n
        CROSS JOIN LATERAL aclexplode(n.nspacl) AS a
        WHERE n.nspname IN ('push', 'push_meta', 'mart', 'public')
        UNION ALL
        SELECT 'function', p.oid::regprocedure::text, a.*
        FROM pg_proc AS p
        INNER JOIN pg_namespace AS n ON p.pronamespace = n.oid
        CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
        WHERE n.nspname IN ('push', 'mart') AND (p.prosecdef OR p.proacl IS NOT NULL)
    )
    SELECT
        coalesce(r.rolname, 'public') AS role, o.kind, o.name,
        string_agg(DISTINCT o.privilege_type, ', ' ORDER BY o.privilege_type) AS rights
    FROM object AS o
    LEFT JOIN pg_roles AS r ON o.grantee = r.oid
    WHERE o.grantee = 0 OR r.rolname LIKE 'pushline\_%'
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    """
)
LIST_ROLES = text(
    r"""
    SELECT
        r.rolname AS role,
        concat_ws(
            ', ', CASE WHEN r.rolsuper THEN 'SUPERUSER' END,
            CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
            CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
            CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
            CASE WHEN r.rolreplication THEN 'REPLICATION' END
        ) AS powers,
        coalesce((SELECT string_agg(m.roleid::regrole::text, ', ') FROM pg_auth_members AS m
            WHERE m.member = r.oid), '') AS member_of,
        coalesce((SELECT string_agg(s, '; ' ORDER BY s) FROM unnest(r.rolconfig) AS s), '')
            AS settings
    FROM pg_roles AS r WHERE r.rolname LIKE 'pushline\_%' ORDER BY 1
    """
)


Sessions = Callable[[Role], Connection]


@pytest.fixture
def sessions(engine: Engine) -> Iterator[Sessions]:
    """`sessions("bi")` is a connection as that role, in a transaction that is rolled back."""
    with ExitStack() as stack:

        def connect(role: Role) -> Connection:
            made = create_engine(engine.url.set(username=role_name(role)))
            stack.callback(made.dispose)
            return stack.enter_context(made.connect())

        yield connect


def describe(db: Connection) -> str:
    lines = [
        f"{row.role}: role: powers [{row.powers}], member of [{row.member_of}], {row.settings}"
        for row in db.execute(LIST_ROLES)
    ]
    lines += [f"{row.role}: {row.kind} {row.name}: {row.rights}" for row in db.execute(LIST_GRANTS)]
    return "\n".join(lines) + "\n"


def test_grants_are_those_of_the_snapshot(db: Connection):
    found = describe(db)
    if os.environ.get("PUSHLINE_WRITE_GRANTS"):
        SNAPSHOT.write_text(found)
    assert found == SNAPSHOT.read_text(), (
        "rights changed: look at the difference, then PUSHLINE_WRITE_GRANTS=1 pytest " + __file__
    )


def test_no_role_has_powers_or_may_create_anything(db: Connection):
    for role in ROLES:
        name = role_name(role)
        row = db.execute(
            text(
                "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication "
                "FROM pg_roles WHERE rolname = :name"
            ),
            {"name": name},
        )
        assert row.scalar_one() is False
        for schema in ("push", "push_meta", "mart", "public"):
            may = text("SELECT has_schema_privilege(:name, :schema, 'CREATE')")
            assert db.execute(may, {"name": name, "schema": schema}).scalar() is False


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE push.mine ()",
        "DROP TABLE push.send_batch",
        "TRUNCATE push.run",
        "DELETE FROM push.send_batch",
        "DELETE FROM push.run_bucket",
        "UPDATE push.run_bucket SET enqueued_users = 0",
        "INSERT INTO push.approval (source_kind) VALUES ('brief')",
        "UPDATE push.approval SET withdrawn_at = now()",
        "INSERT INTO push.policy (valid_from, made_by) VALUES (now(), 'me')",
        "INSERT INTO push.cap_rule (policy_id) VALUES (1)",
        "UPDATE push.brief SET current_version = 2",
        "INSERT INTO push.brief_version (brief_id) VALUES (1)",
        "UPDATE push.setting SET late_by = '1 day'",
        "DELETE FROM push.consent",
        "UPDATE push.audit_log SET who = 'nobody'",
        "SELECT push.drop_oldest_partition(now())",
        "SELECT push.claim('w', '{marketing}', 1, '1 min', now())",
    ],
)
def test_the_planner_may_not(sessions: Sessions, statement: str):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        sessions("planner").execute(text(statement))


@pytest.mark.parametrize(
    "table", ["person", "installation", "consent", "recipient", "audience_field", "send_batch"]
)
def test_bi_may_not_read(sessions: Sessions, table: str):
    with pytest.raises(ProgrammingError, match="permission denied"):
        sessions("bi").execute(text(f"SELECT * FROM push.{table}"))  # noqa: S608


def test_bi_reads_numbers_and_writes_nothing(sessions: Sessions):
    conn = sessions("bi")
    assert conn.execute(text("SHOW default_transaction_read_only")).scalar() == "on"
    assert conn.execute(text("SELECT count(*) FROM push.run_sum")).scalar() == 0


def test_sessions_of_the_planner_are_set_up_for_planning(sessions: Sessions):
    wanted = {
        "plan_cache_mode": "force_custom_plan",
        "timezone": "UTC",
        "idle_in_transaction_session_timeout": "5min",
        "statement_timeout": "30min",
    }
    conn = sessions("planner")
    assert {name: conn.execute(text(f"SHOW {name}")).scalar() for name in wanted} == wanted


@pytest.fixture
def planned(committed_db: Engine) -> int:
    """A run of another team with six users, one of them reachable; the bucket of all is 0."""
    with committed_db.begin() as conn:
        users = users_of_bucket(conn, 0, 6)
        for user in users[:3]:
            add_person(conn, user)
        conn.execute(
            text("UPDATE push.recipient SET consents = 3, is_reachable = true WHERE user_id = :u"),
            {"u": users[0]},
        )
        offer = conn.execute(
            text(
                "INSERT INTO push.offer (team, occasion_key, offered_at, offered_by, content_hash) "
                "VALUES ('t', 'k', :now, 'me', repeat('0', 64)) RETURNING offer_id"
            ),
            {"now": NOON},
        ).scalar_one()
        return create_run(conn, audience=users, source_kind="foreign", source_id=offer)


def test_the_planner_plans_reports_and_closes_end_to_end(
    as_role: Callable[[str], Engine], planned: int
):
    engine = as_role("planner")
    with engine.begin() as conn:
        plan = prepare_run(conn, planned, NOON)
    with engine.begin() as conn:
        result = plan_bucket(conn, plan, 0, NOON)
    assert (result.enqueued, result.left_out, result.batches) == (1, 5, 1)
    with engine.begin() as conn:
        found = funnel(conn, planned)
        assert {reason.code: reason.users for reason in found.reasons} == {
            "unknown_user": 3,
            "no_consent": 2,
        }
        user = users_of_bucket(conn, 0, 1)[0]
        assert why(conn, user, NOON).decisions[0].state == "waiting"
    assert not [r for r in run_checks(engine, NOON) if r.error]
    assert cancel_run(engine, planned, "anna", NOON).cancelled == 1
    later = NOON + timedelta(days=3)
    expire_batches(engine, later)
    assert keep_totals(engine, later) == 1
    assert delete_fields(engine, later) == 0
    assert delete_blocks(engine, later + timedelta(days=400)) == 3


# Who else uses these rooms: takers and producers (functions), the audience's reader, the owner.
OF_OTHERS = (
    "send_queue/begin_",
    "send_queue/claim_",
    "send_queue/finish_",
    "send_queue/offer_",
    "send_queue/release_",
    "send_queue/renew_",
    "send_queue/insert_receipts",
    "audience/read_",
    "audience/list_reader_risks",
    "maintain/create_partitions",
    "maintain/drop_oldest_partition",
    "policy/insert_",
    "trigger/insert_",
    "trigger/switch_",
    # In tables of its own session, made by the fixture; EXPLAIN does not know ANALYZE.
    "people/analyze_",
    "people/create_",
    "people/drop_",
    "people/index_",
)
ROOMS = ("plan", "policy", "audience", "people", "send_queue", "report", "maintain", "checks")


def _files() -> list[str]:
    folder = get_settings().sql_dir
    names = (
        path.relative_to(folder).with_suffix("").as_posix()
        for room in (*ROOMS, "trigger", "experiment")
        for path in sorted((folder / room).glob("*.sql"))
        if not path.name.startswith(("function_", "view_"))
    )
    return [name for name in names if not name.startswith(OF_OTHERS)]


@pytest.fixture(scope="module")
def planner_session(engine: Engine) -> Iterator[psycopg.Connection]:
    """One session as the planner, with the temporary tables of a sync."""
    url = engine.url.set(drivername="postgresql", username=role_name("planner"))
    with psycopg.connect(url.render_as_string()) as conn:
        conn.execute("SET client_min_messages = 'error'")
        for path in sorted((get_settings().sql_dir / "people").glob("create_*.sql")):
            conn.execute(Query(f"people/{path.stem}").sql_text.encode())
        conn.commit()
        yield conn


@pytest.mark.parametrize("name", _files())
def test_the_planner_may_run_every_statement_of_its_rooms(
    planner_session: psycopg.Connection, name: str
):
    query = Query.known.get(name) or Query(name)
    try:
        # Rights are looked at when execution starts, and that is as far as EXPLAIN goes.
        numbered = query.sql_text
        for place, parameter in enumerate(query.header.parameters, start=1):
            numbered = numbered.replace(f"CAST(:{parameter} AS", f"CAST(${place} AS")
        planner_session.execute(f"EXPLAIN (GENERIC_PLAN) {numbered}".encode())
    finally:
        planner_session.rollback()
