"""A small town for the pages: people, their company's table, and one audience file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from pushline.audience import grant_audience_reader
from pushline.settings import CHECKOUT, get_settings
from tests.oracle.mirror import save_policy
from tests.oracle.model import Policy, Rule
from tests.plan.reach_town import EVERYBODY

_PEOPLE = """
    INSERT INTO push.recipient
        (bucket, user_id, zone_id, language_id, consents, weekly_limit,
         is_reachable, is_control, is_erased)
    SELECT push.bucket_of(u), u, 0, 0, CASE WHEN u % 5 = 0 THEN 2 ELSE 3 END, NULL,
        u % 7 <> 0, false, false
    FROM generate_series(1, 6400) AS u WHERE push.bucket_of(u) < 8
"""
_COMPANY = """
    CREATE SCHEMA shop;
    CREATE TABLE shop.customer AS
    SELECT u AS user_id,
        CASE mod(u, 3) WHEN 0 THEN NULL WHEN 1 THEN 'Аружан' ELSE 'Екатерина-Валентина' END AS name
    FROM generate_series(1, 6400) AS u WHERE push.bucket_of(u) < 8
"""
_AUDIENCE = """-- title: people
-- owner: tests
-- column name text nullable: first name
SELECT user_id, name FROM shop.customer
"""


def settle_town(engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let people of eight buckets live here, who get one push in seven days; EVERYBODY finds them.

    Settings read SQL from a copy in `home` that holds this one audience.
    """
    sql_dir = home / "sql"
    sql_dir.mkdir()
    for folder in (CHECKOUT / "sql").iterdir():
        if folder.name != "audiences":
            (sql_dir / folder.name).symlink_to(folder)
    (sql_dir / "audiences").mkdir()
    (sql_dir / "audiences" / f"{EVERYBODY}.sql").write_text(_AUDIENCE)
    monkeypatch.setenv("PUSHLINE_SQL_DIR", str(sql_dir))
    get_settings.cache_clear()
    with engine.begin() as conn:
        conn.exec_driver_sql(_COMPANY)
        conn.execute(text(_PEOPLE))
        grant_audience_reader(conn, ["shop"])
        start = datetime.now(UTC) - timedelta(days=30)
        save_policy(conn, Policy(start, rules=(Rule(1, 1, window=timedelta(days=7)),)))
