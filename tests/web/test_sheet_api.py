"""The sheet by its routes: from an empty row to an approval and a stop, with every refusal said."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from pushline.database.engine import get_engine
from pushline.settings import get_settings
from tests.factories import create_batch, create_run

from .conftest import SignIn

CELLS = {
    "idea": "Скидка на музыку",
    "title_ru": "Музыка −20%",
    "text_ru": "До воскресенья дешевле.",
    "title_kk": "Музыка −20%",
    "text_kk": "Жексенбіге дейін арзан.",
    "link": "https://shop.example.kz/music",
    "utm_campaign": "music_week",
    "send_at": f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d} 12:00",
}
NOTHING = {"conflicts": [], "refused": []}


_COUNTED = """
    INSERT INTO push.reach_estimate (
        campaign_code, state, requested_by, requested_at, as_of, planned_for, version, content_hash,
        audience, will_get
    )
    SELECT
        b.campaign_code, 'ready', 'ann', now(), now() - CAST(:age AS interval), now(), v.version,
        v.content_hash, :reach, :reach
    FROM push.brief AS b
    INNER JOIN push.brief_version AS v ON b.brief_id = v.brief_id AND b.current_version = v.version
    WHERE b.campaign_code = :code
    ON CONFLICT (campaign_code) DO UPDATE SET
        as_of = excluded.as_of, version = excluded.version, content_hash = excluded.content_hash,
        will_get = excluded.will_get
"""


def keep_count(code: str, reach: int, age: timedelta = timedelta()) -> None:
    """Say that a brief was counted as it stands."""
    with get_engine("page").begin() as conn:
        conn.execute(text(_COUNTED), {"code": code, "reach": reach, "age": age})


class Desk:
    """People at one sheet, each by their role."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in

    def ask(
        self, role: str, method: str, path: str, body: Any = None, language: str = "en"
    ) -> tuple[int, dict[str, Any]]:
        client: TestClient = self._sign_in(role, name=role)
        headers = {"accept-language": language}
        answer = client.request(method, f"/api/{path}", json=body, headers=headers)
        return answer.status_code, answer.json()

    def get(self, role: str, path: str) -> dict[str, Any]:
        code, answer = self.ask(role, "GET", path)
        assert code == 200, answer
        return answer

    def post(self, role: str, path: str, body: Any = None) -> dict[str, Any]:
        code, answer = self.ask(role, "POST", path, body or {})
        assert code == 200, answer
        return answer

    def make(self, **cells: str) -> dict[str, Any]:
        answer = self.post("marketer", "rows", {"cells": [{**CELLS, **cells}]})
        row: dict[str, Any] = answer["rows"][0]
        return row

    def save(self, role: str, row: Mapping[str, Any], **cells: str) -> dict[str, Any]:
        changes = [
            {"code": row["code"], "column": key, "value": value}
            | {"base": row["revisions"].get(key, 0)}
            for key, value in cells.items()
        ]
        return self.post(role, "cells", {"changes": changes})

    def make_ready(self) -> str:
        row = self.make()
        self.post("marketer", f"briefs/{row['code']}/move", {"to": "texts_ready"})
        self.save("data", row, audience="big_spenders")
        self.post("data", f"briefs/{row['code']}/move", {"to": "audience_ready"})
        return str(row["code"])

    def approve(self, code: str, reach: int = 500, **over: Any) -> tuple[int, dict[str, Any]]:
        case = self.get("approver", f"briefs/{code}/approval?reach={reach}")
        keep_count(code, reach)
        body = {"expected_reach": reach, **{key: case[key] for key in ("version", "content_hash")}}
        return self.ask("approver", "POST", f"briefs/{code}/approve", body | over)


@pytest.fixture
def desk(sign_in: SignIn, configured_db: Engine) -> Desk:
    assert configured_db
    return Desk(sign_in)


def test_the_sheet_says_who_asks_and_what_holds(desk: Desk):
    sheet = desk.get("marketer", "sheet")
    assert sheet["me"] == {
        "name": "marketer",
        "role_rights": {
            "edit": ["business", "marketing"],
            "approve": False,
            "stop_run": True,
            "stop_all": False,
            "sync": True,
        },
    }
    editable = {column["key"] for column in sheet["columns"] if column["editable"]}
    assert {"idea", "title_ru", "send_at"} <= editable
    assert not editable & {"audience", "priority"}
    audience = next(column for column in sheet["columns"] if column["key"] == "audience")
    assert "big_spenders" in audience["choices"]
    assert sheet["zone"] == "Asia/Almaty"
    assert sheet["now"].endswith("+05:00")


def test_two_pages_see_each_other(desk: Desk):
    row = desk.make()
    since = desk.get("data", "sheet")["revision"]
    first = desk.save("marketer", row, title_ru="Первая")
    assert {key: first[key] for key in NOTHING} == NOTHING
    assert [
        it["cells"]["title_ru"] for it in desk.get("data", f"changes?since={since}")["rows"]
    ] == ["Первая"]
    late = desk.save("admin", row, title_ru="Вторая")
    assert (late["conflicts"][0]["theirs"], late["conflicts"][0]["by"]) == ("Первая", "marketer")
    assert desk.get("data", f"changes?since={late['revision']}")["rows"] == []


def test_refusals_are_sentences_of_the_reader(desk: Desk):
    row = desk.make()
    refused = desk.save("marketer", row, audience="big_spenders")["refused"]
    assert [(it["kind"], "another team" in it["sentence"]) for it in refused] == [("right", True)]
    path = f"briefs/{row['code']}/move"
    for language, word in (("en", "is the step of"), ("ru", "попросите")):
        body = {"to": "audience_ready"}
        desk.post("marketer", path, {"to": "texts_ready"})
        code, answer = desk.ask("marketer", "POST", path, body, language)
        assert (code, word in answer["detail"]) == (403, True)
    code, answer = desk.ask("data", "POST", path, {"to": "audience_ready"}, "ru")
    assert (code, [it["column"] for it in answer["problems"]]) == (422, ["audience"])
    assert "Заполните" in answer["problems"][0]["sentence"]
    assert desk.ask("data", "POST", path, {"to": "nowhere"})[0] == 422
    assert desk.ask("data", "POST", "briefs/C-2026-404/move", {"to": "idea"})[0] == 404


def test_moves_are_those_of_the_role(desk: Desk):
    code = desk.make_ready()
    moves = {
        role: desk.get(role, "sheet")["rows"][0]["moves"]
        for role in ("marketer", "data", "approver", "viewer", "admin")
    }
    assert moves == {
        "marketer": ["idea", "texts_ready", "cancelled"],
        "data": ["texts_ready", "cancelled"],
        "approver": ["cancelled"],
        "viewer": [],
        "admin": ["idea", "texts_ready", "cancelled"],
    }
    for role, ways in moves.items():
        for to in ("idea", "texts_ready", "sent", "approved"):
            if to not in ways:
                assert desk.ask(role, "POST", f"briefs/{code}/move", {"to": to})[0] in (403, 409)


def test_an_approval_binds_to_what_was_shown(desk: Desk):
    code = desk.make_ready()
    assert desk.approve(code, version=1)[0] == 409
    assert desk.approve(code, content_hash="0" * 64)[0] == 409
    status, answer = desk.approve(code)
    assert (status, answer["band"]) == (200, {"low": 400, "high": 600})
    row = answer["rows"][0]
    shown = (row["status"], row["approved_by"], row["reach_expected"])
    assert shown == ("approved", "approver", 500)
    assert desk.approve(code)[0] == 409
    asked = desk.save("marketer", row, title_ru="Другая")["refused"]
    assert "approve" in asked[0]["sentence"]
    desk.post("marketer", f"briefs/{code}/withdraw")
    assert desk.get("viewer", "sheet")["rows"][0]["status"] == "audience_ready"


def test_many_recipients_are_typed(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PUSHLINE_PUSH_PRICE", "1.5")
    get_settings.cache_clear()
    code = desk.make_ready()
    case = desk.get("approver", f"briefs/{code}/approval?reach=12000")
    assert (case["needs_typed_number"], case["cost"], case["currency"]) == (True, 18000.0, "₸")
    assert case["band"] == {"low": 9600, "high": 14400}
    assert desk.approve(code, 12_000)[0] == 409
    status, answer = desk.approve(code, 12_000, typed_number=1200)
    assert (status, "12\u202f000" in answer["detail"]) == (409, True)
    assert desk.approve(code, 12_000, typed_number=12_000)[0] == 200


def test_who_wrote_it_may_not_approve_it(desk: Desk):
    code = desk.make_ready()
    row = desk.get("admin", "sheet")["rows"][0]
    desk.save("admin", row, title_ru="Моё")
    case = desk.get("admin", f"briefs/{code}/approval?reach=10")
    assert (case["may_approve"], "somebody else" in case["sentence"]) == (False, True)
    body = {key: case[key] for key in ("version", "content_hash")} | {"expected_reach": 10}
    status, answer = desk.ask("admin", "POST", f"briefs/{code}/approve", body)
    assert (status, answer["kind"]) == (409, "approval_needs_four_eyes")
    assert desk.approve(code)[0] == 200


def test_red_cells_and_a_passed_time_keep_a_brief_from_its_approval(desk: Desk):
    code = desk.make_ready()
    row = desk.get("marketer", "sheet")["rows"][0]
    red = desk.save("marketer", row, title_ru="{{ nothing")["rows"][0]
    status, answer = desk.approve(code)
    assert (status, answer["kind"]) == (409, "row_out_of_step")
    assert red["moves"] == ["idea", "texts_ready", "cancelled"]


def test_copy_cancel_remove_and_history(desk: Desk):
    code = desk.make_ready()
    copy = desk.post("marketer", f"briefs/{code}/copy")["rows"][0]
    assert code in copy["cells"]["idea"]
    assert desk.post("marketer", f"briefs/{copy['code']}/remove")["rows"][0]["removed"]
    gone = desk.post("data", f"briefs/{code}/cancel")
    assert (gone["rows"][0]["status"], gone["runs"]) == ("cancelled", [])
    acts = desk.get("viewer", f"briefs/{code}/history")["acts"]
    assert [act["new"] for act in acts if act["what"] == "moved"] == [
        "texts_ready",
        "audience_ready",
        "cancelled",
    ]
    assert {"who": "data", "what": "typed", "column": "audience", "old": ""}.items() <= next(
        act for act in acts if act["column"] == "audience"
    ).items()


def test_checking_saves_nothing(desk: Desk):
    row = desk.make()
    cells = {**CELLS, "title_ru": "{{ nothing", "link": "https://shop.example.kz/a?b=1#c"}
    answer = desk.post("viewer", "check", {"code": row["code"], "cells": cells})
    assert [it["column"] for it in answer["problems"] if it["severity"] == "error"] == ["title_ru"]
    urls = {it["language"]: it["url"] for it in answer["links"]}
    assert urls["kk"] == (
        "https://shop.example.kz/a?b=1&utm_source=pushline&utm_medium=push"
        f"&utm_campaign=music_week&utm_content=a&utm_id={row['code']}#c"
    )
    (same,) = desk.get("viewer", "sheet")["rows"]
    assert {**same, "moves": row["moves"]} == row


def test_a_stop_says_what_left(desk: Desk, configured_db: Engine):
    with configured_db.begin() as conn:
        now = datetime.now(UTC)
        run_id = create_run(conn, title="Sale", occasion=now)
        create_batch(conn, run_id)
        other = create_run(conn, occasion=now)
        create_batch(conn, other)
    look = desk.get("viewer", f"stop/run/{run_id}")
    assert (look["will_stop"], look["left_already"], look["is_stopped"]) == (3, 0, False)
    done = desk.post("marketer", f"stop/run/{run_id}")
    assert (done["stopped"], done["left_already"]) == (3, 0)
    assert desk.ask("marketer", "POST", "stop/lane/marketing", {})[0] == 403
    for method in ("GET", "POST"):
        assert desk.ask("marketer", method, "stop/run/404404", {})[0] == 404
    paused = desk.post("approver", "stop/lane/marketing")
    assert (paused["waiting"], paused["is_new"]) == (3, True)
    assert desk.get("viewer", "stop/lane/marketing")["stopped_by"] == "approver"
    assert desk.get("viewer", "stop/all/all")["is_stopped"] is False
    assert desk.post("data", "resume/lane/marketing")["was_stopped"] is True
    assert desk.post("data", "stop/all/all")["waiting"] == 3
    assert desk.post("data", "resume/all/all")["was_stopped"] is True


def test_any_text_comes_back_as_it_was(desk: Desk):
    row = desk.make()
    for typed in ("<img src=x onerror=alert(1)>", "=1+1", "'a\\\"", "a" * 32_767, "\u202eabc"):
        row = desk.save("marketer", row, owner=typed)["rows"][0]
        assert row["cells"]["owner"] == typed


def test_what_no_database_can_keep_is_left_out(desk: Desk):
    code = desk.make()["code"]
    client = desk._sign_in("marketer")
    change = f'{{"code": "{code}", "column": "owner", "value": "a\\u0000\\ud83d b"}}'
    answer = client.post(
        "/api/cells",
        content=f'{{"changes": [{change}]}}',
        headers={"content-type": "application/json"},
    )
    assert answer.json()["rows"][0]["cells"]["owner"] == "a b"


class TestNothingStandsInTheWay:
    def test_a_text_that_is_too_long_keeps_no_other_from_being_saved(self, desk: Desk):
        row = desk.make()
        answer = desk.save("marketer", row, title_ru="x" * 45_000, idea="other")
        assert [(it["column"], it["kind"]) for it in answer["refused"]] == [
            ("title_ru", "too_long")
        ]
        assert answer["rows"][0]["cells"]["idea"] == "other"

    def test_rows_are_made_once_however_often_they_are_asked_for(self, desk: Desk):
        keys = [str(uuid4()) for _ in range(3)]
        codes = [
            [row["code"] for row in desk.post("marketer", "rows", {"keys": keys})["rows"]]
            for _ in range(2)
        ]
        assert codes[0] == codes[1]
        body = {"copy_of": codes[0][0], "keys": [str(uuid4())]}
        copies = [desk.post("marketer", "rows", body)["rows"][0]["code"] for _ in range(2)]
        assert len({*codes[0], *copies}) == len(desk.get("viewer", "sheet")["rows"]) == 4

    def test_a_new_row_holds_only_ones_own_columns(self, desk: Desk):
        cells = [{**CELLS, "priority": "9"}]
        answer = desk.post("marketer", "rows", {"cells": cells})
        assert "priority" not in answer["rows"][0]["cells"]
        assert [(it["column"], it["kind"]) for it in answer["refused"]] == [("priority", "right")]

    def test_a_row_that_was_taken_out_comes_back(self, desk: Desk):
        code = desk.make()["code"]
        since = desk.get("viewer", "sheet")["revision"]
        desk.post("marketer", "briefs/remove", {"codes": [code]})
        assert desk.ask("data", "POST", "briefs/restore", {"codes": [code]})[0] == 403
        assert desk.post("marketer", "briefs/restore", {"codes": [code]})["rows"][0]["code"] == code
        [row] = desk.get("viewer", f"changes?since={since}")["rows"]
        assert not row.get("removed")
