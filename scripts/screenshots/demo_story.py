"""The story of the first campaign in the running demo, with its pictures."""

import csv
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Locator, Page

from pushline.demo import state
from pushline.demo.airflow_client import AirflowClient
from pushline.demo.up import CAMPAIGNS
from pushline.settings import CHECKOUT, get_settings
from scripts.screenshots.browser import look, open_machines, shrink
from scripts.screenshots.examples import PLANNING_DAG
from scripts.screenshots.first_campaign import Desk, FirstCampaign

SIZE = (1440, 900)
EXAMPLE = CHECKOUT / "examples" / "campaigns_month.csv"
# The row of the example whose two red cells have a correction each.
IDEA = "Ошибка: UTM в ссылке и в имени"
# The brief beside which the whole page is shown.
SHOWN = "C-2026-019"
AHEAD = timedelta(minutes=4)
PUSHES_A_MINUTE = 30
PLAN_SECONDS = 600
# Below this there is nothing to see, in pixels.
HEIGHTS = {"campaigns-red-cell.png": 640}
_SHOW_PHONE = """panel => {
  const top = (element) => element.getBoundingClientRect().top;
  panel.scrollTop += top(panel.querySelector(".phone")) - top(panel) - 8;
}"""
# The red row of the sheet, or a copy of it with its mistakes put back: the story may be told again.
_RED_ROW = """async (body, [idea, cells]) => {
  const base = body.dataset.base;
  const { rows } = await (await fetch(base + "api/sheet")).json();
  const isRed = (row) => row.problems.some(({ column }) => column === "link");
  const told = rows.filter((row) => row.cells.idea === idea);
  const found = told.find((row) => row.status === "idea" && isRed(row));
  if (found) return found.code;
  const headers = { "Content-Type": "application/json" };
  const ask = async (path, asked) => {
    const body = JSON.stringify(asked);
    const answer = await fetch(base + path, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
  const [{ code, revisions }] = (await ask("api/rows", { copy_of: told[0].code })).rows;
  const changes = ["link", "utm_campaign", "send_at"].map((column) => (
    { code, column, value: cells[column], base: revisions[column] ?? 0 }
  ));
  await ask("api/cells", { changes });
  return code;
}"""


def _read_example() -> dict[str, str]:
    """Return the cells of the red row by the keys of their columns."""
    names = {
        "Идея": "idea",
        "Цель": "goal_event",
        "Ответственный": "owner",
        "Заголовок RU": "title_ru",
        "Текст RU": "text_ru",
        "Ссылка": "link",
        "utm_campaign": "utm_campaign",
        "Когда": "send_at",
        "Аудитория": "audience",
    }
    with EXAMPLE.open(encoding="utf-8-sig", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["Идея"] == IDEA)
    return {key: row[header] for header, key in names.items()}


def _keeper(folder: Path) -> Callable[[Page, str, Locator | None], None]:
    def keep(page: Page, file_name: str, where: Locator | None) -> None:
        if file_name in HEIGHTS:
            page.set_viewport_size({"width": SIZE[0], "height": HEIGHTS[file_name]})
        (folder / file_name).write_bytes(shrink(look(page, where)))
        page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})
        print(f"docs/pictures/{file_name}", flush=True)

    return keep


class _RunHeld(Exception):  # noqa: N818 - the name is the state
    """The numbers left what was agreed to before the run came: its plan waits for a person."""


def tell_story(base_url: str, folder: Path) -> None:
    """Let mia write, dana and adam agree, Airflow plan, and mia stop the rest.

    In the first minutes of a new demo its own campaigns may take the slots between approval and
    sending, and the run is held as it should be: then the story is told once more.
    """
    try:
        _tell(base_url, folder)
    except _RunHeld as held:
        print(f"{held}; once more, with a new campaign", flush=True)
        try:
            _tell(base_url, folder)
        except _RunHeld as again:
            raise SystemExit(str(again)) from None


def _tell(base_url: str, folder: Path) -> None:
    passwords = state.passwords()
    with open_machines(base_url, *SIZE) as sit_down:
        # All sit down first: the time of sending is near, and a busy machine signs in slowly.
        pages = {name: sit_down(name, passwords[name]) for name in ("mia", "dana", "adam")}

        def open_sheet(name: str, path: str) -> Desk:
            page = pages[name]
            page.goto(base_url + path)
            desk = Desk(page, page.frame_locator("iframe"))
            desk.wait_for_sheet()
            return desk

        mia = open_sheet("mia", CAMPAIGNS)
        code = mia.find("body").evaluate(_RED_ROW, [IDEA, _read_example()])
        story = FirstCampaign(_keeper(folder), code)
        story.find_red_cells(mia)
        send_at = datetime.now(get_settings().zone).replace(second=0, microsecond=0) + AHEAD
        story.mend(mia, send_at)
        story.read_reach(mia)
        story.hand_on(mia, "texts ready")
        deep_link = f"{CAMPAIGNS}/pushline/?brief={code}"
        dana = open_sheet("dana", deep_link)
        story.slow_down(dana, PUSHES_A_MINUTE)
        story.hand_on(dana, "audience ready")
        agreed = story.approve(open_sheet("adam", deep_link))
        _show_sheet(mia, story)

        # The planner would come by itself, within five minutes of the time of sending.
        seconds = (send_at - datetime.now(UTC)).total_seconds()
        mia.page.wait_for_timeout(max(0, seconds) * 1000)
        AirflowClient(base_url, "dana", passwords["dana"]).trigger(PLANNING_DAG)
        run = _wait_for_run(story, mia)
        print(f"{code}: {agreed} were agreed to; before the stop it says: {story.stop(mia, run)}")


def _show_sheet(mia: Desk, story: FirstCampaign) -> None:
    """Picture of the page as one works with it: texts in the grid, and what becomes of them."""
    mia.look_up("")
    mia.cell(SHOWN, "title_ru").click()
    story.wait_for_reach(mia)
    # The phone above, the numbers below.
    mia.find("#panel").evaluate(_SHOW_PHONE)
    story.take(mia.page, "campaigns-sheet.png", None)
    story.show_reach(mia)


def _wait_for_run(story: FirstCampaign, mia: Desk) -> Locator:
    """Wait until the planner has taken the campaign and some of its pushes have left."""
    deadline = time.monotonic() + PLAN_SECONDS
    run = story.open_results(mia, PLAN_SECONDS)
    while not story.read_results(run).get("accepted"):
        status = run.locator(".run-status")
        said = status.locator("..").inner_text()
        if "status-held" in (status.get_attribute("class") or ""):
            raise _RunHeld(f"{story.code} is held: {said}")
        if time.monotonic() > deadline:
            raise SystemExit(f"{story.code} did not leave within {PLAN_SECONDS} s: {said}")
        mia.page.wait_for_timeout(1000)
    return run
