"""The sheet in the browser: nothing that people type, paste or undo is lost."""

import re

from playwright.sync_api import expect
from sqlalchemy import Engine

from tests.web.browser.pages import Pages, cut_connection, find_barriers, mend_connection
from tests.web.browser.paste_cases import CASES, MISCHIEF
from tests.web.browser.sheet import GOOD, Sheet, add_rows, approve

OFFLINE = [r"ERR_INTERNET_DISCONNECTED", r"ERR_FAILED"]


def test_every_block_arrives_as_it_was(page_of: Pages, configured_db: Engine):
    height = max(len(case.cells) for case in CASES)
    codes = add_rows(configured_db, [{"idea": f"row {n}"} for n in range(len(CASES) * height)])
    sheet = Sheet(page_of("marketer", height=2600))
    wanted: dict[tuple[str, str], str] = {}
    columns = ("title_ru", "text_ru", "title_kk")
    for number, case in enumerate(CASES):
        first = number * height
        sheet.page.evaluate(
            "code => document.dispatchEvent(new CustomEvent('select-brief',"
            " {detail: {code, column: 'title_ru'}}))",
            codes[first],
        )
        if case.html:
            sheet.paste_raw(case.plain, case.html)
        else:
            sheet.paste(case.plain)
            expect(sheet.cell(codes[first], "title_ru")).to_have_class(re.compile("is-chosen"))
        for r, row in enumerate(case.cells):
            for c, text in enumerate(row):
                wanted[codes[first + r], columns[c]] = text
    sheet.wait_until_saved()
    rows = sheet.rows()
    found = {place: rows[place[0]]["cells"].get(place[1], "") for place in wanted}
    wrong = {place: (found[place], text) for place, text in wanted.items() if found[place] != text}
    assert not wrong
    others = {
        key
        for code in codes
        for key, text in rows[code]["cells"].items()
        if text and (code, key) not in wanted and key != "idea"
    }
    assert not others, "a block spilled over its edge"


def test_a_block_goes_out_and_comes_back(page_of: Pages, configured_db: Engine):
    texts = ['раз\nдва "q"', '"=1+1"', "a\tb\u00a0  c", "<b>&amp;</b>", "  "]
    codes = add_rows(configured_db, [{"title_kk": text, "text_kk": "ok"} for text in texts])
    more = add_rows(configured_db, [{"idea": f"row {n}"} for n in range(5)])
    sheet = Sheet(page_of("marketer"))
    sheet.choose(codes[0], "title_kk", to=(codes[-1], "text_kk"))
    sheet.press("Control+c")
    sheet.choose(more[0], "title_ru")
    sheet.press("Control+v")
    sheet.wait_until_saved()
    rows = sheet.rows()
    was = [rows[code]["cells"].get("title_kk", "") for code in codes]
    assert [rows[code]["cells"].get("title_ru", "") for code in more] == was
    assert was[:4] == texts[:4]
    assert {rows[code]["cells"]["text_ru"] for code in more} == {"ok"}


def test_one_value_fills_a_block_and_a_block_grows_the_sheet(page_of: Pages, configured_db: Engine):
    codes = add_rows(configured_db, [{"idea": f"row {n}"} for n in range(4)])
    sheet = Sheet(page_of("marketer"))
    sheet.choose(codes[0], "title_ru", to=(codes[2], "text_ru"))
    sheet.paste("всем")
    sheet.wait_until_saved()
    rows = sheet.rows()
    filled = [
        [rows[code]["cells"].get(key, "") for key in ("title_ru", "text_ru")] for code in codes
    ]
    assert filled == [["всем"] * 2] * 3 + [["", ""]]

    sheet.press("Control+z")
    sheet.choose(codes[-1], "title_ru")
    sheet.paste("\r\n".join(f"Заголовок {n}\tТекст {n}" for n in range(200)))
    expect(sheet.page.locator(".toast.good").last).to_contain_text("199 rows were added")
    sheet.wait_until_saved()
    rows = sheet.rows()
    assert len(rows) == 203
    written = [(row["cells"].get("title_ru"), row["cells"].get("text_ru")) for row in rows.values()]
    assert written[3:] == [(f"Заголовок {n}", f"Текст {n}") for n in range(200)]
    assert not any(title or text for title, text in written[:3]), "the undo came before"

    # One step back takes the block and its rows away, one forward brings both.
    with sheet.page.expect_response("**/api/briefs/remove"):
        sheet.press("Control+z")
        expect(sheet.grid).to_have_attribute("aria-rowcount", "6")
    sheet.wait_until_saved()
    assert not any(row["cells"].get("title_ru") for row in sheet.rows().values())
    sheet.press("Control+y")
    sheet.wait_until_saved()
    titles = [row["cells"].get("title_ru") for row in sheet.rows().values()]
    assert titles[3:] == [f"Заголовок {n}" for n in range(200)]


def test_the_whole_grid_by_keyboard(page_of: Pages, configured_db: Engine):
    codes = add_rows(configured_db, [{"idea": f"row {n}"} for n in range(3)])
    sheet = Sheet(page_of("marketer"))
    for _ in range(40):  # through the header and the tools into the table
        sheet.press("Tab")
        if sheet.grid.evaluate("grid => grid === document.activeElement"):
            break
    sheet.press("ArrowRight", "ArrowRight")
    sheet.write("Первая")  # typing begins anew
    sheet.press("Enter")
    sheet.press("F2", "End")  # editing goes on with what is there
    sheet.write(" и вторая")
    sheet.press("Alt+Enter")
    sheet.write("строка")
    sheet.press("Tab")
    sheet.write("order_paid")
    sheet.press("Enter")
    sheet.press("ArrowLeft", "ArrowUp", "ArrowUp")
    sheet.write("nothing of this stays")
    sheet.press("Escape", "Shift+ArrowDown", "Shift+ArrowDown", "Control+d")
    sheet.wait_until_saved()
    assert [sheet.saved(code, "idea") for code in codes] == ["Первая"] * 3
    assert sheet.saved(codes[1], "goal_event") == "order_paid"

    sheet.press("Control+z")
    sheet.wait_until_saved()
    ideas = ["Первая", "row 1 и вторая\nстрока", "row 2"]
    assert [sheet.saved(code, "idea") for code in codes] == ideas
    for _ in range(4):
        sheet.press("Control+z")
    sheet.wait_until_saved()
    rows = sheet.rows()
    assert [rows[code]["cells"]["idea"] for code in codes] == [f"row {n}" for n in range(3)]
    assert not rows[codes[1]]["cells"].get("goal_event")
    for _ in range(4):
        sheet.press("Control+y")
    sheet.press("Control+Home", "ArrowRight", "ArrowRight", "Delete")
    sheet.wait_until_saved()
    assert [sheet.saved(code, "idea") for code in codes] == ["", "Первая", "Первая"]

    # Nobody is trapped: Escape, then Tab leaves the table.
    sheet.press("Escape", "Tab")
    assert sheet.grid.evaluate("grid => grid !== document.activeElement")


def test_two_people_in_one_row(page_of: Pages, configured_db: Engine):
    [code] = add_rows(configured_db, [GOOD])
    mia, ida = Sheet(page_of("marketer")), Sheet(page_of("marketer", name="ida"))
    ida.choose(code, "title_ru")
    ida.write("Ида пишет дольше")
    mia.choose(code, "title_ru")
    mia.write("Мия была первой")
    mia.press("Enter")
    mia.choose(code, "text_ru")
    mia.write("И текст её")
    mia.press("Enter")
    mia.wait_until_saved()
    # The cell that Ida is in stays hers, the other one changes before her eyes.
    expect(ida.cell(code, "text_ru").locator(".cell-text")).to_have_text("И текст её")
    expect(ida.page.locator(".editor textarea")).to_have_value("Ида пишет дольше")
    ida.press("Enter")
    asked = ida.page.get_by_role("dialog")
    expect(asked).to_contain_text("Мия была первой")
    expect(asked).to_contain_text("mia")
    expect(asked).to_contain_text("Ида пишет дольше")
    assert find_barriers(ida.page) == []
    assert mia.saved(code, "title_ru") == "Мия была первой"
    asked.get_by_label("Yours").check()
    asked.get_by_role("button", name="Keep the chosen texts").click()
    ida.wait_until_saved()
    assert mia.saved(code, "title_ru") == "Ида пишет дольше"
    expect(mia.cell(code, "title_ru").locator(".cell-text")).to_have_text("Ида пишет дольше")
    # What others wrote since is not undone by accident.
    mia.press("Control+z", "Control+z")
    expect(mia.page.locator(".toast.warning")).to_contain_text("changed by others")
    mia.wait_until_saved()
    assert mia.saved(code, "title_ru") == "Ида пишет дольше"
    assert mia.saved(code, "text_ru") == GOOD["text_ru"]


def test_an_approved_brief_asks_and_others_columns_stay(page_of: Pages, configured_db: Engine):
    codes = add_rows(configured_db, [GOOD, {**GOOD, "utm_campaign": "books_week"}])
    for code in codes:
        approve(configured_db, code)
    sheet = Sheet(page_of("marketer"))
    asked = sheet.page.get_by_role("dialog")
    sheet.choose(codes[0], "title_ru")
    sheet.write("Другое")
    sheet.press("Enter")
    expect(asked).to_contain_text(codes[0])
    asked.get_by_role("button", name="Leave it as it was").click()
    expect(sheet.cell(codes[0], "title_ru").locator(".cell-text")).to_have_text(GOOD["title_ru"])
    sheet.choose(codes[1], "title_ru")
    sheet.write("Другое")
    sheet.press("Enter")
    asked.get_by_role("button", name="Change it").click()
    sheet.wait_until_saved()
    rows = sheet.rows()
    assert [rows[code]["cells"]["title_ru"] for code in codes] == [GOOD["title_ru"], "Другое"]
    assert [rows[code]["status"] for code in codes] == ["approved", "audience_ready"]
    # The audience belongs to the data team, and it says so to the eye, the ear and the hand.
    audience = sheet.cell(codes[0], "audience")
    audience.scroll_into_view_if_needed()
    expect(audience).to_have_class(re.compile("is-readonly"))
    expect(audience).to_have_attribute("aria-readonly", "true")
    audience.click()
    sheet.write("x")
    expect(sheet.page.locator(".toast.warning").last).to_contain_text("the data team")
    sheet.paste("nobody")
    sheet.wait_until_saved()
    assert sheet.saved(codes[0], "audience") == GOOD["audience"]


def test_a_lost_connection_loses_nothing(page_of: Pages, configured_db: Engine):
    page_of.allowed += OFFLINE
    [code] = add_rows(configured_db, [{"idea": "row"}])
    sheet = Sheet(page_of("marketer"))
    cut_connection(sheet.page)
    sheet.choose(code, "title_ru")
    sheet.paste("Раз\tДва\nТри\tЧетыре")  # the second row is not there yet
    expect(sheet.state).to_contain_text("nothing is lost")
    sheet.choose(code, "idea")
    sheet.write("В пути")
    sheet.press("Enter")
    expect(sheet.state).to_contain_text("No connection: 5 cells wait here")
    mend_connection(sheet.page)
    sheet.page.evaluate("dispatchEvent(new Event('online'))")
    sheet.wait_until_saved()
    rows = sheet.rows()
    assert len(rows) == 2
    assert rows[code]["cells"]["idea"] == "В пути"
    texts = [(row["cells"].get("title_ru"), row["cells"].get("text_ru")) for row in rows.values()]
    assert texts == [("Раз", "Два"), ("Три", "Четыре")]

    # And over a reload in the middle of it.
    cut_connection(sheet.page)
    sheet.choose(code, "text_kk")
    sheet.write("Қайта жүктелді")
    sheet.press("Enter")
    expect(sheet.state).to_contain_text("No connection: 1 cell waits here")
    mend_connection(sheet.page)
    sheet.page.on("dialog", lambda dialog: dialog.accept())
    sheet.page.reload()
    sheet = Sheet(sheet.page)
    sheet.wait_until_saved()
    assert sheet.saved(code, "text_kk") == "Қайта жүктелді"


def test_mischief_is_only_text(page_of: Pages, configured_db: Engine):
    add_rows(configured_db, [GOOD])
    sheet = Sheet(page_of("marketer"))
    columns = sheet.page.evaluate(
        "fetch(document.body.dataset.base + 'api/sheet').then((answer) => answer.json())"
        ".then((sheet) => sheet.columns.filter((one) => one.editable).map((one) => one.key))"
    )
    codes = add_rows(configured_db, [dict.fromkeys(columns, text) for text in MISCHIEF])
    sheet = Sheet(page_of("marketer", f"?brief={codes[0]}", height=1600))
    for code, text in zip(codes, MISCHIEF, strict=True):
        assert sheet.text(code, "title_ru") == text
        sheet.choose(code, "title_ru")  # its hint and its preview are shown
        sheet.press("F2", "Escape")
    sheet.page.locator("#keys").click()
    assert find_barriers(sheet.page) == []
    assert (
        sheet.page.evaluate("document.querySelectorAll('#grid :is(script, iframe, svg, a)').length")
        == 0
    )
    # The harness fails the test on any dialog's or script's error, and on questions to others.


def test_red_cells_lead_to_their_fix_and_filters_to_their_rows(
    page_of: Pages, configured_db: Engine
):
    rows = [GOOD, {**GOOD, "utm_campaign": "Flash Sale"}, {**GOOD, "title_b_ru": "Вариант"}]
    codes = add_rows(configured_db, rows)
    sheet = Sheet(page_of("marketer"))
    assert find_barriers(sheet.page) == []
    sheet.page.get_by_role("button", name="to mend").click()
    hint = sheet.page.locator("#cell-hint")
    expect(hint).to_contain_text("flash_sale")
    expect(sheet.page.locator(".is-active")).to_have_attribute("aria-invalid", "true")
    sheet.press("Control+.")
    sheet.wait_until_saved()
    expect(hint).to_be_hidden()
    assert sheet.saved(codes[1], "utm_campaign") == "flash_sale"
    search = sheet.page.get_by_role("searchbox")
    search.fill(f"{codes[2]} музыка")
    expect(sheet.page.locator(".tabulator-row")).to_have_count(1)
    sheet.page.get_by_role("button", name="Show all").click()
    expect(sheet.page.locator(".tabulator-row")).to_have_count(3)
    sheet.page.get_by_label("Status").select_option("approved")
    expect(sheet.cell(codes[2], "idea")).to_have_count(0)
    sheet.page.get_by_role("button", name="Show all").click()
    sheet.page.locator("#columns").click()
    sheet.page.get_by_role("checkbox", name="Texts RU").uncheck()
    expect(sheet.cell(codes[0], "title_ru")).to_be_hidden()
    sheet.page.reload()  # the fold is remembered
    sheet = Sheet(sheet.page)
    expect(sheet.cell(codes[0], "title_ru")).to_be_hidden()
    sheet.choose(codes[0], "idea")
    # The panel asks about the copy as soon as it is chosen; once it is gone nobody could answer.
    with sheet.page.expect_response(re.compile(r"/api/briefs/C-\d+-004/approval")):
        sheet.page.locator("#row-copy").click()
    expect(sheet.page.locator(".toast.good")).to_contain_text(codes[0])
    sheet.page.locator("#row-remove").click()
    with sheet.page.expect_response("**/api/briefs/remove"):
        sheet.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(sheet.page.locator(".tabulator-row")).to_have_count(3)
    assert list(sheet.rows()) == codes


def test_a_viewer_looks_and_the_data_team_fills_its_columns(page_of: Pages, configured_db: Engine):
    codes = add_rows(configured_db, [{**GOOD, "audience": ""}])
    viewer = Sheet(page_of("viewer"))
    expect(viewer.page.get_by_role("button", name="New row")).to_be_hidden()
    viewer.choose(codes[0], "idea")
    viewer.write("x")
    expect(viewer.page.locator(".toast.warning")).to_be_visible()
    dana = Sheet(page_of("data"))
    dana.page.locator('[tabulator-field="audience"]').last.scroll_into_view_if_needed()
    dana.choose(codes[0], "audience")
    dana.write("lapsed")
    expect(dana.page.locator(".choices [role=option]")).to_have_count(1)
    dana.press("Enter")
    dana.wait_until_saved()
    assert dana.saved(codes[0], "audience") == "lapsed_buyers"
    expect(viewer.cell(codes[0], "audience")).to_contain_text("lapsed_buyers")
