"""Both changed the same cell, or the cell may not be changed any more."""

import pytest

from pushline.brief.approval import withdraw_approval
from pushline.brief.versions import get_brief, move_brief
from pushline.desk import open_desk
from pushline.google_sheet.merge import decide
from tests.google.scene import GOOD, World


@pytest.mark.parametrize(
    ("sheet", "page", "seen_sheet", "seen_page", "decision"),
    [
        ("a", "a", None, None, "same"),
        ("", "b", None, None, "to_sheet"),
        ("a", "", None, None, "to_page"),
        ("a", "b", None, None, "conflict"),
        ("new", "old", "old", "old", "to_page"),
        ("", "old", "old", "old", "to_page"),
        ("old", "new", "old", "old", "to_sheet"),
        ("old", "", "old", "old", "to_sheet"),
        ("mine", "theirs", "old", "old", "conflict"),
        ("new", "new", "old", "old", "same"),
        # Open: both were seen to differ.
        ("mine", "theirs", "mine", "theirs", "conflict"),
        ("mine 2", "theirs", "mine", "theirs", "to_page"),
        ("", "theirs", "mine", "theirs", "to_sheet"),
        ("mine", "theirs 2", "mine", "theirs", "conflict"),
        ("mine 2", "theirs 2", "mine", "theirs", "conflict"),
        ("theirs", "theirs", "mine", "theirs", "same"),
        # Our own text landed here: the page's goes out again, but over nobody's edit.
        ("stray", "old", "stray", None, "to_sheet"),
        ("mine", "old", "stray", None, "conflict"),
    ],
)
def test_rule(sheet, page, seen_sheet, seen_page, decision):
    assert decide(sheet, page, seen_sheet, seen_page) == decision


def make_conflict(world: World) -> str:
    code = world.add_on_page(**GOOD)
    world.sync()
    world.type_in_tab(code, Title_RU="Из таблицы")
    world.type_on_page(code, by="dana", title_ru="Со страницы")
    assert world.sync().counts.conflicts == 1
    return code


def test_both_texts_stay_and_a_sentence_says_who(world: World):
    code = make_conflict(world)
    for _ in range(2):
        assert world.read(code, "Title RU") == "Из таблицы"
        assert world.page()[code].cells["title_ru"] == "Со страницы"
        assert "“Title RU” was changed here and on the page" in world.problems(code)
        assert "“Со страницы” (dana)" in world.problems(code)
        world.sync()
    world.type_on_page(code, title_ru="Ещё раз")
    world.sync()
    assert world.read(code, "Title RU") == "Из таблицы"
    assert "“Ещё раз” (mia)" in world.problems(code)


@pytest.mark.parametrize(("chosen", "kept"), [("", "Со страницы"), ("Решили так", "Решили так")])
def test_the_person_in_the_tab_decides(world: World, chosen: str, kept: str):
    code = make_conflict(world)
    world.type_in_tab(code, Title_RU=chosen)
    world.sync()
    assert world.read(code, "Title RU") == kept
    assert world.page()[code].cells["title_ru"] == kept
    assert world.problems(code).startswith("✔")


def test_the_person_on_the_page_decides_by_agreeing(world: World):
    code = make_conflict(world)
    world.type_on_page(code, title_ru="Из таблицы")
    world.sync()
    assert world.problems(code).startswith("✔")


def approve(world: World, code: str) -> str:
    with world.engine.begin() as conn:
        for status in ("texts_ready", "audience_ready"):
            move_brief(conn, code, status, by="mia", now=world.now)
        desk = open_desk(conn, world.now)
        brief = desk.approve(conn, code, by="alma", now=world.now, expected_reach=208_962)
    return brief.content_hash


def test_a_change_after_approval_is_shown_and_not_taken(world: World):
    code = world.add_on_page(**GOOD)
    world.sync()
    approved = approve(world, code)
    world.type_in_tab(code, Title_RU="Скидка 99%")
    report = world.sync()
    assert report.counts.not_taken == 1
    assert world.read(code, "Title RU") == "Скидка 99%"
    assert world.read(code, "Status") == "approved"
    assert "changed after approval" in world.problems(code)
    assert GOOD["title_ru"] in world.problems(code)
    with world.engine.connect() as conn:
        assert get_brief(conn, code).content_hash == approved
        assert get_brief(conn, code).status == "approved"
    with world.engine.begin() as conn:
        withdraw_approval(conn, code, by="mia", now=world.now)
    world.sync()
    assert world.page()[code].cells["title_ru"] == "Скидка 99%"
    assert "approval" not in world.problems(code)


def test_a_cancelled_campaign_takes_nothing(world: World):
    code = world.add_on_page(**GOOD)
    world.sync()
    with world.engine.begin() as conn:
        move_brief(conn, code, "cancelled", by="mia", now=world.now)
    world.type_in_tab(code, Message_idea="Всё-таки да")
    world.sync()
    assert world.read(code, "Status") == "cancelled"
    assert "copy the campaign" in world.problems(code)
    assert world.page()[code].cells["idea"] == GOOD["idea"]


def test_the_status_is_ours(world: World):
    code = world.add_on_page(**GOOD)
    world.sync()
    world.type_in_tab(code, Status="approved")
    world.sync()
    assert world.read(code, "Status") == "idea"
    assert "moved on the page" in world.problems(code)
    world.sync()
    assert world.problems(code).startswith("✔")


def test_a_broken_formula_is_not_taken(world: World):
    code = world.add_on_page(**GOOD)
    world.sync()
    world.tab.break_formula(world.row_of(code), world.column("Title RU"))
    world.sync()
    assert "formula" in world.problems(code)
    assert world.page()[code].cells["title_ru"] == GOOD["title_ru"]
