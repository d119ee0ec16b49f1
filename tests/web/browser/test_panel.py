"""The panel beside the grid in a real browser: phones, who gets it, approval, the stop button."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from pushline.message.text_fit import fit, wrap_lines
from pushline.plan.reach_worker import WORKER
from tests.factories import create_batch, create_run
from tests.plan.reach_town import EVERYBODY
from tests.web.browser.pages import NAMES, PERSON_COOKIE, Pages, find_barriers
from tests.web.browser.town import settle_town

ALMATY = ZoneInfo("Asia/Almaty")

CORPUS = [
    "Скидка 20% к школе 🎒",
    "24 часа: до −50% на кроссовки Nike и всё остальное",
    "Желтоқсанның жаңа кітабы: әңгімелер",
    "20% off for school 🎒 and everything else you need",
    "Рюкзаки и форма — до 31 августа. Выберите размер, пока он ещё есть.",
    "Сөмкелер мен форма — 31 тамызға дейін. Таңдап үлгеріңіз!",
    "👨‍👩‍👧 Семья 🇰🇿 дешевле на 15% ⏰⏰⏰ только сегодня",
    "Превысокомногорассмотрительствующий длиннющий заголовок",
    "AVAVAVAVAV To Ty Wa Yo — kerning AVAVAVAVAV",
    "Две  пробела\nи строка, потом ещё одна строка с текстом",
    "x" * 66,
    "е\u0301щё один ударе\u0301ние ₸ 12 500 ₸ → №5",
    "Короткий",
]


@pytest.fixture
def filled(
    configured_db: Engine, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """People of eight buckets, a policy, a campaign of this week, and an audience file."""
    monkeypatch.setenv("PUSHLINE_TYPED_NUMBER_FROM", "100")
    monkeypatch.setenv("PUSHLINE_PUSH_PRICE", "2")
    settle_town(configured_db, tmp_path, monkeypatch)
    with configured_db.begin() as conn:
        _plan_campaign(conn, send_at() - timedelta(days=2))
    yield configured_db
    WORKER.wait(30)


def _plan_campaign(conn: Any, at: datetime) -> None:
    """Every second person has a push already, so that the cap stops them."""
    run_id = create_run(conn, occasion=at, title="Winter sale", source_kind="foreign")
    rows = conn.execute(
        text(
            "SELECT bucket, array_agg(user_id) AS users FROM push.recipient"
            " WHERE user_id % 2 = 0 GROUP BY bucket"
        )
    )
    for row in rows.all():
        create_batch(conn, run_id, users=row.users, bucket=row.bucket)


def send_at() -> datetime:
    day = datetime.now(ALMATY) + timedelta(days=4)
    return day.replace(hour=12, minute=0, second=0, microsecond=0)


def make_brief(page: Page, base: str, **over: str) -> str:
    """Save a good brief as the marketer; returns its code."""
    cells = {
        "idea": "Зимняя распродажа",
        "goal_event": "order_paid",
        "title_ru": "{{ name | default: 'Привет' }}, скидка −20% на всю зимнюю обувь",
        "text_ru": "Сапоги и ботинки дешевле на пятую часть: только до воскресенья.",
        "title_kk": "Қысқы аяқ киімге −20%",
        "text_kk": "Етік пен бәтеңке жексенбіге дейін арзан.",
        "title_b_ru": "−20% на зимнюю обувь ⏰",
        "text_b_ru": "До воскресенья.",
        "title_b_kk": "Қысқы аяқ киім арзан ⏰",
        "text_b_kk": "Жексенбіге дейін.",
        "link": "https://shop.example.kz/shoes",
        "utm_campaign": "winter_shoes",
        "send_at": f"{send_at():%Y-%m-%d %H:%M}",
        "audience": EVERYBODY,
    } | over
    headers = {"Origin": base.split("/pushline")[0]}
    audience = cells.pop("audience")
    made = page.request.post(f"{base}api/rows", data={"cells": [cells]}, headers=headers).json()
    change = {"code": made["rows"][0]["code"], "column": "audience", "value": audience, "base": 0}
    # The audience is the data team's column.
    data_team = headers | {"Cookie": f"{PERSON_COOKIE}={NAMES['data']}:data"}
    made = page.request.post(
        f"{base}api/cells", data={"changes": [change]}, headers=data_team
    ).json()
    row = made["rows"][0]
    errors = [problem for problem in row["problems"] if problem["severity"] == "error"]
    assert errors == [], errors
    code: str = row["code"]
    for to in ("texts_ready",):
        page.request.post(f"{base}api/briefs/{code}/move", data={"to": to}, headers=headers)
    return code


def move(page: Page, base: str, code: str, to: str) -> None:
    headers = {"Origin": base.split("/pushline")[0]}
    answer = page.request.post(f"{base}api/briefs/{code}/move", data={"to": to}, headers=headers)
    assert answer.ok, answer.text()


NO_B = dict.fromkeys(("title_b_ru", "text_b_ru", "title_b_kk", "text_b_kk"), "")


def read_number(words: str) -> int:
    return int(re.sub(r"\D", "", words))


def test_a_brief_from_the_phones_to_its_approval(page_of: Pages, filled: Engine):
    marketer = page_of("marketer", None)
    code = make_brief(marketer, page_of.base_url)
    marketer.goto(page_of.url(f"?brief={code}"))
    panel = marketer.locator("#panel")
    collapsed = panel.locator(".card.a16:not(.open)")
    expect(collapsed.locator(".line.title")).to_have_text(
        re.compile("Аружан|Екатерина"), timeout=30_000
    )
    panel.get_by_role("button", name="with gaps").click()
    expect(collapsed.locator(".line.title")).to_have_text(re.compile("^Привет"))
    panel.get_by_role("button", name="KK").click()
    expect(collapsed.locator(".line.title")).to_have_text("Қысқы аяқ киімге −20%")
    panel.get_by_role("button", name="RU").click()
    panel.get_by_role("button", name="B", exact=True).click()
    expect(collapsed.locator(".line.title")).to_have_text("−20% на зимнюю обувь ⏰")
    expect(panel.locator(".link code")).to_contain_text("utm_content=b")
    for device in ("412 dp", "Android ≤ 15", "iPhone"):
        panel.get_by_role("button", name=device).click()
        expect(panel.locator(".phone .line.title").first).to_have_text("−20% на зимнюю обувь ⏰")

    # Who gets it: counted by itself, adds up on the screen, and says who takes the slots.
    expect(panel.get_by_text("Will get it")).to_be_visible(timeout=30_000)
    rows = panel.locator("#panel-reach .funnel").first.locator("tr")
    numbers = [read_number(words) for words in rows.locator(".users").all_inner_texts()]
    assert numbers[0] == sum(numbers[1:]) > numbers[-1] > 0
    expect(panel.get_by_text(re.compile(r"As of \d\d:\d\d Almaty"))).to_be_visible()
    expect(panel.locator(".takers")).to_contain_text("Winter sale", timeout=30_000)
    expect(panel.locator(".pressure tr").last).to_contain_text("at the cap")
    assert find_barriers(marketer, "#panel") == []
    expect(panel).to_contain_text("The next step is the data team's")

    data = page_of("data", None)
    move(data, page_of.base_url, code, "audience_ready")
    approver = page_of("approver", f"?brief={code}", language="ru")
    approver.get_by_role("button", name="Согласовать…").click()
    dialog = approver.get_by_role("dialog")
    expect(dialog.get_by_text("Получат", exact=True)).to_be_visible(timeout=30_000)
    expect(dialog.locator(".case-texts section")).to_have_count(4)
    expect(dialog).to_contain_text("Писали")
    assert find_barriers(approver, "dialog") == []
    expect(dialog).to_contain_text("Обойдётся примерно")
    dialog.get_by_role("button", name="Согласовать", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("наберите")
    dialog.locator("#typed-number").fill(str(numbers[-1]))
    dialog.get_by_role("button", name="Согласовать", exact=True).click()
    expect(approver.locator(".panel-title .chip")).to_have_text("согласовано", timeout=20_000)
    with filled.connect() as conn:
        approval = conn.execute(text("SELECT * FROM push.approval")).mappings().one()
    assert approval["reach_expected"] == numbers[-1]

    # Taken back by the marketer, who may not approve what they wrote.
    expect(marketer.locator(".panel-title .chip")).to_have_text("approved", timeout=20_000)
    marketer.get_by_role("button", name="Take the approval back").click()
    marketer.get_by_role("dialog").get_by_role("button", name="Take the approval back").click()
    expect(marketer.locator(".panel-title .chip")).to_have_text("audience ready", timeout=20_000)
    marketer.locator("#panel summary", has_text="History").click()
    expect(marketer.locator(".acts li").first).to_contain_text("approval back", timeout=20_000)


def test_page_and_server_cut_texts_at_the_same_letter(page_of: Pages, filled: Engine):
    page = page_of("viewer")
    page.wait_for_selector("body[data-ready]")
    found = page.evaluate(
        """async (texts) => {
            const at = document.body.dataset.base + "static/js/panel/";
            const { fit, loadMeasures, wrapLines } = await import(at + "fit.js");
            const measures = await loadMeasures();
            const ios = measures.places.body.ios;
            return texts.map((text) => ({
                title: fit(text, "title"), body: fit(text, "body"),
                lines: wrapLines(text, ios.width, ios.font),
            }));
        }""",
        CORPUS,
    )
    for words, judged in zip(CORPUS, found, strict=True):
        for place in ("title", "body"):
            ours = fit(words, place)
            theirs = judged[place]
            assert (theirs["colour"], theirs["graphemes"]) == (ours.colour, ours.graphemes), words
            assert theirs["head"] == ours.head, words
        assert judged["lines"] == wrap_lines(words, 283, "ios_body"), words


def test_the_phone_draws_what_the_verdict_says(page_of: Pages, filled: Engine):
    """The browser cuts a line by its own layout: as much stays in sight as the server's head."""
    page = page_of("viewer")
    page.wait_for_selector("body[data-ready]")
    seen = page.evaluate(
        """async (texts) => {
            const at = document.body.dataset.base + "static/js/panel/";
            const { loadMeasures, splitGraphemes } = await import(at + "fit.js");
            const { drawPhone } = await import(at + "phones.js");
            await loadMeasures();
            const panel = document.getElementById("panel");
            const measure = (device, text) => {
                const phone = drawPhone(device, { title: text, body: text }, "light");
                panel.replaceChildren(phone);
                const line = phone.querySelector(".card:not(.open) .line.body");
                const width = line.getBoundingClientRect().width;
                return { overflows: line.scrollWidth > Math.ceil(width), width };
            };
            return {
                lines: texts.map((text) => measure("android16-360", text)),
                widths: ["android16-412", "android15-360", "android15-412"].map(
                    (device) => Math.round(measure(device, "word ".repeat(40)).width)
                ),
            };
        }""",
        CORPUS,
    )
    assert seen["widths"] == [250, 220, 272]
    for words, drawn in zip(CORPUS, seen["lines"], strict=True):
        assert drawn["width"] == pytest.approx(198, abs=0.5)
        assert drawn["overflows"] == (fit(words, "body").colour != "green" and cut(words)), words


def cut(words: str) -> bool:
    """Whether the narrow phone cuts it, also where red says something else first."""
    return fit(words, "body").head != " ".join(words.split())


def test_typing_shows_at_once_and_red_cells_say_what_to_do(page_of: Pages, filled: Engine):
    page = page_of("marketer", None, language="kk", theme="dark")
    code = make_brief(page, page_of.base_url, **NO_B)
    page.goto(page_of.url(f"?brief={code}"))
    panel = page.locator("#panel")
    expect(panel.locator(".line.title").first).to_be_visible(timeout=30_000)
    detail = {"code": code, "column": "title_kk", "value": "Жаңа тақырып 🎒"}
    page.evaluate(
        "(detail) => document.dispatchEvent(new CustomEvent('cell-typing', { detail }))", detail
    )
    expect(panel.locator(".card.a16:not(.open) .line.title")).to_have_text("Жаңа тақырып 🎒")
    assert find_barriers(page, "#panel") == []
    headers = {"Origin": page_of.base_url.split("/pushline")[0]}
    answer = page.request.post(
        f"{page_of.base_url}api/preview",
        data={"cells": {"title_ru": "<b>{{ nobody }}", "link": "https://x", "utm_campaign": "a b"}},
        headers=headers,
    )
    shown = answer.json()["texts"][0]["title"]
    assert json.dumps(shown)
    assert answer.ok


def test_the_stop_button_says_what_left_and_lets_go_on(page_of: Pages, filled: Engine):
    page = page_of("data", "")
    page.get_by_role("button", name="Stop sending…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".stop-place")).to_have_count(3)
    assert find_barriers(page, "dialog") == []
    dialog.get_by_role("button", name="Stop: Campaigns").click()
    expect(dialog.get_by_role("button", name="Let it go on: Campaigns")).to_be_visible()
    with filled.connect() as conn:
        assert conn.execute(text("SELECT scope FROM push.pause")).scalars().all() == ["lane"]
    dialog.get_by_role("button", name="Let it go on: Campaigns").click()
    expect(dialog.get_by_role("button", name="Stop: Campaigns")).to_be_visible()
    viewer = page_of("viewer", "")
    expect(viewer.locator("#grid")).to_be_visible()
    expect(viewer.get_by_role("button", name="Stop sending…")).to_have_count(0)
