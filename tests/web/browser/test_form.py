"""The plain form: read without scripts, saved with them, on a phone and by ear."""

import json
import re
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from pushline.brief.sheet_rows import CellChange
from pushline.brief.versions import get_brief, move_brief
from pushline.desk import open_desk
from tests.web.browser.pages import LOCALES, PERSON_COOKIE, Pages, find_barriers
from tests.web.browser.sheet import GOOD, NOW, add_rows, approve

ROW = {**GOOD, "audience": "big_spenders"}
HOSTILE = '"><img src=x onerror="alert(1)">'


def cells(engine: Engine, code: str) -> dict[str, str]:
    with engine.begin() as conn:
        records = open_desk(conn, NOW).read_sheet(conn, now=NOW)[1]
    return dict(next(it.cells for it in records if it.code == code))


def test_it_is_read_without_scripts_and_nothing_is_wider_than_a_phone(
    page_of: Pages, configured_db: Engine
):
    (code,) = add_rows(
        configured_db, [{**ROW, "idea": HOSTILE, "send_at": "08/09", "link": "evil"}]
    )
    context = page_of.watch(
        page_of.browser.new_context(
            java_script_enabled=False,
            viewport={"width": 360, "height": 740},
            locale=LOCALES["kk"],
        )
    )
    person = {"name": PERSON_COOKIE, "value": "mia:marketer", "url": page_of.base_url}
    context.add_cookies([person])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(page_of.url("briefs"))
    page.get_by_role("link", name=code).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(HOSTILE)
    expect(page.locator("#send_at")).to_have_value("08/09")
    expect(page.locator("#text_kk")).to_have_value(GOOD["text_kk"])
    expect(page.locator("#save")).to_be_disabled()
    expect(page.get_by_text("скриптерге рұқсат беріңіз")).to_be_visible()
    page.get_by_role("link", name="Кім нені өзгертті").click()
    expect(page.get_by_text("08/09")).to_be_visible()

    phone = page_of("marketer", f"briefs/{code}", width=360, height=740, language="kk")
    for address in (f"briefs/{code}", "briefs", f"briefs/{code}/history"):
        phone.goto(page_of.url(address))
        assert find_barriers(phone) == [], address
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, address


def test_errors_stand_beside_their_fields_until_they_are_mended(
    page_of: Pages, configured_db: Engine
):
    (code,) = add_rows(configured_db, [{**ROW, "link": "evil", "send_at": "08/09"}])
    page = page_of("marketer", f"briefs/{code}", theme="dark", width=700)
    link = page.get_by_label("Link", exact=True)
    expect(link).to_have_attribute("aria-invalid", "true")
    described = (link.get_attribute("aria-describedby") or "").split()
    sentences = " ".join(page.locator(f"#{it}").inner_text() for it in described)
    assert "https" in sentences
    page.locator("#summary").get_by_role("link", name="Link").click()
    expect(link).to_be_in_viewport()
    link.fill(GOOD["link"])
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#outcome")).to_contain_text("1 thing is to be mended")
    expect(link).not_to_have_attribute("aria-invalid", "true")
    sent = f"{NOW + timedelta(days=11):%Y-%m-%d}"
    page.get_by_label("Send at").fill(f"{sent} 12:30")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#outcome")).to_have_text("Saved.")
    assert cells(configured_db, code)["send_at"] == f"{sent} 12:30"
    with configured_db.begin() as conn:
        assert get_brief(conn, code).content["link"] == GOOD["link"]
    assert find_barriers(page) == []
    page.reload()
    expect(page.get_by_label("Send at")).to_have_value(f"{sent}T12:30")
    expect(page.get_by_label("Audience", exact=True)).not_to_be_editable()
    page.get_by_role("button", name="Move on to: texts ready").click()
    expect(page.locator("#status")).to_have_text("texts ready")


def test_nobodys_text_is_overwritten_and_an_approval_is_asked_for(
    page_of: Pages, configured_db: Engine
):
    (code,) = add_rows(configured_db, [ROW])
    page = page_of("marketer", f"briefs/{code}")
    with configured_db.begin() as conn:
        theirs = [
            CellChange(code, "title_ru", "Их заголовок", 1),
            CellChange(code, "owner", "lea", 1),
        ]
        desk = open_desk(conn, NOW)
        row = desk.read_sheet(conn, now=NOW)[1][0]
        changes = [
            CellChange(it.code, it.column, it.value, row.revisions[it.column]) for it in theirs
        ]
        desk.save_cells(conn, changes, by="Lea", groups=("business", "marketing"), now=NOW)
    page.get_by_label("Title RU", exact=True).fill("Мой заголовок")
    page.get_by_label("Owner").fill("mia")
    page.get_by_label("Text RU", exact=True).fill("Мой текст.")
    page.get_by_role("button", name="Save").click()
    conflict = page.locator("#conflict-title_ru")
    expect(conflict).to_contain_text("Lea wrote meanwhile: “Их заголовок”")
    assert cells(configured_db, code)["text_ru"] == "Мой текст."
    assert cells(configured_db, code)["title_ru"] == "Их заголовок"
    conflict.get_by_role("button", name="Keep mine").click()
    page.locator("#conflict-owner").get_by_role("button", name="Take theirs").click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#outcome")).to_have_text("Saved.")
    assert cells(configured_db, code)["title_ru"] == "Мой заголовок"
    assert cells(configured_db, code)["owner"] == "lea"

    with configured_db.begin() as conn:
        for step in ("texts_ready", "audience_ready"):
            move_brief(conn, code, step, by="anna", now=NOW)
    approve(configured_db, code)
    page.reload()
    assert_asks(page, code, configured_db)


def assert_asks(page: Page, code: str, engine: Engine) -> None:
    """Content of an approved brief changes only after a yes; notes need none."""
    page.get_by_label("Message idea").fill("Другая идея")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#outcome")).to_have_text("Saved.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_label("Text RU", exact=True).fill("Другой текст.")
    page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("takes the approval back")
    dialog.get_by_role("button", name="Cancel").click()
    assert cells(engine, code)["text_ru"] == "Мой текст."
    page.get_by_role("button", name="Save").click()
    page.get_by_role("dialog").get_by_role("button", name="Save, it will").click()
    expect(page.locator("#status")).to_have_text("audience ready")
    assert cells(engine, code)["text_ru"] == "Другой текст."


def come_back(page: Page) -> Page:
    """The phone ended the tab; the brief is opened again in the same browser."""
    context = page.context
    address = page.url
    page.close()
    again = context.new_page()
    again.goto(address)
    return again


def drafts_of(page: Page) -> dict[str, str]:
    everything: dict[str, str] = page.evaluate("({ ...localStorage })")
    return {key: text for key, text in everything.items() if key.startswith("pushline-draft")}


def test_what_was_typed_outlives_the_tab_and_is_offered_again(
    page_of: Pages, configured_db: Engine
):
    (code,) = add_rows(configured_db, [{**ROW, "owner": "anna"}])
    page = page_of("marketer", f"briefs/{code}")
    page.get_by_label("Title RU", exact=True).fill("Почти готово")
    page.get_by_label("Owner").fill("mia")
    page.get_by_label("Link", exact=True).fill("https://shop.example.kz/other")
    page.get_by_label("Link", exact=True).fill(GOOD["link"])
    ((key, kept),) = drafts_of(page).items()
    assert code in key
    assert "mia" not in key
    assert set(json.loads(kept)) == {"title_ru", "owner"}

    # Somebody else is not asked about it, and what is old is forgotten.
    old = {"idea": {"value": "?", "base": 1, "at": f"{NOW - timedelta(days=8):%Y-%m-%dT%H:%M:%SZ}"}}
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [f"{key}9", json.dumps(old)])
    other = {"name": PERSON_COOKIE, "value": "Lea:marketer", "url": page_of.base_url}
    mine = page.context.cookies(page_of.base_url)
    page.context.add_cookies([other])  # type: ignore[list-item]
    page = come_back(page)
    expect(page.locator("#save")).to_be_enabled()
    expect(page.locator("#draft")).to_be_hidden()
    assert list(drafts_of(page)) == [key]
    page.context.add_cookies(mine)  # type: ignore[arg-type]

    with configured_db.begin() as conn:
        desk = open_desk(conn, NOW)
        base = desk.read_sheet(conn, now=NOW)[1][0].revisions["owner"]
        change = CellChange(code, "owner", "lea", base)
        desk.save_cells(conn, [change], by="Lea", groups=("business",), now=NOW)
    page = come_back(page)
    offer = page.locator("#draft")
    expect(offer).to_contain_text(re.compile(r"You typed this at \d\d:\d\d \(Asia/Almaty\)"))
    expect(offer).to_contain_text("Почти готово")
    expect(offer).to_contain_text("The brief says now: “lea”")
    assert find_barriers(page) == []
    offer.get_by_role("button", name="Put it into the form").click()
    expect(offer).to_be_hidden()
    expect(page.get_by_label("Title RU", exact=True)).to_have_value("Почти готово")
    expect(page.locator("#conflict-owner")).to_contain_text("The brief says now: “lea”")
    # Saved without a choice, theirs stays; what could not be saved stays a draft.
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#conflict-owner")).to_contain_text("Lea wrote meanwhile: “lea”")
    assert cells(configured_db, code)["owner"] == "lea"
    assert cells(configured_db, code)["title_ru"] == "Почти готово"
    assert set(json.loads(drafts_of(page)[key])) == {"owner"}
    page.locator("#conflict-owner").get_by_role("button", name="Keep mine").click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#outcome")).to_have_text("Saved.")
    assert cells(configured_db, code)["owner"] == "mia"
    assert drafts_of(page) == {}

    page.get_by_label("Owner").fill("nobody")
    page = come_back(page)
    page.locator("#draft").get_by_role("button", name="Throw it away").click()
    assert drafts_of(page) == {}
    expect(page.get_by_label("Owner")).to_have_value("mia")
