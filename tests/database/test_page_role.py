"""The page's own role: all that its rooms say, by saying it; what it may not, by trying."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from pushline.database.engine import make_engine
from pushline.database.roles import role_name, step_down
from pushline.database.server import OWNER, Server
from pushline.database.sql import Query
from pushline.settings import Role, get_settings
from tests.factories import create_run

ROOMS = ("brief", "google_sheet", "report", "plan", "audience", "policy", "send_queue")
# What nobody asks for at the page: planning, sending, keeping house, looking at one person.
OF_OTHERS = (
    "audience/insert_audience_fields",
    "audience/list_reader_risks",
    "audience/read_",
    "plan/close_",
    "plan/delete_",
    "plan/finish_",
    "plan/hold_",
    "plan/insert_run_bucket",
    "plan/insert_wave",
    "plan/keep_dry_run",
    "plan/keep_reach.",
    "plan/list_approved_briefs",
    "plan/list_due_runs",
    "plan/list_held_runs",
    "plan/list_wave_faults",
    "plan/lock_",
    "plan/move_",
    "plan/name_",
    "plan/open_run_bucket",
    "plan/refuse_",
    "plan/release_",
    "plan/resume_",
    "plan/set_",
    "plan/take_due_runs",
    "plan/take_run",
    "plan/wait_for_approval",
    "plan/write_",
    "policy/insert_",
    "report/add_",
    "report/get_server",
    "report/get_user",
    "report/keep_",
    "report/list_check_results",
    "report/list_slot_takers",
    "report/list_user_",
    "send_queue/begin_",
    "send_queue/claim_",
    "send_queue/expire_",
    "send_queue/finish_",
    "send_queue/get_offer_",
    "send_queue/insert_",
    "send_queue/list_offer_",
    "send_queue/lock_",
    "send_queue/offer_",
    "send_queue/recover_",
    "send_queue/release_",
    "send_queue/renew_",
)


def list_statements() -> list[str]:
    folder = get_settings().sql_dir
    files = [
        path.relative_to(folder).as_posix()
        for room in ROOMS
        for path in sorted((folder / room).glob("*.sql"))
        if not path.name.startswith(("function_", "view_"))
    ]
    return [file.removesuffix(".sql") for file in files if not file.startswith(OF_OTHERS)]


@pytest.fixture(scope="module")
def page_session(engine: Engine) -> Iterator[psycopg.Connection]:
    url = engine.url.set(drivername="postgresql", username=role_name("page"))
    with psycopg.connect(url.render_as_string()) as conn:
        yield conn


@pytest.mark.parametrize("name", list_statements())
def test_the_page_may_run_every_statement_of_its_rooms(page_session: psycopg.Connection, name: str):
    query = Query.known.get(name) or Query(name)
    # Rights are looked at when execution starts, and that is as far as EXPLAIN goes.
    numbered = query.sql_text
    for place, parameter in enumerate(query.header.parameters, start=1):
        numbered = numbered.replace(f"CAST(:{parameter} AS", f"CAST(${place} AS")
    try:
        page_session.execute(f"EXPLAIN (GENERIC_PLAN) {numbered}".encode())
    finally:
        page_session.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        # People: nothing but the narrow row.
        "SELECT * FROM push.person",
        "SELECT * FROM push.consent",
        "SELECT address FROM push.installation",
        "SELECT * FROM push.event",
        "SELECT * FROM push.quarantine",
        "SELECT * FROM push.control_member",
        "UPDATE push.recipient SET consents = 3",
        "INSERT INTO push.consent (user_id) VALUES (1)",
        # Who was sent what, user by user.
        "SELECT users FROM push.decision_block",
        "SELECT * FROM push.decision",
        "SELECT * FROM push.push",
        "UPDATE push.outcome SET outcome = 2",
        "SELECT * FROM push.receipt",
        # Decisions, push log, queue.
        "INSERT INTO push.decision_block (run_id) VALUES (1)",
        "INSERT INTO push.run_bucket (run_id) VALUES (1)",
        "UPDATE push.run_bucket SET enqueued_users = 0",
        "INSERT INTO push.send_batch (run_id) VALUES (1)",
        "UPDATE push.send_batch SET status = 'waiting'",
        "DELETE FROM push.send_batch",
        "UPDATE push.run SET status = 'planning'",
        "DELETE FROM push.run",
        "INSERT INTO push.wave (lane, planned_at) VALUES ('marketing', now())",
        "INSERT INTO push.outcome (run_day) VALUES (now())",
        "INSERT INTO push.pause (scope, paused_by, paused_at) VALUES ('all', 'me', now())",
        "SELECT FROM push.bucket_lock FOR UPDATE",
        "SELECT push.claim('w', '{marketing}', 1, '1 min')",
        "SELECT push.begin(1, 1, '{1}')",
        "SELECT push.finish(1, 1, '{1}', '{2}', '{}', '{}')",
        "SELECT push.offer('t', 'k', 'marketing', 'marketing', '{1}', '{}', now(), now())",
        "SELECT push.close_states(now()::date, 1, '{1}', 1, 7::smallint)",
        # History, rules, settings.
        "DELETE FROM push.brief",
        "UPDATE push.brief SET campaign_code = 'C-2026-001'",
        "UPDATE push.brief_version SET content = '{}'",
        "DELETE FROM push.brief_history",
        "UPDATE push.approval SET approved_by = 'me'",
        "DELETE FROM push.approval",
        "DELETE FROM push.sheet_row",
        "UPDATE push.sheet_change SET who = 'nobody'",
        "UPDATE push.sheet_clock SET only_row = true",
        "DELETE FROM push.reach_estimate",
        "INSERT INTO push.policy (valid_from, made_by) VALUES (now(), 'me')",
        "UPDATE push.cap_rule SET maximum = 99",
        "UPDATE push.setting SET late_by = '1 day'",
        "UPDATE push.trigger_rule SET is_on = true",
        "SELECT * FROM push.trigger_rule_version",
        "INSERT INTO push.audit_log (happened_at, who, what) VALUES (now(), 'me', 'cancel')",
        "SELECT * FROM push.audit_log",
        "SELECT push.drop_oldest_partition(now())",
        "SELECT push.contain_audience_reader()",
        "ALTER TABLE push.run DISABLE TRIGGER USER",
        "SET ROLE pushline_planner",
        "SET ROLE pushline",
    ],
)
def test_the_page_may_not(page_session: psycopg.Connection, statement: str):
    try:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            page_session.execute(statement.encode())
    finally:
        page_session.rollback()


@pytest.mark.parametrize(
    ("change", "table"),
    [
        ("UPDATE push.run SET audience_rows = 7 WHERE run_id = :run", "run"),
        ("UPDATE push.audience_block SET users = '{7}' WHERE run_id = :run", "audience_block"),
        (
            "INSERT INTO push.run_text (run_id, variant, language, title, body) "
            "VALUES (:run, 0, 'kk', 'Сәлем', 'Сәлем')",
            "run_text",
        ),
        (
            "INSERT INTO push.run (source_kind, source_id, occasion, version, content_hash, title, "
            "status, class, lane, is_counted, due_at, ttl, expires_at, salt, created_at) "
            "SELECT r.source_kind, r.source_id, r.occasion + interval '1 day', r.version, "
            "r.content_hash, r.title, 'planning', r.class, r.lane, r.is_counted, r.due_at, r.ttl, "
            "r.expires_at, r.salt, r.created_at FROM push.run AS r WHERE r.run_id = :run",
            "run",
        ),
    ],
)
def test_what_the_page_does_to_a_run_is_never_kept(
    as_role: Callable[[Role], Engine], committed_db: Engine, change: str, table: str
):
    with committed_db.begin() as conn:
        run_id = create_run(conn, audience=[1, 2, 3])
    conn = as_role("page").connect()
    trial = conn.begin()
    assert conn.execute(text(change), {"run": run_id}).rowcount >= 1
    with pytest.raises(DBAPIError, match=f"never keep one: rows of {table} would stay"):
        trial.commit()
    conn.close()
    with as_role("planner").begin() as conn:
        # Nobody else is kept from it.
        assert conn.execute(text(change), {"run": run_id}).rowcount >= 1


def test_personal_fields_are_out_of_sight(as_role: Callable[[Role], Engine], committed_db: Engine):
    with committed_db.begin() as conn:
        run_id = create_run(conn, audience=[1])
        conn.execute(
            text(
                "INSERT INTO push.audience_field (run_id, bucket, fields) "
                "SELECT a.run_id, a.bucket, '{secret}' FROM push.audience_block AS a "
                "WHERE a.run_id = :run"
            ),
            {"run": run_id},
        )
    look = text("SELECT fields FROM push.audience_field")
    for role, seen in (("page", 0), ("planner", 1)):
        with as_role(role).begin() as conn:
            assert len(conn.execute(look).all()) == seen
            rows = conn.execute(text("UPDATE push.audience_field SET fields = fields")).rowcount
            assert rows == seen


def test_the_page_approves_briefs_only(as_role: Callable[[Role], Engine], committed_db: Engine):
    approve = text(
        "INSERT INTO push.approval (source_kind, source_id, version, content_hash, approved_by, "
        "approved_at, reach_expected, reach_low, reach_high) "
        "VALUES ('trigger', 1, 1, 'x', 'ann', now(), 1, 0, 2)"
    )
    with (
        as_role("page").connect() as conn,
        pytest.raises(ProgrammingError, match="approves briefs"),
    ):
        conn.execute(approve)


def test_a_role_made_after_the_containment_gets_the_closed_functions(
    server: Server, committed_db: Engine
):
    """As in an installation whose server was contained before the page had a role."""
    ask = text(
        "SELECT has_function_privilege('pushline_page', 'set_config(text, text, boolean)', "
        "'EXECUTE'), has_function_privilege('pushline_audience', "
        "'set_config(text, text, boolean)', 'EXECUTE')"
    )
    database = committed_db.url.database
    assert database
    superuser = create_engine(server.url(database, "postgres"))
    with superuser.begin() as conn:
        conn.execute(
            text("REVOKE EXECUTE ON FUNCTION set_config(text, text, boolean) FROM pushline_page")
        )
        assert tuple(conn.execute(ask).one()) == (False, False)
    superuser.dispose()
    server.contain_audience_reader(database)
    with committed_db.connect() as conn:
        assert tuple(conn.execute(ask).one()) == (True, False)


def test_without_a_login_of_its_own_the_page_steps_down(engine: Engine):
    """The owner's login, the page's rights."""
    page = make_engine(step_down(engine.url, "page"), "page")
    with page.connect() as conn:
        who = conn.execute(text("SELECT current_user, session_user")).one()
        assert tuple(who) == (role_name("page"), OWNER)
        assert conn.execute(text("SHOW plan_cache_mode")).scalar() == "force_custom_plan"
        with pytest.raises(ProgrammingError, match="permission denied"):
            conn.execute(text("SELECT * FROM push.person"))
    page.dispose()
