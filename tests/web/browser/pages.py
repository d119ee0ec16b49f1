"""Opens pages as a person of a role, and keeps watch: no console errors, nobody else is asked."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Route,
    expect,
    sync_playwright,
)

from pushline.demo.state import PEOPLE

PERSON_COOKIE = "test_person"
NAMES = {role: name for name, role, _ in PEOPLE}
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LOCALES = {"en": "en-GB", "ru": "ru-RU", "kk": "kk-KZ"}
SECONDS = 30_000  # in Playwright's milliseconds: a busy machine draws slowly
expect.set_options(timeout=SECONDS)


def find_chromium() -> str | None:
    """Return the path of the machine's browser, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the machine's Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(),
            # Chromium's sandbox refuses to start as root, and only our own pages are opened.
            chromium_sandbox=False,
            args=list(FLAGS),
        )
        try:
            yield browser
        finally:
            browser.close()


class Pages:
    """Callable: `page_of("marketer")` is the sheet as the marketer sees it.

    `allowed` takes patterns of console errors that a test provokes, such as r"409 \\(Conflict\\)".
    """

    def __init__(self, browser: Browser, base_url: str) -> None:
        self.browser = browser
        self.base_url = base_url
        self.allowed: list[str] = []
        self._contexts: list[BrowserContext] = []
        self._faults: list[str] = []

    def __call__(
        self,
        role: str,
        path: str | None = "",
        *,
        name: str | None = None,
        language: Literal["en", "ru", "kk"] = "en",
        theme: Literal["light", "dark"] = "light",
        width: int = 1440,
        height: int = 900,
    ) -> Page:
        """Open a path below the pages' root in a browser profile of its own (None: open nothing).

        Two calls are two people at two machines, also with the same role; `name` tells them apart.
        """
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            locale=LOCALES[language],
            timezone_id="Asia/Almaty",
            color_scheme=theme,
            permissions=["clipboard-read", "clipboard-write"],
        )
        person = f"{name or NAMES[role]}:{role}"
        context.add_cookies([{"name": PERSON_COOKIE, "value": person, "url": self.base_url}])
        page = self.watch(context).new_page()
        if path is not None:
            page.goto(self.url(path))
        return page

    def url(self, path: str) -> str:
        """Return the address of a path below the pages' root."""
        return urljoin(self.base_url, path.lstrip("/"))

    def watch(self, context: BrowserContext) -> BrowserContext:
        """Let every error of its pages, and every question to another host, fail the test."""
        self._contexts.append(context)
        context.set_default_timeout(SECONDS)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self._faults.append(f"uncaught: {error.error}"))
        context.on("request", self._look_at)
        return context

    def close(self) -> list[str]:
        """Close what was opened; return what went wrong on the pages."""
        for context in self._contexts:
            context.close()
        return [
            fault
            for fault in self._faults
            if not any(re.search(pattern, fault) for pattern in self.allowed)
        ]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self._faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _look_at(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme not in {"data", "blob"} and asked.netloc != urlsplit(self.base_url).netloc:
            self._faults.append(f"asked another host: {request.url}")


def find_barriers(page: Page, within: str | None = None) -> list[str]:
    """Return what axe finds serious or critical on the page: rule, and the first elements.

    within: only in the element of this selector.
    """
    answer = Axe().run(page, within, options={"resultTypes": ["violations"]}).response
    return [
        f"{found['id']}: {found['help']} {[node['html'][:160] for node in found['nodes'][:3]]}"
        for found in answer["violations"]
        if found["impact"] in {"serious", "critical"}
    ]


def cut_connection(page: Page) -> None:
    """Let every question to the server fail from now on, as with a pulled cable."""
    page.route("**/api/**", _abort)


def mend_connection(page: Page) -> None:
    """Put the cable back."""
    page.unroute("**/api/**", _abort)


def _abort(route: Route) -> None:
    route.abort("internetdisconnected")
