"""The sheet page with 500 briefs in Chromium: until the grid is there, and a keystroke.

The server is a process of its own, as in production; without Airflow around it, whose start and
whose frame are not ours. Each repetition is a browser profile with an empty cache.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page

from bench.figures import ROOT, Figure, Options
from pushline.database.server import choose_port
from tests.web.browser.pages import Pages, chromium, find_chromium

BRIEFS = 500
START_SECONDS = 180
# A person's pace: faster than that, one would measure a queue.
PAUSE_MS = 60
# What one does most: go through the grid, begin to type, type on, keep it.
KEYS = ("ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft", *"campaign", "Enter") * 3
# From the key until the frame that shows it has been painted.
LISTEN = """() => {
    window.keystrokes = [];
    addEventListener("keydown", (event) => {
        requestAnimationFrame(() => {
            const painted = new MessageChannel();
            painted.port1.onmessage = () => keystrokes.push(performance.now() - event.timeStamp);
            painted.port2.postMessage(null);
        });
    }, true);
}"""


def measure_sheet(options: Options) -> list[Figure]:
    """Measure milliseconds until the grid is painted, and of the slowest keys (95th percentile)."""
    if find_chromium() is None:
        raise SystemExit("This needs a Chromium. Debian, Ubuntu: apt-get install chromium")
    ready, keys = [], []
    with _served() as address, chromium() as browser:
        for counts in options.rounds():
            pages = Pages(browser, address)
            page = pages("marketer")
            page.wait_for_selector("body[data-ready]")
            page.wait_for_timeout(500)
            shown = page.evaluate("performance.getEntriesByName('sheet-ready')[0].startTime")
            typed = statistics.quantiles(_type(page), n=20)[-1]
            faults = pages.close()
            if faults:
                raise RuntimeError(f"the page was not well: {faults}")
            if counts:
                ready.append(float(shown))
                keys.append(typed)
                options.say(f"  ready {shown:.0f} ms, key {typed:.0f} ms")
    note = f"{BRIEFS} briefs, Chromium on the same machine"
    return [
        Figure("sheet_ready_ms", "ms", ready, f"{note}, empty cache", bound=2000),
        Figure("sheet_keystroke_ms", "ms", keys, f"{note}, p95 until painted", bound=50),
    ]


def _type(page: Page) -> list[float]:
    page.locator('.tabulator-row [tabulator-field="idea"]').nth(3).click()
    page.evaluate(LISTEN)
    for key in KEYS:
        page.keyboard.press(key)
        page.wait_for_timeout(PAUSE_MS)
    found: list[float] = page.evaluate("keystrokes")
    if len(found) < len(KEYS):
        raise RuntimeError(f"{len(KEYS)} keys were pressed, {len(found)} were heard")
    return found


@contextmanager
def _served() -> Iterator[str]:
    port = choose_port("bench sheet")
    arguments = ["--name", "bench", "--briefs", str(BRIEFS), "--port", str(port)]
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.web.browser.serve", *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(server, f"{address}/favicon.ico")
        yield f"{address}/pushline/"
    finally:
        server.terminate()
        server.wait(60)


def _wait(server: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except (URLError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError("the pages did not start; python -m tests.web.browser.serve says why")
