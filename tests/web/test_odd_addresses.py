"""Numbers and days that nobody means, wherever an address takes one: told, no broken page."""

import json
import re
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from pydantic import TypeAdapter
from sqlalchemy import Engine, text

from pushline.web.app import app
from pushline.web.context import reading

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


TEXTS = ("\0", "C-2026-001\0", "\x1b[2J", "\ud800", "\u202e", "\n", "x" * 9_000)
# Values that are meant, by their name: the route is not left at the first question.
MEANT = {"code": "C-2026-404", "a": "C-2026-404", "b": "C-2026-405", "codes": "C-2026-404",
    "column": "idea", "from": "2026-11-22", "to": "2026-11-22", "week": "2026-11-22"}  # fmt: skip


def ask_with_texts() -> list[tuple[str, str]]:
    """Every route with each odd text at each of its texts."""
    found = []
    for route in app.routes:
        assert isinstance(route, APIRoute)
        places = [*route.dependant.path_params, *route.dependant.query_params]
        kinds = {field.alias: kind_of(field) for field in places}
        for name, method, odd in product(kinds, sorted(route.methods), TEXTS):
            usual = {it: MEANT.get(it, USUAL.get(kinds[it], "x")) for it in kinds}
            given = {name: quote(odd, safe="", errors="surrogatepass")}
            found.append((method, fill(route.path, usual | given)))
    return found


def make_body(schema: Any, known: Any, name: str = "") -> Any:
    """A body that a route takes, by the schema of its model."""
    if "$ref" in schema:
        return make_body(known[schema["$ref"].rsplit("/", 1)[1]], known, name)
    if "anyOf" in schema:
        return make_body(schema["anyOf"][0], known, name)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object" and "properties" not in schema:
        return {"idea": make_body(schema["additionalProperties"], known)}
    if schema.get("type") == "object":
        return {it: make_body(inner, known, it) for it, inner in schema["properties"].items()}
    if schema.get("type") == "array":
        return [make_body(schema["items"], known, name)]
    if schema.get("format") == "uuid":
        return "8d7a9b3e-3a52-4b1e-9c35-0d4c3b1d7f10"
    return {"integer": 1, "boolean": False}.get(schema.get("type", ""), MEANT.get(name, "x"))


def put_everywhere(body: Any, odd: str) -> Iterator[Any]:
    """The body with a text at each place where there is one, names of cells included."""
    if isinstance(body, str):
        yield odd
    elif isinstance(body, list):
        for inner in put_everywhere(body[0], odd):
            yield [inner, *body[1:]]
            # Beside a good one.
            yield [inner, *body]
    elif isinstance(body, dict):
        for name, inner in body.items():
            others = {it: value for it, value in body.items() if it != name}
            yield from ({**others, name: it} for it in put_everywhere(inner, odd))
            yield {**others, odd: inner}


def list_bodies() -> list[tuple[str, str, Any]]:
    """Every route that takes a body, with each odd text at each place of it."""
    found = []
    for route in app.routes:
        assert isinstance(route, APIRoute)
        if route.body_field is None:
            continue
        schema = TypeAdapter(route.body_field.field_info.annotation).json_schema()
        body = make_body(schema, schema.get("$defs", {}))
        address = fill(route.path, {it.alias: MEANT.get(it.alias, "7")
            for it in (*route.dependant.path_params, *route.dependant.query_params)})  # fmt: skip
        odd = [it for one in TEXTS for it in put_everywhere(body, one)]
        found += [(method, address, it) for method in sorted(route.methods) for it in [body, *odd]]
    return found


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_no_text_in_an_address_breaks_a_page(sign_in: SignIn, configured_db: Engine, accept: str):
    assert configured_db
    client, wrong = sign_in("admin"), {}
    questions = ask_with_texts()
    asked = {path.split("?")[0] for _, path in questions}
    assert {"/briefs/%00", "/dag-runs", "/api/reach/%00", "/api/calendar/check"} <= asked
    for method, path in questions:
        body = None if method == "GET" else {}
        answer = client.request(method, path, json=body, headers=FROM_US | {"accept": accept})
        if answer.status_code >= 500:
            wrong[method, path[:80]] = answer.status_code
    assert wrong == {}


def test_no_text_in_a_body_breaks_a_route(sign_in: SignIn, configured_db: Engine):
    assert configured_db
    client, wrong = sign_in("admin"), {}
    bodies = list_bodies()
    asked = {path for _, path, _ in bodies}
    assert {"/api/cells?", "/api/rows?", "/api/check?", "/api/briefs/restore?"} <= asked
    headers = FROM_US | {"content-type": "application/json"}
    for method, path, body in bodies:
        answer = client.request(method, path, content=json.dumps(body), headers=headers)
        is_told = answer.status_code < 400 or "detail" in answer.json()
        if answer.status_code >= 500 or not is_told:
            wrong[method, path, json.dumps(body)[:80]] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("odd", [{"code": "\0"}, {"code": "x" * 900}, {"column": "\0"}])
def test_an_odd_cell_keeps_no_other_from_being_saved(
    sign_in: SignIn, configured_db: Engine, odd: dict[str, str]
):
    assert configured_db
    client = sign_in("admin")
    code = client.post("/api/rows", json={"cells": [{"idea": "a"}]}).json()["rows"][0]["code"]
    good = {"code": code, "column": "owner", "value": "mia"}
    answer = client.post("/api/cells", json={"changes": [good | odd, good]})
    assert answer.json()["rows"][0]["cells"]["owner"] == "mia"
    assert [it["kind"] for it in answer.json()["refused"]] == ["unknown"]


def test_what_the_database_cannot_hold_is_told_last(sign_in: SignIn, configured_db: Engine):
    assert configured_db
    client = sign_in("viewer")

    async def ask_for_nul() -> None:
        with reading() as conn:
            conn.execute(text("SELECT CAST(:odd AS text)"), {"odd": "\0"})

    client.app.router.add_api_route("/odd", ask_for_nul, methods=["GET"])
    try:
        answer = client.get("/odd")
    finally:
        client.app.router.routes.pop()
    assert (answer.status_code, "(/odd)" in answer.json()["detail"]) == (422, True)


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
