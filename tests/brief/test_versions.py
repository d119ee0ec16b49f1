"""Versions, history, the pinned version, the steps of a brief."""

from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from pushline.brief.status import MOVES, STATUSES, MoveRefused, check_move
from pushline.brief.versions import (
    BriefStarted,
    UnknownBrief,
    copy_brief,
    get_brief,
    list_briefs,
    list_history,
    move_brief,
    save_version,
)
from tests.factories import create_batch, create_run

from .conftest import NOW
from .writing import approve, edit, new_brief


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

    @pytest.mark.parametrize("act", ["edit", "cancel"])
    def test_no_approval_outlives_what_it_was_of(self, db: Connection, act):
        code = approve(db, new_brief(db).campaign_code).campaign_code
        if act == "edit":
            assert edit(db, code, "second", priority="1").status == "audience_ready"
        else:
            move_brief(db, code, "cancelled", by="second", now=NOW)
        live = text("SELECT count(*) FROM push.approval WHERE withdrawn_at IS NULL")
        assert db.execute(live).scalar_one() == 0
        assert ("second", "withdrawn") in [(it.who, it.what) for it in list_history(db, code)]

    def test_what_is_over_cannot_be_edited(self, db: Connection):
        brief = new_brief(db)
        move_brief(db, brief.campaign_code, "cancelled", by="writer", now=NOW)
        with pytest.raises(BriefStarted, match="is cancelled"):
            edit(db, brief.campaign_code, "second", priority="1")

    def test_listing_by_status(self, db: Connection):
        brief = new_brief(db)
        assert brief in list_briefs(db, ["audience_ready"])
        assert list_briefs(db, ["sent"]) == []


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
