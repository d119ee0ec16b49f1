"""The laws of the sheet under random edits, and with writers at the same moment."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from pushline.brief.sheet_history import list_acts
from pushline.brief.sheet_rows import CellChange, get_record, read_sheet_rows, save_cells
from pushline.brief.sheet_store import EDITABLE, SheetRecord
from pushline.brief.versions import get_brief

from .conftest import NOW
from .sheet import ALL, BAD_TITLE, PARTS, make, make_good, replay, save

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
