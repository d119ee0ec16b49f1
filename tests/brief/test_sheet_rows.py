"""The sheet page: good is saved at once, red waits, nobody's text is overwritten unseen."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from pushline.brief.approval import approve_brief
from pushline.brief.notes import Rules
from pushline.brief.sheet_history import list_acts
from pushline.brief.sheet_refusals import RowRefused
from pushline.brief.sheet_rows import (
    CellChange,
    SavedCells,
    copy_row,
    create_rows,
    get_record,
    read_sheet_rows,
    remove_row,
    save_cells,
)
from pushline.brief.sheet_store import EDITABLE, SheetRecord, SheetRules
from pushline.brief.versions import get_brief, move_brief, save_version
from pushline.message.checks import MessageChecks
from tests.factories import create_batch, create_run

from .conftest import ALMATY, AUDIENCES, GOOD, NOW

PARTS = SheetRules(Rules(zone=ALMATY), AUDIENCES, MessageChecks(), "as today")
ALL = ("business", "marketing", "data")
BAD_TITLE = "Музыка {{ nothing"


def make(db: Connection, by: str = "mia", **cells: str) -> SheetRecord:
    return create_rows(db, PARTS, [cells], by=by, now=NOW).rows[0]


def make_good(db: Connection, by: str = "mia", **cells: str) -> SheetRecord:
    return make(db, by, **{**GOOD, **cells})


def save(
    db: Connection, record: SheetRecord, by: str = "mia", now: datetime = NOW, **texts: str
) -> SavedCells:
    """Save texts as somebody does who sees the row as `record` says."""
    options: dict[str, Any] = {"groups": ALL, "returns_approval": False}
    options |= {key: texts.pop(key) for key in list(texts) if key in options}
    changes = [
        CellChange(record.code, column, value, record.revisions.get(column, 0))
        for column, value in texts.items()
    ]
    return save_cells(db, PARTS, changes, by=by, now=now, **options)


def ready(db: Connection, record: SheetRecord) -> SheetRecord:
    for status in ("texts_ready", "audience_ready"):
        move_brief(db, record.code, status, by="mia", now=NOW)
    return now_of(db, record)


def approved(db: Connection, **cells: str) -> SheetRecord:
    record = ready(db, make_good(db, **cells))
    approve_brief(db, record.code, by="ann", now=NOW, expected_reach=5, audiences=AUDIENCES)
    return now_of(db, record)


def now_of(db: Connection, record: SheetRecord) -> SheetRecord:
    read_sheet_rows(db, PARTS, now=NOW)
    return get_record(db, record.code)


def replay(db: Connection, code: str) -> dict[str, str]:
    """The cells as the history alone tells them, each change seen to follow the one before."""
    cells: dict[str, str] = {}
    for act in list_acts(db, code):
        if act.what == "typed":
            assert cells.get(act.column, "") == act.old
            cells[act.column] = act.new
    return {column: value for column, value in cells.items() if value}


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
        remove_row(db, record.code, by="mia", now=NOW)
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

    def test_an_emptied_cell_still_conflicts(self, db: Connection):
        record = make_good(db, owner="a.serik")
        save(db, record, "mia", owner="")
        assert save(db, record, "dan", owner="b").conflicts[0].theirs == ""

    def test_a_cell_never_written_conflicts_with_its_first_writer(self, db: Connection):
        record = make_good(db)
        save(db, record, "mia", owner="mia")
        assert save(db, record, "dan", owner="dan").conflicts[0].theirs == "mia"


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
        remove_row(db, record.code, by="mia", now=NOW)
        _, all_rows = read_sheet_rows(db, PARTS, now=NOW)
        _, news = read_sheet_rows(db, PARTS, now=NOW, since=before)
        assert all_rows == []
        assert [(row.code, row.is_removed) for row in news] == [(record.code, True)]
        assert get_brief(db, record.code).status == "cancelled"

    def test_a_removed_row_stays_away_whatever_happens_to_its_brief(self, db: Connection):
        record = make_good(db)
        remove_row(db, record.code, by="mia", now=NOW)
        db.execute(text("UPDATE push.brief SET status = 'idea', changed_at = now()"))
        assert read_sheet_rows(db, PARTS, now=NOW)[1] == []
        assert replay(db, record.code) == record.cells
        assert "removed" in {act.what for act in list_acts(db, record.code)}

    def test_what_is_approved_stays(self, db: Connection):
        record = approved(db)
        with pytest.raises(RowRefused, match="cancel it"):
            remove_row(db, record.code, by="mia", now=NOW)


TEXTS = st.sampled_from(
    ("", "Музыка", "Мир", BAD_TITLE, "needs_city", "buyers", "5", "2026-11-25 12:00")
)
EDITS = st.lists(
    st.tuples(
        st.integers(0, 1),  # which row
        st.sampled_from(("idea", "title_ru", "text_ru", "audience", "priority", "send_at")),
        TEXTS,
        st.booleans(),  # sees the cell as it is
        st.sampled_from(("mia", "dan")),
    ),
    max_size=10,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS)
def test_any_edits_keep_the_laws_of_the_sheet(db: Connection, edits):
    """A model of cells beside the sheet: who is behind changes nothing, who is not is kept."""
    with db.begin_nested() as trial:
        rows = [make_good(db), make(db, title_ru=BAD_TITLE)]
        model: list[dict[str, str]] = [dict(row.cells) for row in rows]
        last = max(row.revision for row in rows)
        for place, column, value, sees, who in edits:
            record = get_record(db, rows[place].code)
            base = record.revisions.get(column, 0)
            change = CellChange(record.code, column, value, base if sees else base - 1)
            saved = save_cells(db, PARTS, [change], by=who, groups=ALL, now=NOW)
            old = model[place].get(column, "")
            if sees or value == old:
                model[place][column] = value
                assert saved.conflicts == []
            else:
                assert [it.theirs for it in saved.conflicts] == [old]
            assert saved.refused == []
            assert saved.revision > last
            last = saved.revision
        for record, cells in zip(rows, model, strict=True):
            check_laws(db, get_record(db, record.code), cells)
        trial.rollback()


def check_laws(db: Connection, record: SheetRecord, cells: Mapping[str, str]) -> None:
    shown = {column: value for column, value in cells.items() if value}
    assert record.cells == shown == replay(db, record.code)
    assert record.is_in_step == record.is_good
    if record.is_in_step:
        row = get_brief(db, record.code).row
        for column in EDITABLE:
            if column in ("idea", "title_ru", "text_ru"):
                assert (getattr(row, column) or "") == shown.get(column, "")


@pytest.mark.parametrize("words", ["", " {{ red"])
def test_writers_at_the_same_moment_lose_nothing(committed_db: Engine, words: str):
    """Four connections on one cell while a page polls: no gap in the chain, no news missed."""
    with committed_db.begin() as conn:
        code = (make(conn, title_ru=BAD_TITLE) if words else make_good(conn)).code
    crowd = Crowd(committed_db, code, words)
    with ThreadPoolExecutor(5) as pool:
        watching = pool.submit(crowd.poll)
        writing = [pool.submit(crowd.write, name) for name in "abcd"]
        accepted = [revision for future in writing for revision in future.result()]
        crowd.is_over.set()
        seen = watching.result()
    with committed_db.begin() as conn:
        record = get_record(conn, code)
        acts = [act for act in list_acts(conn, code) if act.column == "title_ru"]
        assert replay(conn, code) == record.cells
        assert record.cells["title_ru"] == seen[-1]
        assert record.is_in_step == (not words)
        if not words:
            assert get_brief(conn, code).row.title_ru == seen[-1]
    assert len(acts) == len(accepted) + 1
    assert len(set(accepted)) == len(accepted)


def test_revisions_are_committed_in_their_order(committed_db: Engine):
    """Whoever saves while another save is open waits for it, on another row, too."""
    with committed_db.begin() as conn:
        one, two = make(conn, title_ru=BAD_TITLE), make(conn, title_ru=BAD_TITLE)
    with committed_db.connect() as first, committed_db.connect() as second:
        before = save(first, one, title_ru="{{ one").revision
        second.execute(text("SET LOCAL lock_timeout = '100ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            save(second, two, title_ru="{{ two")
        second.rollback()
        # Reading waits for nobody, and what is not committed is no news.
        assert read_sheet_rows(second, PARTS, now=NOW, since=before - 1) == (before - 1, [])
        first.commit()
        assert save(second, two, title_ru="{{ two").revision == before + 1


@dataclass
class Crowd:
    """People at one cell, each as quick as they can."""

    engine: Engine
    code: str
    words: str
    is_over: threading.Event = field(default_factory=threading.Event)

    def write(self, name: str) -> list[int]:
        """Type twelve times; returns the revisions of what was taken."""
        accepted = []
        for number in range(12):
            with self.engine.begin() as conn:
                record = get_record(conn, self.code)
            with self.engine.begin() as conn:
                saved = save(conn, record, name, title_ru=f"{name} {number}{self.words}")
            if not saved.conflicts:
                accepted.append(saved.revision)
        return accepted

    def poll(self) -> list[str]:
        """Ask for news until all is over, and once more; returns the titles seen."""
        since, seen, is_last = 0, [], False
        while not is_last:
            is_last = self.is_over.is_set()
            with self.engine.begin() as conn:
                since, rows = read_sheet_rows(conn, PARTS, now=NOW, since=since)
            seen += [row.cells["title_ru"] for row in rows]
        return seen
