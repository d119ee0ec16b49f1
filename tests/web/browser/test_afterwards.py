"""What happens after the approval is seen on every open page, and tells what it means."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from pushline.plan.reach_worker import WORKER
from pushline.web import live
from tests.factories import create_batch, create_run, users_of_bucket
from tests.plan.reach_town import EVERYBODY
from tests.report.test_brief_results import end, receive
from tests.web.browser.pages import Pages, find_barriers
from tests.web.browser.sheet import GOOD, NOW, Sheet, add_rows, approve
from tests.web.browser.town import settle_town


@pytest.fixture
def town(
    configured_db: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """People whom an audience finds; numbers are counted whenever a page asks."""
    monkeypatch.setattr(live, "PAUSE", 0.0)
    monkeypatch.setattr(live, "SHARE", 1.0)
    settle_town(configured_db, tmp_path, monkeypatch)
    yield configured_db
    WORKER.wait(30)


def ask_now(*pages: Page) -> None:
    """Pages ask what is new when somebody comes back to them, too."""
    for page in pages:
        page.evaluate("dispatchEvent(new Event('focus'))")


def revision_of(engine: Engine) -> int:
    with engine.connect() as conn:
        return int(conn.execute(text("SELECT revision FROM push.sheet_clock")).scalar_one())


# A save's answer may bring older numbers than the page has, and so may another process.
_HOLD_NEWER_NUMBERS = """async () => {
    const main = document.querySelector('script[src*="grid/main.js"]').src;
    const { Store } = await import(main.replace("main.js", "store.js"));
    const row = { code: "C-1", revision: 1, cells: {}, problems: [], sent: 5 };
    const numbers = { mark: "a", as_of: "2026-11-22T10:00:00+00:00" };
    const store = new Store({ revision: 1, numbers, columns: [], statuses: [], rows: [row] });
    const tell = (mark, second, sent) => store.takeNumbers(
        { mark, as_of: `2026-11-22T10:00:0${second}+00:00`, rows: { "C-1": { sent } } },
    ).length;
    const seen = [tell("c", 3, 9), store.rowOfCode("C-1").sent];
    store.take([{ ...row, revision: 2, sent: 5 }]);
    seen.push(store.rowOfCode("C-1").sent, tell("b", 2, 7), store.rowOfCode("C-1").sent);
    return [...seen, tell("d", 4, 9), store.numbers.mark];
}"""


def check_the_way_to_what_is_red(sheet: Sheet, first: str, second: str) -> None:
    """The button counts and walks the cells that one may mend; the others' are told apart."""
    mend, others = sheet.page.locator("#mend"), sheet.page.locator("#mend-others")
    expect(mend).to_have_text("3 cells to mend")
    expect(others).to_have_text("others: 2")
    expect(others).to_have_attribute("title", re.compile("the data team 2$"))
    walked = []
    for _ in range(4):
        mend.click()
        active = sheet.page.locator(".is-active")
        row = active.locator("xpath=..").get_attribute("data-code")
        walked.append((row, active.get_attribute("tabulator-field")))
    assert set(walked) == {(first, "owner"), (first, "link"), (second, "link")}
    assert walked[0] == walked[3]


def test_every_open_page_sees_a_campaign_being_counted_and_sent(page_of: Pages, town: Engine):
    bad = {**GOOD, "audience": "nobody_knows", "link": "no link"}
    rows = [{**GOOD, "audience": EVERYBODY}, {**bad, "owner": "x" * 300}, bad]
    code, first, second = add_rows(town, rows)
    mine, theirs = Sheet(page_of("marketer")), Sheet(page_of("viewer", language="ru"))
    assert theirs.page.evaluate(_HOLD_NEWER_NUMBERS) == [1, 9, 9, 0, 9, 0, "d"]
    check_the_way_to_what_is_red(mine, first, second)
    expect(theirs.page.locator("#mend")).to_be_hidden()
    expect(theirs.page.locator("#mend-others")).to_have_text("у коллег исправить: 5")
    both = (mine.page, theirs.page)
    mine.choose(code, "idea")
    theirs.choose(code, "idea")
    expect(theirs.page.locator("#panel-reach")).not_to_contain_text("Получат")
    # One counts by looking at it; the other, who may not count, sees it all the same.
    expect(mine.cell(code, "reach")).not_to_be_empty()
    counted = mine.text(code, "reach")
    expect(theirs.cell(code, "reach")).to_have_text(counted)
    expect(theirs.page.locator("#panel-reach tr.kept").first).to_contain_text(counted)

    approve(town, code)
    with town.begin() as conn:
        brief_id = conn.execute(
            text("SELECT brief_id FROM push.brief WHERE campaign_code = :code"), {"code": code}
        ).scalar_one()
        users = users_of_bucket(conn, 0, 800)
        run_id = create_run(
            conn, source_id=brief_id, occasion=NOW, variant_shares=[5000, 10000], title=code
        )
        batches = [
            create_batch(conn, run_id, users=users[:400]),
            create_batch(conn, run_id, users=users[400:], variant=1),
        ]
        end(conn, batches[0])
    ask_now(*both)
    for sheet in (mine, theirs):
        expect(sheet.cell(code, "sent")).to_have_text("400")
        expect(sheet.cell(code, "status")).not_to_contain_text("audience")
    before = revision_of(town)
    with town.begin() as conn:
        end(conn, batches[1])
        receive(conn, batches[0], "opened", 20)
        receive(conn, batches[1], "opened", 90)
    # By itself, within seconds, and nothing was written into the sheet for it.
    for sheet in (theirs, mine):
        expect(sheet.cell(code, "sent")).to_have_text("800")
        expect(sheet.cell(code, "clicks").locator(".cell-text")).to_have_text("110")
    assert revision_of(town) == before
    expect(mine.cell(code, "uplift")).to_have_text("+17.5 pp")
    expect(theirs.cell(code, "uplift")).to_have_text("+17,5 п.п.")

    # By keyboard, too: what a number says, and why there is none.
    hint = mine.page.locator("#cell-hint")
    mine.choose(code, "clicks")
    expect(hint).to_contain_text("110 of 800 opened it: 13.8%.")
    mine.press("ArrowRight")
    expect(hint).to_contain_text("B was opened by 22.5%, A by 5%")
    assert find_barriers(mine.page) == []
    mine.choose(second, "uplift")
    expect(hint).to_have_text("Nothing has been sent yet.")
    expect(mine.cell(second, "clicks")).to_be_empty()
