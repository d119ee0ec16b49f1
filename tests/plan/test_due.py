"""Making runs: what cannot be planned is set aside with its reason, the others go on."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from pushline.brief.versions import create_brief
from pushline.database.sql import Query
from pushline.plan.due import create_due_runs
from tests.factories import NOON, create_batch
from tests.laws import hands
from tests.laws.model import Content, Source
from tests.laws.town import OneConnection, shrink
from tests.plan.scene import make_weeks

ZONE = "Asia/Almaty"
CONTENT = Content(
    push_class="marketing",
    tags=(),
    languages=("ru",),
    ttl=timedelta(hours=12),
    audience="everybody",
    send_at=NOON.replace(tzinfo=None) + timedelta(hours=5),
)


@pytest.fixture
def conn(committed_db: Engine) -> Any:
    with committed_db.connect() as conn:
        shrink(conn, [])
        make_weeks(conn)
        yield conn
        conn.rollback()


def approve(conn: Connection, **stored: object) -> str:
    """An approved brief whose content says what no check would let pass."""
    content = {**hands.content_of(CONTENT, ZONE), **stored}
    brief = create_brief(
        conn,
        content=content,
        notes={"idea": None},
        status="audience_ready",
        by="bek",
        now=NOON,
    )
    source = Source("brief", brief.brief_id, brief.campaign_code, [CONTENT])
    hands.approve(conn, source, (0, 99), NOON)
    return brief.campaign_code


def find(conn: Connection) -> list[tuple[str, str]]:
    found = Query("checks/set_aside").all(conn, now=NOON + timedelta(hours=1))
    return [(row.key, row.detail) for row in found]


def test_a_brief_that_cannot_be_planned_is_set_aside_and_the_others_go_on(conn: Connection):
    engine: Any = OneConnection(conn)
    broken = approve(conn, repeat="NONSENSE")
    half = approve(conn, utm_campaign="half", link="https://[bad")
    approve(conn, promo_end="9999-12-31", utm_campaign="far")
    approve(conn, send_at="9999-12-31T23:59", repeat="FREQ=DAILY", utm_campaign="farther")
    good = approve(conn, utm_campaign="good")
    assert create_due_runs(engine, NOON) == 2
    assert create_due_runs(engine, NOON) == 0
    titles = conn.execute(text("SELECT title FROM push.run ORDER BY run_id")).scalars().all()
    assert titles[-1] == good
    found = find(conn)
    assert [key for key, _ in found] == [f"brief {broken}", f"brief {half}"]
    assert "BadRepeat" in found[0][1]
    kept = text("SELECT count(*) FROM push.audit_log WHERE what = 'set_aside'")
    assert conn.execute(kept).scalar() == 2


def test_a_brief_that_repeats_is_open_between_its_occasions_and_sent_after_the_last(
    conn: Connection,
):
    engine: Any = OneConnection(conn)
    code = approve(conn, repeat="FREQ=DAILY;COUNT=2")
    first, second = (NOON + timedelta(hours=5, days=days) for days in (0, 1))

    def status_at(now: datetime) -> str:
        create_due_runs(engine, now)
        asked = text("SELECT status FROM push.brief WHERE campaign_code = :code")
        found: str = conn.execute(asked, {"code": code}).scalar_one()
        return found

    def end_runs() -> None:
        conn.execute(text("UPDATE push.run SET status = 'planned'"))

    assert status_at(NOON) == "scheduled"
    assert status_at(first) == "scheduled"
    end_runs()
    run_id = conn.execute(text("SELECT run_id FROM push.run")).scalar_one()
    create_batch(conn, run_id)
    assert status_at(first) == "sending"
    conn.execute(text("UPDATE push.send_batch SET status = 'done'"))
    assert status_at(first) == "scheduled"
    assert status_at(second) == "scheduled"
    end_runs()
    assert status_at(second + timedelta(hours=1)) == "sent"


def test_nothing_leaves_after_the_last_day_of_the_promo(conn: Connection):
    """Noon in Almaty, a day to leave in. Own clocks end later, the promo does not."""
    engine: Any = OneConnection(conn)
    wanted = {
        approve(conn, promo_end=promo_end, local_time=local_time, ttl_hours=24, utm_campaign=utm): (
            NOON + timedelta(hours=hours)
        )
        for utm, promo_end, local_time, hours in [
            ("one", "2026-11-21", False, 12),
            ("two", "2026-11-22", False, 24),
            ("three", None, False, 24),
            ("four", "2026-11-21", True, 12),
            ("five", "2026-11-22", True, 36),
            ("six", None, True, 24 + 17),  # noon comes to the last zone on earth 17 hours later
        ]
    }
    create_due_runs(engine, NOON)
    found = conn.execute(text("SELECT title, expires_at FROM push.run")).all()
    assert {row.title: row.expires_at for row in found} == wanted
