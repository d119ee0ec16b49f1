"""The calendar in the browser: what stands where, and what moving it does and refuses."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import Engine, text

from pushline.brief.sheet_rows import CellChange
from pushline.brief.versions import move_brief
from pushline.desk import open_desk
from pushline.policy import Policy, add_policy
from tests.factories import create_batch, create_run, users_of_bucket
from tests.report.test_brief_results import end
from tests.web.browser.pages import Pages, find_barriers
from tests.web.browser.sheet import GOOD, NOW, Sheet, add_rows, approve

TODAY = NOW.astimezone(ZoneInfo("Asia/Almaty")).date()
# A Tuesday of one of the next weeks: the day after stands in the same line of a month.
TUESDAY = TODAY + timedelta(days=8 + (1 - (TODAY.weekday() + 8)) % 7)


def on(day: date, clock: str = "12:00", **cells: str) -> dict[str, str]:
    slug = f"c_{day:%m%d}_{clock.replace(':', '')}"
    own = {"utm_campaign": slug, "send_at": f"{day} {clock}", "audience": "big_spenders"}
    return GOOD | own | cells


def leaf_on(page: Page, until: Locator, following: str = "Next") -> None:
    """Go forward until something is in sight."""
    calendar = page.locator("#calendar")
    for _ in range(5):
        expect(calendar).to_have_attribute("data-shown", re.compile("."))
        if until.count():
            return
        shown = calendar.get_attribute("data-shown") or ""
        page.get_by_role("button", name=following).click()
        expect(calendar).not_to_have_attribute("data-shown", shown)
    raise AssertionError(until)


def go_to(page: Page, day: date) -> None:
    """Forward or back: a week that is opened from next month may lie after the day."""
    calendar, has_day = page.locator("#calendar"), f':has(time[datetime="{day}"])'
    for _ in range(7):
        expect(calendar).to_have_attribute("data-shown", re.compile("."))
        if page.locator(f".ec-day{has_day}, .ec-col-head{has_day}").count():
            return
        shown = calendar.get_attribute("data-shown") or ""
        page.locator("button.ec-next" if shown < str(day) else "button.ec-prev").click()
        expect(calendar).not_to_have_attribute("data-shown", shown)
    raise AssertionError(day)


def entry(page: Page, idea: str) -> Locator:
    return page.get_by_role("button", name=idea).first


def drag(page: Page, what: Locator, day: date) -> None:
    has_day = f':has(time[datetime="{day}"])'
    cell = page.locator(f".ec-day{has_day}, .ec-col-head{has_day}").first
    page.mouse.wheel(0, -5000)
    what.hover(trial=True)  # in sight, also when it is drawn anew meanwhile
    start, end = what.bounding_box(), cell.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 40, start["y"] + 8)
    page.mouse.down()
    is_week = page.locator("#calendar").get_attribute("data-view") == "timeGridWeek"
    below = start["y"] + 8 if is_week else end["y"] + end["height"] / 2
    page.mouse.move(end["x"] + 40, below, steps=6)
    page.mouse.up()


def send_at(engine: Engine, code: str) -> str:
    with engine.begin() as conn:
        records = open_desk(conn, NOW).read_sheet(conn, now=NOW)[1]
    return next(str(it.cells["send_at"]) for it in records if it.code == code)


def status(engine: Engine, code: str) -> str:
    with engine.begin() as conn:
        records = open_desk(conn, NOW).read_sheet(conn, now=NOW)[1]
    return next(it.status for it in records if it.code == code)


def test_dragging_moves_and_asks_before_it_takes_an_approval(page_of: Pages, configured_db: Engine):
    free, approved = add_rows(
        configured_db,
        [on(TUESDAY, idea="Free to move"), on(TUESDAY, "18:00", idea="Approved one")],
    )
    with configured_db.begin() as conn:
        for step in ("texts_ready", "audience_ready"):
            move_brief(conn, approved, step, by="anna", now=NOW)
    approve(configured_db, approved)
    page = page_of("marketer", "calendar", height=1300)
    go_to(page, TUESDAY)
    wednesday = TUESDAY + timedelta(days=1)

    drag(page, entry(page, "Free to move"), wednesday)
    expect(page.locator(".toast")).to_contain_text(f"{free} goes out on {wednesday} 12:00")
    assert send_at(configured_db, free) == f"{wednesday} 12:00"

    # Let go where it was taken: nothing changes, so nothing is asked, and nothing is lost.
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    drag(page, entry(page, "Approved one"), TUESDAY)
    drag(page, entry(page, "Approved one"), wednesday)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_have_count(1)
    assert len([url for url in asked if "calendar/check" in url]) == 1
    expect(dialog).to_contain_text("the approval goes back")
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.locator(f'[aria-label^="{TUESDAY} 18:00, Approved one"]')).to_be_visible()
    assert status(configured_db, approved) == "approved"

    drag(page, entry(page, "Approved one"), wednesday)
    page.get_by_role("dialog").get_by_role("button", name="Move it").click()
    expect(page.locator(f'[aria-label^="{wednesday} 18:00, Approved one"]')).to_be_visible()
    assert send_at(configured_db, approved) == f"{wednesday} 18:00"
    assert status(configured_db, approved) == "audience_ready"
    expect(entry(page, "Approved one")).to_have_attribute(
        "aria-label", re.compile("audience ready")
    )


def test_a_dialog_moves_by_keyboard_and_refuses_what_the_rules_refuse(
    page_of: Pages, configured_db: Engine
):
    code, other = add_rows(
        configured_db, [on(TUESDAY, idea="By keys"), on(TUESDAY, "12:30", idea="Neighbour")]
    )
    page = page_of("marketer", "calendar", height=1300)
    go_to(page, TUESDAY)
    assert find_barriers(page) == []
    entry(page, "By keys").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{other} at 12:30: the same audience that day (big_spenders)")
    expect(dialog).to_contain_text("Asia/Almaty")
    assert find_barriers(page) == []
    field = dialog.get_by_label("New time (Asia/Almaty)")
    field.fill(f"{TODAY - timedelta(days=3)}T10:00")
    dialog.get_by_role("button", name="Move", exact=True).press("Enter")
    expect(page.locator(".toast.error")).to_contain_text(f"{code} stays where it was.")
    assert send_at(configured_db, code) == f"{TUESDAY} 12:00"

    entry(page, "By keys").press("Enter")
    page.get_by_label("New time (Asia/Almaty)").fill(f"{TUESDAY}T15:15")
    page.get_by_role("dialog").get_by_role("button", name="Move", exact=True).press("Enter")
    expect(page.locator(f'[aria-label^="{TUESDAY} 15:15, By keys"]')).to_be_visible()
    assert send_at(configured_db, code) == f"{TUESDAY} 15:15"

    # Somebody else moves it while it is looked at here.
    entry(page, "By keys").press("Enter")
    page.get_by_label("New time (Asia/Almaty)").fill(f"{TUESDAY}T16:00")
    with configured_db.begin() as conn:
        desk = open_desk(conn, NOW)
        row = next(it for it in desk.read_sheet(conn, now=NOW)[1] if it.code == code)
        theirs = CellChange(code, "send_at", f"{TUESDAY} 17:00", row.revisions["send_at"])
        desk.save_cells(conn, [theirs], by="Lea", groups=("marketing",), now=NOW)
    page.get_by_role("dialog").get_by_role("button", name="Move", exact=True).click()
    expect(page.locator(".toast.warning")).to_contain_text("Lea has changed its time meanwhile")
    expect(page.locator(f'[aria-label^="{TUESDAY} 17:00, By keys"]')).to_be_visible()


def test_a_series_moves_as_one_and_a_viewer_moves_nothing(page_of: Pages, configured_db: Engine):
    weekly = on(TUESDAY, idea="Every week", repeat="weekly")
    (code,) = add_rows(configured_db, [weekly])
    with configured_db.begin() as conn:
        quiet = Policy(quiet_from=time(22), quiet_until=time(9))
        add_policy(conn, quiet, valid_from=NOW - timedelta(days=1), made_by="demo", note="")
    viewer = page_of("viewer", "calendar", height=1300)
    go_to(viewer, TUESDAY)
    entry(viewer, "Every week").press("Enter")
    expect(viewer.get_by_role("dialog")).to_contain_text("cannot be changed by you")
    viewer.get_by_role("dialog").get_by_role("button", name="Open in the sheet").click()
    viewer.wait_for_url(f"**/?brief={code}")

    page = page_of("marketer", "calendar", height=1300, theme="dark")
    go_to(page, TUESDAY)
    page.get_by_role("button", name="Week", exact=True).click()
    expect(page.locator("#calendar")).to_have_attribute("data-view", "timeGridWeek")
    go_to(page, TUESDAY)
    expect(page.locator(f'[aria-label^="{TUESDAY} 12:00, Every week"]')).to_be_visible()
    assert page.locator(".shade-quiet").count() >= 7
    assert find_barriers(page) == []
    drag(page, entry(page, "Every week"), TUESDAY + timedelta(days=1))
    expect(page.get_by_role("dialog")).to_contain_text("all of its sends move by as much")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert send_at(configured_db, code) == weekly["send_at"]


def test_on_a_phone_it_is_a_list_in_the_readers_language(page_of: Pages, configured_db: Engine):
    hostile = '<img src=x onerror="alert(1)">'
    add_rows(configured_db, [on(TUESDAY, idea=hostile), {"idea": "No time"}])
    page = page_of("marketer", "calendar", language="kk", width=360, height=740)
    expect(page.locator("#calendar-zone")).to_contain_text("Уақыт Asia/Almaty бойынша")
    leaf_on(page, page.get_by_text(hostile), "Келесі")
    expect(page.get_by_text(hostile)).to_be_visible()
    expect(page.locator("#unplaced summary")).to_have_text("Уақыты жоқ 1 бриф")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert find_barriers(page) == []


def test_a_crowded_half_hour_lies_side_by_side_and_opens(page_of: Pages, configured_db: Engine):
    clocks = ("12:00", "12:00", "12:15", "12:20", "12:25", "12:50")
    days = [(TUESDAY, clock) for clock in clocks] + [(TUESDAY + timedelta(days=1), "12:00")] * 3
    add_rows(
        configured_db,
        [on(day, clock, idea=f"Crowd {place}") for place, (day, clock) in enumerate(days)],
    )
    page = page_of("marketer", "calendar", height=1300)
    go_to(page, TUESDAY)
    dialog = page.get_by_role("dialog")
    more = page.locator(f'.ec-day:has(time[datetime="{TUESDAY}"]) .ec-day-foot a')
    assert re.fullmatch(r"\d more", more.inner_text())
    more.focus()
    page.keyboard.press("Enter")
    expect(dialog.locator(".crowd-entry")).to_have_count(6)
    assert find_barriers(page) == []
    page.keyboard.press("Escape")
    expect(more).to_be_focused()
    more.click()
    dialog.get_by_role("button", name="Crowd 5").click()
    expect(dialog.get_by_label("New time (Asia/Almaty)")).to_have_value(f"{TUESDAY}T12:50")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Week", exact=True).click()
    expect(page.locator("#calendar")).to_have_attribute("data-view", "timeGridWeek")
    go_to(page, TUESDAY)
    crowd = page.get_by_role("button", name="3 more sends about 12:15")
    expect(crowd).to_have_text("+3")
    boxes = page.locator(".ec-event:not(.ec-bg-event)").evaluate_all(
        "boxes => boxes.map((box) => box.getBoundingClientRect()).map((at) => at.toJSON())"
    )
    assert len(boxes) == 7, "two and a number, one after it, three of the day after"
    for place, one in enumerate(boxes):
        for other in boxes[:place]:
            beside = one["left"] >= other["right"] - 1 or other["left"] >= one["right"] - 1
            apart = one["top"] >= other["bottom"] - 1 or other["top"] >= one["bottom"] - 1
            assert beside or apart, (one, other)
    assert find_barriers(page) == []
    crowd.press("Enter")
    expect(dialog.locator(".crowd-entry")).to_have_count(3)
    dialog.get_by_role("button", name="Crowd 3").press("Enter")
    expect(dialog).to_contain_text(f"{TUESDAY} 12:20")
    page.keyboard.press("Escape")
    expect(crowd).to_be_focused()


_SEND = "UPDATE push.brief SET status = 'sent' WHERE campaign_code = :code RETURNING brief_id"


def stop_halfway(engine: Engine, code: str) -> None:
    """Let a brief be approved and sent to 300 people, and its run be stopped before 200 more."""
    approve(engine, code)
    with engine.begin() as conn:
        brief_id = conn.execute(text(_SEND), {"code": code}).scalar_one()
        users = users_of_bucket(conn, 0, 500)
        occasion = datetime.combine(TUESDAY, time(12), ZoneInfo("Asia/Almaty"))
        run_id = create_run(conn, source_id=brief_id, occasion=occasion, status="cancelled")
        end(conn, create_batch(conn, run_id, users=users[:300]))
        create_batch(conn, run_id, users=users[300:], status="cancelled")


def test_a_stopped_campaign_is_called_stopped_and_how_far_it_came(
    page_of: Pages, configured_db: Engine
):
    stopped, _ = add_rows(
        configured_db,
        [on(TUESDAY, idea="Half way"), on(TUESDAY, "18:00", idea="As planned")],
    )
    stop_halfway(configured_db, stopped)
    words = {
        "en": ("stopped", "300 of 500 queued had left", "Month", "Week", "List"),
        "ru": ("остановлено", "ушло 300 из 500 в очереди", "Список"),
        "kk": ("тоқтатылды", "кезектегі 500 ішінен 300 кетіп үлгерді", "Ай"),
    }
    sheet = Sheet(page_of("viewer", language="kk"))
    expect(sheet.cell(stopped, "status")).to_have_text(words["kk"][0])
    sheet.page.goto(page_of.url("briefs"))
    expect(sheet.page.locator(".briefs li", has_text="Half way")).to_contain_text(words["kk"][0])
    for language in ("kk", "ru", "en"):
        word, how_far, *views = words[language]
        page = page_of("viewer", "calendar", language=language, height=1300)
        box = page.locator(".ec-event:not(.ec-bg-event)", has_text="Half way")
        for view in views:
            page.get_by_role("button", name=view, exact=True).click()
            go_to(page, TUESDAY)
            expect(box).to_have_class(re.compile(r"\bstatus-stopped\b"))
            expect(box).to_have_attribute("aria-label", re.compile(f"{word}: {how_far}"))
            expect(box).to_contain_text(word)
    status_filter = page.locator("#filter-status")
    status_filter.select_option("stopped")
    expect(page.locator(".ec-event", has_text="As planned")).to_have_count(0)
    box.click()
    expect(page.get_by_role("dialog")).to_contain_text(how_far)
