"""A town whose reach is counted: people of every kind in eight buckets, pushes planned, briefs."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from pushline.audience import Catalogue, grant_audience_reader
from pushline.brief.versions import Brief, create_brief
from pushline.model import hash_sql_texts
from pushline.plan.reach_worker import Counting
from pushline.settings import Role
from tests.factories import NOON, create_batch, create_run
from tests.oracle.mirror import save_policy
from tests.oracle.model import Policy, Rule
from tests.plan.scene import make_weeks

SEND_AT = NOON + timedelta(days=1)
WEEK = timedelta(days=7)
DAY = timedelta(days=1)

_PEOPLE = """
    INSERT INTO push.recipient
        (bucket, user_id, zone_id, language_id, consents, weekly_limit,
         is_reachable, is_control, is_erased)
    SELECT
        push.bucket_of(u), u, CASE WHEN u % 3 = 0 THEN z.zone_id ELSE 0 END,
        CASE WHEN u % 5 = 0 THEN l.language_id ELSE 0 END,
        CASE WHEN u % 11 = 0 THEN 2 ELSE 3 END, CASE WHEN u % 13 = 0 THEN 1 END,
        u % 17 <> 0, u % 19 = 0, u % 97 = 0
    FROM generate_series(1, 4800) AS u
    CROSS JOIN (SELECT zone_id FROM push.zone WHERE name = 'Europe/Berlin') AS z
    CROSS JOIN (SELECT language_id FROM push.language WHERE locale = 'kk') AS l
    WHERE push.bucket_of(u) < 8
"""
_COMPANY = """
    CREATE SCHEMA company;
    CREATE TABLE company.person (user_id bigint);
    INSERT INTO company.person
    SELECT u FROM generate_series(1, 5200) AS u WHERE push.bucket_of(u) < 8;
    INSERT INTO company.person SELECT min(p.user_id) FROM company.person AS p;
"""
_USERS_BY_BUCKET = """
    SELECT bucket, array_agg(user_id ORDER BY user_id) AS users FROM push.recipient
    WHERE user_id % :every = 0 GROUP BY bucket
"""
# The function's owner may sleep, the reader just reads it.
_SLEEP = """
    CREATE TABLE company.tired AS SELECT 1 AS one;
    CREATE FUNCTION company.nap() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER AS
    'BEGIN PERFORM pg_sleep(60) FROM company.tired; RETURN 1; END';
    CREATE VIEW company.sleep AS SELECT company.nap() AS one;
"""
_ASLEEP = """
    SELECT EXISTS (
        SELECT FROM pg_stat_activity
        WHERE usename = 'pushline_audience' AND datname = current_database()
            AND wait_event = 'PgSleep'
    )
"""
_EVERYBODY = "SELECT user_id FROM company.person\n"
_SOME = "SELECT user_id FROM company.person WHERE user_id % 7 = 0\n"
_WITH_NAMES = """-- title: people
-- owner: tests
-- column first_name text nullable: first name
SELECT user_id,
    CASE mod(user_id, 5) WHEN 0 THEN NULL WHEN 1 THEN 'Екатерина' ELSE 'Дана' END AS first_name
FROM company.person
"""
SLOW = "slow"
EVERYBODY, SOME = "everybody", "every_seventh"

POLICIES: dict[str, Policy] = {
    "week": Policy(
        NOON - timedelta(days=60), rules=(Rule(1, 2, window=WEEK), Rule(2, 1, window=DAY))
    ),
    "calendar": Policy(
        NOON - timedelta(days=60),
        gap=timedelta(hours=6),
        rules=(Rule(1, 2, kind="calendar_user", unit="week", reserve=1),),
    ),
    "none": Policy(NOON - timedelta(days=60)),
}


def make_content(**over: Any) -> dict[str, Any]:
    """The content of a brief to everybody, as the sheet would save it."""
    text_ = {"title": "Скидка", "body": "Сегодня"}
    content: dict[str, Any] = {
        "class": "marketing",
        "send_at": "2026-11-22T12:00",
        "local_time": False,
        "repeat": None,
        "ttl_hours": 24,
        "promo_end": None,
        "texts": {"0": {"ru": text_, "kk": text_}},
        "variant_shares": [10000],
        "link": "https://shop.example.kz/",
        "image_url": "",
        "utm_campaign": "autumn",
        "tags": [],
        "audience": {"name": EVERYBODY, "parameters": {}},
        "exclude": [],
        "sql_hash": "",
        "control_share": 500,
        "priority": 5,
        "max_users": None,
        "throttle": None,
        "limit_mode": "drop",
    }
    return content | over


class ReachTown:
    """The database, the audience files, and a brief to count and to send."""

    def __init__(self, owner: Engine, planner: Engine, counting: Counting, folder: Path) -> None:
        self.owner = owner
        self.planner = planner
        self.folder = folder
        self.counting = counting

    @classmethod
    def found(
        cls, owner: Engine, as_role: Callable[[Role], Engine], folder: Path, clock: datetime = NOON
    ) -> "ReachTown":
        """Found it in an empty database; the page counts, the planner plans."""
        files = folder / "audiences"
        files.mkdir()
        head = "-- title: people\n-- owner: tests\n"
        (files / f"{EVERYBODY}.sql").write_text(head + _EVERYBODY)
        (files / f"{SOME}.sql").write_text(head + _SOME)
        with owner.begin() as conn:
            make_weeks(conn)
            conn.exec_driver_sql(_COMPANY)
            grant_audience_reader(conn, ["company"])
            conn.execute(text("UPDATE push.zone SET is_used = true WHERE name = 'Europe/Berlin'"))
            conn.execute(text(_PEOPLE))
        counting = Counting(
            as_role("page"), as_role("audience"), Catalogue(sql_dir=folder), lambda: clock
        )
        return cls(owner, as_role("planner"), counting, files)

    def set_policy(self, name: str) -> None:
        """Put one of POLICIES in force."""
        with self.owner.begin() as conn:
            save_policy(conn, POLICIES[name])

    def add_pushes(self) -> list[int]:
        """Two campaigns of the week: to every second two days before, to every third later."""
        with self.owner.begin() as conn:
            return [
                _plan_campaign(conn, "Earlier", 2, SEND_AT - timedelta(days=2)),
                _plan_campaign(conn, "Later", 3, SEND_AT + timedelta(hours=3)),
            ]

    def add_brief(self, **over: Any) -> Brief:
        """A brief that waits for approval; `over` changes its content."""
        content = make_content(**over)
        names = [content["audience"]["name"], *(call["name"] for call in content["exclude"])]
        files = {name: self._audiences.file(name).source for name in names}
        content["sql_hash"] = hash_sql_texts(files)
        with self.owner.begin() as conn:
            return create_brief(
                conn,
                content=content,
                notes={"idea": "Autumn"},
                status="audience_ready",
                by="mia",
                now=NOON,
            )

    def give_names(self) -> None:
        """Let the audience offer a first name, empty for every fifth."""
        (self.folder / f"{EVERYBODY}.sql").write_text(_WITH_NAMES)

    def add_slow_audience(self) -> str:
        """An audience that returns people after a minute, unless it is woken."""
        (self.folder / f"{SLOW}.sql").write_text(
            "-- title: people\n-- owner: tests\n"
            "SELECT p.user_id FROM company.person AS p CROSS JOIN company.sleep AS s\n"
        )
        with self.owner.begin() as conn:
            conn.exec_driver_sql(_SLEEP)
            grant_audience_reader(conn, ["company"])
        return SLOW

    def wait_for_sleeper(self) -> None:
        """Wait until the slow audience is being read."""
        deadline = time.monotonic() + 30
        while not self.is_anybody_asleep():
            assert time.monotonic() < deadline, "nobody reads the slow audience"
            time.sleep(0.02)

    def is_anybody_asleep(self) -> bool:
        """Whether a session of the audience role reads the slow audience now."""
        with self.owner.connect() as conn:
            return bool(conn.execute(text(_ASLEEP)).scalar_one())

    def have_slept_enough(self) -> None:
        """Who reads the slow audience from now on is quick."""
        with self.owner.begin() as conn:
            conn.execute(text("DELETE FROM company.tired"))

    @property
    def _audiences(self) -> Catalogue:
        assert self.counting.audiences is not None
        return self.counting.audiences


def _plan_campaign(conn: Connection, title: str, every: int, at: datetime) -> int:
    run_id = create_run(conn, occasion=at, title=title, source_kind="foreign", wave_id=None)
    for row in conn.execute(text(_USERS_BY_BUCKET), {"every": every}):
        create_batch(conn, run_id, users=row.users, bucket=row.bucket)
    return run_id
