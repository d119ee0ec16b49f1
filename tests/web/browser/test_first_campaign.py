"""The story of docs/first-campaign.md on a small town, with every number looked at.

The demo tells the same story to `make screenshots`; here the planner and the sender are called as
their processes call them.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from pushline.audience import take_snapshot
from pushline.database.engine import get_engine
from pushline.plan.due import create_due_runs
from pushline.plan.reach_worker import WORKER
from pushline.plan.waves import close_wave, freeze_audiences, plan_wave_buckets, start_wave
from pushline.settings import get_settings
from scripts.screenshots.first_campaign import PICTURES, Desk, FirstCampaign, read_number
from tests.plan.reach_town import EVERYBODY
from tests.web.browser.pages import Pages
from tests.web.browser.sheet import GOOD, add_rows
from tests.web.browser.town import settle_town

RED = {
    "link": "https://shop.example.kz/sale?utm_source=push&page=2",
    "utm_campaign": "Flash Sale",
    "title_kk": "",
    "text_kk": "",
    "audience": EVERYBODY,
}
_DECIDED = """
    SELECT
        (SELECT sum(user_count) FROM push.send_batch WHERE run_id = :run_id) AS enqueued,
        (SELECT sum(user_count) FROM push.decision_block WHERE run_id = :run_id) AS left_out
"""


@pytest.fixture
def town(
    configured_db: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    settle_town(configured_db, tmp_path, monkeypatch)
    yield configured_db
    WORKER.wait(30)


def plan(engine: Engine, at: datetime) -> int:
    """Plan what is due, as the DAG does; returns the run."""
    planner, reader = get_engine("planner"), get_engine("audience")
    create_due_runs(planner, at)
    snapshot = partial(take_snapshot, reader, planner)
    wave = freeze_audiences(planner, start_wave(planner, "marketing", at), snapshot)
    assert (wave.set_aside, wave.held) == ((), ())
    plan_wave_buckets(planner, wave.wave_id, 0, 63)
    (run_id,) = close_wave(planner, wave.wave_id, at)
    return run_id


def ask_for_approval(page: Page, base: str, code: str) -> dict[str, Any]:
    """Return what the approver's dialog shows."""
    case: dict[str, Any] = page.request.get(f"{base}api/briefs/{code}/approval").json()
    return case


def approve(page: Page, base: str, code: str, case: Mapping[str, Any]) -> bool:
    """Approve what a dialog had shown; returns whether it was taken."""
    shown = {key: case[key] for key in ("version", "content_hash")}
    answer = page.request.post(
        f"{base}api/briefs/{code}/approve",
        data=shown | {"expected_reach": case["reach"]},
        headers={"Origin": base.split("/pushline")[0]},
    )
    assert answer.ok or answer.status in (409, 422), answer.text()
    return answer.ok


def refuse_who_wrote_it(page_of: Pages, code: str) -> None:
    """mia may not approve it with an approver's rights either: not by the page, not past it."""
    page = page_of("approver", f"?brief={code}", name="mia")
    expect(page.locator("#panel .note")).to_contain_text("somebody else has to")
    expect(page.get_by_role("button", name="Approve…")).to_be_disabled()
    case = ask_for_approval(page, page_of.base_url, code)
    assert not approve(page, page_of.base_url, code, case), "who wrote it approved it"


@pytest.mark.timeout(300)  # many pages of three people
def test_the_first_campaign_from_red_cells_to_its_results(page_of: Pages, town: Engine):
    pictures: list[str] = []
    zone = get_settings().zone
    send_at = (datetime.now(zone) + timedelta(days=1)).replace(
        hour=12, minute=0, second=0, microsecond=0
    )
    (code,) = add_rows(town, [GOOD | RED], by="mia")
    story = FirstCampaign(lambda page, name, where: pictures.append(name), code)

    def sit(role: str) -> Desk:
        page = page_of(role, f"?brief={code}")
        desk = Desk(page, page)
        desk.wait_for_sheet()
        return desk

    mia = sit("marketer")
    story.find_red_cells(mia)
    story.mend(mia, send_at)
    expect(mia.find("#mend")).to_be_hidden()
    shown = story.read_reach(mia)
    assert shown[0] == sum(shown[1:]) > shown[-1] > 0
    story.show_reach(mia)
    story.hand_on(mia, "texts ready")
    dana = sit("data")
    story.slow_down(dana, 100)
    story.hand_on(dana, "audience ready")
    refuse_who_wrote_it(page_of, code)
    adam = sit("approver")
    seen = ask_for_approval(adam.page, page_of.base_url, code)
    mia.look_up(code)
    mia.cell(code, "text_ru").click()
    mia.page.keyboard.type("Till Saturday.")
    mia.page.keyboard.press("Enter")
    expect(mia.cell(code, "text_ru")).to_contain_text("Till Saturday.")
    mia.wait_until_saved()
    assert not approve(adam.page, page_of.base_url, code, seen), "what was seen has changed"
    agreed = story.approve(adam)
    assert agreed == shown[-1]

    run_id = plan(town, send_at)
    run = story.open_results(mia)
    counts = story.read_results(run)
    with town.connect() as conn:
        decided = conn.execute(text(_DECIDED), {"run_id": run_id}).one()
    # What was shown and agreed to before is what was decided, and what Results says of it.
    assert decided.enqueued == agreed == counts["under_way"]
    assert decided.left_out == counts["left_out"] == shown[0] - agreed
    assert counts["audience"] == counts["under_way"] + counts["left_out"] == shown[0]
    expect(run).to_contain_text("The numbers add up.")
    # Reason by reason, as the panel had them before.
    rows = run.locator("table.funnel td.amount").all_inner_texts()
    assert [read_number(words) for words in rows[: len(shown)]] == shown
    wave = page_of("data", f"runs/{run_id}")
    expect(wave.locator("table.funnel tbody tr").first).to_contain_text(
        f"{shown[0]:,}".replace(",", "\u202f")
    )

    said = story.stop(mia, run)
    assert said.startswith("0 have left already and cannot be called back.")
    assert read_number(said.split(".")[1]) == agreed
    assert story.read_results(run) == {
        "audience": shown[0],
        "stopped": agreed,
        "left_out": shown[0] - agreed,
    }
    assert pictures == list(PICTURES)
