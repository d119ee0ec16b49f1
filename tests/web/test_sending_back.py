"""An approver's no: its reason, its rights, where it is read; what decides, what waits for whom."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from pushline.send_queue.closing import cancel_run
from tests.factories import create_batch, create_run

from .conftest import SignIn
from .test_sheet_api import Desk

REASON = "Цена <b>в KK</b> неверная {price}\nи ссылка"


@pytest.fixture
def desk(sign_in: SignIn, configured_db: Engine) -> Desk:
    assert configured_db
    return Desk(sign_in)


def send_back(desk: Desk, code: str, role: str = "approver", reason: str = REASON) -> int:
    return desk.ask(role, "POST", f"briefs/{code}/send-back", {"reason": reason})[0]


def read_note(desk: Desk, code: str) -> Any:
    return desk.get("viewer", f"briefs/{code}/approval")["sent_back"]


def test_a_brief_goes_back_with_its_reason(desk: Desk, sign_in: SignIn):
    code = desk.make_ready()
    assert send_back(desk, code, reason=f"  {REASON}\n") == 200
    row = desk.get("marketer", "sheet")["rows"][0]
    assert (row["status"], row["moves"]) == ("texts_ready", ["idea", "cancelled"])
    note = read_note(desk, code)
    assert (note["by"], note["reason"]) == ("approver", REASON)
    act = desk.get("viewer", f"briefs/{code}/history")["acts"][-1]
    assert (act["who"], act["what"], act["new"]) == ("approver", "sent_back", REASON)
    client = sign_in("marketer", name="marketer")
    for path in (f"/briefs/{code}", f"/briefs/{code}/history"):
        page = client.get(path).text
        assert "Цена &lt;b&gt;в KK&lt;/b&gt; неверная {price}" in page
    # A cell that is mended keeps the note; asking again takes it away, going back by hand brings
    # it not back.
    desk.save("marketer", row, title_kk="Музыка −25%")
    assert read_note(desk, code) == note
    desk.post("data", f"briefs/{code}/move", {"to": "audience_ready"})
    assert read_note(desk, code) is None
    desk.post("data", f"briefs/{code}/move", {"to": "texts_ready"})
    assert read_note(desk, code) is None


@pytest.mark.parametrize("reason", ["", " \n\t", "a" * 501])
def test_a_no_without_a_reason_is_none(desk: Desk, reason: str):
    code = desk.make_ready()
    assert send_back(desk, code, reason=reason) == 422
    assert desk.get("viewer", "sheet")["rows"][0]["status"] == "audience_ready"


def test_only_approvers_say_no_and_only_to_what_waits(desk: Desk):
    code = desk.make_ready()
    for role in ("marketer", "data", "viewer"):
        assert send_back(desk, code, role) == 403
    # A step without a reason is not theirs.
    path = f"briefs/{code}/move"
    assert desk.ask("approver", "POST", path, {"to": "texts_ready"})[0] == 403
    assert send_back(desk, code, reason="a" * 500) == 200
    assert send_back(desk, code) == 409
    _, answer = desk.ask("approver", "POST", f"briefs/{code}/send-back", {"reason": "again"}, "ru")
    assert "который ждёт согласования" in answer["detail"]


def test_the_case_names_what_decides(desk: Desk):
    code = desk.make_ready()
    row = desk.get("data", "sheet")["rows"][0]
    desk.save("data", row, throttle="200", exclude="lapsed_buyers(min_days=90)", limit_mode="defer")
    desk.save("marketer", desk.get("marketer", "sheet")["rows"][0], title_ru="Я" * 60)
    case = desk.get("approver", f"briefs/{code}/approval?reach=10521")
    facts = {it["key"]: it["value"] for it in case["facts"]}
    assert facts["speed"] == "10\u202f521 at 200 a minute: about 53 min"
    assert facts["audience"].endswith(": big_spenders")
    assert facts["exclude"].endswith(": lapsed_buyers(min_days=90)")
    assert (facts["ttl"][:4], facts["control"][:3], facts["caps"][:6]) == ("24 h", "5 %", "defer:")
    assert row["cells"]["send_at"] in facts["when"]
    assert not any(it["is_bad"] for it in case["facts"])
    assert any(sentence.startswith("Title RU: ") for sentence in case["warnings"])
    slow = desk.get("approver", f"briefs/{code}/approval?reach=300000")
    told = next(it for it in slow["facts"] if it["key"] == "speed")
    assert (told["is_bad"], "25 h 0 min" in told["value"]) == (True, True)


def test_what_waits_for_whom(desk: Desk, configured_db: Engine):
    code = desk.make_ready()
    waits = {
        role: desk.get(role, "sheet")["rows"][0]["waits_for_me"]
        for role in ("approver", "admin", "marketer", "data", "viewer")
    }
    at = datetime.now(UTC) + timedelta(days=9)
    assert {role for role, until in waits.items() if until} == {"approver", "admin"}
    assert str(waits["approver"]).startswith(f"{at:%Y-%m-%dT}12:00")
    row = desk.get("admin", "sheet")["rows"][0]
    desk.save("admin", row, title_ru="Моё")
    assert desk.get("admin", "sheet")["rows"][0]["waits_for_me"] is None
    assert desk.get("approver", "sheet")["rows"][0]["waits_for_me"] == waits["approver"]
    assert send_back(desk, code) == 200
    assert desk.get("approver", "sheet")["rows"][0]["waits_for_me"] is None


def test_the_history_tells_what_was_done_to_the_runs(desk: Desk, configured_db: Engine):
    code = desk.make_ready()
    desk.approve(code)
    now = datetime.now(UTC)
    with configured_db.begin() as conn:
        brief_id = conn.execute(text("SELECT brief_id FROM push.brief")).scalar_one()
        run_id = create_run(conn, occasion=now, source_id=brief_id)
        create_batch(conn, run_id)
        conn.execute(
            text(
                "INSERT INTO push.audit_log (happened_at, who, what, run_id, detail) VALUES"
                " (:at, 'pushline', 'run_held', :run,"
                ' \'{"reach": 700, "low": 400, "high": 600}\'),'
                " (:at, 'adam', 'reach_approved', :run, '{\"reach\": 700}'),"
                " (:at, 'adam', 'erase', :run, '{}')"
            ),
            {"at": now, "run": run_id},
        )
    cancel_run(configured_db, run_id, "dana", datetime.now(UTC))
    acts = desk.get("viewer", f"briefs/{code}/history")["acts"][-3:]
    told = [(act["who"], act["what"], act["run"]["reach"], act["run"]["high"]) for act in acts]
    assert told == [
        ("pushline", "held", 700, 600),
        ("adam", "reach_approved", 700, None),
        ("dana", "stopped", None, None),
    ]
    assert {act["run"]["run_id"] for act in acts} == {run_id}
