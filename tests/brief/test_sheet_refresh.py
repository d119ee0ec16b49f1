"""What comes into the sheet by itself: edits made elsewhere, time that passes, files that come."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, text

from pushline.brief.sheet_history import list_acts
from pushline.brief.sheet_rows import create_rows, read_sheet_rows
from pushline.brief.sheet_store import SheetRecord
from pushline.brief.versions import get_brief, move_brief, save_version

from .conftest import AUDIENCES, GOOD, NOW
from .sheet import BAD_TITLE, PARTS, make_good, now_of, save


class TestElsewhere:
    def edit(self, db: Connection, record: SheetRecord, **over: Any) -> None:
        brief = get_brief(db, record.code)
        save_version(
            db,
            record.code,
            content={**brief.content, **over},
            notes=brief.notes,
            status=brief.status,
            by="import",
            now=NOW + timedelta(minutes=1),
        )

    def test_an_imported_brief_has_a_row(self, db: Connection):
        record = make_good(db)
        db.execute(text("DELETE FROM push.sheet_row"))
        found = now_of(db, record)
        assert found.is_in_step
        assert found.cells["title_ru"] == GOOD["title_ru"]

    def test_an_edit_elsewhere_comes_into_the_row(self, db: Connection):
        record = make_good(db)
        self.edit(db, record, link="https://shop.example.kz/other")
        found = now_of(db, record)
        assert (found.cells["link"], found.is_in_step) == ("https://shop.example.kz/other", True)
        assert found.revisions["link"] > record.revisions["link"]
        assert [act.who for act in list_acts(db, record.code) if act.column == "link"][
            -1
        ] == "import"

    def test_red_text_stays_beside_an_edit_elsewhere(self, db: Connection):
        record = make_good(db)
        save(db, record, title_ru=BAD_TITLE)
        self.edit(db, record, link="https://shop.example.kz/other")
        found = now_of(db, record)
        assert (found.cells["title_ru"], found.is_in_step) == (BAD_TITLE, False)
        assert found.cells["link"] == "https://shop.example.kz/other"

    def test_an_old_page_conflicts_with_an_edit_elsewhere(self, db: Connection):
        record = make_good(db)
        self.edit(db, record, link="https://shop.example.kz/other")
        (conflict,) = save(db, record, link="https://shop.example.kz/mine").conflicts
        assert (conflict.theirs, conflict.by) == ("https://shop.example.kz/other", "import")

    def test_a_move_elsewhere_is_news(self, db: Connection):
        record = make_good(db)
        before, _ = read_sheet_rows(db, PARTS, now=NOW)
        move_brief(db, record.code, "texts_ready", by="x", now=NOW + timedelta(seconds=1))
        _, rows = read_sheet_rows(db, PARTS, now=NOW, since=before)
        assert [(row.code, row.status) for row in rows] == [(record.code, "texts_ready")]
        assert read_sheet_rows(db, PARTS, now=NOW, since=rows[0].revision)[1] == []


class TestClockAndRules:
    def test_nothing_is_checked_again_without_need(self, db: Connection):
        make_good(db)
        before, _ = read_sheet_rows(db, PARTS, now=NOW)
        assert read_sheet_rows(db, PARTS, now=NOW + timedelta(hours=1), since=before) == (
            before,
            [],
        )

    def test_the_row_turns_red_when_its_time_has_passed(self, db: Connection):
        record = make_good(db)
        before, _ = read_sheet_rows(db, PARTS, now=NOW)
        _, rows = read_sheet_rows(db, PARTS, now=NOW + timedelta(days=5), since=before)
        assert [problem["code"] for problem in rows[0].problems] == ["send_in_past"]
        assert rows[0].is_in_step
        assert rows[0].cells == record.cells

    def test_a_file_that_comes_saves_what_waited_for_it(self, db: Connection):
        record = make_good(db, audience="coming_soon")
        assert record.version is None
        card = replace(AUDIENCES["buyers"], name="coming_soon")
        parts = replace(PARTS, audiences={**AUDIENCES, "coming_soon": card}, mark="tomorrow")
        _, rows = read_sheet_rows(db, parts, now=NOW)
        assert (rows[0].is_in_step, rows[0].problems) == (True, [])
        assert get_brief(db, record.code).edited_by == ("mia",)

    def test_many_rows_are_checked_a_few_at_a_time(self, db: Connection):
        create_rows(db, PARTS, [{**GOOD, "idea": f"{n}"} for n in range(60)], by="mia", now=NOW)
        revision, _ = read_sheet_rows(db, PARTS, now=NOW)
        later, red = NOW + timedelta(days=5), set()
        for _ in range(3):
            revision, rows = read_sheet_rows(db, PARTS, now=later, since=revision)
            red |= {row.code for row in rows}
        assert len(red) == 60
