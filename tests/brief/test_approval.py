"""Four eyes in the database, the band of the reach, the view that the planner reads."""
# ruff: noqa: DTZ001 - wall clocks of a brief have no zone

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from pushline.brief.approval import ApprovalRefused, reach_band, record_approval, withdraw_approval
from pushline.brief.status import MoveRefused
from pushline.brief.versions import copy_brief, create_brief, get_brief

from .conftest import AUDIENCES, NOW
from .writing import approve, content_of, edit, new_brief, notes_of


class TestBand:
    @pytest.mark.parametrize(
        ("expected", "band"),
        [(10_000, (8_000, 12_000)), (100, (0, 200)), (0, (0, 100)), (501, (400, 602))],
    )
    def test_twenty_percent_but_at_least_a_hundred(self, expected, band):
        assert reach_band(expected) == band

    @given(st.integers(0, 10_000_000))
    def test_band_always_holds_what_was_expected(self, expected):
        low, high = reach_band(expected)
        assert 0 <= low <= expected < high


class TestApproval:
    def test_somebody_else_approves_and_the_planner_sees_it(self, db: Connection):
        brief = approve(db, new_brief(db, exclude="by_category(days=3)", tags="b, a").campaign_code)
        assert (brief.status, brief.approved_by) == ("approved", "boss")
        assert (brief.reach_expected, brief.reach_low, brief.reach_high) == (1000, 800, 1200)
        seen = db.execute(
            text("SELECT * FROM push.approved_brief WHERE brief_id = :id"), {"id": brief.brief_id}
        ).one()
        assert seen.content_hash == brief.content_hash
        assert seen.send_at == dt.datetime(2026, 11, 25, 12)
        assert seen.audience == "buyers"
        assert seen.exclude == [{"name": "by_category", "parameters": {"days": 3}}]
        assert seen.variant_shares == [10000]
        assert seen.tags == ["a", "b"]
        assert seen.control_share == 500
        assert getattr(seen, "class") == "marketing"
        assert (seen.repeat, seen.max_users, seen.promo_end) == (None, None, None)

    @pytest.mark.parametrize("name", ["writer", "WRITER", " writer "])
    def test_editors_cannot_approve(self, db: Connection, name):
        brief = new_brief(db)
        with pytest.raises(ApprovalRefused, match="ask somebody else"):
            approve(db, brief.campaign_code, by=name)
        assert get_brief(db, brief.campaign_code).status == "audience_ready"

    def test_the_database_refuses_editors_whoever_asks(self, db: Connection):
        brief = new_brief(db)
        insert = text(
            "INSERT INTO push.approval (source_kind, source_id, version, content_hash, "
            "approved_by, approved_at, reach_expected, reach_low, reach_high) "
            "VALUES ('brief', :id, 1, :hash, 'Writer', :now, 1, 0, 9)"
        )
        with pytest.raises(DBAPIError, match="may not approve"):
            db.execute(insert, {"id": brief.brief_id, "hash": brief.content_hash, "now": NOW})

    def test_all_who_wrote_since_the_last_approval_are_editors(self, db: Connection):
        brief = new_brief(db)
        edit(db, brief.campaign_code, "second", priority="1")
        for name in ("writer", "second"):
            with pytest.raises(ApprovalRefused):
                approve(db, brief.campaign_code, by=name)
        approve(db, brief.campaign_code, by="boss")
        third = edit(db, brief.campaign_code, "boss", priority="2")
        assert third.edited_by == ("boss",)
        assert third.status == "audience_ready"
        # what the writer wrote was approved by the boss; the boss's edit is what is new
        assert approve(db, brief.campaign_code, by="writer").approved_by == "writer"

    def test_a_copy_does_not_wash_the_writer_off(self, db: Connection):
        copied = copy_brief(db, new_brief(db).campaign_code, by="second", now=NOW)
        assert copied.edited_by == ("writer", "second")
        approved = approve(db, new_brief(db, priority="3").campaign_code)
        clean = copy_brief(db, approved.campaign_code, by="second", now=NOW)
        assert clean.edited_by == ("second",)

    def test_an_edit_takes_the_brief_from_the_planner(self, db: Connection):
        brief = approve(db, new_brief(db).campaign_code)
        edit(db, brief.campaign_code, "second", priority="1")
        left = db.execute(
            text("SELECT count(*) FROM push.approved_brief WHERE brief_id = :id"),
            {"id": brief.brief_id},
        )
        assert left.scalar() == 0

    def test_another_hash_is_refused(self, db: Connection):
        brief = new_brief(db)
        with pytest.raises(ApprovalRefused, match="look at it again"):
            record_approval(
                db,
                source_kind="brief",
                source_id=brief.brief_id,
                version=1,
                content_hash="0" * 64,
                by="boss",
                now=NOW,
                expected_reach=1,
            )

    def test_one_live_approval_a_version(self, db: Connection):
        brief = approve(db, new_brief(db).campaign_code)
        with pytest.raises(ApprovalRefused, match="approved already"):
            record_approval(
                db,
                source_kind="brief",
                source_id=brief.brief_id,
                version=1,
                content_hash=brief.content_hash,
                by="other",
                now=NOW,
                expected_reach=1,
            )

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE push.approval SET approved_by = 'x'",
            "UPDATE push.approval SET reach_high = 999999",
            "DELETE FROM push.approval",
        ],
    )
    def test_an_approval_never_changes(self, db: Connection, statement):
        approve(db, new_brief(db).campaign_code)
        with pytest.raises(DBAPIError, match="never changes"):
            db.execute(text(statement))

    def test_no_text_slips_in_after_the_approval(self, db: Connection):
        brief = approve(db, new_brief(db).campaign_code)
        with pytest.raises(DBAPIError, match="frozen"):
            db.execute(
                text("INSERT INTO push.brief_text VALUES (:id, 1, 0, 'en', 'a', 'b')"),
                {"id": brief.brief_id},
            )

    def test_withdrawn_and_approved_again(self, db: Connection):
        code = approve(db, new_brief(db).campaign_code).campaign_code
        withdrawn = withdraw_approval(db, code, by="boss", now=NOW)
        assert (withdrawn.status, withdrawn.approved_by) == ("audience_ready", None)
        with pytest.raises(ApprovalRefused, match="no approval"):
            withdraw_approval(db, code, by="boss", now=NOW)
        assert approve(db, code, by="boss").status == "approved"

    def test_sql_that_changed_makes_a_version_of_the_same_editors(self, db: Connection):
        brief = new_brief(db)
        changed = {**AUDIENCES, "buyers": replace(AUDIENCES["buyers"], sql="SELECT 8")}
        with pytest.raises(ApprovalRefused):
            approve(db, brief.campaign_code, by="writer", audiences=changed)
        approved = approve(db, brief.campaign_code, by="boss", audiences=changed)
        assert approved.version > 1
        assert approved.edited_by == ("writer",)
        assert approved.content["sql_hash"] != brief.content["sql_hash"]

    def test_only_a_ready_brief_is_approved(self, db: Connection):
        brief = create_brief(
            db, content=content_of(), notes=notes_of(), status="idea", by="writer", now=NOW
        )
        with pytest.raises(MoveRefused, match="it can become: texts_ready"):
            approve(db, brief.campaign_code)
