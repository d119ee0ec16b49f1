"""A page that goes takes nothing along: what was typed is saved, or waits for the next page."""

import json
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import Engine

from tests.web.browser.pages import NAMES, PERSON_COOKIE, Pages
from tests.web.browser.sheet import GOOD, NOW, Sheet, add_rows

CUT = [r"ERR_INTERNET_DISCONNECTED", r"ERR_FAILED"]


def lose_answers(route: Route) -> None:
    """The server does what it is asked, and nobody hears of it."""
    route.fetch()
    route.abort("internetdisconnected")


def close(sheet: Sheet) -> None:
    """Close the tab as a person does; a question of the page would keep it open."""
    with sheet.page.expect_event("close"):
        sheet.page.close(run_before_unload=True)


def open_again(page_of: Pages, gone: Page) -> Sheet:
    """Open the sheet in a new tab of the same browser."""
    page = gone.context.new_page()
    page.goto(page_of.url(""))
    return Sheet(page)


def type_offline(sheet: Sheet, code: str, column: str, text: str) -> None:
    sheet.page.context.set_offline(True)
    sheet.choose(code, column)
    sheet.write(text)
    sheet.press("Enter")
    expect(sheet.state).to_contain_text("No connection")


def kept(page: Page) -> str:
    """What the browser keeps for later pages."""
    return str(page.evaluate("JSON.stringify(localStorage)"))


def turn_to(page: Page, *, hidden: bool) -> None:
    """Another tab is brought to the front, or this one again."""
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


@pytest.mark.parametrize("has_locks", [True, False])
def test_what_waits_outlives_its_tab(page_of: Pages, configured_db: Engine, has_locks: bool):
    page_of.allowed += CUT
    codes = add_rows(configured_db, [{"idea": f"row {n}"} for n in range(3)])
    page = page_of("marketer", None)
    if not has_locks:  # as on pages without TLS
        page.context.add_init_script(
            "Object.defineProperty(navigator, 'locks', {value: undefined})"
        )
    page.goto(page_of.url(""))
    sheet = Sheet(page)
    stays = open_again(page_of, page)
    type_offline(sheet, codes[0], "idea", "typed without a connection")
    type_offline(sheet, codes[2], "idea", "in one tab")
    stays.choose(codes[2], "idea")
    stays.write("in the other tab")
    stays.press("Enter")
    sheet.page.locator("#row-new").click()
    sheet.write("a new row")
    sheet.press("Enter")
    sheet.choose(codes[1], "idea")
    sheet.write("half a")
    told = stays.page.evaluate_handle(
        """() => {
            const told = [];
            new MutationObserver(() => told.push(document.getElementById("toasts").textContent))
                .observe(document.getElementById("toasts"), { childList: true });
            return told;
        }"""
    )
    close(sheet)
    # Two texts of one person for one cell: the one in sight stays, the other is told.
    stays.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(stays.page.locator(".toast.error")).to_contain_text("in one tab")
    assert stays.text(codes[2], "idea") == "in the other tab"
    saved: list[str] = []
    context = stays.page.context
    context.on("requestfinished", lambda it: saved.append(f"{it.url} {it.post_data}"))
    context.set_offline(False)
    again = open_again(page_of, stays.page)
    for one in (again, stays):
        one.page.bring_to_front()
        one.page.evaluate("dispatchEvent(new Event('focus'))")
        expect(one.cell(codes[0], "idea")).to_contain_text("typed without a connection")
        expect(one.cell(codes[1], "idea")).to_contain_text("half a")
        one.wait_until_saved()
        expect(one.page.locator(".tabulator-row")).to_have_count(4)
    assert again.saved(codes[1], "idea") == "half a"
    assert [row["cells"].get("idea") for row in again.rows().values()].count("a new row") == 1
    sent = [it for it in saved if "api/cells" in it and "typed without" in it]
    assert len(sent) == 1
    assert again.saved(codes[2], "idea") == "in the other tab"
    assert "3 cells typed before were not saved yet" in "".join(told.json_value())
    assert "typed without" not in kept(again.page)


def test_what_is_typed_is_saved_on_the_way_out(page_of: Pages, configured_db: Engine):
    page_of.allowed += CUT
    codes = add_rows(configured_db, [GOOD, {"idea": "second"}])
    sheet, other = Sheet(page_of("marketer")), Sheet(page_of("marketer", name="lea"))
    # Still in the editor.
    sheet.choose(codes[0], "idea")
    sheet.write("half a")
    close(sheet)
    expect(other.cell(codes[0], "idea")).to_contain_text("half a")
    # Left a moment ago, in a row that is new, too.
    sheet = open_again(page_of, sheet.page)
    assert sheet.page.locator(".toast").count() == 0
    sheet.choose(codes[1], "idea")
    sheet.write("just now")
    sheet.press("Enter")
    sheet.page.locator("#row-new").click()
    sheet.write("in a new row")
    close(sheet)
    expect(other.cell(codes[1], "idea")).to_contain_text("just now")
    # By a tab of ours: it is on the server before the next page has been read.
    sheet = open_again(page_of, sheet.page)
    expect(sheet.page.locator(".tabulator-row")).to_have_count(3)
    # If the row was just being made, its text came after it with this page.
    new = other.page.locator(".tabulator-row", has_text="in a new row")
    expect(new).to_have_count(1)
    sheet.choose(codes[0], "idea")
    sheet.write("before the calendar")
    sheet.page.get_by_role("link", name="Calendar").click()
    expect(sheet.page.locator("body")).to_have_attribute("data-tab", "calendar")
    expect(other.cell(codes[0], "idea")).to_contain_text("before the calendar")
    # What arrived is not told as news of somebody else, and is made once.
    sheet = open_again(page_of, sheet.page)
    sheet.wait_until_saved()
    assert sheet.page.locator("dialog").count() == 0
    assert len(sheet.rows()) == 3
    assert "half a" not in kept(sheet.page)


def test_an_answer_that_was_lost_is_no_conflict(page_of: Pages, configured_db: Engine):
    page_of.allowed += CUT
    [code] = add_rows(configured_db, [{"idea": "first"}])
    sheet = Sheet(page_of("marketer"))
    # Somebody looks at another tab: what is half typed stays open, and is kept until they are back.
    sheet.choose(code, "idea")
    sheet.write("half a")
    turn_to(sheet.page, hidden=True)
    assert "half a" in kept(sheet.page)
    turn_to(sheet.page, hidden=False)
    assert "half a" not in kept(sheet.page)
    expect(sheet.page.locator(".editor textarea")).to_have_value("half a")
    sheet.press("Escape")
    sheet.page.route("**/api/cells", lose_answers)
    sheet.choose(code, "idea")
    sheet.write("arrived")
    sheet.press("Enter")
    expect(sheet.state).to_contain_text("No connection")
    sheet.choose(code, "idea")
    sheet.write("arrived, and typed on")
    sheet.press("Enter")
    sheet.page.unroute("**/api/cells", lose_answers)
    close(sheet)
    again = open_again(page_of, sheet.page)
    again.wait_until_saved()
    assert again.page.locator("dialog").count() == 0
    assert again.saved(code, "idea") == "arrived, and typed on"


def test_what_waited_overwrites_nobody(page_of: Pages, configured_db: Engine):
    page_of.allowed += CUT
    codes = add_rows(configured_db, [{"idea": "first"}, {"idea": "goes"}])
    mine, other = Sheet(page_of("marketer")), Sheet(page_of("marketer", name="lea"))
    type_offline(mine, codes[0], "idea", "mine")
    mine.choose(codes[1], "idea")
    mine.write("typed into a row that goes")
    mine.press("Enter")
    close(mine)
    other.choose(codes[1], "idea")
    other.page.locator("#row-remove").click()
    other.page.locator("dialog[open] button.danger").click()
    expect(other.cell(codes[1], "idea")).to_have_count(0)
    other.choose(codes[0], "idea")
    other.write("theirs")
    other.press("Enter")
    other.wait_until_saved()
    # Somebody else at this machine sees nothing of it; what is older than a month is nobody's.
    page = mine.page.context.new_page()
    mine.page.context.set_offline(False)
    cookies = {"name": PERSON_COOKIE, "url": page_of.base_url}
    page.context.add_cookies([{**cookies, "value": "mara:marketer"}])
    page.goto(page_of.url(""))
    idea = Sheet(page).cell(codes[0], "idea").locator(".cell-text")
    expect(idea).to_have_text("theirs")
    old = f"pushline-waiting /pushline/ {NAMES['marketer']} old"
    cells = [[codes[0], "owner", "a month ago", 0, []]]
    entry = {"at": f"{NOW - timedelta(days=31):%Y-%m-%dT%H:%M:%SZ}", "rows": [], "cells": cells}
    page.evaluate("([key, value]) => localStorage.setItem(key, value)", [old, json.dumps(entry)])
    page.context.add_cookies([{**cookies, "value": f"{NAMES['marketer']}:marketer"}])
    page.reload()
    mine = Sheet(page)
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("theirs")
    assert mine.saved(codes[0], "idea") == "theirs"
    expect(page.locator(".toast.error")).to_contain_text("typed into a row that goes")
    dialog.locator("input[value=yours]").check()
    dialog.get_by_role("button", name="Keep").click()
    mine.wait_until_saved()
    saved = mine.rows()[codes[0]]["cells"]
    assert (saved["idea"], saved.get("owner", "")) == ("mine", "")
