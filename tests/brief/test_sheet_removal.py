"""Rows that are asked for twice, and rows that come back: nothing doubled, nothing lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from pushline.brief.sheet_history import list_acts
from pushline.brief.sheet_refusals import RowRefused
from pushline.brief.sheet_removal import remove_rows, restore_rows
from pushline.brief.sheet_rows import copy_row, create_rows, read_sheet_rows
from pushline.brief.versions import get_brief, move_brief

from .conftest import GOOD, NOW
from .sheet import BAD_TITLE, PARTS, approved, make, make_good, ready


class TestRowsMadeOnce:
    def test_asking_again_under_a_key_makes_nothing_twice(self, db: Connection):
        one, two, three = (str(uuid4()) for _ in range(3))
        made = create_rows(db, PARTS, [{}, {}], by="mia", now=NOW, keys=[one, two]).rows
        later = NOW + timedelta(days=2)
        again = create_rows(db, PARTS, [{}, {}, {}], by="mia", now=later, keys=[two, three, one])
        codes = [record.code for record in again.rows]
        assert codes[::2] == [made[1].code, made[0].code]
        assert len({*codes}) == len(read_sheet_rows(db, PARTS, now=later)[1]) == 3
        other = create_rows(db, PARTS, [{}], by="ann", now=NOW, keys=[one]).rows[0]
        assert other.code not in codes

    def test_a_copy_is_made_once_and_its_key_is_no_act_of_its_history(self, db: Connection):
        record, key = make_good(db), str(uuid4())
        copies = [
            copy_row(db, PARTS, record.code, by="mia", now=NOW, keys=[key]).rows[0].code
            for _ in range(2)
        ]
        assert copies[0] == copies[1] != record.code
        assert {act.what for act in list_acts(db, copies[0])} == {"typed", "created"}

    def test_cells_of_others_stay_empty_in_a_new_row(self, db: Connection):
        groups = ("business", "marketing")
        cells = {**GOOD, "priority": "9"}
        saved = create_rows(db, PARTS, [cells], by="mia", now=NOW, groups=groups)
        assert {it.column: it.kind for it in saved.refused} == {
            "priority": "right",
            "audience": "right",
        }
        assert not {"priority", "audience"} & set(saved.rows[0].cells)
        copied = copy_row(db, PARTS, make_good(db, priority="9").code, by="mia", now=NOW).rows[0]
        assert copied.cells["priority"] == "9"


class TestComingBack:
    def test_a_row_comes_back_as_it_was_and_history_says_so(self, db: Connection):
        good, red = ready(db, make_good(db)), make(db, title_ru=BAD_TITLE, idea="x")
        codes = [good.code, red.code]
        remove_rows(db, codes, by="mia", now=NOW)
        assert read_sheet_rows(db, PARTS, now=NOW)[1] == []
        assert get_brief(db, good.code).status == "cancelled"
        back = restore_rows(db, codes, by="mia", now=NOW + timedelta(minutes=1)).rows
        assert [record.is_removed for record in back] == [False, False]
        assert [(it.cells, it.status, it.is_in_step) for it in back] == [
            (good.cells, "audience_ready", True),
            (red.cells, "idea", False),
        ]
        assert get_brief(db, good.code).status == "audience_ready"
        for code in codes:
            acts = [act.what for act in list_acts(db, code)]
            assert [it for it in acts if it in ("removed", "restored")] == ["removed", "restored"]
        again = restore_rows(db, codes, by="mia", now=NOW).rows
        assert [record.revision for record in again] == [record.revision for record in back]
        assert len(read_sheet_rows(db, PARTS, now=NOW, since=good.revision)[1]) == 2

    def test_a_row_that_left_twice_comes_back_as_it_stood_the_last_time(self, db: Connection):
        record = ready(db, make_good(db))
        for status in ("audience_ready", "texts_ready"):
            if get_brief(db, record.code).status != status:
                move_brief(db, record.code, status, by="mia", now=NOW)
            remove_rows(db, [record.code], by="mia", now=NOW)
            back = restore_rows(db, [record.code], by="mia", now=NOW).rows[0]
            assert back.status == get_brief(db, record.code).status == status

    def test_a_cancelled_brief_comes_back_cancelled(self, db: Connection):
        record = approved(db)
        move_brief(db, record.code, "cancelled", by="mia", now=NOW)
        remove_rows(db, [record.code], by="mia", now=NOW)
        assert restore_rows(db, [record.code], by="mia", now=NOW).rows[0].status == "cancelled"

    def test_what_never_was_does_not_come_back(self, db: Connection):
        with pytest.raises(RowRefused, match="no row C-2026-404"):
            restore_rows(db, ["C-2026-404"], by="mia", now=NOW)
