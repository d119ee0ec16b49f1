"""An approval by its routes: of what was shown, and taken back with what is queued."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from pushline.send_queue.client import SendQueue
from tests.factories import create_batch, create_run

from .conftest import SignIn
from .test_sheet_api import Desk, keep_count


@pytest.fixture
def desk(sign_in: SignIn, configured_db: Engine) -> Desk:
    assert configured_db
    return Desk(sign_in)


def queue_brief(engine: Engine, code: str) -> int:
    """Plan an approved brief: two batches of three people, due now."""
    with engine.begin() as conn:
        brief = conn.execute(
            text(
                "SELECT source_id, version, content_hash FROM push.approval"
                " JOIN push.brief ON brief_id = source_id"
                " WHERE campaign_code = :code AND withdrawn_at IS NULL"
            ),
            {"code": code},
        ).one()
        run_id = create_run(conn, occasion=datetime.now(UTC), **brief._asdict())
        for bucket in (0, 1):
            create_batch(conn, run_id, bucket=bucket)
    return run_id


def test_taking_an_approval_back_keeps_what_is_queued_and_says_so(
    desk: Desk, configured_db: Engine
):
    code = desk.make_ready()
    desk.approve(code)
    queue_brief(configured_db, code)
    taker = SendQueue(configured_db, "taker")
    (held,) = taker.claim(1)
    assert taker.begin(held, [1]).may_leave == (1,)
    numbers = {"left_already": 1, "waiting": 5}
    assert desk.get("viewer", f"briefs/{code}/approval")["queued"] == numbers
    answer = desk.post("marketer", f"briefs/{code}/withdraw")
    assert numbers.items() <= answer.items()
    assert answer["rows"][0]["status"] == "audience_ready"
    assert (taker.claim(9), taker.begin(held).may_leave) == ([], ())
    # What is queued pins its version: another text is another brief.
    row = desk.get("marketer", "sheet")["rows"][0]
    (refused,) = desk.save("marketer", row, title_ru="Другая")["refused"]
    assert refused["kind"] == "started"
    assert desk.approve(code)[0] == 200
    assert (len(taker.claim(9)), taker.begin(held).may_leave) == (1, (2, 3))


@pytest.mark.parametrize("role", ["data", "admin"])
def test_there_must_be_an_approval_to_take_back(desk: Desk, role: str):
    row = desk.make()
    code = row["code"]
    desk.post("marketer", f"briefs/{code}/move", {"to": "texts_ready"})
    desk.save("data", row, audience="big_spenders")
    status, answer = desk.ask(role, "POST", f"briefs/{code}/withdraw", {})
    assert (status, answer["kind"]) == (409, "nothing_to_withdraw")
    assert desk.get("viewer", "sheet")["rows"][0]["status"] == "texts_ready"


def test_what_is_being_sent_is_stopped_and_not_taken_back(desk: Desk, configured_db: Engine):
    code = desk.make_ready()
    desk.approve(code)
    with configured_db.begin() as conn:
        conn.execute(text("UPDATE push.brief SET status = 'sending'"))
    told: dict[str, Any] = {}
    for language in ("en", "ru", "kk"):
        path = f"briefs/{code}/withdraw"
        status, told[language] = desk.ask("approver", "POST", path, {}, language)
        assert status == 409
    assert "stop its run" in told["en"]["detail"]
    assert len({answer["detail"] for answer in told.values()}) == 3


def test_the_case_holds_the_cells_that_its_hash_is_of(desk: Desk):
    code = desk.make_ready()
    before = desk.get("approver", f"briefs/{code}/approval")
    row = desk.get("marketer", "sheet")["rows"][0]
    desk.save("marketer", row, title_ru="Другая скидка")
    after = desk.get("approver", f"briefs/{code}/approval")
    assert before["content_hash"] != after["content_hash"]
    assert (before["cells"]["title_ru"], after["cells"]["title_ru"]) == (
        "Музыка −20%",
        "Другая скидка",
    )
    body = {key: before[key] for key in ("version", "content_hash")} | {"expected_reach": 5}
    status, answer = desk.ask("approver", "POST", f"briefs/{code}/approve", body)
    assert (status, answer["kind"]) == (409, "approval_outdated")
    assert desk.approve(code)[0] == 200


def give(desk: Desk, code: str, reach: int, **over: Any) -> tuple[int, str]:
    """Approve with a number of one's own; returns the status and the kind of the refusal."""
    case = desk.get("approver", f"briefs/{code}/approval?reach={reach}")
    body = {key: case[key] for key in ("version", "content_hash")} | {"expected_reach": reach}
    status, answer = desk.ask("approver", "POST", f"briefs/{code}/approve", body | over)
    return status, answer.get("kind", "")


def test_the_reach_of_an_approval_is_the_servers_count(desk: Desk, configured_db: Engine):
    code = desk.make_ready()
    assert give(desk, code, 9_999) == (409, "reach_not_counted")
    keep_count(code, 11_000)
    assert give(desk, code, 9_999) == (409, "reach_differs")
    assert give(desk, code, 9_999, typed_number=11_000) == (409, "reach_differs")
    assert give(desk, code, 11_000) == (409, "number_not_typed")
    keep_count(code, 11_000, timedelta(minutes=15))
    assert give(desk, code, 11_000, typed_number=11_000) == (409, "reach_not_counted")
    with configured_db.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM push.approval")).scalar_one() == 0
    keep_count(code, 11_000, timedelta(minutes=14))
    assert give(desk, code, 11_000, typed_number=11_000)[0] == 200
    with configured_db.connect() as conn:
        kept = conn.execute(text("SELECT reach_expected FROM push.approval")).scalar_one()
    assert kept == 11_000


def test_a_count_of_another_text_is_no_count(desk: Desk):
    code = desk.make_ready()
    keep_count(code, 500)
    desk.save("marketer", desk.get("marketer", "sheet")["rows"][0], title_ru="Другая скидка")
    assert give(desk, code, 500) == (409, "reach_not_counted")


@pytest.mark.parametrize(("reach", "status"), [(9_999, 200), (10_000, 409), (10_001, 409)])
def test_the_number_is_typed_from_ten_thousand_on(desk: Desk, reach: int, status: int):
    code = desk.make_ready()
    keep_count(code, reach)
    case = desk.get("approver", f"briefs/{code}/approval?reach={reach}")
    assert case["needs_typed_number"] == (status == 409)
    assert give(desk, code, reach)[0] == status
    if status == 409:
        assert give(desk, code, reach, typed_number=reach)[0] == 200
