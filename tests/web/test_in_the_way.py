"""Whatever is in the way of a page, whoever looks is told in a sentence, and in time."""

import psycopg.errors
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from pushline.errors import DatabaseUnreachable
from pushline.web import live
from pushline.web.app import app
from pushline.web.context import say

from .conftest import SignIn
from .test_odd_addresses import USUAL, WORDS, fill, kind_of


def list_addresses() -> list[str]:
    found = []
    for route in app.routes:
        assert isinstance(route, APIRoute)
        places = [*route.dependant.path_params, *route.dependant.query_params]
        given = {it.alias: USUAL.get(kind_of(it), WORDS.get(it.alias, "")) for it in places}
        if "GET" in route.methods:
            found.append(fill(route.path, given))
    return found


def test_a_lock_that_somebody_holds_is_told_by_every_page(
    sign_in: SignIn, configured_db: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("pushline.web.context.LONGEST_LOCK", "20ms")
    client = sign_in("admin")
    client.get("/api/sheet")
    live.live_numbers().forget()
    with configured_db.connect() as conn, conn.begin():
        conn.execute(text("LOCK TABLE push.brief, push.send_batch, push.run, push.setting"))
        told = {path: client.get(path) for path in list_addresses()}
    waited = {path: answer for path, answer in told.items() if answer.status_code == 503}
    assert len(waited) > len(told) / 2
    assert {answer.json()["detail"] for answer in waited.values()} == {say("en", "shell.busy")}
    assert all(
        answer.status_code < 500 for answer in told.values() if answer not in waited.values()
    )


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (OperationalError("", None, psycopg.errors.DiskFull()), "shell.full"),
        (OperationalError("", None, psycopg.errors.ConfigurationLimitExceeded()), "shell.full"),
        (OperationalError("", None, psycopg.errors.QueryCanceled()), "shell.busy"),
        (NoConnectionLeft(), "shell.busy"),
        (DatabaseUnreachable("Postgres at db.example:5432 does not answer"), "shell.busy"),
    ],
)
def test_what_the_database_says_is_told_as_a_sentence(
    sign_in: SignIn, configured_db: Engine, monkeypatch: pytest.MonkeyPatch,
    error: Exception, key: str,
):  # fmt: skip
    assert configured_db

    def fail() -> Engine:
        raise error

    monkeypatch.setattr("pushline.web.context.page_engine", fail)
    for language in ("en", "kk"):
        answer = sign_in("viewer").get("/api/stops", headers={"accept-language": language})
        assert (answer.status_code, answer.json()["detail"]) == (503, say(language, key))
