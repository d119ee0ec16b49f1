"""Routes of the panel: samples for who works on briefs, overlap and week pressure by number."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from pushline.plan.one_question import QUESTIONS
from pushline.plan.reach_worker import WORKER
from pushline.settings import CHECKOUT, get_settings
from pushline.web import reach_api
from pushline.web.samples import SAMPLES
from tests.plan.reach_town import EVERYBODY, SEND_AT, SOME, ReachTown

ORIGIN = {"Origin": "http://testserver"}
SignIn = Callable[[str | None], TestClient]


@pytest.fixture
def town(
    configured_db: Engine,
    as_role: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[ReachTown]:
    """The reach's town as the installation that the pages see."""
    folder = tmp_path / "sql"
    folder.mkdir()
    for room in (CHECKOUT / "sql").iterdir():
        if room.name != "audiences":
            (folder / room.name).symlink_to(room)
    found = ReachTown.found(configured_db, as_role, folder)
    monkeypatch.setenv("PUSHLINE_SQL_DIR", str(folder))
    get_settings.cache_clear()
    QUESTIONS.forget()
    SAMPLES.forget()
    yield found
    WORKER.wait(30)
    get_settings.cache_clear()


def test_only_who_works_on_briefs_sees_sample_people(town: ReachTown, sign_in: SignIn):
    town.give_names()
    body = {
        "code": "C-2026-001",
        "cells": {
            "title_ru": "{{ first_name | default: 'Привет' }}, скидка",
            "audience": EVERYBODY,
            "link": "https://shop.example.kz/a?b=1#c",
            "utm_campaign": "winter",
        },
    }
    shown = sign_in("marketer").post("/api/preview", json=body, headers=ORIGIN).json()
    assert [person["key"] for person in shown["people"]] == ["typical", "longest", "missing"]
    first = shown["texts"][0]
    assert first["title"]["text"] == "Дана, скидка"
    assert first["link"] == (
        "https://shop.example.kz/a?b=1&utm_source=pushline&utm_medium=push"
        "&utm_campaign=winter&utm_content=a&utm_id=C-2026-001#c"
    )
    missing = sign_in("approver").post("/api/preview", json=body | {"sample": 2}, headers=ORIGIN)
    assert missing.json()["texts"][0]["title"]["text"] == "Привет, скидка"
    viewer = sign_in("viewer").post("/api/preview", json=body, headers=ORIGIN).json()
    assert viewer["people"] == []
    assert viewer["texts"][0]["title"]["text"] == "Александра, скидка"


@pytest.mark.parametrize(
    "cells",
    [
        {"title_ru": "{{ name", "audience": "no such one"},
        {"title_ru": "{% for x in (1..9) %}{{ x }}", "link": "ht!tp://", "utm_campaign": "w w"},
        {"title_ru": "<b>{{ first_name }}</b>", "audience": "nothing_like_it(a=b)"},
        {"text_b_kk": "а" * 3000, "audience": f"{EVERYBODY}("},
    ],
)
def test_half_typed_cells_break_nothing(town: ReachTown, sign_in: SignIn, cells: dict[str, str]):
    answer = sign_in("marketer").post("/api/preview", json={"cells": cells}, headers=ORIGIN)
    assert answer.status_code == 200
    assert len(answer.json()["texts"]) == 1


def test_overlap_and_pressure_count_people(town: ReachTown, sign_in: SignIn):
    town.set_policy("week")
    town.add_pushes()
    # The routes read the clock: what they count has to lie ahead.
    later = "2099-11-22T12:00"
    everybody = town.add_brief(send_at=later).campaign_code
    some = town.add_brief(
        audience={"name": SOME, "parameters": {}}, utm_campaign="other", send_at=later
    ).campaign_code
    client = sign_in("data")
    found = client.get("/api/overlap", params={"a": everybody, "b": some}).json()
    with town.owner.connect() as conn:
        all_people, seventh = conn.execute(text(_COMPANY)).one()
        expected = conn.execute(text(_PRESSURE), {"at": SEND_AT - timedelta(days=2)}).scalars()
        counts = list(expected)
    assert (found["only_a"], found["both"], found["only_b"]) == (all_people - seventh, seventh, 0)
    week = client.get("/api/pressure", params={"week": "2026-11-22"}).json()
    assert (week["rule"], week["maximum"], week["is_sample"]) == ("rule 1", 2, False)
    assert week["counts"] == counts
    assert (week["from"], week["zone"]) == ("2026-11-16T00:00:00+05:00", "Asia/Almaty")


def test_a_week_that_takes_too_long_is_told_so(
    town: ReachTown, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    town.set_policy("week")
    monkeypatch.setattr(reach_api, "LONGEST_COUNT", "50ms")
    with town.owner.connect() as conn, conn.begin():
        conn.execute(text("LOCK TABLE push.send_batch"))
        headers = {"accept-language": "kk"}
        answer = sign_in("data").get("/api/pressure?week=2026-11-22", headers=headers)
    assert answer.status_code == 503
    assert answer.json()["detail"].startswith("Аптаны санау тым ұзаққа созылды.")


def test_an_audience_that_cannot_be_compared_is_named(town: ReachTown, sign_in: SignIn):
    later = "2099-11-22T12:00"
    good = town.add_brief(send_at=later).campaign_code
    bad = town.add_brief(
        audience={"name": SOME, "parameters": {}}, utm_campaign="other", send_at=later
    ).campaign_code
    (get_settings().sql_dir / "audiences" / f"{SOME}.sql").unlink()
    told = {
        language: sign_in("data").get(
            f"/api/overlap?a={good}&b={bad}", headers={"accept-language": language}
        )
        for language in ("en", "ru")
    }
    assert {answer.status_code for answer in told.values()} == {409}
    assert SOME in told["en"].json()["detail"]
    assert told["ru"].json()["detail"].startswith(bad)


def test_a_fresh_number_is_not_counted_again(town: ReachTown, sign_in: SignIn):
    code = town.add_brief(send_at="2099-11-22T12:00").campaign_code
    client = sign_in("approver")
    assert client.get(f"/api/reach/{code}").json()["state"] == "none"
    asked = client.post(f"/api/reach/{code}", json={}, headers=ORIGIN)
    assert (asked.status_code, asked.json()["state"]) == (202, "queued")
    assert WORKER.wait(60)
    ready = client.get(f"/api/reach/{code}", headers={"accept-language": "kk"}).json()
    reach = ready["reach"]
    assert (ready["state"], reach["is_fresh"], reach["stale"]) == ("ready", True, "")
    assert reach["audience"] == reach["will_get"] + sum(part["users"] for part in reach["parts"])
    assert "мұндай пуштарға келісім бермеген" in {part["label"] for part in reach["parts"]}
    again = client.post(f"/api/reach/{code}", json={}, headers=ORIGIN).json()
    assert again["request"] == ready["request"]
    forced = client.post(f"/api/reach/{code}", json={"again": True}, headers=ORIGIN).json()
    assert forced["request"] == ready["request"] + 1
    assert sign_in("viewer").post(f"/api/reach/{code}", json={}, headers=ORIGIN).status_code == 403


_COMPANY = """
    SELECT count(DISTINCT user_id), count(DISTINCT user_id) FILTER (WHERE user_id % 7 = 0)
    FROM company.person
"""
# One push two days before, another later in the same week; both are at the rule's maximum.
_PRESSURE = """
    SELECT count(r.user_id) FROM generate_series(0, 2) AS n (pushes)
    LEFT JOIN push.recipient AS r
        ON r.consents & 1 = 1 AND r.is_reachable AND NOT r.is_control AND NOT r.is_erased
        AND n.pushes = (r.user_id % 2 = 0)::integer + (r.user_id % 3 = 0)::integer
    WHERE CAST(:at AS timestamptz) IS NOT NULL GROUP BY n.pushes ORDER BY n.pushes
"""


def test_a_brief_made_in_a_shell_opens_by_its_link(town: ReachTown, sign_in: SignIn):
    code = town.add_brief(send_at="2099-11-22T12:00").campaign_code
    viewer = sign_in("viewer")
    for path in (
        "briefs/{}",
        "briefs/{}/history",
        "api/briefs/{}/history",
        "api/briefs/{}/preview",
    ):
        address = path.format(town.add_brief(send_at="2099-11-22T12:00").campaign_code)
        assert viewer.get(address).status_code == 200, address
    assert viewer.get(f"briefs/{code.lower()}").status_code == 200
    assert viewer.get("briefs/C-2026-999999").status_code == 404
