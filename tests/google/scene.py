"""A page, a tab, and the sync between them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, NullPool, create_engine

from pushline.brief.sheet_rows import CellChange
from pushline.brief.sheet_store import SheetRecord
from pushline.database.roles import role_name
from pushline.desk import open_desk
from pushline.google_sheet.connect import SheetAccess
from pushline.google_sheet.door import GoogleDoor
from pushline.google_sheet.sync import SyncReport, sync_sheet
from tests.google.stub import SPREADSHEET, Stub
from tests.google.tab import Tab

NOW = datetime(2026, 8, 3, 9, 0, tzinfo=UTC)
GROUPS = ("business", "marketing", "data")
HEADERS = ["ID", "Status", "Problems", "Message idea", "Title RU", "Text RU", "Link"]
HEADERS += ["utm_campaign", "Send at", "Audience", "My notes"]
TRUNCATE = (
    "TRUNCATE push.google_sheet, push.google_row, push.sheet_row, push.sheet_change, push.brief, "
    "push.brief_version, push.brief_text, push.brief_history, push.approval, push.brief_number "
    "CASCADE"
)
GOOD = {
    "idea": "Back to school",
    "title_ru": "Скидка 20% к школе",
    "text_ru": "Рюкзаки и форма до 31 августа.",
    "link": "https://shop.example.kz/school",
    "utm_campaign": "school_2026",
    "send_at": "2026-08-15 11:00",
    "audience": "every_customer",
}


class World:
    """A page, a tab, and the sync between them; `notes` are what sleeping would have taken."""

    def __init__(self, engine: Engine, stub: Stub) -> None:
        self.engine = engine
        # As the DAG and the button work: whatever the page's role lacks fails a test.
        self.page_engine = create_engine(
            engine.url.set(username=role_name("page")), poolclass=NullPool
        )
        self.stub = stub
        self.now = NOW
        self.slept: list[float] = []
        access = SheetAccess(SPREADSHEET, stub.tab.title, endpoint=stub.url)
        self.door: GoogleDoor = access.open()

    @property
    def tab(self) -> Tab:
        return self.stub.tab

    def sync(self, **over: Any) -> SyncReport:
        """Sync as the DAG does; the clock goes on by a minute."""
        self.now += timedelta(minutes=1)
        given = {"clock": lambda: self.now, "patience": 600.0, "sleep": self.slept.append}
        report = sync_sheet(self.page_engine, over.pop("door", self.door), **(given | over))
        assert self.stub.violations == []
        return report

    def page(self) -> dict[str, SheetRecord]:
        with self.engine.begin() as conn:
            _, rows = open_desk(conn, self.now).read_sheet(conn, now=self.now)
        return {record.code: record for record in rows}

    def type_on_page(self, code: str, by: str = "mia", **cells: str) -> None:
        record = self.page()[code]
        changes = [
            CellChange(code, key, text, record.revisions.get(key, 0)) for key, text in cells.items()
        ]
        with self.engine.begin() as conn:
            saved = open_desk(conn, self.now).save_cells(
                conn, changes, by=by, groups=GROUPS, now=self.now
            )
        assert not saved.conflicts
        assert not saved.refused

    def add_on_page(self, by: str = "mia", **cells: str) -> str:
        with self.engine.begin() as conn:
            saved = open_desk(conn, self.now).create_rows(conn, [cells], by=by, now=self.now)
        return saved.rows[0].code

    def column(self, header: str) -> int:
        """Where a column stands, by the beginning of its header."""
        return next(
            place for place, text in enumerate(self.tab.texts()[0]) if text.startswith(header)
        )

    def row_of(self, code: str) -> int:
        ids = [row[self.column("ID")] if row else "" for row in self.tab.texts()]
        assert ids.count(code) == 1
        return ids.index(code)

    def read(self, code: str, header: str) -> str:
        return self.tab.text(self.row_of(code), self.column(header))

    def type_in_tab(self, code: str, **cells: str) -> None:
        for header, text in cells.items():
            self.tab.type(self.row_of(code), self.column(header.replace("_", " ")), text)

    def problems(self, code: str) -> str:
        return self.read(code, "Problems")
