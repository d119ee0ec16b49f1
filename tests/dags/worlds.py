"""Small worlds that are due now: the clock of a DAG cannot be turned back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, text

from pushline.demo.company.load import CREATE_SHOP, GRANT_SHOP
from tests.factories import create_run
from tests.people_factories import create_person

_OFFER = """
    INSERT INTO push.offer (team, occasion_key, offered_at, offered_by, content_hash)
    VALUES ('shop', CAST(:key AS text), now(), 'shop', :content_hash) RETURNING offer_id
"""
_CUSTOMER = """
    INSERT INTO shop.customer (customer_id, city_id, locale, time_zone, registered_at, updated_at)
    VALUES (:user_id, 1, 'ru_KZ', 'Asia/Almaty', now() - interval '1 day', now() - interval '1 h')
"""

_BRIEF = """
    WITH written AS (
        INSERT INTO push.brief (campaign_code, created_by, created_at, changed_at)
        VALUES ('C-2026-077', 'mia', now(), now()) RETURNING brief_id
    )
    INSERT INTO push.brief_version (brief_id, version, content, content_hash, edited_by, edited_at)
    SELECT brief_id, 1, '{}', :content_hash, :writers, now() FROM written RETURNING brief_id
"""


def due_run(conn: Connection, **over: Any) -> int:
    """An approved run that has been due for ten minutes, with three known people and a stranger."""
    now = datetime.now(UTC)
    users = [create_person(conn, at=now - timedelta(days=1)) for _ in range(3)]
    key = str(users[0])
    offer_id = conn.execute(text(_OFFER), {"key": key, "content_hash": "0" * 64}).scalar_one()
    return create_run(
        conn,
        audience=[*users, 999],
        occasion=now - timedelta(minutes=10),
        **({"source_kind": "foreign", "source_id": offer_id, "status": "waiting"} | over),
    )


def written_run(conn: Connection, *writers: str, **over: Any) -> int:
    """The same of a brief that these people wrote; nobody approved it."""
    values = {"content_hash": "0" * 64, "writers": list(writers)}
    brief_id = conn.execute(text(_BRIEF), values).scalar_one()
    return due_run(conn, source_kind="brief", source_id=brief_id, **over)


def small_shop(conn: Connection, *, people: int = 3) -> None:
    """The demo company's tables with a few customers."""
    CREATE_SHOP.execute(conn)
    GRANT_SHOP.execute(conn)
    for user_id in range(1, people + 1):
        conn.execute(text(_CUSTOMER), {"user_id": user_id})


def status_of(engine: Engine, run_id: int) -> str:
    with engine.connect() as conn:
        question = "SELECT status FROM push.run WHERE run_id = :run_id"
        return str(conn.execute(text(question), {"run_id": run_id}).scalar_one())
