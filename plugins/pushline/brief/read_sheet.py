"""Reads a campaign sheet from CSV or XLSX: cells by column key, nothing guessed, nothing run.

A file is somebody else's data: its size, its unpacked size and its extent are checked before a
parser sees it.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from python_calamine import SheetTypeEnum, SheetVisibleEnum

from pushline.brief.cells import clean_text
from pushline.brief.columns import REPORT_COLUMNS
from pushline.brief.notes import Note, warn
from pushline.brief.open_archive import MOST_COLUMNS, ZIP, FileRefused, refuse, repack
from pushline.brief.sheet import COLUMNS, count_known, recognise_header
from pushline.sentence import Sentence

__all__ = ["FileRefused", "RawRow", "SheetFile", "make_sheet", "read_bytes", "read_sheet"]

MEGABYTE = 1_000_000
LARGEST_FILE = 10 * MEGABYTE
MOST_ROWS = 2_000
# What a cell of Excel holds; more than that is no text of a push.
LONGEST_CELL = 32_767
LONGEST_HEADER = 60
LONGEST_NAME = 100
# Of a CSV: texts may break their lines.
MOST_LINES = 40_000
# The header row is looked for in the first rows: people put a title above it.
HEADER_ROWS = 5
NEEDED_COLUMNS = ("idea",)

_SEPARATORS = (",", ";", "\t")
# Begins what is often sent under the name of a sheet.
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
_OTHER_KINDS = (b"%PDF", b"{\\rtf", b"<html", b"<!DOCTYPE", b"<?xml")
csv.field_size_limit(LARGEST_FILE)  # a cell that is too long is told at its place


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as read: its number in the user's program and its cells by column key.

    too_long: cells of more letters than a cell may hold, and how many; they were not read.
    """

    number: int
    cells: dict[str, object]
    is_too_wide: bool = False
    too_long: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A file as read; warnings about its columns do not stop it."""

    name: str
    rows: tuple[RawRow, ...]
    notes: tuple[Note, ...] = ()


def read_sheet(path: Path) -> SheetFile:
    """Read a file from the disk; raises FileRefused with the way out."""
    return read_bytes(path.read_bytes(), path.name)


def read_bytes(content: bytes, name: str) -> SheetFile:
    """Read an uploaded file; its kind is told by its content, not by its name."""
    if len(content) > LARGEST_FILE:
        size = round(len(content) / MEGABYTE, 1)
        raise refuse("file_too_big", size=size, limit=LARGEST_FILE // MEGABYTE)
    if not content.strip():
        raise refuse("file_empty")
    if content.startswith(_OLD_OR_LOCKED):
        raise refuse("file_locked")
    if content.lstrip()[:20].startswith(_OTHER_KINDS):
        raise refuse("file_kind")
    grid = _read_xlsx(content) if content.startswith(ZIP) else _read_csv(content)
    return make_sheet(grid, name)


def make_sheet(grid: Sequence[Sequence[object]], name: str) -> SheetFile:
    """Turn rows of cells into rows by column key; Google Sheets and the page call it too."""
    beginning = [[_shorten(cell) for cell in cells] for cells in grid[:HEADER_ROWS]]
    candidates = [(count_known(cells), -place) for place, cells in enumerate(beginning)]
    known, place = max(candidates, default=(0, 0))
    if not known:
        raise refuse("no_headers")
    header_row = -place
    keys, notes = _read_headers(beginning[header_row])
    rows = []
    for offset, cells in enumerate(grid[header_row + 1 :], start=header_row + 2):
        if any(clean_text(_shorten(cell)) for cell in cells):
            rows.append(_make_row(offset, cells, keys))
    if not rows:
        raise refuse("file_empty")
    if len(rows) > MOST_ROWS:
        raise refuse("file_rows", count=len(rows), limit=MOST_ROWS)
    return SheetFile((clean_text(name) or "file")[:LONGEST_NAME], tuple(rows), tuple(notes))


def _read_headers(headers: Sequence[object]) -> tuple[list[str | None], list[Note]]:
    keys: list[str | None] = []
    notes: list[Note] = []
    for header in headers:
        key = recognise_header(header)
        if key is None and clean_text(header):
            notes.append(warn("", "unknown_column", header=_shorten(header, LONGEST_HEADER)))
        if key is not None and key in keys:
            raise refuse("same_header_twice", header=clean_text(header))
        keys.append(None if key in REPORT_COLUMNS else key)
    missing = [COLUMNS[key].header for key in NEEDED_COLUMNS if key not in keys]
    if missing:
        raise refuse("missing_columns", names=Sentence.join(missing, ", "))
    return keys, notes


def _make_row(number: int, cells: Sequence[object], keys: Sequence[str | None]) -> RawRow:
    named = {
        key: _without_guard(cell) for key, cell in zip(keys, cells, strict=False) if key is not None
    }
    too_long = {
        key: len(cell)
        for key, cell in named.items()
        if isinstance(cell, str) and len(cell) > LONGEST_CELL
    }
    too_wide = any(clean_text(_shorten(cell)) for cell in cells[len(keys) :])
    return RawRow(number, {**named, **dict.fromkeys(too_long)}, too_wide, too_long)


def _shorten(cell: object, longest: int = LONGEST_CELL) -> object:
    """What is compared letter by letter must have an end."""
    if not isinstance(cell, str) or len(cell) <= longest:
        return cell
    return (clean_text(cell[:longest]) or "") + "…"


def _without_guard(cell: object) -> object:
    """Take off the apostrophe that our export puts before =, +, - and @."""
    if isinstance(cell, str) and re.match(r"'+[=+\-@\t\r\n＝＋－＠]", cell):
        return cell[1:]
    return cell


def _read_csv(content: bytes) -> list[list[object]]:
    text = _decode(content)
    lines = text.count("\n")
    if lines > MOST_LINES:
        raise refuse("file_rows", count=lines, limit=MOST_ROWS)
    beginning = "\n".join(text.split("\n", HEADER_ROWS)[:HEADER_ROWS])
    separator = max(_SEPARATORS, key=beginning.count)
    try:
        width = max(len(cells) for cells in csv.reader(io.StringIO(text), delimiter=separator))
        if width > MOST_COLUMNS:
            raise refuse("file_broken")
        frame = pd.read_csv(
            io.StringIO(text),
            sep=separator,
            header=None,
            names=range(width),
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            skip_blank_lines=False,
            engine="python",
            quoting=csv.QUOTE_MINIMAL,
        )
    except (ValueError, csv.Error, pd.errors.ParserError) as error:
        raise refuse("file_broken") from error
    return [[cell if isinstance(cell, str) else "" for cell in row] for row in _rows(frame)]


def _decode(content: bytes) -> str:
    encodings: tuple[str, ...] = ("utf-8-sig", "cp1251")
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings = ("utf-16",)
    elif b"\x00" in content:
        raise refuse("file_kind")
    for encoding in encodings:
        try:
            return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise refuse("file_encoding")


def _read_xlsx(content: bytes) -> list[list[object]]:
    checked = repack(content, MOST_ROWS, HEADER_ROWS + 1)
    try:
        with pd.ExcelFile(io.BytesIO(checked), engine="calamine") as book:
            frame = pd.read_excel(
                book,
                sheet_name=_first_visible(book),
                header=None,
                dtype=object,
                na_filter=False,
                nrows=MOST_ROWS + HEADER_ROWS + 1,
            )
    except BaseException as error:
        # A panic of the reader, which is Rust, is no Exception.
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise refuse("file_broken") from error
    return [[_plain(cell) for cell in row] for row in _rows(frame)]


def _first_visible(book: pd.ExcelFile) -> int:
    """Return the place of the first sheet that a person sees; lists often stand in hidden ones."""
    sheets = book.book.sheets_metadata
    seen = (
        place
        for place, sheet in enumerate(sheets)
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    )
    return next(seen, 0)


def _rows(frame: pd.DataFrame) -> list[list[Any]]:
    return [list(row) for row in frame.itertuples(index=False, name=None)]


def _plain(cell: Any) -> object:
    if isinstance(cell, pd.Timestamp):
        return cell.to_pydatetime()
    if cell is None or cell is pd.NaT or (isinstance(cell, float) and cell != cell):
        return None
    if isinstance(cell, str | int | float | bool | dt.date):
        return cell
    return str(cell)
