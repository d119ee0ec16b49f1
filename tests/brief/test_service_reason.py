"""Why a push skips the caps is part of what is approved; what was approved before stays so."""

import pytest
from sqlalchemy import Connection

from pushline.brief.approval import approve_brief
from pushline.brief.content import hash_content, make_notes, restore_row
from pushline.brief.sheet import SheetRow
from pushline.brief.sheet_rows import get_record, read_sheet_rows
from pushline.brief.versions import create_brief, get_brief

from .conftest import AUDIENCES, GOOD, NOW
from .sheet import PARTS, approved, save
from .writing import content_of, notes_of

SERVICE = {"kind": "service", "service_reason": "Возврат денег"}


def approve_as_before(db: Connection) -> str:
    """A service brief that was approved before its reason was part of the content."""
    content = content_of(**SERVICE)
    brief = create_brief(
        db,
        content={key: value for key, value in content.items() if key != "service_reason"},
        notes=notes_of(**SERVICE),
        status="audience_ready",
        by="mia",
        now=NOW,
    )
    code = brief.campaign_code
    approve_brief(db, code, by="ann", now=NOW, expected_reach=5, audiences=AUDIENCES)
    return code


def test_the_reason_is_in_the_hash_of_a_service_push_only():
    other = {**SERVICE, "service_reason": "Код для входа"}
    assert hash_content(content_of(**SERVICE)) != hash_content(content_of(**other))
    assert content_of(service_reason="x") == content_of()
    row = SheetRow(**{**GOOD, **SERVICE})
    assert restore_row(content_of(**SERVICE), make_notes(row)).service_reason == "Возврат денег"
    # A note that says something else than what was approved is not shown.
    assert restore_row(content_of(**SERVICE), {}).service_reason == "Возврат денег"


def test_another_reason_takes_another_approval(db: Connection):
    record = approved(db, **SERVICE)
    refused = save(db, record, service_reason="Скидка").refused
    assert [it.kind for it in refused] == ["approved"]
    saved = save(db, record, service_reason="Скидка", returns_approval=True).rows[0]
    assert (saved.status, saved.version, saved.approved_by) == ("audience_ready", 2, None)
    assert get_brief(db, record.code).content["service_reason"] == "Скидка"


def test_a_promo_keeps_its_approval_whatever_stands_there(db: Connection):
    saved = save(db, approved(db), service_reason="Скидка").rows[0]
    assert (saved.status, saved.version) == ("approved", 1)


@pytest.mark.parametrize("column", ["idea", "send_at"])
def test_what_was_approved_before_stays_approved(db: Connection, column: str):
    code = approve_as_before(db)
    read_sheet_rows(db, PARTS, now=NOW)
    record = get_record(db, code)
    same = {"idea": "Иначе", "send_at": "25.11.2026 12:00"}[column]
    saved = save(db, record, **{column: same})
    assert (saved.refused, saved.rows[0].status, saved.rows[0].version) == ([], "approved", 1)


def test_another_reason_for_what_was_approved_before(db: Connection):
    code = approve_as_before(db)
    read_sheet_rows(db, PARTS, now=NOW)
    record = get_record(db, code)
    assert [it.kind for it in save(db, record, service_reason="Скидка").refused] == ["approved"]
    saved = save(db, record, service_reason="Скидка", returns_approval=True).rows[0]
    assert (saved.status, saved.version) == ("audience_ready", 2)
    assert get_brief(db, code).content["service_reason"] == "Скидка"
