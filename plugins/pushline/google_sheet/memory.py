"""What tab and page said when they were last compared, and the write that is under way."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from pushline.database.sql import Query

ENSURE_GOOGLE_SHEET = Query("google_sheet/ensure_google_sheet")
GET_GOOGLE_SHEET = Query("google_sheet/get_google_sheet")
UPDATE_GOOGLE_SHEET = Query("google_sheet/update_google_sheet")
LIST_GOOGLE_ROWS = Query("google_sheet/list_google_rows")
UPSERT_GOOGLE_ROWS = Query("google_sheet/upsert_google_rows")


@dataclass(slots=True)
class SeenRow:
    """A row as last compared: column -> text of the tab, and of the page (None: write it anew).

    is_reserved: the code was given out, and its row is made when the tab carries it.
    """

    in_sheet: dict[str, str] = field(default_factory=dict)
    in_page: dict[str, str | None] = field(default_factory=dict)
    is_reserved: bool = False

    @property
    def was_in_sheet(self) -> bool:
        """Whether the tab ever had this row."""
        return bool(self.in_sheet) and not self.is_reserved


@dataclass(frozen=True, slots=True)
class Written:
    """A cell of a write: where, whose, and the text."""

    row: int
    column: int
    code: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A write that was begun: its number and its cells."""

    token: int
    cells: tuple[Written, ...]


@dataclass(slots=True)
class Memory:
    """All that is remembered of one tab; `touch` before changing a row."""

    google_sheet_id: int
    token: int
    pending: Pending | None
    headers: dict[str, tuple[int, str]]
    rows: dict[str, SeenRow]
    touched: set[str] = field(default_factory=set)

    def touch(self, code: str) -> SeenRow:
        """Return a row to change, which is kept by `save`."""
        self.touched.add(code)
        return self.rows.setdefault(code, SeenRow())

    @property
    def reserved(self) -> list[str]:
        """Codes that were given out and have no row yet, the oldest first."""
        return sorted(code for code, seen in self.rows.items() if seen.is_reserved)


def load_memory(conn: Connection, spreadsheet: str, worksheet: str) -> Memory:
    """Read what is remembered of a tab; a new one is remembered from now on."""
    ENSURE_GOOGLE_SHEET.execute(conn, spreadsheet=spreadsheet, worksheet=worksheet)
    sheet = GET_GOOGLE_SHEET.one(conn, spreadsheet=spreadsheet, worksheet=worksheet)
    rows = {
        row.campaign_code: SeenRow(dict(row.in_sheet), dict(row.in_page), row.is_reserved)
        for row in LIST_GOOGLE_ROWS.all(conn, google_sheet_id=sheet.google_sheet_id)
    }
    return Memory(
        google_sheet_id=sheet.google_sheet_id,
        token=sheet.token,
        pending=_read_pending(sheet.pending),
        headers={key: (int(place), str(text)) for key, (place, text) in sheet.headers.items()},
        rows=rows,
    )


def save_memory(conn: Connection, memory: Memory) -> None:
    """Keep what changed; the caller commits."""
    UPDATE_GOOGLE_SHEET.execute(
        conn,
        google_sheet_id=memory.google_sheet_id,
        token=memory.token,
        pending=_write_pending(memory.pending),
        headers=_as_json(memory.headers),
    )
    rows = [
        {
            "campaign_code": code,
            "in_sheet": memory.rows[code].in_sheet,
            "in_page": memory.rows[code].in_page,
            "is_reserved": memory.rows[code].is_reserved,
        }
        for code in sorted(memory.touched)
    ]
    if rows:
        UPSERT_GOOGLE_ROWS.execute(
            conn, google_sheet_id=memory.google_sheet_id, rows=_as_json(rows)
        )
    memory.touched.clear()


def make_pending(token: int, cells: Iterable[Written]) -> Pending:
    """Return the write that begins now."""
    return Pending(token, tuple(cells))


def _read_pending(kept: Mapping[str, Any] | None) -> Pending | None:
    if kept is None:
        return None
    return Pending(int(kept["token"]), tuple(Written(*cell) for cell in kept["cells"]))


def _write_pending(pending: Pending | None) -> str | None:
    if pending is None:
        return None
    cells = [[it.row, it.column, it.code, it.key, it.text] for it in pending.cells]
    return _as_json({"token": pending.token, "cells": cells})


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
