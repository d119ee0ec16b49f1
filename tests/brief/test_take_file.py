"""A file handed in at the page: rights by column, absent columns, drafts, the way back."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Connection

from pushline.brief.approval import approve_brief
from pushline.brief.columns import Group
from pushline.brief.read_sheet import make_sheet, read_bytes
from pushline.brief.sheet import COLUMNS
from pushline.brief.sheet_refresh import refresh_rows
from pushline.brief.sheet_rows import create_rows
from pushline.brief.sheet_store import SheetRules, list_records
from pushline.brief.take_file import TakenFile, take_file
from pushline.brief.versions import get_brief, list_briefs
from pushline.brief.write_sheet import write_csv, write_xlsx
from pushline.message.checks import MessageChecks

from .conftest import AUDIENCES, GOOD, NOW
from .test_import import RULES

PARTS = SheetRules(RULES, AUDIENCES, MessageChecks(), "rules 1")
ALL: tuple[Group, ...] = ("business", "marketing", "data")
MARKETER: tuple[Group, ...] = ("business", "marketing")
BAD = {**GOOD, "idea": "Bad one", "link": "evil", "utm_campaign": "bad_one"}


def bring(
    db: Connection,
    *rows: dict[str, str],
    groups: Sequence[Group] = ALL,
    keys: Sequence[str] = tuple(COLUMNS),
    by: str = "mia",
    **options: bool,
) -> TakenFile:
    grid = [list(keys), *([row.get(key, "") for key in keys] for row in rows)]
    sheet = make_sheet(grid, "plan.csv")
    return take_file(db, PARTS, sheet, by=by, groups=groups, now=NOW, **options)


def cells_of(db: Connection, code: str) -> dict[str, str]:
    return dict(list_records(db, codes=[code])[0].cells)


def test_good_rows_become_briefs_of_whoever_brought_them(db: Connection):
    taken = bring(db, GOOD, BAD)
    assert [(row.row, row.action) for row in taken.report.imported] == [(2, "created")]
    assert [(row.number, row.can_be_draft) for row in taken.bad_rows] == [(3, True)]
    assert taken.bad_rows[0].cells["link"] == "evil"
    brief = get_brief(db, taken.report.imported[0].code)
    assert (brief.status, brief.edited_by) == ("audience_ready", ("mia",))
    assert len(list_briefs(db)) == 1


def test_a_dry_run_says_the_same_and_leaves_nothing(db: Connection):
    before = bring(db, GOOD, BAD, dry_run=True, takes_drafts=True)
    assert (len(before.report.imported), before.drafts) == (1, ())
    assert list_briefs(db) == []
    assert list_records(db) == []
    after = bring(db, GOOD, BAD)
    assert after.report.problems == before.report.problems


def test_bad_rows_come_in_as_drafts_with_what_was_typed(db: Connection):
    taken = bring(db, GOOD, BAD, {"title_ru": "no idea at all"}, takes_drafts=True)
    first, second = taken.drafts
    assert cells_of(db, first)["link"] == "evil"
    assert cells_of(db, second) == {"title_ru": "no idea at all"}
    red = list_records(db, codes=[first])[0]
    assert (red.brief_id, red.writers, red.is_good) == (None, ("mia",), False)
    assert len(list_briefs(db)) == 1


def test_a_draft_that_was_exported_and_mended_comes_back_as_its_brief(db: Connection):
    code = bring(db, BAD, takes_drafts=True).drafts[0]
    exported = read_bytes(write_csv([{**cells_of(db, code), "campaign_id": code}]), "plan.csv")
    still_bad = take_file(db, PARTS, exported, by="mia", groups=ALL, now=NOW)
    assert [row.code for row in still_bad.bad_rows] == [code]
    mended = {**cells_of(db, code), "campaign_id": code, "link": GOOD["link"]}
    taken = bring(db, mended, by="lea")
    assert [(row.code, row.action) for row in taken.report.imported] == [(code, "updated")]
    brief = get_brief(db, code)
    assert brief.content["link"] == GOOD["link"]
    assert set(brief.edited_by) == {"mia", "lea"}
    assert list_records(db, codes=[code])[0].is_in_step


def test_columns_of_others_are_left_as_they_are_and_named(db: Connection):
    taken = bring(db, GOOD, groups=MARKETER)
    code = taken.report.imported[0].code
    assert get_brief(db, code).content["audience"] is None
    assert get_brief(db, code).status == "texts_ready"
    assert [problem.code for problem in taken.report.warnings] == ["columns_of_others"]
    assert "Audience" in taken.report.warnings[0].sentence.en
    # With the audience given by the data team, a marketer's file takes it neither away nor on.
    bring(db, {"campaign_id": code, "audience": "buyers"}, groups=("data",), by="dan")
    assert get_brief(db, code).content["audience"]["name"] == "buyers"
    changed = {**GOOD, "campaign_id": code, "audience": "needs_city", "status": "audience_ready"}
    bring(db, {**changed, "title_ru": "Новый заголовок"}, groups=MARKETER)
    brief = get_brief(db, code)
    assert brief.content["audience"]["name"] == "buyers"
    assert brief.content["texts"]["0"]["ru"]["title"] == "Новый заголовок"


def test_a_marketer_moves_nothing_on_by_a_file(db: Connection):
    code = bring(db, {**GOOD, "status": "texts_ready"}).report.imported[0].code
    row = {**GOOD, "campaign_id": code, "status": "audience_ready", "title_ru": "Другой"}
    bring(db, row, groups=MARKETER)
    assert get_brief(db, code).status == "texts_ready"


def test_columns_that_a_file_does_not_have_stay(db: Connection):
    code = bring(db, GOOD).report.imported[0].code
    keys = ("campaign_id", "idea", "title_ru")
    taken = bring(db, {"campaign_id": code, "idea": "x", "title_ru": "Короче"}, keys=keys)
    assert [row.action for row in taken.report.imported] == ["updated"]
    assert get_brief(db, code).content["texts"]["0"]["ru"] == {
        "title": "Короче",
        "body": GOOD["text_ru"],
    }


def test_what_is_approved_is_no_draft(db: Connection):
    code = bring(db, GOOD).report.imported[0].code
    approve_brief(db, code, by="amir", now=NOW, expected_reach=1, audiences=AUDIENCES, band=None)
    row = {**GOOD, "campaign_id": code, "title_ru": "Другой"}
    taken = bring(db, row, {**BAD, "campaign_id": "C-2026-999"}, takes_drafts=True)
    assert [(it.number, it.can_be_draft) for it in taken.bad_rows] == [(2, False), (3, True)]
    assert get_brief(db, code).approved_by == "amir"
    # A code that nobody knows becomes a row of its own.
    assert taken.drafts[0] != "C-2026-999"


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_what_is_exported_comes_back_unchanged_red_or_not(db: Connection, write):
    bring(
        db,
        {**GOOD, "idea": "=1+1", "local_time": "yes"},
        {**BAD, "promo_end": "2026-12-31"},
        takes_drafts=True,
    )
    create_rows(db, PARTS, [{"idea": "@SUM(A1)", "send_at": "later"}], by="lea", now=NOW)
    refresh_rows(db)
    before = {record.code: dict(record.cells) for record in list_records(db)}
    file = read_bytes(
        write([{**cells, "campaign_id": code} for code, cells in before.items()]), "plan"
    )
    taken = take_file(db, PARTS, file, by="mia", groups=ALL, now=NOW, takes_drafts=True)
    assert {row.action for row in taken.report.imported} == {"unchanged"}
    assert {record.code: dict(record.cells) for record in list_records(db)} == before


def test_new_rows_of_a_file_are_marketings_and_the_data_team_updates_its_own(db: Connection):
    code = create_rows(db, PARTS, [GOOD], by="mia", now=NOW).rows[0].code
    mine = {"campaign_id": code, "priority": "3"}
    taken = bring(db, mine, GOOD | {"idea": "new"}, groups=("data",), by="dan", takes_drafts=True)
    assert [(row.code, row.action) for row in taken.report.imported] == [(code, "updated")]
    refresh_rows(db)
    assert cells_of(db, code)["priority"] == "3"
    assert [(row.number, row.can_be_draft) for row in taken.bad_rows] == [(3, False)]
    [told] = taken.report.errors
    assert (told.column, told.code) == ("campaign_id", "row_of_marketing")
    unknown = {"campaign_id": "C-2026-999", "priority": "3"}
    assert bring(db, unknown, groups=("data",), takes_drafts=True).drafts == ()
    assert [record.code for record in list_records(db)] == [code]
