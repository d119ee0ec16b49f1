"""Taking back: others' words come back, and rows as they were; messages do not pile up."""

from playwright.sync_api import expect
from sqlalchemy import Engine

from tests.web.browser.pages import Pages, cut_connection, mend_connection
from tests.web.browser.sheet import GOOD, Sheet, add_rows

CUT = [r"ERR_INTERNET_DISCONNECTED"]


def write(sheet: Sheet, code: str, text: str) -> None:
    sheet.choose(code, "idea")
    sheet.write(text)
    sheet.press("Enter")


def test_taking_back_a_conflict_brings_their_words(page_of: Pages, configured_db: Engine):
    page_of.allowed += CUT
    codes = add_rows(configured_db, [{"idea": "before both"}, {"idea": "before both"}])
    mine, other = Sheet(page_of("marketer")), Sheet(page_of("marketer", name="lea"))
    cut_connection(mine.page)
    for code in codes:
        write(mine, code, "mine")
    expect(mine.state).to_contain_text("No connection")
    for code in codes:
        write(other, code, "theirs")
    other.wait_until_saved()
    mend_connection(mine.page)
    mine.page.evaluate("dispatchEvent(new Event('online'))")
    dialog = mine.page.locator("dialog[open]")
    expect(dialog).to_contain_text("theirs")
    # Nothing decided yet: taking ours back decides for theirs.
    mine.press("Escape")
    expect(dialog).to_have_count(0)
    mine.press("Control+z")
    expect(mine.cell(codes[1], "idea")).to_contain_text("theirs")
    expect(mine.page.locator(".is-conflict")).to_have_count(1)
    mine.cell(codes[0], "idea").click()
    dialog.locator("input[value=yours]").check()
    dialog.get_by_role("button", name="Keep").click()
    mine.wait_until_saved()
    assert [mine.saved(code, "idea") for code in codes] == ["mine", "theirs"]
    seen = other.cell(codes[0], "idea")
    expect(seen).to_contain_text("mine")
    mine.press("Control+z")
    mine.wait_until_saved()
    assert [mine.saved(code, "idea") for code in codes] == ["theirs", "theirs"]
    expect(seen).to_contain_text("theirs")
    mine.press("Control+y")
    mine.wait_until_saved()
    assert mine.saved(codes[0], "idea") == "mine"
    # Written over it since, and not seen yet: nothing is overwritten, we are asked.
    expect(seen).to_contain_text("mine")
    mine.page.route("**/api/changes*", lambda route: route.abort("internetdisconnected"))
    write(other, codes[0], "theirs again")
    other.wait_until_saved()
    mine.press("Control+z")
    expect(dialog).to_contain_text("theirs again")
    assert mine.saved(codes[0], "idea") == "theirs again"


def test_pasted_rows_come_back_under_their_codes(page_of: Pages, configured_db: Engine):
    [code] = add_rows(configured_db, [{"idea": "row"}])
    sheet = Sheet(page_of("marketer"))
    sheet.choose(code, "idea")
    sheet.paste("\n".join(f"pasted {n}" for n in range(6)))
    expect(sheet.page.locator(".tabulator-row")).to_have_count(6)
    sheet.wait_until_saved()
    codes = list(sheet.rows())
    with sheet.page.expect_response("**/api/briefs/remove"):
        sheet.press("Control+z")
    expect(sheet.page.locator(".tabulator-row")).to_have_count(1)
    sheet.wait_until_saved()
    assert sheet.rows().keys() == {code}
    sheet.press("Control+y")
    expect(sheet.page.locator(".tabulator-row")).to_have_count(6)
    sheet.wait_until_saved()
    found = {code: row["cells"].get("idea") for code, row in sheet.rows().items()}
    assert found == {code: f"pasted {n}" for n, code in enumerate(codes)}
    assert sheet.page.locator(".toast.warning").count() == 0
    # And twice more both ways, without waiting in between.
    acts = iter(range(4))
    is_last = lambda answer: "/api/briefs/re" in answer.url and next(acts) == 3  # noqa: E731 - used once
    with sheet.page.expect_response(is_last):
        sheet.press("Control+z", "Control+y", "Control+z", "Control+y")
    expect(sheet.page.locator(".tabulator-row")).to_have_count(6)
    sheet.wait_until_saved()
    assert list(sheet.rows()) == codes


def test_one_sentence_is_one_message_and_goes(page_of: Pages, configured_db: Engine):
    page_of.allowed.append("status of 422")
    codes = add_rows(configured_db, [GOOD, {"idea": "second"}])
    viewer = Sheet(page_of("viewer"))
    viewer.page.clock.install()
    viewer.choose(codes[0], "idea")
    viewer.press(*"several")
    told = viewer.page.locator(".toast")
    expect(told).to_have_count(1)
    viewer.page.clock.run_for(5_000)
    viewer.press("x")  # its time begins anew
    viewer.page.clock.run_for(5_000)
    expect(told).to_have_count(1)
    viewer.page.clock.run_for(30_000)
    expect(told).to_have_count(0)
    # An error goes with what it told of.
    sheet = Sheet(page_of("marketer"))
    sheet.choose(codes[1], "idea")
    sheet.paste("x" * 45_000)
    error = sheet.page.locator(".toast.error")
    expect(error).to_contain_text(codes[1])
    write(sheet, codes[1], "shorter")
    sheet.wait_until_saved()
    expect(error).to_have_count(0)
