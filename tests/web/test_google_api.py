"""The button's sync: set up or not, one at a time, told in the reader's language."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from pushline.web.google_api import WORKER
from tests.google.stub import SPREADSHEET, Stub, serving

from .conftest import SignIn

CONNECTION = "AIRFLOW_CONN_PUSHLINE_GOOGLE"


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch, configured_db: Engine) -> Iterator[Stub]:
    """A tab that is set up, with one new row."""
    with serving(Stub()) as stub:
        stub.tab.put([["ID", "Status", "Problems", "Message idea"], ["", "", "", "From Google"]])
        extra = {"spreadsheet": SPREADSHEET, "worksheet": "Plan", "endpoint": stub.url}
        monkeypatch.setenv(CONNECTION, json.dumps({"conn_type": "generic", "extra": extra}))
        yield stub
        WORKER.wait(60)


def test_without_a_connection_nothing_is_offered(sign_in: SignIn, configured_db: Engine):
    client = sign_in("marketer")
    state = client.get("/api/google").json()
    assert state == {"is_set_up": False, "may_sync": False, "running": False, "last_sync": None}
    answer = client.post("/api/google/sync", json={})
    assert answer.status_code == 404
    assert "docs/google-sheet.md" in answer.json()["detail"]


def test_a_marketer_syncs_and_everybody_sees_when(sign_in: SignIn, google: Stub):
    client = sign_in("marketer")
    assert client.get("/api/google").json()["last_sync"] is None
    assert client.post("/api/google/sync", json={}).json()["running"] is True
    WORKER.wait(60)
    rows = client.get("/api/sheet").json()["rows"]
    assert [row["cells"]["idea"] for row in rows] == ["From Google"]
    state = sign_in("viewer").get("/api/google").json()
    assert (state["may_sync"], state["running"]) == (False, False)
    last = state["last_sync"]
    assert (last["read"], last["created"], last["written"]) == (1, 1, 3)
    assert last["error"] is None
    assert google.violations == []


def test_what_went_wrong_is_told_in_the_readers_language(sign_in: SignIn, google: Stub):
    google.tab.title = "Renamed"
    client = sign_in("data")
    client.post("/api/google/sync", json={})
    WORKER.wait(60)
    for language, words in (
        ("en", "no tab “Plan”"),
        ("ru", "нет листа «Plan»"),
        ("kk", "«Plan» парағы жоқ"),
    ):
        asked = client.get("/api/google", headers={"accept-language": language}).json()
        assert words in asked["last_sync"]["error"]


def test_problems_come_with_their_place(sign_in: SignIn, google: Stub):
    google.tab.put([["ID", "Status", "Problems", "Message idea"], ["C-1999-001", "", "", "Lost"]])
    client = sign_in("admin")
    client.post("/api/google/sync", json={})
    WORKER.wait(60)
    asked = client.get("/api/google", headers={"accept-language": "ru"}).json()
    (problem,) = asked["last_sync"]["problems"]
    assert (problem["code"], problem["row"]) == ("C-1999-001", 2)
    assert "Кампании C-1999-001 нет" in problem["sentence"]


def test_a_broken_connection_says_what_it_lacks(
    sign_in: SignIn, configured_db: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(CONNECTION, json.dumps({"conn_type": "generic", "extra": {}}))
    client = sign_in("marketer")
    assert "lacks spreadsheet" in client.get("/api/google").json()["last_sync"]["error"]
    answer = client.post("/api/google/sync", json={})
    assert answer.status_code == 409
    assert "keyfile_dict" in answer.json()["detail"]
