"""Numbers and days that nobody means, wherever an address takes one: told, no broken page."""

import re
from datetime import date
from itertools import product
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from pushline.web.app import app

from .conftest import FROM_US, SignIn
from .test_routes import EXAMPLES

NUMBERS = ("0", "-1", str(2**31), str(2**63 - 1), str(2**63), "9" * 20, "9" * 5000, "1e400", "NaN")
DAYS = ("0001-01-01", "1969-12-31", "2100-12-31", "2101-01-01", "9999-12-31", "99999-01-01")
USUAL = {"date": "2026-11-22", "int": "7"}
WORDS = {"a": "C-2026-404", "b": "C-2026-405", "send_at": "2026-11-22 12:00"}


def kind_of(field: Any) -> str:
    """What a parameter takes: date, int, or anything else."""
    shown = str(field.field_info.annotation)
    return "date" if "date" in shown else "int" if "int" in shown else "other"


def fill(path: str, given: dict[str, str]) -> str:
    """The address with these values; a place of the path without one takes its example."""
    for name in re.findall(r"\{(\w+)", path):
        value = given.pop(name) or EXAMPLES[name]
        path = re.sub(rf"\{{{name}(:path)?\}}", value, path)
    return path + "?" + "&".join(f"{it}={text}" for it, text in given.items() if text)


def list_questions() -> list[tuple[str, str]]:
    """Every route with each odd value at each of its numbers and days."""
    found = []
    for route in app.routes:
        assert isinstance(route, APIRoute)
        places = [*route.dependant.path_params, *route.dependant.query_params]
        kinds = {field.alias: kind_of(field) for field in places}
        for name, kind in kinds.items():
            odd = {"date": DAYS, "int": NUMBERS}.get(kind, ())
            for method, value in product(sorted(route.methods), odd):
                usual = {it: USUAL.get(kinds[it], WORDS.get(it, "")) for it in kinds}
                found.append((method, fill(route.path, usual | {name: value})))
    return found


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_no_number_and_no_day_breaks_a_page(sign_in: SignIn, configured_db: Engine, accept: str):
    assert configured_db
    questions = list_questions()
    asked = {path.split("?")[0] for _, path in questions}
    assert {"/api/calendar", "/api/pressure", "/api/changes", "/api/results"} <= asked
    client = sign_in("admin")
    headers = FROM_US | {"accept": accept}
    wrong = {}
    for method, path in questions:
        body = None if method == "GET" else {}
        answer = client.request(method, path, json=body, headers=headers)
        is_told = answer.status_code < 400 or accept != "application/json"
        if answer.status_code >= 500 or not (is_told or "detail" in answer.json()):
            wrong[method, path[:80]] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("days", [("2100-12-30", "2100-12-31"), ("1970-01-01", "1970-01-02")])
def test_the_first_and_last_days_are_shown(
    sign_in: SignIn, configured_db: Engine, days: tuple[str, str]
):
    assert configured_db
    client = sign_in("viewer")
    assert client.get(f"/api/calendar?from={days[0]}&to={days[1]}").status_code == 200
    assert client.get(f"/api/pressure?week={date.fromisoformat(days[1])}").status_code == 200


def test_what_nobody_foresaw_is_told_in_one_sentence(
    sign_in: SignIn, configured_db: Engine, monkeypatch: pytest.MonkeyPatch
):
    assert configured_db

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret of the house")

    monkeypatch.setattr("pushline.web.sheet_api.open_desk", fail)
    client: TestClient = sign_in("viewer")
    answer = client.get("/api/sheet", headers={"accept-language": "ru"})
    assert answer.status_code == 500
    assert answer.json()["detail"].startswith("Не получилось (ошибка 500)")
    assert "secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
