"""Versions, the content hash, four eyes in the database, the view that the planner reads."""
# ruff: noqa: DTZ001 - wall clocks of a brief have no zone

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from pushline.brief.approval import (
    ApprovalRefused,
    approve_brief,
    reach_band,
    record_approval,
    withdraw_approval,
)
from pushline.brief.content import NOTES, hash_content, make_content, make_notes, restore_row
from pushline.brief.notes import Rules
from pushline.brief.sheet import COLUMNS, SheetRow
from pushline.brief.status import MOVES, STATUSES, MoveRefused, check_move
from pushline.brief.versions import (
    Brief,
    BriefStarted,
    UnknownBrief,
    copy_brief,
    create_brief,
    get_brief,
    list_briefs,
    list_history,
    move_brief,
    save_version,
)
from tests.factories import create_batch, create_run

from .conftest import ALMATY, AUDIENCES, GOOD, NOW

RULES = Rules(zone=ALMATY)


def content_of(**cells: Any) -> dict[str, Any]:
    row = {key: cell for key, cell in {**GOOD, **cells}.items() if cell is not None}
    return make_content(SheetRow(**row), RULES, AUDIENCES)


def notes_of(**cells: Any) -> dict[str, Any]:
    return make_notes(SheetRow(**{**GOOD, **cells}))


def new_brief(db: Connection, by: str = "writer", **cells: Any) -> Brief:
    return create_brief(
        db,
        content=content_of(**cells),
        notes=notes_of(),
        status="audience_ready",
        by=by,
        now=NOW,
    )


def edit(db: Connection, code: str, by: str, **cells: Any) -> Brief:
    return save_version(
        db,
        code,
        content=content_of(**cells),
        notes=notes_of(),
        status="audience_ready",
        by=by,
        now=NOW,
    )


def approve(db: Connection, code: str, by: str = "boss", reach: int = 1000, **given: Any) -> Brief:
    parts = {"audiences": AUDIENCES, "now": NOW, "expected_reach": reach, **given}
    return approve_brief(db, code, by=by, **parts)


CHANGES = {
    "promo_end": "2026-12-01",
    "title_ru": "Другой",
    "text_kk": "Басқаша",
    "title_en,text_en": "Other",
    "title_b_ru,text_b_ru,title_b_kk,text_b_kk": "B",
    "link": "https://shop.example.kz/other",
    "utm_campaign": "other_name",
    "image_url": "https://shop.example.kz/i.jpg",
    "send_at": "2026-11-25 12:01",
    "local_time": "yes",
    "repeat": "FREQ=DAILY;COUNT=2",
    "ttl_hours": "23",
    "kind": "service",
    "tags": "sale",
    "audience": "by_category(category=music)",
    "exclude": "by_category",
    "control_pct": "6",
    "priority": "1",
    "max_users": "10",
    "throttle": "10",
    "limit_mode": "defer",
}
# b_pct changes something only where there is a B.
NO_CHANGE = {*NOTES, "campaign_id", "status", "b_pct"}


class TestContent:
    @pytest.mark.parametrize("keys", CHANGES)
    def test_hash_changes_with_each_field_of_the_list(self, keys):
        changed = content_of(**dict.fromkeys(keys.split(","), CHANGES[keys]))
        assert hash_content(changed) != hash_content(content_of())

    def test_every_column_is_either_in_the_hash_or_a_note(self):
        covered = {key for keys in CHANGES for key in keys.split(",")} | NO_CHANGE
        assert {"title_kk", "text_ru"} | covered | {"title_b_en", "text_b_en"} == set(COLUMNS)

    def test_notes_and_spelling_do_not_change_the_hash(self):
        same = content_of(
            idea="Другая идея",
            goal_event="clicked",
            owner="z",
            promo_start="2026-11-01",
            send_at="25.11.2026 12:00",
            ttl_hours="24",
            control_pct="5",
            priority="5",
            limit_mode="drop",
            kind="promo",
            local_time="no",
            b_pct="30",
        )
        assert hash_content(same) == hash_content(content_of())

    def test_order_of_exclusions_and_tags_does_not_matter(self):
        one = content_of(exclude="by_category(days=3), needs_city(city=A)", tags="b, a")
        two = content_of(exclude="needs_city(city=A); by_category(days=3)", tags="a, b")
        assert hash_content(one) == hash_content(two)

    @pytest.mark.parametrize("name", ["buyers", "by_category"])
    def test_sql_of_audience_and_exclusion_is_bound(self, name):
        row = SheetRow(**{**GOOD, "exclude": "by_category"})
        other = {**AUDIENCES, name: replace(AUDIENCES[name], sql="SELECT 9 AS user_id")}
        assert make_content(row, RULES, other) != make_content(row, RULES, AUDIENCES)
        unrelated = {**AUDIENCES, "needs_city": replace(AUDIENCES["needs_city"], sql="SELECT 9")}
        assert make_content(row, RULES, unrelated) == make_content(row, RULES, AUDIENCES)

    def test_share_of_b_is_bound_where_there_is_a_b(self):
        b = dict.fromkeys(("title_b_ru", "text_b_ru", "title_b_kk", "text_b_kk"), "B")
        assert content_of(**b)["variant_shares"] == [5000, 10000]
        assert content_of(**b, b_pct="30")["variant_shares"] == [7000, 10000]
        assert content_of(b_pct="30")["variant_shares"] == [10000]

    def test_parameters_become_the_types_of_the_audience(self):
        content = content_of(audience="by_category(category=music, days=7, since=2026-01-02)")
        assert content["audience"]["parameters"] == {
            "category": "music",
            "days": 7,
            "since": "2026-01-02",
        }

    @pytest.mark.parametrize(
        ("cells", "hours"),
        [
            ({}, 24),
            ({"promo_end": "2026-11-25"}, 12),
            ({"promo_end": "2026-12-25"}, 24),
            ({"promo_end": "2026-11-25", "send_at": "2026-11-25 23:30"}, 1),
            ({"ttl_hours": "100"}, 100),
        ],
    )
    def test_ttl_ends_with_the_promo(self, cells, hours):
        assert content_of(**cells)["ttl_hours"] == hours

    @pytest.mark.parametrize("keys", CHANGES)
    def test_a_row_comes_back_from_its_content(self, keys):
        cells = dict.fromkeys(keys.split(","), CHANGES[keys])
        row = restore_row(content_of(**cells), notes_of(), "C-2026-001", "idea")
        assert make_content(row, RULES, AUDIENCES) == content_of(**cells)
        assert row.campaign_id == "C-2026-001"
        assert row.idea == GOOD["idea"]


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


class TestVersions:
    def test_codes_count_up_within_the_year(self, db: Connection):
        first, second = new_brief(db), new_brief(db)
        assert first.campaign_code.startswith("C-2026-")
        assert int(second.campaign_code[7:]) == int(first.campaign_code[7:]) + 1
        with pytest.raises(UnknownBrief, match="brief list"):
            get_brief(db, "C-1999-001")

    def test_an_edit_is_a_new_version_and_history_tells_old_and_new(self, db: Connection):
        brief = new_brief(db)
        edited = edit(db, brief.campaign_code, "second", link="https://shop.example.kz/b")
        assert edited.version == 2
        assert edited.edited_by == ("writer", "second")
        acts = list_history(db, brief.campaign_code)
        assert [(act.who, act.what, act.version) for act in acts] == [
            ("writer", "created", 1),
            ("second", "edited", 2),
        ]
        assert acts[1].changes == [
            {
                "column": "link",
                "old": "https://shop.example.kz/music",
                "new": "https://shop.example.kz/b",
            }
        ]

    def test_saving_the_same_again_does_nothing(self, db: Connection):
        brief = new_brief(db)
        assert edit(db, brief.campaign_code, "second") == brief

    def test_notes_need_no_new_version(self, db: Connection):
        brief = new_brief(db)
        noted = save_version(
            db,
            brief.campaign_code,
            content=brief.content,
            notes={**brief.notes, "owner": "z"},
            status="idea",
            by="second",
            now=NOW,
        )
        assert (noted.version, noted.status, noted.notes["owner"]) == (1, "audience_ready", "z")

    def test_texts_stand_in_their_own_rows(self, db: Connection):
        b = dict.fromkeys(("title_b_ru", "text_b_ru", "title_b_kk", "text_b_kk"), "B")
        brief = new_brief(db, **b)
        rows = db.execute(
            text(
                "SELECT variant, language, title, body FROM push.brief_text "
                "WHERE brief_id = :id ORDER BY 1, 2"
            ),
            {"id": brief.brief_id},
        ).all()
        assert [(row.variant, row.language) for row in rows] == [
            (0, "kk"),
            (0, "ru"),
            (1, "kk"),
            (1, "ru"),
        ]
        assert rows[1].body == "До воскресенья дешевле."

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE push.brief_version SET edited_by = ARRAY['nobody']",
            "DELETE FROM push.brief_text",
            "UPDATE push.brief_text SET title = 'x'",
            "DELETE FROM push.brief_history",
        ],
    )
    def test_history_cannot_be_rewritten(self, db: Connection, statement):
        new_brief(db)
        with pytest.raises(DBAPIError, match="history and never change"):
            db.execute(text(statement))

    @pytest.mark.parametrize(
        ("repeat", "run_status", "is_pinned"),
        [
            (None, "planning", True),
            (None, "planned", True),
            ("FREQ=DAILY;COUNT=9", "planning", True),
            # one occasion is over, the next may differ
            ("FREQ=DAILY;COUNT=9", "planned", False),
        ],
    )
    def test_decided_people_pin_the_version(self, db: Connection, repeat, run_status, is_pinned):
        brief = new_brief(db, repeat=repeat)
        code = approve(db, brief.campaign_code).campaign_code
        run_id = create_run(db, source_id=brief.brief_id, status=run_status)
        create_batch(db, run_id)
        saving: dict[str, Any] = {
            "content": {**brief.content, "priority": 1},
            "notes": brief.notes,
            "status": "audience_ready",
            "by": "second",
            "now": NOW,
        }
        if not is_pinned:
            assert save_version(db, code, **saving).version == 2
            return
        with pytest.raises(BriefStarted, match=f"copy it with `pushline brief copy {code}`"):
            save_version(db, code, **saving)
        copied = copy_brief(db, code, by="second", now=NOW)
        assert copied.content == brief.content
        assert (copied.status, copied.edited_by) == ("texts_ready", ("second",))

    def test_what_is_over_cannot_be_edited(self, db: Connection):
        brief = new_brief(db)
        move_brief(db, brief.campaign_code, "cancelled", by="writer", now=NOW)
        with pytest.raises(BriefStarted, match="is cancelled"):
            edit(db, brief.campaign_code, "second", priority="1")

    def test_listing_by_status(self, db: Connection):
        brief = new_brief(db)
        assert brief in list_briefs(db, ["audience_ready"])
        assert list_briefs(db, ["sent"]) == []


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


class TestStatus:
    def test_every_status_can_be_reached_and_only_the_last_are_ends(self):
        assert {end for _, end in MOVES} | {"idea"} == set(STATUSES)
        assert set(STATUSES) - {start for start, _ in MOVES} == {"sent", "cancelled"}

    @pytest.mark.parametrize(
        ("old", "new", "role"),
        [
            ("idea", "texts_ready", "data"),
            ("texts_ready", "audience_ready", "marketing"),
            ("audience_ready", "approved", "marketing"),
            ("approved", "sending", "approver"),
        ],
    )
    def test_only_the_owner_of_a_step_moves_it(self, old, new, role):
        with pytest.raises(MoveRefused, match="ask one of them"):
            check_move(old, new, role)

    @pytest.mark.parametrize(("old", "new"), [("idea", "approved"), ("sent", "idea")])
    def test_steps_cannot_be_jumped(self, old, new):
        with pytest.raises(MoveRefused, match="cannot become"):
            check_move(old, new)
