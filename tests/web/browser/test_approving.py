"""The approver in a browser: what is shown is what is approved; what is sent back says why."""

import re

from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from tests.web.browser.pages import Pages, find_barriers
from tests.web.browser.test_panel import NO_B, filled, make_brief, move, read_number

__all__ = ["filled"]


def save(page: Page, base: str, code: str, **cells: str) -> None:
    rows = page.request.get(f"{base}api/sheet").json()["rows"]
    row = next(row for row in rows if row["code"] == code)
    changes = [
        {"code": code, "column": key, "value": value, "base": row["revisions"].get(key, 0)}
        for key, value in cells.items()
    ]
    headers = {"Origin": base.split("/pushline")[0]}
    saved = page.request.post(f"{base}api/cells", data={"changes": changes}, headers=headers).json()
    assert (saved["conflicts"], saved["refused"]) == ([], [])


def test_only_what_was_seen_can_be_approved(page_of: Pages, filled: Engine):
    page_of.allowed.append(r"409 \(Conflict\)")
    base = page_of.base_url
    marketer = page_of("marketer", None)
    code = make_brief(marketer, base, **NO_B)
    data = page_of("data", None)
    move(data, base, code, "audience_ready")
    approver = page_of("approver", None)
    # No news comes to this page: it goes on showing what it was opened with.
    approver.route(re.compile(r"api/changes"), lambda route: None)
    approver.goto(page_of.url(f"?brief={code}"))
    expect(approver.locator("#panel .line.title").first).to_contain_text("скидка −20%")
    expect(approver.locator("#panel-approval .primary")).to_be_enabled()

    save(marketer, base, code, title_ru="Скидка 90% на всё")
    approver.get_by_role("button", name="Approve…").click()
    dialog = approver.get_by_role("dialog")
    expect(dialog.locator(".case-texts .line.title").first).to_have_text("Скидка 90% на всё")
    expect(approver.locator("#panel .line.title").first).to_contain_text("скидка −20%")

    # It is changed once more while it is looked at.
    save(marketer, base, code, title_ru="Скидка 95% на всё")
    label = dialog.locator(".typed label")
    number = read_number(label.inner_text())
    spaced = f"{number // 1000} {number % 1000:03d}" if number > 999 else str(number)
    typed = dialog.locator("#typed-number")
    yes = dialog.get_by_role("button", name="Approve", exact=True)
    for wrong in (f"{number}.0", hex(number), f"{number + 1}", f"{number // 10}'{number % 10}"):
        typed.fill(wrong)
        yes.click()
        expect(dialog.get_by_role("alert")).to_contain_text(f"“{wrong}” is not that number")
    typed.fill(spaced)
    yes.click()
    expect(dialog.get_by_role("alert")).to_contain_text("was changed since it was shown")
    expect(dialog.locator(".case-texts .line.title").first).to_have_text("Скидка 95% на всё")
    typed.fill(spaced)
    yes.click()
    expect(dialog).to_have_count(0)
    with filled.connect() as conn:
        approved = conn.execute(
            text(
                "SELECT t.title FROM push.approval AS a"
                " JOIN push.brief_text AS t ON t.brief_id = a.source_id AND t.version = a.version"
                " WHERE t.variant = 0 AND t.language = 'ru'"
            )
        ).scalar_one()
    assert approved == "Скидка 95% на всё"


def test_an_approver_is_led_to_what_waits_and_sends_it_back(page_of: Pages, filled: Engine):
    base = page_of.base_url
    marketer, data = page_of("marketer", None), page_of("data", None)
    codes = [make_brief(marketer, base, **NO_B, utm_campaign=f"shoes_{nr}") for nr in (1, 2)]
    draft = make_brief(marketer, base, **NO_B, utm_campaign="shoes_3")
    for code in codes:
        move(data, base, code, "audience_ready")
    # In the evening of a long day, on a narrow window.
    approver = page_of("approver", f"?brief={draft}", width=800)
    waiting = approver.get_by_role("button", name="2 wait for your approval")
    expect(waiting).to_be_visible()
    title = approver.locator("#panel .panel-title")
    seen = []
    for _ in range(2):
        waiting.click()
        expect(title).not_to_contain_text(seen[-1] if seen else draft)
        seen.append((title.text_content() or "")[:10])
    assert sorted(seen) == codes
    code = seen[-1]

    approver.get_by_role("button", name="Approve…").click()
    dialog = approver.get_by_role("dialog")
    expect(dialog.locator("[data-fact=speed]")).to_have_text(re.compile("all at once"))
    expect(dialog.locator("[data-fact=audience]")).to_contain_text("everybody")
    expect(dialog.locator(".case-heading")).to_contain_text("Зимняя распродажа · ")
    assert find_barriers(approver, "dialog") == []
    approver.set_viewport_size({"width": 390, "height": 800})
    wide = "dialog => [...dialog.querySelectorAll('.facts, .facts dd')].filter("
    wide += "part => part.getBoundingClientRect().right > innerWidth).length"
    assert dialog.evaluate(wide) == 0
    dialog.get_by_role("button", name="Cancel").click()
    approver.set_viewport_size({"width": 1440, "height": 900})

    approver.get_by_role("button", name="Send back…").click()
    no = dialog.get_by_role("button", name="Send back")
    no.click()
    expect(dialog.get_by_role("alert")).to_contain_text("Say what is to be changed")
    assert find_barriers(approver, "dialog") == []
    dialog.get_by_label("What is to be changed").fill("The price in <KK> is wrong")
    no.click()
    expect(dialog).to_have_count(0)
    note = approver.locator("#panel .sent-back")
    expect(note).to_contain_text("adam sent it back")
    expect(approver.get_by_role("button", name="1 waits for your approval")).to_be_visible()

    marketer.goto(page_of.url(f"?brief={code}"))
    told = marketer.get_by_role("note")
    expect(told).to_contain_text("The price in <KK> is wrong")
    assert find_barriers(marketer, "#panel") == []
    marketer.get_by_text("History", exact=True).click()
    expect(marketer.locator("#panel .acts li").first).to_contain_text("adam sent it back")
    marketer.goto(page_of.url(f"briefs/{code}"))
    expect(marketer.locator("#sent-back")).to_contain_text("The price in <KK> is wrong")
