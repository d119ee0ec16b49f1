"""The sheet page: people type, what is good is saved as a brief at once, what is red waits.

A row and its brief are one thing in two states. Each save checks the whole row: without an error
the brief gets these cells (a new version if its content changed), with an error the brief stays as
it was and the row is "not in step" until the last red cell is mended. Nobody's text is overwritten
unseen: a change names the revision that its writer saw, and another revision is a conflict.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Literal

from sqlalchemy import Connection

from pushline.brief.approval import withdraw_approval
from pushline.brief.columns import Group
from pushline.brief.read_sheet import LONGEST_CELL
from pushline.brief.sheet import COLUMNS
from pushline.brief.sheet_refresh import recheck_rows, refresh_rows
from pushline.brief.sheet_refusals import RowRefused as RowRefused
from pushline.brief.sheet_save import Verdict, judge, save_good
from pushline.brief.sheet_store import (
    EDITABLE,
    GET_SHEET_CLOCK,
    LIST_LAST_CHANGES,
    Change,
    Checked,
    SheetRecord,
    SheetRules,
    find_made,
    list_records,
    put_cells,
    row_act,
    tick,
    write_records,
)
from pushline.brief.status import APPROVED, WRITABLE
from pushline.brief.versions import (
    BriefStarted,
    get_brief,
    lock_briefs,
    next_code,
    refuse_when_started,
)

# More in one request is a mistake or an attack; a block of 500 rows is 18,500 cells.
MOST_CHANGES = 20_000
MOST_NEW_ROWS = 500

RefusalKind = Literal["approved", "started", "right", "unknown", "too_long"]


@dataclass(frozen=True, slots=True)
class CellChange:
    """What somebody typed into a cell. base: the cell's revision that they saw, 0 for never."""

    code: str
    column: str
    value: str
    base: int = 0


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that somebody else changed meanwhile; nothing was overwritten."""

    code: str
    column: str
    theirs: str
    by: str
    at: dt.datetime | None
    yours: str
    base: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that was not taken, and why.

    approved: repeat it with returns_approval; started: stop the rest, or copy; right: another
    person's column; unknown: no such row or column; too_long: more than a cell holds.
    """

    code: str
    column: str
    kind: RefusalKind


@dataclass(frozen=True, slots=True)
class SavedCells:
    """What a save did: rows as they are now, what was not taken and why."""

    revision: int
    rows: Sequence[SheetRecord]
    conflicts: Sequence[Conflict] = ()
    refused: Sequence[Refusal] = ()


@dataclass(slots=True)
class _Save:
    """One save under way: who writes by which rules, and what becomes of the changes."""

    conn: Connection
    parts: SheetRules
    by: str
    groups: Collection[Group]
    returns_approval: bool
    now: dt.datetime
    revision: int
    written: list[tuple[SheetRecord, Checked]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def refuse(self, code: str, columns: Iterable[str], kind: RefusalKind) -> None:
        """Note changes that are not taken."""
        self.refused += [Refusal(code, column, kind) for column in columns]

    def take_row(self, record: SheetRecord, wanted: Mapping[str, CellChange]) -> None:
        """Write what may be written of one row."""
        taken = self._choose(record, wanted)
        if not taken:
            return
        changed, made = put_cells(record, taken, self.revision, self.by, self.now)
        verdict = judge(changed, self.parts, self.now, touched={it.column for it in made})
        kind = self._refuse_row(record, verdict)
        if kind:
            self.refuse(record.code, taken, kind)
            return
        if verdict.changes_content and record.status in APPROVED:
            withdraw_approval(self.conn, record.code, by=self.by, now=self.now)
            changed = replace(changed, status="audience_ready")
        # Its lock is ours: the row knows the brief as we leave it.
        changed = replace(changed, brief_mark=None)
        self.written.append(save_good(self.conn, changed, verdict, by=self.by, now=self.now))
        self.changes += made

    def _choose(self, record: SheetRecord, wanted: Mapping[str, CellChange]) -> dict[str, str]:
        """Return the texts that may be written; the others are noted with their reason."""
        taken: dict[str, str] = {}
        behind: list[CellChange] = []
        for column, change in wanted.items():
            text = clean_typed(change.value)
            kind = self._refuse_cell(column, text)
            if kind:
                self.refuse(record.code, [column], kind)
            elif text == record.cells.get(column, ""):
                continue
            elif change.base != record.revisions.get(column, 0):
                behind.append(change)
            else:
                taken[column] = text
        if behind:
            self.conflicts += _describe_conflicts(self.conn, record, behind)
        return taken

    def _refuse_cell(self, column: str, text: str) -> RefusalKind | None:
        if column not in EDITABLE:
            return "unknown"
        if COLUMNS[column].group not in self.groups:
            return "right"
        return "too_long" if len(text) > LONGEST_CELL else None

    def _refuse_row(self, record: SheetRecord, verdict: Verdict) -> RefusalKind | None:
        """Tell why a row cannot be changed now, if so."""
        if record.brief_id is None:
            return None
        if record.status not in (*WRITABLE, *APPROVED):
            return "started"
        if not verdict.changes_content:
            return None
        try:
            refuse_when_started(self.conn, get_brief(self.conn, record.code))
        except BriefStarted:
            return "started"
        return "approved" if record.status in APPROVED and not self.returns_approval else None


def read_sheet_rows(
    conn: Connection, parts: SheetRules, *, since: int | None = None, now: dt.datetime
) -> tuple[int, list[SheetRecord]]:
    """Return (revision, rows); all, or those changed since a revision, removed ones included.

    Briefs that were made or moved elsewhere are taken over first, and rows whose problems may have
    changed by themselves are checked again, a few at a time. The caller commits.
    """
    refresh_rows(conn)
    recheck_rows(conn, parts, now)
    # The clock first: what is committed in between comes twice, never not at all.
    revision = int(GET_SHEET_CLOCK.scalar(conn))
    return revision, list_records(conn, since=since, with_removed=since is not None)


def create_rows(
    conn: Connection,
    parts: SheetRules,
    rows: Sequence[Mapping[str, str]],
    *,
    by: str,
    now: dt.datetime,
    writers: Sequence[str] = (),
    codes: Sequence[str] = (),
    keys: Sequence[str] = (),
    groups: Collection[Group] | None = None,
) -> SavedCells:
    """Make rows with these cells, each under a code of its own; the caller commits.

    Good ones are briefs at once, the others wait red. writers: who wrote the cells besides `by`.
    codes: those that `next_code` gave for the rows before, if it did. keys: what the asker calls
    each row; asking again under a key gives the row that was made then. groups: the column groups
    that this person may fill, None for all; other cells come back as refused. Raises RowRefused
    for too many rows, unknown columns or too long cells.
    """
    if len(rows) > MOST_NEW_ROWS:
        raise RowRefused("too_many", most=MOST_NEW_ROWS)
    revision = tick(conn)
    for taken in list_records(conn, codes=list(codes), with_removed=True):
        raise RowRefused("code_taken", code=taken.code)
    made_before = find_made(conn, keys, by, now)
    written: list[tuple[SheetRecord, Checked]] = []
    changes: list[Change] = []
    refused: list[Refusal] = []
    asked: list[str] = []
    for cells, given, key in zip_longest(rows, codes[: len(rows)], keys[: len(rows)]):
        if key in made_before:
            asked.append(made_before[key])
            continue
        code = given or next_code(conn, now)
        asked.append(code)
        texts = {column: clean_typed(text) for column, text in cells.items()}
        for column, text in texts.items():
            if column not in EDITABLE or len(text) > LONGEST_CELL:
                raise RowRefused("unknown_cell", column=column)
        foreign = [it for it in texts if groups is not None and COLUMNS[it].group not in groups]
        refused += [Refusal(code, column, "right") for column in foreign if texts.pop(column)]
        names = tuple(dict.fromkeys((*writers, by)))
        empty = SheetRecord(code, {}, {}, revision, None, {}, None, names, (), by, now)
        record, made = put_cells(empty, texts, revision, by, now)
        verdict = judge(record, parts, now, touched=set(record.cells))
        written.append(save_good(conn, record, verdict, by=by, now=now))
        changes += made
        if key:
            changes.append(row_act(record, "made", key))
    write_records(conn, written, changes)
    found = {it.code: it for it in list_records(conn, codes=asked, with_removed=True)}
    return SavedCells(revision, [found[code] for code in asked], refused=refused)


def copy_row(
    conn: Connection,
    parts: SheetRules,
    code: str,
    *,
    by: str,
    now: dt.datetime,
    keys: Sequence[str] = (),
) -> SavedCells:
    """Make a row with the cells of another; it needs its own date and approval.

    Whoever wrote what nobody has approved yet is a writer of the copy, too. keys: as in
    `create_rows`. Raises RowRefused.
    """
    record = get_record(conn, code)
    idea = f"{record.cells.get('idea', '')} ({code})".strip()
    cells = {**record.cells, "idea": idea[:200]}
    earlier = () if record.approval_id else record.edited_by
    writers = (*earlier, *record.writers)
    return create_rows(conn, parts, [cells], by=by, now=now, writers=writers, keys=keys)


def save_cells(
    conn: Connection,
    parts: SheetRules,
    changes: Iterable[CellChange],
    *,
    by: str,
    groups: Collection[Group],
    returns_approval: bool = False,
    now: dt.datetime,
) -> SavedCells:
    """Save cells; what cannot be taken comes back with its reason, the rest is saved.

    groups: the column groups that this person may change. returns_approval: they know that a
    brief loses its approval. The caller commits. Raises RowRefused for too many changes.
    """
    by_row: dict[str, dict[str, CellChange]] = {}
    for change in changes:
        by_row.setdefault(change.code, {})[change.column] = change
    if sum(map(len, by_row.values())) > MOST_CHANGES:
        raise RowRefused("too_many", most=MOST_CHANGES)
    revision = tick(conn)
    lock_briefs(conn, by_row)
    refresh_rows(conn, revision)
    records = {record.code: record for record in list_records(conn, codes=list(by_row))}
    save = _Save(conn, parts, by, groups, returns_approval, now, revision)
    for code, wanted in by_row.items():
        if code in records:
            save.take_row(records[code], wanted)
        else:
            save.refuse(code, wanted, "unknown")
    write_records(conn, save.written, save.changes)
    rows = list_records(conn, codes=list(by_row))
    return SavedCells(revision, rows, save.conflicts, save.refused)


def get_record(conn: Connection, code: str, *, with_removed: bool = False) -> SheetRecord:
    """Return a row of the sheet with its brief; raises RowRefused when there is none."""
    found = list_records(conn, codes=[code], with_removed=with_removed)
    if not found:
        raise RowRefused("unknown_row", code=code)
    return found[0]


def clean_typed(text: str) -> str:
    """Return what was typed as a database can keep it: no NUL, no half letters, \\n as line end."""
    kept = "".join(
        letter for letter in text if letter != "\0" and not "\ud800" <= letter <= "\udfff"
    )
    return kept.replace("\r\n", "\n").replace("\r", "\n")


def _describe_conflicts(
    conn: Connection, record: SheetRecord, behind: Sequence[CellChange]
) -> list[Conflict]:
    columns = [change.column for change in behind]
    last = LIST_LAST_CHANGES.all(conn, campaign_code=record.code, column_keys=columns)
    who = {row.column_key: row for row in last}
    return [
        Conflict(
            code=record.code,
            column=change.column,
            theirs=record.cells.get(change.column, ""),
            by=who[change.column].who if change.column in who else "",
            at=who[change.column].happened_at if change.column in who else None,
            yours=change.value,
            base=change.base,
        )
        for change in behind
    ]
