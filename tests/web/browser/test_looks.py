"""What one sees: the cell and the panel say the same, and the frame is where the keyboard is."""

from playwright.sync_api import Locator, expect
from sqlalchemy import Engine

from tests.web.browser.pages import Pages
from tests.web.browser.sheet import GOOD, Sheet, add_rows


def outline(element: Locator) -> str:
    return str(element.evaluate("element => getComputedStyle(element).outlineStyle"))


def test_the_cell_and_the_panel_say_the_same(page_of: Pages, configured_db: Engine):
    brace = {**GOOD, "title_ru": "Музыка −20% ", "text_ru": "Скидка {20%} на любимое."}
    [code] = add_rows(configured_db, [brace])
    sheet = Sheet(page_of("marketer"))
    sheet.choose(code, "idea")
    verdicts = sheet.page.locator("#panel .verdict")
    expect(verdicts.first).to_contain_text("11 / ")
    expect(sheet.cell(code, "title_ru").locator(".count")).to_have_text("11")
    sheet.choose(code, "text_ru")
    said = sheet.page.locator("#cell-hint span").first
    expect(said).to_be_visible()
    expect(verdicts.last).to_have_attribute("data-colour", "red")
    expect(verdicts.last).to_contain_text(said.inner_text())
    sheet.choose(code, "title_ru")
    sheet.press("F2", "End", "Space", "Space")
    expect(sheet.page.locator(".editor-count")).to_contain_text("11")


def test_the_frame_is_where_the_keyboard_is(page_of: Pages, configured_db: Engine):
    [code] = add_rows(configured_db, [{"idea": "one row"}])
    sheet = Sheet(page_of("marketer"))
    sheet.choose(code, "idea")
    sheet.press("ArrowRight")
    expect(sheet.grid).to_be_focused()
    assert outline(sheet.cell(code, "goal_event")) == "solid"
    assert outline(sheet.grid) == "none"
    # Without a row there is only the sentence that says so.
    sheet.page.locator("#search").fill("nothing has this")
    placeholder = sheet.page.locator(".tabulator-placeholder-contents")
    expect(placeholder).to_be_in_viewport(ratio=0.9)
    sheet.grid.focus()
    assert outline(placeholder) == "solid"
