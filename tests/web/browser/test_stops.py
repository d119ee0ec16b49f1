"""What one person stops is seen by the others, on every page, and told in numbers before."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine, text

from pushline.brief.versions import get_brief, move_brief
from pushline.send_queue.client import SendQueue
from tests.factories import create_batch, create_run
from tests.web.browser.pages import Pages, find_barriers
from tests.web.browser.sheet import GOOD, NOW, add_rows, approve


@pytest.fixture
def code(configured_db: Engine) -> str:
    """A brief whose run is queued: six people, one of whom has their push."""
    (code,) = add_rows(configured_db, [GOOD | {"audience": "big_spenders"}])
    with configured_db.begin() as conn:
        for step in ("texts_ready", "audience_ready"):
            move_brief(conn, code, step, by="anna", now=NOW)
    approve(configured_db, code)
    with configured_db.begin() as conn:
        brief = get_brief(conn, code)
        run_id = create_run(
            conn,
            occasion=datetime.now(UTC),
            title=f"{code} Sale",
            source_id=brief.brief_id,
            version=brief.version,
            content_hash=brief.content_hash,
        )
        for bucket in (0, 1):
            create_batch(conn, run_id, bucket=bucket)
    taker = SendQueue(configured_db, "taker")
    (batch,) = taker.claim(1)
    taker.begin(batch, [1])
    return code


def test_everything_stopped_is_seen_by_everybody(page_of: Pages, configured_db: Engine, code: str):
    marketer = page_of("marketer", "")
    expect(marketer.locator("body[data-ready]")).to_be_visible()
    expect(marketer.locator("#stops")).to_be_empty()
    approver = page_of("approver", "")
    approver.get_by_role("button", name="Stop sending…").click()
    approver.get_by_role("button", name="Stop: Everything").click()
    asked = approver.get_by_role("dialog").last
    expect(asked).to_contain_text("5 wait and would stay; 1 have left already")
    asked.get_by_role("button", name="Cancel").click()
    with configured_db.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM push.pause")).scalar_one() == 0
    approver.get_by_role("button", name="Stop: Everything").click()
    approver.get_by_role("button", name="Stop everything", exact=True).click()

    says = re.compile(
        r"Stopped: Everything\. By \S+ since \d\d:\d\d \(Almaty\)\. An approver or the data team"
    )
    expect(marketer.locator("#stops")).to_contain_text(says)
    assert find_barriers(marketer, "#stops") == []
    for path in ("calendar", "results", "runs/1"):
        marketer.goto(page_of.url(path))
        expect(marketer.locator("#stops")).to_contain_text(says)
    data = page_of("data", "results")
    data.get_by_role("button", name="Let it go on: Everything").click()
    data.get_by_role("dialog").get_by_role("button", name="Let it go on").click()
    expect(data.locator("#stops")).to_be_empty()
    with configured_db.connect() as conn:
        assert conn.execute(text("SELECT resumed_by FROM push.pause")).scalar_one()


def test_taking_the_approval_back_tells_what_has_left(
    page_of: Pages, configured_db: Engine, code: str
):
    page = page_of("marketer", f"?brief={code}")
    page.get_by_role("button", name="Take the approval back").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("5 pushes are in the queue")
    expect(dialog).to_contain_text("1 has left already and cannot be called back")
    dialog.get_by_role("button", name="Take the approval back").click()
    expect(page.locator(".toast.warning")).to_contain_text("5 pushes stay in the queue")
    expect(page.locator("#stops")).to_contain_text(f"{code} waits for another approval: 5 pushes")
    expect(page.locator("#panel-approval .runs")).to_contain_text("the approval was taken back")
    assert SendQueue(configured_db, "taker").claim(9) == []
