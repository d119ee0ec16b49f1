"""Two people at the same brief, on two connections: what one has not seen is never overwritten."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from pushline.brief.approval import ApprovalRefused, withdraw_approval
from pushline.brief.import_briefs import ImportReport, import_sheet
from pushline.brief.read_sheet import make_sheet
from pushline.brief.sheet_refusals import RowRefused
from pushline.brief.sheet_removal import remove_rows, restore_rows
from pushline.brief.sheet_rows import get_record, read_sheet_rows, save_cells
from pushline.brief.sheet_steps import approve_row
from pushline.brief.status import MoveRefused
from pushline.brief.take_file import take_file
from pushline.brief.versions import get_brief, list_briefs, lock_briefs, move_brief
from pushline.message.checks import MessageChecks
from tests.meetings import meet

from .conftest import AUDIENCES, GOOD, NOW
from .sheet import ALL, BAD_TITLE, PARTS, make_good, ready, save
from .writing import RULES, approve, edit, new_brief

LIVE = "SELECT version FROM push.approval WHERE withdrawn_at IS NULL"


class Office:
    """A brief of mia's that waits for its approval, and people with a connection each."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with engine.begin() as conn:
            self.code = new_brief(conn, by="mia").campaign_code

    def bring(self, *rows: dict[str, str], keys: tuple[str, ...] = tuple(GOOD)) -> ImportReport:
        """Bob's file, in a transaction of its own."""
        grid = [list(keys), *([row.get(key, "") for key in keys] for row in rows)]
        with self.engine.begin() as conn:
            return import_sheet(
                conn,
                make_sheet(grid, "plan.csv"),
                by="bob",
                now=NOW,
                rules=RULES,
                audiences=AUDIENCES,
                texts=MessageChecks(),
            )

    def bring_title(self) -> ImportReport:
        row = {"campaign_id": self.code, "idea": "x", "title_ru": "Из файла"}
        return self.bring(row, keys=tuple(row))

    def ask(self, question: str) -> list[Any]:
        with self.engine.connect() as conn:
            return list(conn.execute(text(question)).scalars())

    def brief(self) -> Any:
        with self.engine.connect() as conn:
            return get_brief(conn, self.code)


@pytest.fixture
def office(committed_db: Engine) -> Office:
    return Office(committed_db)


def test_an_import_keeps_what_was_edited_while_it_came(office: Office):
    _, report = meet(
        office.engine,
        lambda conn: edit(conn, office.code, "mia", utm_campaign="of_mia"),
        office.bring_title,
    )
    assert [row.action for row in report.imported] == ["updated"]
    brief = office.brief()
    assert (brief.row.utm_campaign, brief.row.title_ru) == ("of_mia", "Из файла")
    assert brief.edited_by == ("mia", "bob")


def test_an_import_does_not_undo_an_approval_that_was_given_while_it_came(office: Office):
    _, report = meet(
        office.engine, lambda conn: approve(conn, office.code, by="adam"), office.bring_title
    )
    assert [problem.code for problem in report.problems] == ["changed_after_approval"]
    assert (office.brief().status, office.brief().version, office.ask(LIVE)) == ("approved", 1, [1])


def test_a_row_that_is_removed_while_it_is_imported_stays_away_until_it_is_restored(
    office: Office,
):
    with office.engine.begin() as conn:
        read_sheet_rows(conn, PARTS, now=NOW)
    _, report = meet(
        office.engine,
        lambda conn: remove_rows(conn, [office.code], by="mia", now=NOW),
        office.bring_title,
    )
    assert [problem.code for problem in report.problems] == ["changed_after_approval"]
    assert (office.brief().status, office.brief().version) == ("cancelled", 1)
    _, report = meet(
        office.engine,
        lambda conn: restore_rows(conn, [office.code], by="mia", now=NOW),
        office.bring_title,
    )
    assert [row.action for row in report.imported] == ["updated"]
    assert (office.brief().status, office.brief().version) == ("audience_ready", 2)


def test_one_file_brought_twice_at_once_makes_its_briefs_once(office: Office):
    new = {**GOOD, "idea": "New", "utm_campaign": "new_one"}

    def bring_again(conn: Connection) -> ImportReport:
        return import_sheet(
            conn,
            make_sheet([list(new), list(new.values())], "plan.csv"),
            by="bob",
            now=NOW,
            rules=RULES,
            audiences=AUDIENCES,
            texts=MessageChecks(),
        )

    first, second = meet(office.engine, bring_again, lambda: office.bring(new))
    found = [row.action for report in (first, second) for row in report.imported]
    assert found == ["created", "unchanged"]
    with office.engine.connect() as conn:
        assert len(list_briefs(conn)) == 2


def test_a_file_at_the_page_and_a_save_of_cells_follow_one_another(office: Office):
    """Both take the clock first: neither overwrites the other, nor holds a brief that it needs."""
    with office.engine.begin() as conn:
        read_sheet_rows(conn, PARTS, now=NOW)
        record = get_record(conn, office.code)
    row = {"campaign_id": office.code, "idea": "x", "title_ru": "Из файла"}
    grid = [list(row), list(row.values()), ["", "Draft", BAD_TITLE]]

    def bring() -> Any:
        with office.engine.begin() as conn:
            sheet = make_sheet(grid, "plan.csv")
            return take_file(conn, PARTS, sheet, by="bob", groups=ALL, now=NOW, takes_drafts=True)

    _, taken = meet(
        office.engine,
        lambda conn: save_cells(conn, PARTS, [], by="mia", groups=ALL, now=NOW),
        bring,
        then=lambda conn: save(conn, record, utm_campaign="of_mia"),
    )
    assert [row.action for row in taken.report.imported] == ["updated"]
    assert len(taken.drafts) == 1
    brief = office.brief()
    assert (brief.row.utm_campaign, brief.row.title_ru) == ("of_mia", "Из файла")


def test_a_row_that_mends_itself_leaves_its_brief_where_it_was_moved_meanwhile(
    committed_db: Engine,
):
    """Its audience's file came; a shell moves its brief on while a page reads the sheet."""
    with committed_db.begin() as conn:
        record = save(conn, make_good(conn), audience="coming_soon").rows[0]
        assert not record.is_good
    card = replace(AUDIENCES["buyers"], name="coming_soon")
    parts = replace(PARTS, audiences={**AUDIENCES, "coming_soon": card}, mark="tomorrow")

    def read() -> None:
        with committed_db.begin() as conn:
            read_sheet_rows(conn, parts, now=NOW)

    _, answer = meet(
        committed_db,
        lambda conn: move_brief(conn, record.code, "texts_ready", by="mia", now=NOW),
        read,
    )
    assert answer is None
    with committed_db.connect() as conn:
        brief = get_brief(conn, record.code)
    assert (brief.status, brief.version) == ("texts_ready", 2)


@pytest.mark.parametrize("comes_first", ["edit", "approval"])
def test_an_approval_is_of_what_the_approver_saw(committed_db: Engine, comes_first: str):
    with committed_db.begin() as conn:
        record = ready(conn, make_good(conn))

    def give(conn: Connection) -> Any:
        return approve_row(
            conn,
            PARTS,
            record.code,
            version=1,
            content_hash=str(record.content_hash),
            expected_reach=5,
            by="ann",
            now=NOW,
        )

    def type_(conn: Connection) -> Any:
        return save(conn, record, utm_campaign="other")

    acts = (type_, give) if comes_first == "edit" else (give, type_)

    def second() -> Any:
        with committed_db.begin() as conn:
            return acts[1](conn)

    _, answer = meet(committed_db, acts[0], second)
    with committed_db.connect() as conn:
        brief = get_brief(conn, record.code)
    if comes_first == "edit":
        assert isinstance(answer, RowRefused)
        assert (brief.version, brief.approval_id) == (2, None)
    else:
        assert [it.kind for it in answer.refused] == ["approved"]
        assert (brief.version, brief.approved_by) == (1, "ann")


def test_taken_back_twice_at_once_is_taken_back_once(office: Office):
    with office.engine.begin() as conn:
        approve(conn, office.code, by="adam")

    def again() -> Any:
        with office.engine.begin() as conn:
            return withdraw_approval(conn, office.code, by="bob", now=NOW)

    _, answer = meet(
        office.engine, lambda conn: withdraw_approval(conn, office.code, by="mia", now=NOW), again
    )
    assert isinstance(answer, ApprovalRefused)


def test_a_brief_that_is_cancelled_cannot_be_approved_by_who_came_a_moment_later(office: Office):
    def give() -> Any:
        with office.engine.begin() as conn:
            return approve(conn, office.code, by="adam")

    _, answer = meet(
        office.engine,
        lambda conn: move_brief(conn, office.code, "cancelled", by="mia", now=NOW),
        give,
    )
    assert isinstance(answer, MoveRefused)
    assert office.ask(LIVE) == []


def test_briefs_are_locked_in_the_order_of_their_codes(office: Office):
    with office.engine.begin() as conn:
        codes = [office.code, new_brief(conn).campaign_code]

    def lock_both() -> None:
        with office.engine.begin() as conn:
            lock_briefs(conn, reversed(codes))

    _, answer = meet(
        office.engine,
        lambda conn: lock_briefs(conn, codes[:1]),
        lock_both,
        then=lambda conn: lock_briefs(conn, codes[1:]),
    )
    assert answer is None
