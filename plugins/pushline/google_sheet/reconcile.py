"""Compares a tab with the page: takes what was changed in the tab, finds what to write into it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from pushline.brief.columns import Group
from pushline.brief.sheet_checks import check_cells, keep_problem
from pushline.brief.sheet_rows import CellChange
from pushline.brief.sheet_store import EDITABLE, LIST_LAST_CHANGES, SheetRecord, list_records
from pushline.brief.status import LABELS
from pushline.brief.versions import next_code
from pushline.desk import Desk
from pushline.google_sheet import headers
from pushline.google_sheet.errors import SheetClosed
from pushline.google_sheet.grid import Grid
from pushline.google_sheet.identify import ENDED, Identities, identify
from pushline.google_sheet.memory import Memory, SeenRow, Written, make_pending
from pushline.google_sheet.merge import decide
from pushline.google_sheet.sentences import say
from pushline.google_sheet.settle import adopt_rows, settle
from pushline.google_sheet.system_cells import Results, read_results, write_problems, write_system
from pushline.google_sheet.table import ALL_COLUMNS, ID, Table, TableRow, plain, read_table
from pushline.google_sheet.updates import Updates, Value, make_requests
from pushline.sentence import Sentence

# All that people may change in the tab; what an approver may not is the approval's business.
GROUPS: tuple[Group, ...] = ("business", "marketing", "data")
# All that people and Pushline keep in one tab: a comparison is one transaction.
MOST_ROWS = 5_000
# So much of the other text is told in a sentence.
LONGEST_QUOTE = 200


@dataclass(slots=True)
class Counts:
    """What a comparison came to: rows read, cells and rows taken, cells and rows to write."""

    read: int = 0
    taken: int = 0
    created: int = 0
    written: int = 0
    appended: int = 0
    conflicts: int = 0
    not_taken: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and where it belongs: a campaign, a row (as people count them), or all."""

    sentence: Sentence
    code: str = ""
    row: int | None = None


@dataclass(slots=True)
class Reconciled:
    """What to write into the tab, and what was found."""

    requests: list[dict[str, Any]]
    counts: Counts
    said: list[Said]


@dataclass(slots=True)
class Reconciler:
    """One comparison under way. The caller commits, then writes, then confirms by `settle`."""

    conn: Connection
    desk: Desk
    grid: Grid
    memory: Memory
    by: str
    now: dt.datetime
    default_language: str
    table: Table = field(init=False)
    language: str = field(init=False)
    columns: Mapping[str, int] = field(init=False, default_factory=dict)
    records: dict[str, SheetRecord] = field(init=False, default_factory=dict)
    updates: Updates = field(init=False, default_factory=Updates)
    written: list[Written] = field(init=False, default_factory=list)
    emptied: set[str] = field(init=False, default_factory=set)
    own: dict[str, list[Sentence]] = field(init=False, default_factory=dict)
    said: list[Said] = field(init=False, default_factory=list)
    counts: Counts = field(init=False, default_factory=Counts)

    def __post_init__(self) -> None:
        self.table = read_table(self.grid)
        self.language = headers.choose_language(
            self.table, self.grid, self.memory, self.default_language
        )

    def run(self) -> Reconciled:
        """Compare and take over; memory then knows the write that is to come."""
        self.desk.read_sheet(self.conn, now=self.now)  # takes over what happened elsewhere
        self._load_records()
        if self.table.is_lost:
            return self._report_lost()
        if len(self.table.rows) > MOST_ROWS:
            raise SheetClosed("too_many_rows", count=len(self.table.rows), most=MOST_ROWS)
        self._recover()
        headers.forget_lost_columns(self.table, self.memory)
        self.columns = headers.lay_out_columns(self.table, self.updates, self.language)
        found = identify(self.table, self.memory, self.records)
        made = adopt_rows(self.conn, self.desk, found, self.memory, by=self.by, now=self.now)
        self.counts.created = len(made)
        self.records |= {record.code: record for record in made}
        self.counts.read = len(self.table.rows)
        self._merge(found)
        results = read_results(self.conn, self.records.values(), self.now)
        for code, row in found.known.items():
            self._write_system(code, row, results.get(code, Results()))
        for row, sentence in found.refused.values():
            self._refuse(row, sentence)
        for row in found.new:
            self._give_code(row, found)
        self._append(found, results)
        self._write_faults()
        headers.remember_headers(self.table, self.grid, self.memory)
        return self._finish()

    def _load_records(self) -> None:
        records = list_records(self.conn, with_removed=True)
        self.records = {record.code: record for record in records}

    def _recover(self) -> None:
        """Learn what became of a write whose answer was lost."""
        pending, mark = self.memory.pending, self.grid.mark
        if pending and mark and mark.token == pending.token:
            settle(self.memory, self.table, is_exact=False)
        self.memory.pending = None

    def _merge(self, found: Identities) -> None:
        changes: dict[tuple[str, str], CellChange] = {}
        conflicts: dict[str, list[str]] = {}
        self.emptied = headers.find_emptied_columns(found.known, self.memory)
        for code, row in found.known.items():
            if self.records[code].is_removed:
                self._say(code, say("removed"))
                continue
            seen = self.memory.rows.get(code, SeenRow())
            for key in EDITABLE:
                if key in row.unreadable:
                    self._say_of_cell(code, key, row.unreadable[key])
                elif key in row.cells:
                    self._merge_cell(code, key, row, seen, changes, conflicts)
        for code, keys in conflicts.items():
            self._tell_conflicts(code, keys)
        if changes:
            self._save(changes, found)

    def _merge_cell(
        self,
        code: str,
        key: str,
        row: TableRow,
        seen: SeenRow,
        changes: dict[tuple[str, str], CellChange],
        conflicts: dict[str, list[str]],
    ) -> None:
        record = self.records[code]
        sheet, page = row.cells[key], plain(record.cells.get(key, ""))
        seen_sheet = None if key in self.emptied else seen.in_sheet.get(key)
        decision = decide(sheet, page, seen_sheet, seen.in_page.get(key))
        if decision == "to_page":
            base = record.revisions.get(key, 0)
            changes[code, key] = CellChange(code, key, row.typed[key], base)
        elif decision == "to_sheet":
            self._put(row.place, key, code, record.cells.get(key, ""))
        else:
            if decision == "conflict":
                conflicts.setdefault(code, []).append(key)
            if (seen.in_sheet.get(key), seen.in_page.get(key)) != (sheet, page):
                self._remember(code, key, sheet, page)

    def _save(self, changes: Mapping[tuple[str, str], CellChange], found: Identities) -> None:
        saved = self.desk.save_cells(
            self.conn, changes.values(), by=self.by, groups=GROUPS, now=self.now
        )
        self.records |= {record.code: record for record in saved.rows}
        left = {(it.code, it.column) for it in saved.conflicts}
        for refusal in saved.refused:
            left.add((refusal.code, refusal.column))
            self.counts.not_taken += 1
            self._say_of_cell(refusal.code, refusal.column, refusal.kind)
        for code, key in changes:
            # Changed on the page in this very moment: the next sync compares it.
            if (code, key) not in left:
                self.counts.taken += 1
                page = plain(self.records[code].cells.get(key, ""))
                self._remember(code, key, found.known[code].cells[key], page)

    def _tell_conflicts(self, code: str, keys: list[str]) -> None:
        last = LIST_LAST_CHANGES.all(self.conn, campaign_code=code, column_keys=keys)
        who = {row.column_key: row.who for row in last}
        for key in keys:
            self.counts.conflicts += 1
            self._say_of_cell(
                code, key, "conflict", by=who.get(key) or self.records[code].changed_by
            )

    def _write_system(self, code: str, row: TableRow, results: Results) -> None:
        record = self.records[code]
        status = LABELS[record.status].text(self.language)
        shown, known = row.cells.get("status", ""), self.memory.rows.get(code, SeenRow()).in_sheet
        if shown and shown != known.get("status", shown) and shown.casefold() != status.casefold():
            self._say(code, say("status_is_ours"))
        cells = write_system(record, self.own.get(code, ()), results, self.language)
        for key, value in cells.items():
            if not _is_shown(value, row.cells.get(key, "")):
                self._put(row.place, key, code, value)

    def _refuse(self, row: TableRow, sentence: Sentence) -> None:
        self.counts.not_taken += 1
        self.said.append(Said(sentence, row.code, row.place + 1))
        text = sentence.text(self.language)
        if row.cells.get("problems") != plain(text):
            self._put(row.place, "problems", "", text)

    def _give_code(self, row: TableRow, found: Identities) -> None:
        """Put a code into a new row; it becomes a campaign when the tab is seen to carry it."""
        free = [code for code in self.memory.reserved if code not in found.codes]
        code = free[0] if free else next_code(self.conn, self.now)
        found.adopted[code] = row
        self.memory.touch(code).is_reserved = True
        typed = {key: row.typed[key] for key in row.texts}
        checked = check_cells(typed, self.desk.sheet_rules, self.now)
        problems = [keep_problem(problem) for problem in checked.problems]
        self._put(row.place, ID, code, code)
        self._put(row.place, "status", code, LABELS["idea"].text(self.language))
        self._put(row.place, "problems", code, write_problems(problems, (), self.language))

    def _append(self, found: Identities, results: Mapping[str, Results]) -> None:
        """Write campaigns that the tab lacks below everything: new ones, and deleted ones again."""
        place = max(self.table.next_row, 1)
        for code, record in sorted(self.records.items()):
            if code in found.codes or record.is_removed or record.status in ENDED:
                continue
            if not record.cells:
                continue
            seen = self.memory.rows.get(code, SeenRow())
            if seen.was_in_sheet:
                self._say(code, say("came_back"))
            cells = dict(record.cells) | write_system(
                record, self.own.get(code, ()), results.get(code, Results()), self.language
            )
            for key, value in cells.items():
                self._put(place, key, code, value)
            self.counts.appended += 1
            place += 1

    def _write_faults(self) -> None:
        faults = headers.find_faults(self.table, self.memory, self.records.values(), self.emptied)
        if self.table.is_empty:
            faults = {}
        self.said += [Said(fault) for fault in faults.values()]
        headers.write_faults(
            self.table, self.grid, self.columns, faults, self.updates, self.language
        )

    def _report_lost(self) -> Reconciled:
        """Say that nothing can be read; the mark stays, and with it what is under way."""
        self._write_faults()
        requests = []
        if not self.updates.is_empty:
            token = self.grid.mark.token if self.grid.mark else 0
            requests = make_requests(self.updates, self.grid, token)
        return Reconciled(requests, self.counts, self.said)

    def _finish(self) -> Reconciled:
        self.counts.written = len(self.updates.cells)
        if self.updates.is_empty:
            return Reconciled([], self.counts, self.said)
        mark = self.grid.mark
        # Ahead of the tab's mark, too: the database may be an older copy.
        self.memory.token = max(self.memory.token, mark.token if mark else 0) + 1
        self.memory.pending = make_pending(self.memory.token, self.written)
        requests = make_requests(self.updates, self.grid, self.memory.token)
        return Reconciled(requests, self.counts, self.said)

    def _put(self, place: int, key: str, code: str, value: Value) -> None:
        if key in self.columns:
            column = self.columns[key]
            self.updates.cells[place, column] = value
            self.written.append(Written(place, column, code, key, str(value)))

    def _remember(self, code: str, key: str, sheet: str, page: str) -> None:
        seen = self.memory.touch(code)
        seen.in_sheet[key], seen.in_page[key] = sheet, page

    def _say(self, code: str, sentence: Sentence) -> None:
        self.own.setdefault(code, []).append(sentence)
        self.said.append(Said(sentence, code))

    def _say_of_cell(self, code: str, key: str, kind: str, **words: object) -> None:
        column = ALL_COLUMNS[key]
        theirs = plain(self.records[code].cells.get(key, ""))
        if len(theirs) > LONGEST_QUOTE:
            theirs = theirs[:LONGEST_QUOTE] + "…"
        spoken = {"header": column.header, "theirs": theirs, **words}
        self._say(code, say(kind, **spoken))


def _is_shown(value: Value, shown: str) -> bool:
    """Whether the tab says it already; how Google writes a number is its own affair."""
    if isinstance(value, int):
        return "".join(filter(str.isdecimal, shown)) == str(value)
    return plain(value) == shown
