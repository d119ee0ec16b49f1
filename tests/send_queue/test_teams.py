"""A team's name belongs to the login that offered under it first, and to whom the owner lets in."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from pushline.send_queue.offer import offer_answer, offer_answer_users, offer_pushes
from pushline.send_queue.refusal import OfferRefused

LOGINS = ("logistics_app", "evil_team")
ALLOW = "SELECT push.let_team_offer(:team, :role, may_be_transactional => :is_transactional)"
Login = Callable[[str], Engine]


@pytest.fixture
def login(committed_db: Engine) -> Iterator[Login]:
    """`login("evil_team")` is an engine of another member of pushline_producer."""
    engines = {
        name: create_engine(committed_db.url.set(username=name, password=None)) for name in LOGINS
    }
    superuser = create_engine(committed_db.url.set(username="postgres", password=None))
    with superuser.begin() as conn:
        for name in LOGINS:
            conn.execute(text(f"CREATE ROLE {name} LOGIN IN ROLE pushline_producer"))
    yield engines.__getitem__
    for engine in engines.values():
        engine.dispose()
    with superuser.begin() as conn:
        for name in LOGINS:
            conn.execute(text(f"DROP ROLE {name}"))
    superuser.dispose()


def offer(engine: Engine, team: str = "logistics", **over: Any) -> int:
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "team": team,
        "occasion_key": "order-7",
        "class_": "trigger",
        "user_ids": [1, 2],
        "content": {"texts": {"ru": {"title": "Заказ", "body": "В пути"}}},
        "not_before": now,
        "expires_at": now + timedelta(hours=1),
    }
    with engine.begin() as conn:
        return offer_pushes(conn, **(values | over))


def allow(committed_db: Engine, role: str, *, is_transactional: bool = False) -> None:
    values = {"team": "logistics", "role": role, "is_transactional": is_transactional}
    with committed_db.begin() as conn:
        conn.execute(text(ALLOW), values)


def test_a_name_is_of_who_offered_under_it_first(committed_db: Engine, login: Login):
    offer(login("logistics_app"))
    offer(login("logistics_app"), occasion_key="order-8")
    with pytest.raises(OfferRefused, match="logistics belongs to another login than evil_team"):
        offer(login("evil_team"), occasion_key="order-9")
    for ask in (offer_answer, offer_answer_users):
        with (
            pytest.raises(OfferRefused, match="belongs to another login"),
            login("evil_team").begin() as conn,
        ):
            ask(conn, "logistics", "order-7")
    offer(login("evil_team"), team="evil")
    allow(committed_db, "evil_team")
    offer(login("evil_team"), occasion_key="order-9")
    with login("evil_team").begin() as conn:
        assert offer_answer(conn, "logistics", "order-7")[0].user_count == 2


def test_of_two_that_come_at_once_one_has_the_name(login: Login):
    def work(name: str) -> bool:
        try:
            offer(login(name), occasion_key=name)
        except OfferRefused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(work, LOGINS)) == [False, True]


def test_only_who_is_allowed_skips_the_caps(committed_db: Engine, login: Login):
    over = {"class_": "transactional", "occasion_key": "order-8"}
    # Whether the name is nobody's yet, or its own.
    for key in ("order-1", "order-2"):
        with pytest.raises(OfferRefused, match=r"may not offer transactional .* skip caps"):
            offer(login("logistics_app"), **over)
        offer(login("logistics_app"), occasion_key=key)
    allow(committed_db, "logistics_app", is_transactional=True)
    assert offer(login("logistics_app"), **over) > 0
    allow(committed_db, "logistics_app")
    with pytest.raises(OfferRefused, match="may not offer transactional"):
        offer(login("logistics_app"), **(over | {"occasion_key": "order-9"}))


def test_a_refused_offer_takes_no_name(login: Login):
    with pytest.raises(OfferRefused, match="above 0"):
        offer(login("evil_team"), user_ids=[0])
    assert offer(login("logistics_app")) > 0


def test_the_planner_offers_and_reads_for_everybody(
    as_role: Callable[[str], Engine], committed_db: Engine, login: Login
):
    offer(login("logistics_app"))
    offer(committed_db, occasion_key="order-8", class_="transactional")
    with as_role("planner").begin() as conn:
        assert offer_answer(conn, "logistics", "order-7")[0].user_count == 2
