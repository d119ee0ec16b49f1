"""People in the tab, people on the page, and a sync that is broken off anywhere.

The model knows no merging. It watches what a sync does to texts, and each text is unique:
a sync may only replace a text that both sides had shown at once, it makes one campaign a row, and
what was approved stays as it was.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Engine, text

from pushline.brief.approval import withdraw_approval
from pushline.brief.versions import get_brief, move_brief
from pushline.desk import open_desk
from pushline.google_sheet.errors import SheetBusy
from tests.google.crashes import CRASHES, Crash, dying
from tests.google.scene import GOOD, HEADERS, TRUNCATE, World
from tests.google.stub import Stub
from tests.google.tab import Tab

KEYS = {"Message idea": "idea", "Title RU": "title_ru", "Text RU": "text_ru", "Link": "link"}
NOTES = "My notes"
FAULTS: tuple[Any, ...] = (None, "429", "500", "drop_before", "drop_after", "garbage")


class GoogleMachine(RuleBasedStateMachine):
    """Subclasses name the database, the running stub and a counter of what was seen."""

    database: ClassVar[Engine]
    stub: ClassVar[Stub]
    seen: ClassVar[Counter[str]]

    @initialize()
    def begin(self) -> None:
        with self.database.begin() as conn:
            conn.execute(text(TRUNCATE))
        tab = self.stub.tab
        tab.__dict__.update(Tab(title=tab.title).__dict__)
        tab.put([HEADERS])
        self.stub.faults.clear()
        self.stub.before_write = None
        self.world = World(self.database, self.stub)
        self.number = 0
        # Of a row typed in the tab (its note) or on the page (its code): its code once it has one.
        self.codes: dict[str, str | None] = {}
        self.agreed: set[tuple[str, str, str]] = set()
        # Texts of the page beside which the tab was told of a conflict: typing there decides it.
        self.told: set[tuple[str, str, str]] = set()
        self.approved: dict[str, Any] | None = None
        self.seen["worlds"] += 1
        code = self.world.add_on_page(**GOOD)
        self.codes[code] = code
        self.chosen = code
        self.watch()

    def say(self, word: str) -> str:
        self.number += 1
        return f"{word} {self.number}"

    # People in the tab.

    @rule()
    def add_row_in_tab(self) -> None:
        name = self.say("row")
        place = len(self.world.tab.texts())
        column = self.world.column
        self.world.tab.type(place, column(NOTES), name)
        self.world.tab.type(place, column("Message idea"), self.say("idea"))
        self.world.tab.type(place, column("Title RU"), self.say("title"))
        self.codes[name] = None

    @rule(data=st.data(), header=st.sampled_from(sorted(KEYS)))
    def type_in_tab(self, data: st.DataObject, header: str) -> None:
        places = self.rows_in_tab()
        if places:
            name = data.draw(st.sampled_from(sorted(places)))
            self.world.tab.type(places[name], self.world.column(header), self.say(header))

    @rule(data=st.data(), header=st.sampled_from(sorted(KEYS)))
    def clear_in_tab(self, data: st.DataObject, header: str) -> None:
        places = self.rows_in_tab()
        if places:
            name = data.draw(st.sampled_from(sorted(places)))
            self.world.tab.type(places[name], self.world.column(header), "")

    @rule(data=st.data())
    def swap_rows(self, data: st.DataObject) -> None:
        places = sorted(self.rows_in_tab().values())
        if len(places) > 1:
            one, other = data.draw(st.lists(st.sampled_from(places), min_size=2, max_size=2))
            self.world.tab.swap_rows(one, other)

    @rule(data=st.data())
    def insert_row(self, data: st.DataObject) -> None:
        self.world.tab.insert_row(data.draw(st.integers(1, len(self.world.tab.texts()))))

    @rule(place=st.integers(0, 5))
    def insert_column(self, place: int) -> None:
        self.world.tab.insert_column(place)

    # People on the page.

    @rule()
    def add_row_on_page(self) -> None:
        code = self.world.add_on_page(idea=self.say("idea"), title_ru=self.say("title"))
        self.codes[code] = code

    @rule(data=st.data(), header=st.sampled_from(sorted(KEYS)))
    def type_on_page(self, data: st.DataObject, header: str) -> None:
        codes = sorted(set(self.world.page()) - ({self.chosen} if self.approved else set()))
        if codes:
            self.world.type_on_page(
                data.draw(st.sampled_from(codes)), **{KEYS[header]: self.say(header)}
            )

    @precondition(lambda self: self.approved is None)
    @rule()
    def approve(self) -> None:
        world = self.world
        world.type_on_page(self.chosen, **{**GOOD, "title_ru": self.say("title")})
        with world.engine.begin() as conn:
            if get_brief(conn, self.chosen).status == "idea":
                move_brief(conn, self.chosen, "texts_ready", by="mia", now=world.now)
            if get_brief(conn, self.chosen).status == "texts_ready":
                move_brief(conn, self.chosen, "audience_ready", by="dana", now=world.now)
            desk = open_desk(conn, world.now)
            brief = desk.approve(conn, self.chosen, by="alma", now=world.now, expected_reach=1000)
        self.approved = dict(brief.content)
        self.seen["approvals"] += 1

    @precondition(lambda self: self.approved is not None)
    @rule()
    def withdraw(self) -> None:
        with self.world.engine.begin() as conn:
            withdraw_approval(conn, self.chosen, by="mia", now=self.world.now)
        self.approved = None

    # The sync, well and broken.

    @rule()
    def sync(self) -> None:
        self.during(lambda: self.world.sync())

    @rule(faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=3))
    def sync_on_a_bad_line(self, faults: list[Any]) -> None:
        self.stub.faults.extend(faults)
        self.during(lambda: self.world.sync())
        self.stub.faults.clear()
        self.seen["faults survived"] += sum(fault is not None for fault in faults)

    @rule(faults=st.lists(st.sampled_from(FAULTS), min_size=2, max_size=2))
    def sync_that_gives_up(self, faults: list[Any]) -> None:
        self.stub.faults.extend(faults)
        self.during(lambda: self.world.sync(patience=0.0))
        self.stub.faults.clear()

    @rule(where=st.sampled_from(CRASHES))
    def sync_that_dies(self, where: str) -> None:
        with dying(self.world.door, where) as door:
            self.during(lambda: self.world.sync(door=door))
        self.seen["crashes survived"] += 1

    @rule(data=st.data(), header=st.sampled_from(sorted(KEYS)))
    def sync_while_somebody_types(self, data: st.DataObject, header: str) -> None:
        """In a cell that the page has not changed: for the others there is that one second."""
        places = self.rows_in_tab()
        page = self.world.page()
        calm = [
            name
            for name in sorted(places)
            # A code that only the tab carries: the sync that gave it died before its row was made.
            if (row := page.get(str(self.codes[name]))) is None
            or self.tab_text(name, header) == row.cells.get(KEYS[header])
        ]
        if not calm:
            return
        name, typed = data.draw(st.sampled_from(calm)), self.say(header)
        typed_at: list[bool] = []

        def act(tab: Tab) -> None:
            tab.type(self.rows_in_tab()[name], self.world.column(header), typed)
            typed_at.append(True)

        self.stub.before_write = act
        before = self.snapshot()
        self.world.sync()
        self.stub.before_write = None
        if typed_at:
            before["tab", name, header] = typed
        self.compare(before)

    def during(self, act: Callable[[], object]) -> None:
        """Let a sync act, and compare every text before and after."""
        before = self.snapshot()
        is_whole = True
        try:
            act()
        except (SheetBusy, Crash):
            is_whole = False
            self.seen["syncs broken off"] += 1
        self.seen["syncs"] += 1
        self.compare(before)
        if is_whole:
            self.hear()

    def compare(self, before: dict[tuple[str, str, str], str]) -> None:
        self.watch_codes()
        after = self.snapshot()
        for (side, name, header), old in before.items():
            new = after.get((side, name, header))
            if new is None and side == "page" and self.codes.get(name):
                new = after.get((side, str(self.codes[name]), header))
            assert new is not None, f"the row {name} has left the {side}"
            if new != old:
                known = (name, header, old) in self.agreed or not old
                known = known or (side == "page" and (name, header, old) in self.told)
                assert known, f"{header} of {name} on the {side}: {old!r} became {new!r}"
        self.watch()

    # What is seen.

    def rows_in_tab(self) -> dict[str, int]:
        """Places of rows by their names."""
        notes, ids = self.world.column(NOTES), self.world.column("ID")
        named: dict[str, int] = {}
        for place in range(1, len(self.world.tab.texts())):
            name = self.world.tab.text(place, notes) or self.world.tab.text(place, ids)
            if name:
                assert name not in named, f"{name} stands in the tab twice"
                named[name] = place
        return named

    def is_bare(self, name: str) -> bool:
        """Whether a row lost all that Pushline reads before it ever had a code."""
        return not any(self.tab_text(name, header) for header in KEYS)

    def tab_text(self, name: str, header: str) -> str:
        return self.world.tab.text(self.rows_in_tab()[name], self.world.column(header))

    def name_of(self, code: str) -> str:
        return next((name for name, known in self.codes.items() if known == code), code)

    def snapshot(self) -> dict[tuple[str, str, str], str]:
        tab = {
            ("tab", name, header): self.world.tab.text(place, self.world.column(header))
            for name, place in self.rows_in_tab().items()
            for header in KEYS
        }
        page = {
            ("page", self.name_of(code), header): record.cells.get(key, "")
            for code, record in self.world.page().items()
            for header, key in KEYS.items()
        }
        return tab | page

    def watch_codes(self) -> None:
        """A row gets one code and keeps it."""
        ids = self.world.column("ID")
        for name, place in self.rows_in_tab().items():
            code = self.world.tab.text(place, ids)
            if code:
                assert self.codes.get(name) in {None, code}, f"{name} was {self.codes[name]}"
                self.codes[name] = code

    def watch(self) -> None:
        self.watch_codes()
        texts = self.snapshot()
        for (side, name, header), shown in texts.items():
            if side == "tab" and texts.get(("page", name, header)) == shown:
                self.agreed.add((name, header, shown))

    def hear(self) -> None:
        """What differs after a whole sync is a conflict, which the row in the tab tells."""
        texts = self.snapshot()
        for (side, name, header), shown in texts.items():
            if side == "page" and texts.get(("tab", name, header), shown) != shown:
                self.told.add((name, header, shown))

    @invariant()
    def is_sound(self) -> None:
        if not hasattr(self, "world"):
            return
        assert self.stub.violations == []
        codes = [code for code in self.codes.values() if code]
        assert len(codes) == len(set(codes)), "one campaign stands for two rows"
        strangers = set(self.world.page()) - set(codes)
        assert not strangers, f"campaigns of nobody: {strangers}"
        if self.approved is not None:
            with self.world.engine.connect() as conn:
                assert dict(get_brief(conn, self.chosen).content) == self.approved

    def teardown(self) -> None:
        """Left alone, both sides come to say the same, but for what people have to decide."""
        if not hasattr(self, "world"):
            return
        self.stub.faults.clear()
        for _ in range(3):
            self.during(lambda: self.world.sync())
        writes = self.stub.writes
        report = self.world.sync()
        assert self.stub.writes == writes, "a sync without news wrote something"
        assert set(self.world.page()) == {code for code in self.codes.values() if code}
        left = [name for name, code in self.codes.items() if not code and not self.is_bare(name)]
        assert not left, f"rows were left without a code: {left}"
        open_cells = 0
        page = self.world.page()
        for name in self.rows_in_tab():
            code = self.codes[name]
            for header, key in KEYS.items() if code else ():
                if self.tab_text(name, header) != page[code].cells.get(key, ""):
                    open_cells += 1
                    assert f"“{header}”" in self.world.problems(code)
        assert open_cells == report.counts.conflicts + report.counts.not_taken
        self.seen["open cells at the end"] += open_cells
