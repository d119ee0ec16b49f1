"""The star schema: each column says what it is, BI may read all of it, numbers are the funnel's."""

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from pushline.database.roles import role_name
from pushline.report.funnel import funnel
from pushline.settings import get_settings
from tests.factories import NOON, create_run, users_of_bucket
from tests.report.factories import add_policy, add_rule, enqueue, leave_out

VIEWS = sorted(
    path.stem.removeprefix("view_") for path in (get_settings().sql_dir / "marts").glob("*.sql")
)


def test_every_view_and_column_has_a_comment(db: Connection):
    rows = db.execute(
        text(
            "SELECT c.relname, a.attname FROM pg_class AS c "
            "INNER JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum >= 0 "
            "WHERE c.relnamespace = 'mart'::regnamespace "
            "AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid) IS NULL)"
        )
    )
    assert [tuple(row) for row in rows] == []


def test_the_schema_holds_these_views(db: Connection):
    names = text("SELECT viewname FROM pg_views WHERE schemaname = 'mart' ORDER BY 1")
    assert list(db.execute(names).scalars()) == VIEWS


@pytest.mark.parametrize("view", VIEWS)
def test_bi_reads_it_and_finds_nobody_in_it(engine: Engine, view: str):
    reader = create_engine(engine.url.set(username=role_name("bi")))
    with reader.connect() as conn:
        result = conn.execute(text(f"SELECT * FROM mart.{view} LIMIT 1"))  # noqa: S608
        assert not {"user_id", "push_id", "users_ids", "address"} & set(result.keys())
    reader.dispose()


def test_numbers_are_those_of_the_funnel(db: Connection):
    policy_id = add_policy(db)
    add_rule(db, policy_id)
    users = users_of_bucket(db, 0, 9)
    run_id = create_run(db, audience=users)
    leave_out(db, run_id, users[:2], "capped", rule_no=1, policy_id=policy_id)
    batch_id = enqueue(db, run_id, users[2:6], [2, 2, 4, 5])
    enqueue(db, run_id, users[6:], variant=1)
    for kind, insert_id in (("opened", "a"), ("opened", "b"), ("delivered", "c")):
        db.execute(
            text("INSERT INTO push.receipt VALUES (:day, :batch, 1, :kind, :at, :id)"),
            {"day": NOON.date(), "batch": batch_id, "kind": kind, "at": NOON, "id": insert_id},
        )
    found = funnel(db, run_id)
    [run] = db.execute(text("SELECT * FROM mart.fact_run")).all()
    assert (run.audience, run.left_out, run.enqueued) == (9, 2, 7)
    assert (run.accepted, run.unknown, run.withheld) == (2, 1, 1)
    assert run.audience == found.audience
    [decision] = db.execute(text("SELECT * FROM mart.fact_decision")).all()
    assert (decision.reason, decision.cap_rule, decision.users) == (14, "week: 3 per 7 days", 2)
    first, second = db.execute(text("SELECT * FROM mart.fact_push ORDER BY variant")).all()
    assert (first.variant, first.pushes, first.open, first.accepted) == ("A", 4, 0, 2)
    assert (first.opened, first.delivered) == (1, 1), "a user who opens twice counts once"
    assert (second.variant, second.pushes, second.open) == ("B", 3, 3)
    day = text("SELECT is_weekend FROM mart.dim_day WHERE day = :day")
    assert db.execute(day, {"day": NOON.date()}).scalar() is True
    [dim] = db.execute(text("SELECT * FROM mart.dim_run")).all()
    assert (dim.run_id, dim.title, dim.variants) == (run_id, "Autumn sale", 1)
