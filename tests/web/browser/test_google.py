"""The sync's button: pressed, waited for, told; what the tab needs from people."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from pushline.web.google_api import WORKER
from tests.google.stub import SPREADSHEET, Stub, serving
from tests.web.browser.pages import Pages, find_barriers

ROWS = [
    ["ID", "Status", "Problems", "Message idea", "Title RU"],
    ["", "", "", "From Google <b>&amp;</b>", ""],
    ["C-1999-001", "", "", "Of nobody", ""],
]


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch, configured_db: Engine) -> Iterator[Stub]:
    """A tab that is set up, with a new row and one of nobody."""
    with serving(Stub()) as stub:
        stub.tab.put(ROWS)
        extra = {"spreadsheet": SPREADSHEET, "worksheet": "Plan", "endpoint": stub.url}
        connection = json.dumps({"conn_type": "generic", "extra": extra})
        monkeypatch.setenv("AIRFLOW_CONN_PUSHLINE_GOOGLE", connection)
        yield stub
        WORKER.wait(60)


def test_a_marketer_syncs_and_sees_what_came(page_of: Pages, google: Stub):
    page = page_of("marketer")
    button = page.locator("#google-sync")
    expect(button).to_have_text("Sync with Google")
    expect(page.locator("#google-last")).to_have_text("Not synced yet")
    button.click()
    expect(page.get_by_text("Cells taken: 0, new rows: 1")).to_be_visible(timeout=60_000)
    expect(page.locator("#grid").get_by_text("From Google <b>&amp;</b>")).to_be_visible()
    expect(page.locator("#google-last")).to_have_text(re.compile(r"Synced \d\d:\d\d Almaty"))
    look = page.get_by_role("button", name="1 thing to look at")
    look.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("C-1999-001 There is no campaign C-1999-001")
    assert find_barriers(page, "dialog") == []
    dialog.get_by_role("button", name="Close").click()
    assert find_barriers(page, "#toolbar-sync") == []
    assert google.violations == []
    # A viewer sees when, and has no button.
    other = page_of("viewer", language="ru")
    expect(other.locator("#google-last")).to_have_text(re.compile("Синхронизировано "))
    expect(other.locator("#google-sync")).to_have_count(0)


def test_without_a_tab_there_is_no_button(page_of: Pages, configured_db: Engine):
    page = page_of("marketer")
    with page.expect_response("**/api/google"):
        page.reload()
    expect(page.locator("#toolbar-sync")).to_be_empty()
