"""The first campaign, from red cells to its results, by the hands of four people.

`make screenshots` tells it in the running demo and takes the pictures of docs/first-campaign.md;
tests/web/browser/test_first_campaign.py tells it on a small town and looks at every number.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from playwright.sync_api import Frame, FrameLocator, Locator, Page

# `where` is cut out of the page; without it the whole page is taken.
TakesPicture = Callable[[Page, str, Locator | None], None]
# In the order of the story.
PICTURES = (
    "campaigns-month.png",
    "campaigns-red-cell.png",
    "campaigns-reach.png",
    "campaigns-approval.png",
    "campaigns-results.png",
    "campaigns-stop.png",
)
# In Playwright's milliseconds: a busy machine counts slowly.
COUNTING = 120_000
_NOT_DIGIT = re.compile(r"\D")


def read_number(words: str) -> int:
    """Return the number of a text such as "−1 234"."""
    return int(_NOT_DIGIT.sub("", words))


@dataclass(frozen=True)
class Desk:
    """A person's screen: the page with the keyboard, and the place where Campaigns is shown."""

    page: Page
    place: Page | Frame | FrameLocator

    def find(self, selector: str) -> Locator:
        """Return elements of Campaigns."""
        return self.place.locator(selector)

    def button(self, words: str | re.Pattern[str], within: Locator | None = None) -> Locator:
        """Return a button by its words."""
        return (within or self.place).get_by_role("button", name=words)

    @property
    def dialog(self) -> Locator:
        """The open dialog."""
        return self.place.get_by_role("dialog")

    @property
    def status(self) -> Locator:
        """Where the chosen brief stands."""
        return self.find(".panel-title .chip")

    def wait_for_sheet(self) -> None:
        """Wait until the grid has its rows."""
        self.find("body[data-ready]").wait_for()

    def cell(self, code: str, column: str) -> Locator:
        """Return a cell in sight."""
        return self.find(f'[data-code="{code}"] > [tabulator-field="{column}"]')

    def look_up(self, words: str) -> None:
        """Leave only the rows that hold these words."""
        self.find("#search").fill(words)

    def wait_until_saved(self) -> None:
        """Wait until nothing of what was typed is on its way."""
        self.find("#state").get_by_text("Saved").wait_for()
        self.find(".is-waiting").wait_for(state="detached")


@dataclass
class FirstCampaign:
    """Steps of the story, in their order; each takes the pictures that its step has."""

    take: TakesPicture
    code: str = ""

    def find_red_cells(self, mia: Desk) -> None:
        """Look at the month, then go to the first red cell of our row."""
        mia.find("#mend").wait_for()
        self.take(mia.page, "campaigns-month.png", None)
        mia.look_up(self.code)
        mia.cell(self.code, "idea").wait_for()
        mia.find("#mend").click()
        mia.find("#cell-hint .fix").wait_for()
        mia.find("#panel-reach").get_by_text("Mend the red cells").wait_for()
        self.take(mia.page, "campaigns-red-cell.png", None)

    def mend(self, mia: Desk, send_at: datetime) -> None:
        """Take both corrections that the page offers, then type the time."""
        for column in ("link", "utm_campaign"):
            mia.find("#cell-hint .fix").click()
            mia.find(f'[data-code="{self.code}"] > [tabulator-field="{column}"].is-error').wait_for(
                state="detached"
            )
            if column == "link":
                mia.find("#mend").click()
        for key in ("ArrowRight", "ArrowRight"):
            mia.page.keyboard.press(key)
        mia.page.keyboard.type(f"{send_at:%Y-%m-%d %H:%M}")
        mia.page.keyboard.press("Enter")
        mia.wait_until_saved()
        mia.look_up("")

    def read_reach(self, desk: Desk) -> list[int]:
        """Wait for the numbers beside the sheet: audience, what each reason takes, who is left."""
        funnel = desk.find("#panel-reach .funnel").first
        funnel.locator("tr.kept").wait_for(timeout=COUNTING)
        return [read_number(words) for words in funnel.locator(".users").all_inner_texts()]

    def wait_for_reach(self, desk: Desk) -> None:
        """Wait until it is counted who gets it, and known who takes the slots."""
        desk.find("#panel-reach tr.kept").wait_for(timeout=COUNTING)
        coming = desk.place.get_by_text("Looking up who takes the slots")
        coming.wait_for(state="detached", timeout=COUNTING)

    def show_reach(self, mia: Desk) -> None:
        """Picture of who gets it."""
        self.wait_for_reach(mia)
        mia.find("#panel details:has(#panel-reach)").evaluate("part => part.scrollIntoView()")
        self.take(mia.page, "campaigns-reach.png", mia.find("#panel"))

    def hand_on(self, desk: Desk, status: str) -> None:
        """Move the brief on by the button of its next step."""
        desk.button(re.compile(f"“{status}”")).click()
        desk.status.filter(has_text=status).wait_for()

    def slow_down(self, dana: Desk, pushes_a_minute: int) -> None:
        """Fill the data team's column "Pushes a minute"."""
        dana.look_up(self.code)
        dana.cell(self.code, "throttle").click()
        dana.page.keyboard.type(str(pushes_a_minute))
        dana.page.keyboard.press("Enter")
        dana.wait_until_saved()

    def approve(self, adam: Desk) -> int:
        """Open the approver's dialog, look, approve; returns the number that was agreed to."""
        adam.button("Approve…").click()
        kept = adam.dialog.locator(".funnel tr.kept .users")
        kept.wait_for(timeout=COUNTING)
        agreed = read_number(kept.inner_text())
        self.take(adam.page, "campaigns-approval.png", adam.dialog)
        typed = adam.dialog.locator("#typed-number")
        if typed.is_visible():
            typed.fill(str(agreed))
        adam.button(re.compile("^Approve$"), adam.dialog).click()
        adam.status.filter(has_text="approved").wait_for()
        return agreed

    def open_results(self, desk: Desk, seconds: float = 60) -> Locator:
        """Go to Results, wait until our run is there, and open its funnel."""
        desk.place.get_by_role("link", name="Results").click()
        run = (
            desk.find("article.run")
            .filter(has=desk.page.locator(f'a[href$="brief={self.code}"]'))
            .first
        )
        desk.button("Show the funnel", run).click(timeout=seconds * 1000)
        run.locator("table.funnel tbody tr").first.wait_for()
        return run

    def read_results(self, run: Locator) -> Mapping[str, int]:
        """Return the run's line of numbers by what they count."""
        pairs = run.locator(".numbers dl > div")
        return {
            pair.get_attribute("class") or "": read_number(pair.locator("dd").inner_text())
            for pair in pairs.all()
        }

    def stop(self, desk: Desk, run: Locator) -> str:
        """Stop what is left of the run; returns what the dialog said before."""
        run.evaluate("run => run.scrollIntoView()")
        self.take(desk.page, "campaigns-results.png", None)
        desk.button("Stop the rest…", run).click()
        said = desk.dialog.locator(".dialog-body").inner_text()
        self.take(desk.page, "campaigns-stop.png", desk.dialog)
        desk.dialog.locator("button.danger").click()
        run.locator(".status-cancelled").wait_for()
        return said
