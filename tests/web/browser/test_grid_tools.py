"""What hands know from other spreadsheets: the fill square, sorting, the menu of a cell, widths."""

import re

from playwright.sync_api import Locator, expect
from sqlalchemy import Engine

from tests.web.browser.pages import Pages, find_barriers
from tests.web.browser.sheet import GOOD, Sheet, add_rows

SERIES = {
    ("2027-01-30", "2027-01-31"): ["2027-02-01", "2027-02-02"],
    ("2027-01-31", "2027-02-28"): ["2027-03-28", "2027-04-25"],  # four weeks, not the month's end
    ("2027-01-15", "2027-02-15", "2027-03-15"): ["2027-04-15", "2027-05-15"],
    ("31.12.2026", "07.01.2027"): ["14.01.2027", "21.01.2027"],
    ("2027-01-01 23:30", "2027-01-02 00:00"): ["2027-01-02 00:30", "2027-01-02 01:00"],
    ("2028-02-29", "2029-02-28"): ["2030-02-28", "2031-02-28"],
    ("2027-01-01", "02.01.2027"): None,
    ("2027-01-01", "2027-01-01"): None,
    ("2027-01-01", "2027-01-02", "2027-01-04"): None,
    ("2027-02-30", "2027-02-31"): None,
    ("2027-01-01",): None,
}


def drag_square(sheet: Sheet, corner: Locator, to: Locator, *, drop: bool = True) -> None:
    """Drag the little square at the corner of the selection."""
    start, end = corner.bounding_box(), to.bounding_box()
    assert start
    assert end
    mouse = sheet.page.mouse
    mouse.move(start["x"] + start["width"] - 4, start["y"] + start["height"] - 4)
    mouse.down()
    mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=4)
    expect(sheet.page.locator(".is-to-fill").first).to_be_visible()
    if drop:
        mouse.up()


def header(sheet: Sheet, column: str) -> Locator:
    return sheet.page.locator(f'.tabulator-col[tabulator-field="{column}"]')


def shown(sheet: Sheet) -> list[str]:
    rows = sheet.page.locator(".tabulator-row")
    return list(rows.evaluate_all("rows => rows.map((row) => row.dataset.code)"))


def test_the_square_fills_and_dates_go_on(page_of: Pages, configured_db: Engine):
    rows = [{"idea": f"row {n}"} for n in range(5)]
    rows[1] |= {"promo_start": "2027-01-30", "promo_end": "30.01.2027"}
    rows[2] |= {"promo_start": "2027-01-31", "promo_end": "06.02.2027"}
    codes = add_rows(configured_db, rows)
    sheet = Sheet(page_of("marketer"))

    def column(key: str) -> list[str]:
        found = sheet.rows()
        return [found[code]["cells"].get(key, "") for code in codes]

    sheet.choose(codes[1], "promo_start", to=(codes[2], "promo_end"))
    drag_square(sheet, sheet.cell(codes[2], "promo_end"), sheet.cell(codes[4], "promo_end"))
    sheet.wait_until_saved()
    assert column("promo_start")[3:] == ["2027-02-01", "2027-02-02"]
    assert column("promo_end")[3:] == ["13.02.2027", "20.02.2027"]
    expect(sheet.page.locator(".is-chosen")).to_have_count(8)
    sheet.press("Control+z")
    sheet.wait_until_saved()
    assert column("promo_end") == ["", "30.01.2027", "06.02.2027", "", ""], "one step back"

    sheet.choose(codes[1], "promo_start", to=(codes[2], "promo_end"))
    drag_square(sheet, sheet.cell(codes[2], "promo_end"), sheet.cell(codes[0], "promo_end"))
    sheet.wait_until_saved()
    assert (column("promo_start")[0], column("promo_end")[0]) == ("2027-01-29", "23.01.2027")

    # One text is copied, as Ctrl+D does; to the right, as Ctrl+R; Escape lets go of it.
    sheet.choose(codes[0], "idea")
    drag_square(sheet, sheet.cell(codes[0], "idea"), sheet.cell(codes[1], "idea"))
    drag_square(sheet, sheet.cell(codes[1], "idea"), sheet.cell(codes[3], "idea"), drop=False)
    sheet.press("Escape")
    sheet.page.mouse.up()
    sheet.choose(codes[4], "idea")
    drag_square(sheet, sheet.cell(codes[4], "idea"), sheet.cell(codes[4], "goal_event"))
    sheet.wait_until_saved()
    assert column("idea") == ["row 0", "row 0", "row 2", "row 3", "row 4"]
    assert column("goal_event")[4] == "row 4"
    # A double click fills down along the column beside it.
    corner = sheet.cell(codes[2], "goal_event")
    sheet.choose(codes[2], "goal_event")
    sheet.write("order_paid")
    sheet.press("Enter", "ArrowUp")
    box = corner.bounding_box()
    assert box
    sheet.page.mouse.dblclick(box["x"] + box["width"] - 4, box["y"] + box["height"] - 4)
    sheet.wait_until_saved()
    assert column("goal_event") == ["", "", *["order_paid"] * 3]

    found = sheet.page.evaluate(
        """async (series) => {
            const at = document.querySelector("script[src*='grid/main.js']").src;
            const { continueClocks } = await import(new URL("clocks.js", at).href);
            return series.map((known) => [
                continueClocks(known, 2, false),
                continueClocks(known, 1, true)?.length ?? 0,
            ]);
        }""",
        [list(known) for known in SERIES],
    )
    for (known, wanted), (next_two, before) in zip(SERIES.items(), found, strict=True):
        assert next_two == wanted, known
        assert before == (1 if wanted else 0)


def test_sorting_is_only_how_one_looks_at_it(page_of: Pages, configured_db: Engine):
    days = ["2027-03-05 12:00", "", "01.02.2027 09:00", "someday", "2027-02-01 08:00"]
    codes = add_rows(
        configured_db, [{"idea": f"row {n}", "send_at": at} for n, at in enumerate(days)]
    )
    earliest = [codes[place] for place in (4, 2, 0, 3, 1)]
    latest = [codes[place] for place in (0, 2, 4, 3, 1)]
    page = page_of("marketer", width=1900)
    sheet = Sheet(page)
    sheet.choose(codes[0], "send_at")
    for order, direction in ((earliest, "ascending"), (latest, "descending"), (codes, None)):
        header(sheet, "send_at").click()
        expect(sheet.page.locator(".tabulator-row").first).to_have_attribute("data-code", order[0])
        assert shown(sheet) == order
        assert header(sheet, "send_at").get_attribute("aria-sort") == direction
        places = sheet.page.locator(".tabulator-row").evaluate_all(
            "rows => rows.map((row) => row.getAttribute('aria-rowindex'))"
        )
        assert places == ["3", "4", "5", "6", "7"]

    sheet.choose(codes[0], "send_at")
    sheet.press("Alt+ArrowUp")
    expect(page.locator("#sort-note")).to_contain_text("Sorted by Send at")
    assert find_barriers(page) == []
    sheet.choose(earliest[1], "idea")
    sheet.paste("second\nthird")
    sheet.choose(earliest[0], "send_at")
    sheet.write("2027-12-31 12:00")  # does not run away while one edits
    sheet.press("Enter")
    sheet.wait_until_saved()
    assert shown(sheet) == earliest
    ideas = {code: row["cells"]["idea"] for code, row in sheet.rows().items()}
    assert list(ideas) == codes, "the sheet keeps its order"
    assert [ideas[code] for code in codes] == ["third", "row 1", "second", "row 3", "row 4"]
    page.locator("#row-new").click()
    expect(page.locator(".tabulator-row")).to_have_count(6)
    sheet.wait_until_saved()
    assert shown(sheet)[:5] == earliest
    page.get_by_role("searchbox").fill("2027")
    expect(page.locator(".tabulator-row")).to_have_count(3)
    assert shown(sheet) == earliest[:3]
    page.locator("#sort-clear").click()
    expect(page.locator("#sort-clear")).to_be_hidden()
    page.locator("#filter-clear").click()
    expect(page.locator(".tabulator-row")).to_have_count(6)
    assert shown(sheet)[:5] == codes


def test_the_menu_of_a_cell(page_of: Pages, configured_db: Engine):
    codes = add_rows(configured_db, [GOOD, {"idea": "row 1"}, {"idea": "row 2"}])
    page = page_of("marketer")
    sheet = Sheet(page)
    menu = page.get_by_role("menu")

    def choose(name: str) -> None:
        menu.get_by_role("menuitem", name=name, exact=True).click()
        expect(menu).to_have_count(0)

    sheet.choose(codes[1], "idea", to=(codes[2], "idea"))
    sheet.cell(codes[2], "idea").click(button="right")
    expect(menu).to_have_accessible_name(f"{codes[1]} · Message idea")
    assert find_barriers(page) == []
    choose("Copy")
    assert sheet.clipboard() == "row 1\nrow 2"
    kinds = page.evaluate("navigator.clipboard.read().then(([item]) => item.types)")
    assert "text/html" in kinds
    sheet.cell(codes[0], "title_ru").click(button="right")  # outside: this cell alone
    choose("Paste")
    expect(sheet.cell(codes[1], "title_ru")).to_contain_text("row 2")
    sheet.wait_until_saved()
    rows = sheet.rows()
    titles = [rows[code]["cells"].get("title_ru") for code in codes[:2]]
    assert titles == ["row 1", "row 2"]
    assert sheet.grid.evaluate("grid => grid === document.activeElement")

    # By keyboard, up and down, by letter, and away again.
    sheet.press("Control+Home", "ArrowRight", "ArrowRight", "ArrowDown", "Shift+F10")
    expect(menu).to_have_accessible_name(f"{codes[1]} · Message idea")
    sheet.press("Escape")
    expect(menu).to_have_count(0)
    sheet.press("Shift+F10", "ArrowUp", "Home", "f", "Enter")
    sheet.wait_until_saved()
    assert sheet.saved(codes[1], "idea") == GOOD["idea"], "filled from above"
    sheet.press("ContextMenu", "h", "Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{codes[1]} · Message idea: who wrote what")
    expect(dialog.locator("ins").first).to_have_text(GOOD["idea"])
    expect(dialog.locator("del").first).to_have_text("row 1")
    sheet.press("Escape")
    sheet.press("Shift+F10")
    choose("Copy a link to this brief")
    expect(page.locator(".toast.good").last).to_contain_text(codes[1])
    assert sheet.clipboard() == page_of.url(f"?brief={codes[1]}")
    sheet.press("Shift+F10")
    choose("Open in the panel")
    expect(page.locator("#panel .panel-title")).to_be_focused()
    expect(page.locator("#panel .panel-title")).to_contain_text(codes[1])

    page.context.clear_permissions()
    sheet.cell(codes[2], "idea").click(button="right")
    choose("Paste")
    expect(page.locator(".toast.warning").last).to_contain_text("press Ctrl+V")
    sheet.cell(codes[2], "idea").click(button="right")
    choose("Open as a plain form")
    page.wait_for_url(f"**/briefs/{codes[2]}")

    viewer = Sheet(page_of("viewer", language="kk", theme="dark"))
    viewer.cell(codes[0], "idea").click(button="right")
    expect(viewer.page.get_by_role("menuitem", name="Қою")).to_have_attribute(
        "aria-disabled", "true"
    )
    assert find_barriers(viewer.page) == []


def test_widths_are_remembered(page_of: Pages, configured_db: Engine):
    long = "Очень длинная идея, которая не помещается в столбец"
    add_rows(configured_db, [{"idea": long}])
    sheet = Sheet(page_of("marketer"))

    def width(column: str) -> int:
        box = header(sheet, column).bounding_box()
        assert box
        return round(box["width"])

    def edge(column: str) -> tuple[float, float]:
        box = header(sheet, column).bounding_box()
        assert box
        return box["x"] + box["width"] - 1, box["y"] + box["height"] / 2

    before = width("status")
    x, y = edge("status")
    sheet.page.mouse.move(x, y)
    sheet.page.mouse.down()
    sheet.page.mouse.move(x + 40, y, steps=4)
    sheet.page.mouse.up()
    assert abs(width("status") - before - 40) <= 2
    usual = width("idea")
    sheet.page.mouse.dblclick(*edge("idea"))
    assert width("idea") > usual
    text = sheet.page.locator('.tabulator-cell[tabulator-field="idea"] .cell-text')
    assert text.evaluate("text => text.scrollWidth <= text.clientWidth + 1"), "all of it is seen"
    wide = width("idea")
    header(sheet, "send_at").scroll_into_view_if_needed()
    sheet.page.reload()
    sheet = Sheet(sheet.page)
    assert abs(width("status") - before - 40) <= 2
    assert width("idea") == wide
    assert header(sheet, "status").get_attribute("aria-sort") is None, "an edge does not sort"
    expect(sheet.page.locator(".toast")).to_have_count(0)
    assert re.search(r'"idea":\d+', sheet.page.evaluate("localStorage['pushline-widths']"))


def test_one_utm_campaign_twice_is_told_while_typing_and_leads_to_the_other(
    page_of: Pages, configured_db: Engine
):
    one, other = add_rows(configured_db, [{**GOOD, "utm_campaign": n} for n in ("one", "two")])
    mine, theirs = Sheet(page_of("marketer")), Sheet(page_of("viewer", language="ru"))
    mine.choose(other, "utm_campaign")
    mine.write("one")
    verdict = mine.page.locator("#editor-verdict")
    expect(verdict).to_contain_text(f"Row {one} has the same utm_campaign")
    expect(verdict).to_have_attribute("data-severity", "warning")
    verdict.get_by_role("link", name=f"Go to {one}").click()
    mine.wait_until_saved()
    assert mine.saved(other, "utm_campaign") == "one"
    # Now in the row that it led to; and back by the keyboard.
    warned = re.compile(r"\bis-warning\b")
    expect(mine.cell(one, "utm_campaign")).to_have_class(re.compile(r"\bis-active\b"))
    for sheet in (mine, theirs):
        for code in (one, other):
            expect(sheet.cell(code, "utm_campaign")).to_have_class(warned)
    mine.press("Control+.")
    expect(mine.cell(other, "utm_campaign")).to_have_class(re.compile(r"\bis-active\b"))

    phone = page_of("marketer", f"briefs/{one}", width=390, height=844)
    said = phone.locator("#problems-utm_campaign")
    expect(said).to_contain_text(f"Row {other} has the same")
    phone.get_by_label("utm_campaign").fill("one_more")
    expect(said).to_be_empty()
    phone.get_by_label("utm_campaign").fill("one")
    expect(said.get_by_role("link", name=f"Go to {other}")).to_be_visible()
    phone.get_by_label("utm_campaign").fill("three")
    phone.get_by_role("button", name="Save").click()
    expect(phone.locator("#outcome")).to_have_text("Saved.")
    for sheet in (mine, theirs):
        expect(sheet.cell(other, "utm_campaign")).not_to_have_class(warned)
