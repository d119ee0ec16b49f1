"""Results in the browser: numbers that add up, filters, refreshing, stopping."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import Engine, text

from tests.factories import create_batch, create_run, users_of_bucket
from tests.report.factories import enqueue, leave_out
from tests.web.browser.pages import Pages, find_barriers

NOW = datetime.now(UTC).replace(microsecond=0)
HOSTILE = "<img src=x onerror=alert(1)> sale"


def test_runs_show_numbers_that_add_up_and_refresh_while_they_run(
    page_of: Pages, configured_db: Engine
):
    with configured_db.begin() as conn:
        users = users_of_bucket(conn, 0, 12)
        wave_id = conn.execute(
            text(
                "INSERT INTO push.wave (lane, planned_at, dag_id, dag_run_id)"
                " VALUES ('marketing', now(), 'plan_it', 'manual+1') RETURNING wave_id"
            )
        ).scalar_one()
        run_id = create_run(
            conn,
            audience=users,
            title=HOSTILE,
            status="planned",
            occasion=NOW,
            wave_id=wave_id,
            variant_shares=[5000, 10000],
        )
        leave_out(conn, run_id, users[:3], "no_consent", planned_at=NOW)
        enqueue(conn, run_id, users[3:8], states=[2, 2, 2, 3, 5])
        batch_id = enqueue(conn, run_id, users[8:])
        conn.execute(
            text("UPDATE push.send_batch SET variant = 1 WHERE batch_id = :it"), {"it": batch_id}
        )
        together = {"occasion": NOW - timedelta(hours=1), "wave_id": wave_id}
        create_batch(
            conn,
            create_run(conn, title="Beside it", **together),
            status="done",
            states=[2, 2, 2],
            claimed_at=NOW,
        )
        create_run(conn, title="Long ago", occasion=NOW - timedelta(days=30), status="cancelled")
    page = page_of("marketer", "results")
    run = page.locator("article").filter(has_text="sale")
    expect(run.get_by_role("heading")).to_have_text(HOSTILE)
    numbers = run.locator("dl div")
    expect(numbers).to_have_text(
        ["Audience12", "accepted3", "under way4", "did not arrive1", "did not leave1", "left out3"]
    )
    expect(page.locator("#updated")).to_contain_text("Asia/Almaty")
    assert find_barriers(page) == []

    run.get_by_role("button", name="Show the funnel").click()
    rows = run.locator(".funnel tbody tr")
    expect(rows.first).to_have_text("audience12")
    told = [row.replace("−", "-").split("\t") for row in rows.all_inner_texts()]
    shown = {words.strip(): int(users) for words, users, *_ in told}
    assert shown["audience"] == shown["enqueued"] + 3
    assert shown["has not agreed to this kind of push"] == -3
    expect(run).to_contain_text("The numbers add up.")
    expect(run.locator(".variants tbody tr")).to_have_count(2)
    wave = page.get_by_role("region", name=f"Wave {wave_id}, planned")
    expect(wave.locator("article")).to_have_count(2)
    expect(wave.locator(".run-status")).to_have_text(["sending", "sent"])
    expect(wave.get_by_role("button", name="Open in Airflow")).to_be_visible()
    expect(page.locator("#runs > article")).to_contain_text("Long ago")
    assert find_barriers(page) == []

    # What runs is asked for again by itself, and stays open.
    with configured_db.begin() as conn:
        enqueue_states = (
            "UPDATE push.send_batch SET states = '{2,2,2,2}', status = 'done', done_at = now()"
            " WHERE batch_id = :it"
        )
        conn.execute(text(enqueue_states), {"it": batch_id})
    expect(numbers.nth(1)).to_have_text("accepted7", timeout=12_000)
    expect(run.locator(".funnel tbody tr").first).to_be_visible()
    expect(run.locator(".run-status")).to_have_text("sent")

    page.get_by_label("Status").select_option("sent")
    expect(page.locator("article")).to_have_count(2)
    expect(page.locator("#runs")).to_contain_text("2 runs")
    page.get_by_label("Status").select_option("cancelled")
    expect(page.locator("article")).to_have_count(1)
    expect(page.locator("article")).to_contain_text("Long ago")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    exported = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    assert "Long ago" in exported
    assert "sale" not in exported
    page.get_by_label("Week").select_option(index=2)
    expect(page.locator("#runs")).to_contain_text("Nothing was sent in this time.")


def test_the_rest_of_a_run_is_stopped_from_its_page(page_of: Pages, configured_db: Engine):
    with configured_db.begin() as conn:
        users = users_of_bucket(conn, 0, 5)
        run_id = create_run(conn, audience=users, title="To stop", occasion=NOW)
        enqueue(conn, run_id, users[:2], states=[2, 2])
        enqueue(conn, run_id, users[2:])
    viewer = page_of("viewer", f"runs/{run_id}")
    expect(viewer.get_by_role("heading", name="To stop")).to_be_visible()
    expect(viewer.get_by_role("button", name="Stop")).to_have_count(0)

    page = page_of("marketer", f"runs/{run_id}", theme="dark", language="ru", width=400)
    page.get_by_role("button", name="Остановить остаток").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Уже ушло 2, их не вернуть. 3 не будут отправлены")
    assert find_barriers(page) == []
    dialog.get_by_role("button", name="Не отправлять 3").click()
    expect(page.get_by_text("остановлена", exact=True)).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("отменено"))).to_contain_text("3")
    expect(page.get_by_role("button", name="Остановить остаток")).to_have_count(0)
    assert find_barriers(page) == []
