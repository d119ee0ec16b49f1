"""Rows of the sheet that are approved, or have begun: what an edit does to that."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from pushline.brief.approval import approve_brief
from pushline.brief.sheet_refusals import RowRefused
from pushline.brief.sheet_steps import approve_row, move_row, open_case, withdraw_row
from pushline.brief.versions import get_brief
from tests.factories import create_batch, create_run

from .conftest import AUDIENCES, NOW
from .sheet import ALL, BAD_TITLE, PARTS, approved, make_good, now_of, ready, save

# An hour after the good row's time of sending, which is a day before its deadline.
LATER = NOW + timedelta(days=4, hours=1)


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


class TestApprovalThatComesAgain:
    """In the middle of its sending nothing of a brief can be changed: not the hour, either."""

    def approve(self, db: Connection, record, now):
        seen = now_of(db, record)
        return approve_row(
            db, PARTS, record.code, version=seen.version, content_hash=seen.content_hash,
            expected_reach=5, by="ann", now=now,
        ).rows[0]  # fmt: skip

    def case(self, db: Connection, record, now):
        return open_case(
            db, PARTS, record.code, by="ann", now=now, reach=5, typed_from=9, price=None
        )

    @pytest.mark.parametrize("repeat", ["", "FREQ=DAILY;COUNT=1"])
    def test_it_comes_until_the_deadline_and_says_what_it_does(self, db: Connection, repeat: str):
        record = approved(db, repeat=repeat)
        withdraw_row(db, record.code, by="mia", roles=ALL, now=LATER)
        case = self.case(db, record, LATER)
        assert (case.refusal, "until 2026-11-26 12:00" in case.goes_on.en) == (None, True)
        # Back and on again: nobody is stuck there.
        for status in ("texts_ready", "audience_ready"):
            move_row(db, PARTS, record.code, status, by="mia", roles=ALL, now=LATER)
        assert self.approve(db, record, LATER).status == "approved"

    def test_after_the_deadline_it_is_refused_with_what_became_of_it(self, db: Connection):
        record = approved(db)
        withdraw_row(db, record.code, by="mia", roles=ALL, now=LATER)
        over = LATER + timedelta(days=1)
        assert "Copy the brief" in self.case(db, record, over).refusal.sentence.en
        with pytest.raises(RowRefused, match="is over"):
            self.approve(db, record, over)

    def test_what_was_approved_before_a_check_was_stricter_goes_on(self, db: Connection):
        record = approved(db, repeat="FREQ=WEEKLY;COUNT=3")
        withdraw_row(db, record.code, by="mia", roles=ALL, now=LATER)
        # Its first day was no day of its rule when nothing said so.
        odd = """UPDATE push.sheet_row
            SET cells = cells || '{"repeat": "FREQ=WEEKLY;BYDAY=MO;COUNT=3"}'"""
        db.execute(text(odd))
        assert self.case(db, record, LATER).refusal is None
        over = LATER + timedelta(days=1)
        assert "to be mended" in self.case(db, record, over).refusal.sentence.en
        assert self.approve(db, record, LATER).status == "approved"

    def test_what_nobody_approved_before_needs_a_later_time(self, db: Connection):
        record = ready(db, make_good(db))
        with pytest.raises(RowRefused, match="to be mended"):
            self.approve(db, record, LATER)
