"""Rows of the sheet that are approved, or have begun: what an edit does to that."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from pushline.brief.approval import approve_brief
from pushline.brief.sheet_refusals import RowRefused
from pushline.brief.versions import get_brief
from tests.factories import create_batch, create_run

from .conftest import AUDIENCES, NOW
from .sheet import BAD_TITLE, approved, make_good, now_of, ready, save


class TestApproval:
    def test_editing_asks_first_and_then_returns_the_approval(self, db: Connection):
        record = approved(db)
        asked = save(db, record, title_ru="Другая")
        assert {it.kind for it in asked.refused} == {"approved"}
        assert now_of(db, record).status == "approved"
        saved = save(db, record, title_ru="Другая", returns_approval=True).rows[0]
        assert (saved.status, saved.approved_by, saved.version) == ("audience_ready", None, 2)

    def test_a_red_edit_returns_the_approval_too(self, db: Connection):
        record = approved(db)
        assert save(db, record, title_ru=BAD_TITLE).refused[0].kind == "approved"
        red = save(db, record, title_ru=BAD_TITLE, returns_approval=True).rows[0]
        assert (red.status, red.approved_by, red.is_in_step) == ("audience_ready", None, False)
        assert get_brief(db, record.code).version == 1

    def test_notes_touch_no_approval(self, db: Connection):
        record = approved(db)
        saved = save(db, record, idea="Иначе", owner="b").rows[0]
        assert (saved.status, saved.approved_by, saved.version) == ("approved", "ann", 1)
        assert get_brief(db, record.code).notes["idea"] == "Иначе"

    def test_notes_touch_no_approval_when_the_time_has_passed(self, db: Connection):
        record = approved(db)
        saved = save(db, record, now=NOW + timedelta(days=9), idea="Иначе").rows[0]
        assert (saved.status, saved.is_in_step) == ("approved", True)

    def test_typing_the_same_meaning_asks_for_nothing(self, db: Connection):
        record = approved(db)
        saved = save(db, record, send_at="25.11.2026 12:00")
        assert (saved.refused, saved.rows[0].status) == ([], "approved")

    def test_a_red_row_cannot_be_approved(self, db: Connection):
        record = ready(db, make_good(db))
        save(db, record, title_ru=BAD_TITLE)
        with pytest.raises(RowRefused, match="red cells"):
            approve_brief(db, record.code, by="ann", now=NOW, expected_reach=1, audiences=AUDIENCES)

    def test_who_typed_red_is_an_editor_of_what_another_mended(self, db: Connection):
        record = make_good(db, "mia")
        red = save(db, record, "ann", title_ru=BAD_TITLE, text_ru="От Анны").rows[0]
        mended = save(db, red, "dan", title_ru="Музыка").rows[0]
        assert set(mended.edited_by) == {"mia", "ann", "dan"}

    @pytest.mark.parametrize("status", ["sending", "sent", "cancelled"])
    def test_what_began_is_not_edited(self, db: Connection, status):
        record = approved(db)
        db.execute(text("UPDATE push.brief SET status = :s, changed_at = now()"), {"s": status})
        for column in ("title_ru", "idea"):
            assert save(db, record, **{column: "x"}).refused[0].kind == "started"
        assert now_of(db, record).cells == record.cells

    def test_a_pinned_version_is_not_edited(self, db: Connection):
        record = approved(db)
        run_id = create_run(db, source_kind="brief", source_id=record.brief_id)
        create_batch(db, run_id)
        refused = save(db, record, title_ru="x", returns_approval=True).refused
        assert [it.kind for it in refused] == ["started"]
