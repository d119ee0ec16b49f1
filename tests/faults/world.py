"""A small company with everything that planning can stumble over, in three states.

empty: people, a policy, what was sent yesterday. due: a sheet is imported and approved, other
teams have offered, and all of it is due at NOON. planned: the tick of NOON went through undisturbed
(what every disturbed one must come to).
"""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from pushline.audience import grant_audience_reader
from pushline.database.migrate import migrate
from tests.factories import NOON
from tests.faults import scenarios
from tests.oracle.mirror import keep_only_weeks, save_policy, save_user
from tests.oracle.model import Policy, Rule, User

PEOPLE = 240
STRANGERS = 12
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
YESTERDAY = NOON - 20 * HOUR
TICK = NOON + timedelta(minutes=2)
POLICY = Policy(
    NOON - 60 * DAY,
    gap=HOUR,
    rules=(
        Rule(1, 2, window=DAY, reserve=1),
        Rule(2, 4, window=7 * DAY),
        Rule(3, 3, window=2 * DAY, tag="orders"),
    ),
)
COMPANY = """
CREATE SCHEMA company;
CREATE TABLE company.person (user_id bigint PRIMARY KEY, first_name text);
CREATE TABLE company.left_before (line text);
INSERT INTO company.person
SELECT n, CASE WHEN mod(n, 4) > 0 THEN 'Айгуль ' || n END FROM generate_series(1, {people}) AS n;
"""
GOOD = {
    "title_ru": "Музыка −20%",
    "text_ru": "До воскресенья дешевле.",
    "title_kk": "Музыка −20%",
    "text_kk": "Жексенбіге дейін арзан.",
    "link": "https://shop.example.kz/music",
    "send_at": "2026-11-21 12:00",
    "audience": "everybody",
    "limit_mode": "drop",
}
SHEET: list[dict[str, str]] = [
    {"idea": "big", "utm_campaign": "big", "priority": "2", "control_pct": "5"},
    {
        "idea": "personal",
        "utm_campaign": "personal",
        "audience": "buyers",
        "limit_mode": "defer",
        "text_ru": "{{ first_name | default: 'Друг' }}, загляните.",
        "ttl_hours": "48",
    },
    {
        "idea": "service",
        "utm_campaign": "service",
        "kind": "service",
        "service_reason": "orders",
        "max_users": "100",
    },
    {"idea": "excluding", "utm_campaign": "excluding", "exclude": "buyers", "priority": "1"},
    {"idea": "unapproved", "utm_campaign": "unapproved"},
    {"idea": "tomorrow", "utm_campaign": "tomorrow", "send_at": "2026-11-22 12:00"},
]
APPROVED = ["big", "personal", "service", "excluding", "tomorrow"]
WORDS = {"ru": {"title": "Заказ", "body": "В пути"}, "kk": {"title": "Тапсырыс", "body": "Жолда"}}


def rows() -> list[dict[str, str]]:
    """The sheet that is imported."""
    return [GOOD | row for row in SHEET]


def make_offer(key: str, users: range, moment: datetime, **over: Any) -> dict[str, Any]:
    """An offer of another team as a command's argument."""
    return {
        "team": "logistics",
        "occasion_key": key,
        "class_": "trigger",
        "user_ids": list(users),
        "content": {"title": key, "texts": WORDS, "tags": ["orders"]},
        "not_before": moment.isoformat(),
        "expires_at": (moment + 30 * HOUR).isoformat(),
    } | over


def deferred(key: str) -> dict[str, Any]:
    """Content of an offer whose pushes may wait for a free moment."""
    return {"title": key, "texts": WORDS, "tags": ["orders"], "limit_mode": "defer"}


def offers_of_yesterday() -> list[dict[str, Any]]:
    """What fills the windows before NOON, and plans some pushes after it."""
    return [
        make_offer("parcels", range(1, PEOPLE, 3), YESTERDAY, class_="marketing"),
        make_offer("reminder", range(1, PEOPLE, 2), YESTERDAY, content=deferred("reminder")),
        make_offer("again", range(1, PEOPLE, 4), YESTERDAY, content=deferred("again")),
        make_offer("third", range(1, PEOPLE, 8), YESTERDAY, content=deferred("third")),
    ]


def offers_of_today() -> list[dict[str, Any]]:
    """What competes with the sheet at NOON."""
    return [
        make_offer("arrived", range(1, PEOPLE + STRANGERS, 2), NOON),
        make_offer("basket", range(1, PEOPLE, 5), NOON, content=deferred("basket")),
        make_offer("code", range(1, PEOPLE, 7), NOON, class_="transactional"),
    ]


def make_user(user_id: int) -> User:
    """People differ in everything that planning asks."""
    user = User(user_id, zone="Asia/Almaty", locale="ru")
    if user_id % 2:
        user = replace(user, zone="Europe/Berlin", locale="kk")
    if user_id % 10 == 3:
        user = replace(user, weekly_limit=1 + user_id % 3)
    odd: dict[int, dict[str, Any]] = {
        4: {"consents": frozenset({"service"})},
        5: {"is_reachable": False},
        6: {"is_control": True},
        7: {"zone": None, "locale": None},
        8: {"locale": "en"},
        9: {"is_erased": True},
    }
    return replace(user, **odd.get(user_id % 16, {}))


def build_empty(engine: Engine) -> None:
    """Migrate, and let people move in; yesterday happens."""
    with engine.begin() as conn:
        migrate(conn, buckets=scenarios.BUCKETS)
        keep_only_weeks(conn, [NOON])
        conn.execute(text("UPDATE push.setting SET batch_size = 12"))
        conn.exec_driver_sql(COMPANY.format(people=PEOPLE + STRANGERS))
        grant_audience_reader(conn, ["company"])
        save_policy(conn, POLICY)
        for user_id in range(1, PEOPLE + 1):
            save_user(conn, make_user(user_id))


def let_yesterday_pass(url: str, provider: Path) -> None:
    """Offers of yesterday are planned and sent; some of their pushes are planned after NOON."""
    scenarios.offer(url, offers_of_yesterday(), (YESTERDAY - HOUR).isoformat())
    scenarios.tick(url, YESTERDAY.isoformat())
    scenarios.take(url, (YESTERDAY + timedelta(minutes=1)).isoformat(), str(provider))
    scenarios.take(url, (NOON - HOUR).isoformat(), str(provider))
    lines = [{"line": line} for line in provider.read_text().splitlines()]
    engine = scenarios.engine_of(url, "owner")
    with engine.begin() as conn:
        conn.execute(text("INSERT INTO company.left_before VALUES (:line)"), lines)


def make_due(url: str) -> None:
    """The sheet comes in and is approved, other teams offer."""
    written = (NOON - 2 * DAY).isoformat()
    scenarios.bring(url, rows(), written)
    scenarios.approve(url, APPROVED, written)
    scenarios.offer(url, offers_of_today(), (NOON - HOUR).isoformat())


def build(url: str, state: str, provider: str) -> None:
    """Lead a world into its next state."""
    if state == "yesterday":
        let_yesterday_pass(url, Path(provider))
    elif state == "due":
        make_due(url)
    else:
        scenarios.tick(url, TICK.isoformat())
