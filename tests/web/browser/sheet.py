"""The sheet page as a person works with it: cells, clipboard, what is saved."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import Engine

from pushline.brief.versions import move_brief
from pushline.desk import open_desk

NOW = datetime.now(UTC)
GOOD = {
    "idea": "Скидка на музыку",
    "goal_event": "order_paid",
    "owner": "a.serik",
    "title_ru": "Музыка −20%",
    "text_ru": "До воскресенья дешевле.",
    "title_kk": "Музыка −20%",
    "text_kk": "Жексенбіге дейін арзан.",
    "link": "https://shop.example.kz/music",
    "utm_campaign": "music_week",
    "send_at": f"{NOW + timedelta(days=9):%Y-%m-%d} 12:00",
    "audience": "lapsed_buyers",
}


def add_rows(engine: Engine, rows: Sequence[Mapping[str, str]], by: str = "anna") -> list[str]:
    """Make rows of the sheet by the door that everybody uses; returns their codes."""
    with engine.begin() as conn:
        desk = open_desk(conn, NOW)
        return [record.code for record in desk.create_rows(conn, rows, by=by, now=NOW).rows]


def approve(engine: Engine, code: str) -> None:
    """Move a brief on, and have somebody approve it who did not write it."""
    with engine.begin() as conn:
        move_brief(conn, code, "texts_ready", by="anna", now=NOW)
        move_brief(conn, code, "audience_ready", by="dana", now=NOW)
        open_desk(conn, NOW).approve(conn, code, by="adam", now=NOW, expected_reach=1000)


class Sheet:
    """One open sheet."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.wait_for_selector("body[data-ready]")

    @property
    def grid(self) -> Locator:
        """The element that has the keyboard."""
        return self.page.get_by_role("grid")

    @property
    def state(self) -> Locator:
        """The line that says whether everything is saved."""
        return self.page.locator("#state")

    def cell(self, code: str, column: str) -> Locator:
        """A cell in sight."""
        return self.page.locator(f'[data-code="{code}"] > [tabulator-field="{column}"]')

    def text(self, code: str, column: str) -> str:
        """What a cell shows, without its counter of letters."""
        return self.cell(code, column).locator(".cell-text").text_content() or ""

    def choose(self, code: str, column: str, *, to: tuple[str, str] | None = None) -> None:
        """Click a cell; with `to`, the block up to there."""
        self.cell(code, column).click()
        if to:
            self.cell(*to).click(modifiers=["Shift"])

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Type letters of any keyboard; the driver itself knows only the keys of an English one."""
        press = (
            "key => document.activeElement.dispatchEvent(new KeyboardEvent("
            "'keydown', {key, bubbles: true, cancelable: true}))"
        )
        self.page.evaluate(press, text[0])
        self.page.keyboard.insert_text(text)

    def copy_to_clipboard(self, plain: str, html: str = "") -> None:
        """Put something on the machine's clipboard, as another program would."""
        self.page.evaluate(
            """async ([plain, html]) => {
                const types = {"text/plain": new Blob([plain], {type: "text/plain"})};
                if (html) types["text/html"] = new Blob([html], {type: "text/html"});
                await navigator.clipboard.write([new ClipboardItem(types)]);
            }""",
            [plain, html],
        )

    def paste(self, plain: str, html: str = "") -> None:
        """Paste by Ctrl+V from the machine's clipboard."""
        self.copy_to_clipboard(plain, html)
        self.press("Control+v")

    def paste_raw(self, plain: str, html: str) -> None:
        """Paste html byte by byte as the other program wrote it; the browser's own door tidies."""
        self.page.evaluate(
            """([plain, html]) => {
                const data = new DataTransfer();
                data.setData("text/plain", plain);
                data.setData("text/html", html);
                const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true});
                document.activeElement.dispatchEvent(event);
            }""",
            [plain, html],
        )

    def clipboard(self) -> str:
        """Text on the machine's clipboard."""
        return str(self.page.evaluate("navigator.clipboard.readText()"))

    def wait_until_saved(self) -> None:
        """Wait until nothing is on its way."""
        expect(self.state).to_contain_text("Saved")
        # What is typed goes out a moment later, but the line says so at once.
        expect(self.page.locator(".is-waiting")).to_have_count(0)

    def rows(self) -> dict[str, dict[str, Any]]:
        """Rows by code as the server has them now."""
        ask = "fetch(document.body.dataset.base + 'api/sheet').then((answer) => answer.json())"
        return {row["code"]: row for row in self.page.evaluate(ask)["rows"]}

    def saved(self, code: str, column: str) -> str:
        """A cell as the server has it now."""
        return str(self.rows()[code]["cells"].get(column, ""))
