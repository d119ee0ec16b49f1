"""Saving in the browser: what cannot be saved stands in nobody's way, and nothing is made twice."""

import json

from playwright.sync_api import Route, expect
from sqlalchemy import Engine, text

from pushline.desk import open_desk
from tests.web.browser.pages import Pages, cut_connection, mend_connection
from tests.web.browser.sheet import NOW, Sheet, add_rows

REFUSED = [r"ERR_INTERNET_DISCONNECTED", r"ERR_FAILED", r"status of (422|500|503)"]


def lose_answers(route: Route) -> None:
    """The server does what it is asked, and nobody hears of it."""
    route.fetch()
    route.abort("internetdisconnected")


def test_one_cell_that_cannot_be_saved_keeps_no_other_back(page_of: Pages, configured_db: Engine):
    page_of.allowed += REFUSED
    codes = add_rows(configured_db, [{"idea": f"row {n}"} for n in range(3)])
    sheet = Sheet(page_of("marketer"))
    sheet.choose(codes[0], "title_ru")
    sheet.paste("x" * 45_000 + "\tfits\nnext\tfits")
    expect(sheet.page.locator(".toast.error")).to_contain_text(f"{codes[0]}, “Title RU”")
    expect(sheet.state).to_contain_text("1 cell is not saved")
    assert [sheet.saved(code, "text_ru") for code in codes[:2]] == ["fits", "fits"]
    sheet.page.locator(".toast.error button").first.click()
    sheet.choose(codes[0], "title_ru")
    sheet.press("Delete")
    sheet.wait_until_saved()

    def fail_at(route: Route) -> None:
        changes = json.loads(route.request.post_data or "{}")["changes"]
        if any(one["value"] == "poison" for one in changes):
            route.fulfill(status=500, json={"detail": "That did not work."})
        else:
            route.fallback()

    sheet.page.route("**/api/cells", fail_at)
    sheet.choose(codes[0], "title_kk")
    sheet.paste("one\ntwo\npoison")
    expect(sheet.state).to_contain_text("The server could not save")
    told = sheet.page.locator(".toast.error")
    expect(told).to_contain_text(codes[2], timeout=15_000)
    expect(told).to_contain_text("Title KK")
    expect(sheet.state).to_contain_text("1 cell is not saved")
    assert [sheet.saved(code, "title_kk") for code in codes] == ["one", "two", ""]
    sheet.choose(codes[2], "title_kk")
    sheet.write("mended")
    sheet.press("Enter")
    sheet.wait_until_saved()
    assert sheet.saved(codes[2], "title_kk") == "mended"


def test_rows_are_made_once_when_their_answer_is_lost(page_of: Pages, configured_db: Engine):
    page_of.allowed += REFUSED
    [code] = add_rows(configured_db, [{"idea": "row"}])
    sheet = Sheet(page_of("marketer"))
    sheet.page.route("**/api/rows", lose_answers)
    sheet.choose(code, "idea")
    sheet.paste("\n".join(f"pasted {n}" for n in range(4)))
    expect(sheet.state).to_contain_text("No connection")
    sheet.page.unroute("**/api/rows", lose_answers)
    sheet.page.evaluate("dispatchEvent(new Event('online'))")
    sheet.wait_until_saved()
    ideas = [row["cells"].get("idea") for row in sheet.rows().values()]
    assert ideas == [f"pasted {n}" for n in range(4)]
    expect(sheet.page.locator(".tabulator-row")).to_have_count(4)


def test_six_hundred_rows_are_pasted(page_of: Pages, configured_db: Engine):
    [code] = add_rows(configured_db, [{"idea": "row"}])
    sheet = Sheet(page_of("marketer"))
    sheet.choose(code, "owner")
    sheet.paste("\n".join(f"o{n}" for n in range(601)))
    expect(sheet.state).to_contain_text("Saved", timeout=60_000)
    assert sorted(row["cells"]["owner"] for row in sheet.rows().values()) == sorted(
        f"o{n}" for n in range(601)
    )


def test_a_conflict_stays_until_it_is_decided(page_of: Pages, configured_db: Engine):
    page_of.allowed += REFUSED
    [code] = add_rows(configured_db, [{"idea": "first"}])
    one, other = Sheet(page_of("marketer")), Sheet(page_of("marketer"))
    cut_connection(one.page)
    one.choose(code, "idea")
    one.write("mine")
    one.press("Enter")
    expect(one.state).to_contain_text("No connection")
    other.choose(code, "idea")
    other.write("theirs")
    other.press("Enter")
    other.wait_until_saved()
    mend_connection(one.page)
    one.page.evaluate("dispatchEvent(new Event('online'))")
    dialog = one.page.locator("dialog[open]")
    expect(dialog).to_contain_text("theirs")
    one.press("Escape")
    expect(dialog).to_have_count(0)
    expect(one.state).to_contain_text("1 cell is not saved")
    assert one.text(code, "idea") == "mine"
    assert one.saved(code, "idea") == "theirs"
    one.cell(code, "idea").click()
    expect(dialog).to_contain_text("mine")
    one.press("Escape")
    one.state.click()
    dialog.locator("input[value=yours]").check()
    dialog.get_by_role("button", name="Keep").click()
    one.wait_until_saved()
    assert one.saved(code, "idea") == "mine"


def test_removed_rows_come_back_and_copies_go(page_of: Pages, configured_db: Engine):
    page_of.allowed.append(r"status of 404")  # the panel of a row that is gone
    codes = add_rows(configured_db, [{"idea": f"row {n}"} for n in range(2)])
    sheet = Sheet(page_of("marketer"))
    sheet.choose(codes[0], "idea")
    sheet.write("changed")
    sheet.press("Enter")
    sheet.wait_until_saved()
    sheet.choose(codes[0], "idea")
    sheet.page.locator("#row-remove").click()
    sheet.page.locator("dialog[open] button.danger").click()
    expect(sheet.cell(codes[0], "idea")).to_have_count(0)
    expect(sheet.grid).to_be_focused()
    sheet.press("Control+z")
    expect(sheet.cell(codes[0], "idea")).to_contain_text("changed")
    assert set(sheet.rows()) == set(codes)
    sheet.press("Control+z")
    expect(sheet.cell(codes[0], "idea")).to_contain_text("row 0")
    sheet.press("Control+y")
    sheet.press("Control+y")
    expect(sheet.cell(codes[0], "idea")).to_have_count(0)
    sheet.choose(codes[1], "idea")
    sheet.page.locator("#row-copy").click()
    expect(sheet.page.locator(".tabulator-row")).to_have_count(2)
    with sheet.page.expect_response("**/api/briefs/remove"):
        sheet.press("Control+z")
    expect(sheet.page.locator(".tabulator-row")).to_have_count(1)
    assert set(sheet.rows()) == {codes[1]}


_DRAFTS = """
    INSERT INTO push.sheet_row
        (campaign_code, cells, revision, checked_by_rules,
         created_by, created_at, changed_by, changed_at)
    SELECT 'C-2026-' || n, '{"idea": "one of many"}', 1, :mark, 'anna', :now, 'anna', :now
    FROM generate_series(100, 349) AS n
"""


def codes_in_order(sheet: Sheet) -> list[str]:
    """What the grid shows, from its first row to its last."""
    asked: list[str] = sheet.page.evaluate(
        """() => {
            const detail = { codes: null };
            document.dispatchEvent(new CustomEvent("ask-view", { detail }));
            return detail.codes;
        }"""
    )
    return asked


def drawn(sheet: Sheet) -> list[str]:
    rows = sheet.page.locator(".tabulator-row")
    found: list[str] = rows.evaluate_all("rows => rows.map(row => row.dataset.code)")
    return found


def test_any_number_of_rows_goes_and_comes_back_to_its_place(page_of: Pages, configured_db: Engine):
    with configured_db.begin() as conn:
        mark = open_desk(conn, NOW).sheet_rules.mark
        conn.execute(text(_DRAFTS), {"now": NOW, "mark": mark})
    mine, theirs = Sheet(page_of("marketer")), Sheet(page_of("marketer", name="lea"))
    before = codes_in_order(mine)
    assert len(before) == 250
    # The first three and the last two stay.
    mine.choose(before[3], "idea")
    mine.press("Control+Shift+End", "Shift+ArrowUp", "Shift+ArrowUp")
    mine.page.locator("#row-remove").click()
    dialog = mine.page.get_by_role("dialog")
    expect(dialog).to_contain_text("245 rows")
    assert len(dialog.inner_text()) < 400
    asked: list[int] = []
    mine.page.on("response", lambda answer: "briefs/re" in answer.url and asked.append(1))
    told = mine.page.evaluate_handle(
        """() => {
            const told = [];
            new MutationObserver(() => told.push(document.getElementById("toasts").textContent))
                .observe(document.getElementById("toasts"), { childList: true, subtree: true });
            return told;
        }"""
    )
    dialog.get_by_role("button", name="Remove").click()
    expect(mine.page.locator(".tabulator-row")).to_have_count(5)
    mine.press("Control+z")  # one step for all of them, also while the server is at it
    expect(mine.page.locator(".toast")).to_contain_text("245 rows are back")
    said = "".join(told.json_value())
    assert "Removing: 200 of 245" in said
    assert "Bringing back: 200 of 245" in said
    assert len(asked) == 6
    assert codes_in_order(mine) == before
    shown = drawn(mine)
    start = before.index(shown[0])
    assert shown == before[start : start + len(shown)]
    expect(theirs.cell(before[4], "idea")).to_have_count(1)

    # One row, in the middle: at once at its place, on the other page, too.
    mine.choose(before[4], "idea")
    mine.page.locator("#row-remove").click()
    mine.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(theirs.cell(before[4], "idea")).to_have_count(0)
    mine.press("Control+z")
    for sheet in (mine, theirs):
        expect(sheet.cell(before[4], "idea")).to_have_count(1)
        assert codes_in_order(sheet) == before
        shown = drawn(sheet)
        assert shown.index(before[4]) == shown.index(before[3]) + 1


def test_a_page_that_found_no_server_asks_again(page_of: Pages, configured_db: Engine):
    page_of.allowed += REFUSED
    [code] = add_rows(configured_db, [{"idea": "row"}])
    sheet = Sheet(page_of("marketer"))
    busy = {"detail": "The database is busy."}
    sheet.page.route("**/api/sheet", lambda route: route.fulfill(status=503, json=busy), times=1)
    sheet.page.reload(wait_until="load")
    said = sheet.page.locator("#grid [role=alert]")
    expect(said).to_contain_text("The database is busy.")
    expect(said).to_contain_text("again in 2 seconds")
    said.get_by_role("button").click()
    expect(sheet.cell(code, "idea")).to_contain_text("row")
