"""The sheet page: good is saved at once, red waits, nobody's text is overwritten unseen."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, text

from pushline.brief.sheet_history import list_acts
from pushline.brief.sheet_refusals import RowRefused
from pushline.brief.sheet_removal import remove_rows
from pushline.brief.sheet_rows import copy_row, create_rows, read_sheet_rows
from pushline.brief.versions import get_brief

from .conftest import GOOD, NOW
from .sheet import ALL, BAD_TITLE, PARTS, approved, make, make_good, now_of, replay, save


class TestSaving:
    def test_a_good_row_is_a_brief_at_once(self, db: Connection):
        record = make_good(db)
        assert (record.problems, record.is_in_step, record.version) == ([], True, 1)
        brief = get_brief(db, record.code)
        assert (brief.status, brief.edited_by) == ("idea", ("mia",))
        assert brief.row.title_ru == GOOD["title_ru"]

    def test_a_red_row_has_its_code_and_no_brief(self, db: Connection):
        record = make(db, title_ru=BAD_TITLE)
        assert record.code.startswith("C-2026-")
        assert (record.version, record.is_in_step, record.is_good) == (None, False, False)
        assert {problem["column"] for problem in record.problems} >= {"idea", "title_ru"}

    def test_a_red_cell_leaves_the_brief_as_it_was(self, db: Connection):
        record = make_good(db)
        red = save(db, record, title_ru=BAD_TITLE).rows[0]
        assert (red.cells["title_ru"], red.is_in_step) == (BAD_TITLE, False)
        assert get_brief(db, record.code).row.title_ru == GOOD["title_ru"]
        mended = save(db, red, title_ru="Музыка").rows[0]
        assert (mended.is_in_step, mended.version) == (True, 2)
        assert get_brief(db, record.code).row.title_ru == "Музыка"

    def test_what_only_a_later_step_needs_may_be_empty(self, db: Connection):
        record = make(db, idea="Скидка", title_ru="Скидка", text_ru="Сегодня")
        assert (record.problems, record.is_in_step) == ([], True)

    def test_cells_stay_as_they_were_typed(self, db: Connection):
        record = make_good(db, send_at="25.11.2026 12:00", link="https://shop.example.kz/\0a\ud83d")
        assert record.cells["send_at"] == "25.11.2026 12:00"
        assert record.cells["link"] == "https://shop.example.kz/a"
        assert get_brief(db, record.code).content["send_at"] == "2026-11-25T12:00"

    def test_emptying_a_cell_keeps_its_revision(self, db: Connection):
        record = make_good(db, owner="a.serik")
        emptied = save(db, record, owner="").rows[0]
        assert "owner" not in emptied.cells
        assert emptied.revisions["owner"] > record.revisions["owner"]

    @pytest.mark.parametrize(
        ("column", "groups", "kind"),
        [
            ("audience", ("business", "marketing"), "right"),
            ("title_ru", ("data",), "right"),
            ("title_ru", (), "right"),
            ("status", ALL, "unknown"),
            ("campaign_id", ALL, "unknown"),
            ("no_such_column", ALL, "unknown"),
        ],
    )
    def test_columns_of_others_are_refused(self, db: Connection, column, groups, kind):
        record = make_good(db)
        saved = save(db, record, groups=groups, **{column: "needs_city(city=Oskemen)"})
        assert [(it.column, it.kind) for it in saved.refused] == [(column, kind)]
        assert now_of(db, record).cells == record.cells

    def test_what_may_be_taken_is_taken(self, db: Connection):
        record = make_good(db)
        saved = save(db, record, groups=("marketing",), title_ru="Новое", audience="by_category")
        assert [it.column for it in saved.refused] == ["audience"]
        assert saved.rows[0].cells["title_ru"] == "Новое"

    def test_unknown_rows_and_long_texts_are_refused(self, db: Connection):
        record = make_good(db)
        nobody = replace(record, code="C-2026-999")
        assert save(db, nobody, title_ru="x").refused[0].kind == "unknown"
        assert save(db, record, title_ru="x" * 40_000).refused[0].kind == "too_long"
        with pytest.raises(RowRefused, match="500"):
            create_rows(db, PARTS, [{}] * 501, by="mia", now=NOW)
        with pytest.raises(RowRefused, match="no column"):
            create_rows(db, PARTS, [{"status": "approved"}], by="mia", now=NOW)

    def test_a_code_is_given_once(self, db: Connection):
        record = make_good(db)
        with pytest.raises(RowRefused, match="already"):
            create_rows(db, PARTS, [{}], by="mia", now=NOW, codes=[record.code])
        remove_rows(db, [record.code], by="mia", now=NOW)
        with pytest.raises(RowRefused, match="already"):
            create_rows(db, PARTS, [{}], by="mia", now=NOW, codes=[record.code])
        assert make(db).code > record.code


class TestConflicts:
    def test_the_second_writer_sees_the_first_and_overwrites_nothing(self, db: Connection):
        record = make_good(db)
        save(db, record, "mia", title_ru="Первая")
        late = save(db, record, "dan", title_ru="Вторая", text_ru="Тоже")
        (conflict,) = late.conflicts
        assert (conflict.column, conflict.theirs, conflict.yours) == (
            "title_ru",
            "Первая",
            "Вторая",
        )
        assert (conflict.by, conflict.at) == ("mia", NOW)
        assert late.rows[0].cells["title_ru"] == "Первая"
        assert late.rows[0].cells["text_ru"] == "Тоже"

    def test_the_same_text_is_no_conflict(self, db: Connection):
        record = make_good(db)
        save(db, record, "mia", title_ru="Одно")
        again = save(db, record, "dan", title_ru="Одно")
        assert (again.conflicts, again.refused) == ([], [])

    def test_a_revision_that_is_not_there_yet_conflicts(self, db: Connection):
        """A page that was open while the database came back from a backup has seen the future."""
        record = make_good(db)
        future = replace(record, revisions={**record.revisions, "title_ru": record.revision + 9})
        late = save(db, future, title_ru="Из будущего")
        assert [it.column for it in late.conflicts] == ["title_ru"]
        assert late.rows[0].cells["title_ru"] == record.cells["title_ru"]

    def test_an_emptied_cell_still_conflicts(self, db: Connection):
        record = make_good(db, owner="a.serik")
        save(db, record, "mia", owner="")
        assert save(db, record, "dan", owner="b").conflicts[0].theirs == ""

    def test_a_cell_never_written_conflicts_with_its_first_writer(self, db: Connection):
        record = make_good(db)
        save(db, record, "mia", owner="mia")
        assert save(db, record, "dan", owner="dan").conflicts[0].theirs == "mia"


class TestRows:
    def test_a_copy_says_the_same_and_has_its_writers(self, db: Connection):
        record = make_good(db, "mia")
        copy = copy_row(db, PARTS, record.code, by="dan", now=NOW).rows[0]
        assert copy.code != record.code
        assert copy.cells == {**record.cells, "idea": f"{GOOD['idea']} ({record.code})"}
        assert set(copy.edited_by) == {"mia", "dan"}

    def test_a_removed_row_is_told_to_pages_that_have_it(self, db: Connection):
        record = make_good(db)
        before, _ = read_sheet_rows(db, PARTS, now=NOW)
        remove_rows(db, [record.code], by="mia", now=NOW)
        _, all_rows = read_sheet_rows(db, PARTS, now=NOW)
        _, news = read_sheet_rows(db, PARTS, now=NOW, since=before)
        assert all_rows == []
        assert [(row.code, row.is_removed) for row in news] == [(record.code, True)]
        assert get_brief(db, record.code).status == "cancelled"

    def test_a_removed_row_stays_away_whatever_happens_to_its_brief(self, db: Connection):
        record = make_good(db)
        remove_rows(db, [record.code], by="mia", now=NOW)
        db.execute(text("UPDATE push.brief SET status = 'idea', changed_at = now()"))
        assert read_sheet_rows(db, PARTS, now=NOW)[1] == []
        assert replay(db, record.code) == record.cells
        assert "removed" in {act.what for act in list_acts(db, record.code)}

    def test_what_is_approved_stays(self, db: Connection):
        record = approved(db)
        with pytest.raises(RowRefused, match="cancel it"):
            remove_rows(db, [record.code], by="mia", now=NOW)
