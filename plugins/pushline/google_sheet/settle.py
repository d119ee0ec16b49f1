"""Confirms a write by what the tab says afterwards, and makes the rows that got codes by it."""

import datetime as dt
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from pushline.brief.sheet_rows import MOST_NEW_ROWS
from pushline.brief.sheet_store import EDITABLE, SheetRecord
from pushline.desk import Desk
from pushline.google_sheet.identify import Identities
from pushline.google_sheet.memory import Memory, Written
from pushline.google_sheet.table import Table, TableRow, plain

_REMEMBERED = frozenset((*EDITABLE, "status"))


def settle(memory: Memory, table: Table, *, is_exact: bool) -> int:
    """Remember what the write under way has put into the tab; returns how many cells missed.

    is_exact: the table is as it was right after the write (Google's answer to it). Otherwise
    people had time to change cells since, and a cell that says something else is an open conflict:
    nobody can tell whether they saw our text. A cell that landed in another row, because rows were
    moved in the second between reading and writing, is nobody's edit: it is written anew.
    """
    pending = memory.pending
    if pending is None:
        return 0
    rows = {row.code: row for row in table.rows if row.code}
    by_place = {row.place: row for row in table.rows}
    keys = {place: key for key, place in table.columns.items()}
    missed = 0
    for cell in pending.cells:
        _confirm(memory, rows.get(cell.code), cell, is_exact=is_exact)
        landed = by_place.get(cell.row)
        key = keys.get(cell.column)
        if landed and key in EDITABLE and (landed.code, key) != (cell.code, cell.key):
            missed += _give_back(memory, landed, key, cell)
    memory.pending = None
    return missed


def _confirm(memory: Memory, row: TableRow | None, cell: Written, *, is_exact: bool) -> None:
    if row is None or cell.key not in _REMEMBERED or cell.key not in row.cells:
        return
    text = plain(cell.text)
    if row.cells[cell.key] == text:
        seen = memory.touch(cell.code)
        seen.in_sheet[cell.key] = seen.in_page[cell.key] = text
    elif not is_exact and cell.key in EDITABLE:
        seen = memory.touch(cell.code)
        seen.in_sheet[cell.key], seen.in_page[cell.key] = row.cells[cell.key], text


def _give_back(memory: Memory, row: TableRow, key: str, cell: Written) -> int:
    text = plain(cell.text)
    seen = memory.rows.get(row.code)
    if seen is None or row.cells[key] != text or seen.in_sheet.get(key, "") == text:
        return 0
    seen = memory.touch(row.code)
    seen.in_sheet[key], seen.in_page[key] = text, None
    return 1


def adopt_rows(
    conn: Connection, desk: Desk, found: Identities, memory: Memory, *, by: str, now: dt.datetime
) -> list[SheetRecord]:
    """Make the rows that carry a reserved code: only now, so that a lost write doubles nothing.

    They become `known`. A row that has lost its texts meanwhile waits. The caller commits.
    """
    ready = [(code, row) for code, row in sorted(found.adopted.items()) if row.texts]
    made: list[SheetRecord] = []
    for part in _batches(ready, MOST_NEW_ROWS):
        rows = [{key: row.typed[key] for key in row.texts} for _, row in part]
        saved = desk.create_rows(conn, rows, by=by, now=now, codes=[code for code, _ in part])
        made += saved.rows
    records = {record.code: record for record in made}
    for code, row in ready:
        seen = memory.touch(code)
        seen.is_reserved = False
        for key in EDITABLE:
            if key in row.cells and key not in row.unreadable:
                seen.in_sheet[key] = row.cells[key]
                seen.in_page[key] = plain(records[code].cells.get(key, ""))
        found.known[code] = found.adopted.pop(code)
    return made


def _batches(
    items: Sequence[tuple[str, TableRow]], size: int
) -> Iterator[Sequence[tuple[str, TableRow]]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
