"""Pictures of Airflow's pages, by the Chromium that the machine has."""

import io
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, TimeoutError, sync_playwright  # noqa: A004

from scripts.screenshots.pictures import PagePicture

WIDTH = 1280
COLORS = 256
REFINED = 5  # rounds in which the colours move to where most of the picture is
# Up to this size a picture keeps all of its colours.
MANY_BYTES = 90_000
SECONDS = 90_000  # in Playwright's milliseconds: a busy machine draws slowly
IDLE = 10_000
# A page is drawn when it looks the same thrice; one that never rests is taken as it is.
SAME = 3
LOOK_AGAIN = 400
MOST_LOOKS = 40
# Paints an emoji and looks for a pixel that is not grey.
_HAS_EMOJI = """() => {
  const paper = document.createElement("canvas").getContext("2d");
  paper.font = "32px sans-serif";
  paper.fillText("🎒", 0, 34);
  const { data } = paper.getImageData(0, 0, 48, 48);
  return data.some((red, at) => at % 4 === 0 && Math.abs(red - data[at + 1]) > 16);
}"""
# Nothing is asked of the network but the demo.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str:
    """Return the browser's path; without one say how to get it."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    raise SystemExit("The pictures need a Chromium. Debian, Ubuntu: apt-get install chromium")


def check_machine() -> None:
    """Refuse to take pictures without a browser, or with boxes in the place of emoji."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), chromium_sandbox=False, args=list(FLAGS)
        )
        try:
            refuse_missing_emoji(has_emoji=bool(browser.new_page().evaluate(_HAS_EMOJI)))
        finally:
            browser.close()


def refuse_missing_emoji(*, has_emoji: bool) -> None:
    """Say how to get a font of colourful emoji when there is none."""
    if not has_emoji:
        raise SystemExit(
            "The pictures need a font of colourful emoji, or phones show boxes."
            " Debian, Ubuntu: apt-get install fonts-noto-color-emoji"
        )


@contextmanager
def open_airflow(base_url: str, name: str, password: str) -> Iterator[Page]:
    """Yield a page of Airflow, signed in."""
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=find_chromium(),
            headless=True,
            # Chromium's sandbox refuses to start as root, and only our own pages are opened.
            chromium_sandbox=False,
            args=list(FLAGS),
            viewport={"width": WIDTH, "height": 800},
            locale="en-GB",
            timezone_id="Asia/Almaty",
            color_scheme="light",
        )
        try:
            page = context.new_page()
            page.set_default_timeout(SECONDS)
            _sign_in(page, base_url, name, password)
            yield page
        finally:
            context.close()


@contextmanager
def open_machines(base_url: str, width: int, height: int) -> Iterator[Callable[[str, str], Page]]:
    """Yield a function of (name, password): Airflow, signed in, at a machine of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), chromium_sandbox=False, args=list(FLAGS)
        )

        def sit_down(name: str, password: str) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                locale="en-GB",
                timezone_id="Asia/Almaty",
                color_scheme="light",
            )
            page = context.new_page()
            page.set_default_timeout(SECONDS)
            _sign_in(page, base_url, name, password)
            return page

        try:
            yield sit_down
        finally:
            browser.close()


def _sign_in(page: Page, base_url: str, name: str, password: str) -> None:
    page.goto(f"{base_url}/")
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.locator("button[type=submit]").click()
    page.get_by_role("link", name="Dags").first.wait_for()


def list_dag_runs(page: Page, base_url: str, dag_id: str, state: str) -> list[str]:
    """Return the ids of the latest runs of a DAG in this state, newest first."""
    address = f"{base_url}/api/v2/dags/{dag_id}/dagRuns"
    asked: dict[str, str | float | bool] = {"state": state, "order_by": "-run_after", "limit": 100}
    found = page.request.get(address, params=asked).json()
    return [run["dag_run_id"] for run in found["dag_runs"]]


def shrink(png: bytes) -> bytes:
    """Return a big picture with fewer colours, the rare ones among them: it is a third as big."""
    small = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        drawn = picture.convert("RGB")
        drawn.save(small, "PNG", optimize=True)
        if small.tell() > MANY_BYTES:
            small = io.BytesIO()
            few = drawn.quantize(
                COLORS,
                method=Image.Quantize.MAXCOVERAGE,
                kmeans=REFINED,
                dither=Image.Dither.NONE,
            )
            few.save(small, "PNG", optimize=True)
    return small.getvalue()


def look(page: Page, where: Locator | None = None) -> bytes:
    """Return what is seen once nothing on the page comes, slides or fades any more."""
    # A page that asks for news again and again is never idle on a slow machine.
    with suppress(TimeoutError):
        page.wait_for_load_state("networkidle", timeout=IDLE)
    place = where or page
    looks = [place.screenshot(animations="disabled")]
    while len(looks) < MOST_LOOKS and (len(looks) < SAME or len(set(looks[-SAME:])) > 1):
        page.wait_for_timeout(LOOK_AGAIN)
        looks.append(place.screenshot(animations="disabled"))
    return looks[-1]


def take_page(
    page: Page, base_url: str, picture: PagePicture, names: Mapping[str, str], folder: Path
) -> None:
    """Open a page, wait until it shows what it is about, and keep the picture."""
    page.set_viewport_size({"width": WIDTH, "height": picture.height})
    page.goto(base_url + picture.path.format_map(names))
    if picture.click:
        page.locator("button").filter(has_text=picture.click).first.click()
    place = page.frame_locator("iframe") if picture.in_frame else page
    place.get_by_text(picture.waits_for).first.wait_for()
    (folder / picture.file_name).write_bytes(shrink(look(page)))
