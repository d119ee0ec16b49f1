"""The page inside a running Airflow below a path: menu, theme, language, links, rights."""

import re
from collections.abc import Callable
from urllib.parse import urljoin

import requests
from playwright.sync_api import Frame, FrameLocator, Page, expect
from sqlalchemy import Engine, text

from tests.web.browser.sheet import add_rows

OpenAirflow = Callable[..., Page]
SHEET = "plugin/campaigns"
LOADING = """async (call) => {
  const base = document.body.dataset.base + "static/js/";
  const [shell, api] = [await import(base + "shell.js"), await import(base + "api.js")];
  return await ({
    leave: () => shell.leave("/dags"),
    link: () => shell.linkTo("?brief=C-2026-118"),
    post: () => api.post("api/rows", { count: 1 }).then((made) => made.rows[0].code, String),
    ask: () => {
      const actions = [{ label: "No", value: false }, { label: "Yes", value: true }];
      window.answer = shell.openDialog({ title: "Send?", body: "To 5", actions });
    },
    answer: () => window.answer,
  })[call]();
}"""


def shown(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def frame_of(page: Page) -> Frame:
    expect(shown(page).locator("#state")).to_be_attached()
    return next(frame for frame in page.frames if frame.parent_frame)


def test_it_looks_and_speaks_as_airflow_does(airflow_page_of: OpenAirflow):
    page = airflow_page_of("marketer", SHEET, language="ru", theme="dark")
    root = shown(page).locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    expect(root).to_have_attribute("lang", "ru")
    expect(shown(page).get_by_role("link", name="Календарь")).to_be_visible()
    expect(page.get_by_role("link", name="Campaigns").locator("img")).to_be_visible()
    page.evaluate("document.documentElement.className = 'light'")
    expect(root).to_have_attribute("data-theme", "light")
    shown(page).locator("#language").select_option("kk")
    expect(root).to_have_attribute("lang", "kk")
    expect(shown(page).get_by_role("link", name="Күнтізбе")).to_be_visible()
    # Airflow's own choice of a language is kept there; what was chosen last counts.
    page.evaluate("localStorage.setItem('i18nextLng', 'en')")
    expect(root).to_have_attribute("lang", "en")


def test_links_lead_in_and_out(airflow_page_of: OpenAirflow, airflow_address: str):
    page = airflow_page_of("viewer", f"{SHEET}/airflow/pushline/?brief=C-2026-118")
    assert frame_of(page).url == urljoin(airflow_address, "pushline/?brief=C-2026-118")
    # What the cell's menu copies is the address that was opened here, with Airflow around it.
    assert frame_of(page).evaluate(LOADING, "link") == page.url
    shown(page).get_by_role("link", name="Results").click()
    expect(shown(page).locator("body")).to_have_attribute("data-tab", "results")
    expect(page).to_have_url(re.compile(r"/airflow/plugin/campaigns/.*pushline/results"))
    frame_of(page).evaluate(LOADING, "leave")
    expect(page).to_have_url(urljoin(airflow_address, "dags"))
    expect(page.locator("iframe")).to_have_count(0)


def test_changes_pass_by_role_and_dialogs_are_our_own(
    airflow_page_of: OpenAirflow, airflow_address: str, airflow_pages_db: Engine
):
    page = airflow_page_of("marketer", SHEET)
    assert re.fullmatch(r"C-\d{4}-\d{3}", str(frame_of(page).evaluate(LOADING, "post")))
    frame_of(page).evaluate(LOADING, "ask")
    expect(shown(page).get_by_role("dialog", name="Send?")).to_be_visible()
    shown(page).get_by_role("button", name="Yes").click()
    assert frame_of(page).evaluate(LOADING, "answer") is True
    with airflow_pages_db.begin() as conn:
        made = conn.execute(text("SELECT created_by FROM push.sheet_row")).scalars().all()
    assert set(made) == {"mia"}
    for path in ("", "api/sheet", "static/icon.svg", "static/vendor/", "runs/1"):
        answer = requests.get(urljoin(airflow_address, f"pushline/{path}"), timeout=20)
        assert answer.status_code == 401, path


def test_what_is_typed_is_saved_when_airflows_menu_leads_away(
    airflow_page_of: OpenAirflow, airflow_pages_db: Engine
):
    [code] = add_rows(airflow_pages_db, [{"idea": "before"}], by="mia")
    idea = f'[data-code="{code}"] > [tabulator-field="idea"]'
    viewer, page = airflow_page_of("viewer", SHEET), airflow_page_of("marketer", SHEET)
    shown(page).locator(idea).click()
    page.keyboard.type("half a sentence")
    page.get_by_test_id("nav-home-link").click()
    expect(page.locator("iframe")).to_have_count(0)
    expect(shown(viewer).locator(idea)).to_contain_text("half a sentence")
