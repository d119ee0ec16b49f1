"""Reads a campaign sheet from CSV or XLSX: cells by column key, nothing guessed, nothing run.

A file is somebody else's data: its size, its unpacked size and its extent are checked before a
parser sees it.
"""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pushline.brief.cells import clean_text
from pushline.brief.columns import REPORT_COLUMNS
from pushline.brief.notes import Note, say, warn
from pushline.brief.sheet import COLUMNS, count_known, recognise_header
from pushline.errors import GiveUpRow

MEGABYTE = 1_000_000
LARGEST_FILE = 10 * MEGABYTE
LARGEST_UNPACKED = 100 * MEGABYTE
LARGEST_RATIO = 200
MOST_PARTS = 500
MOST_ROWS = 2_000
MOST_COLUMNS = 300
# Of a CSV: texts may break their lines.
MOST_LINES = 40_000
# The header row is looked for in the first rows: people put a title above it.
HEADER_ROWS = 5
NEEDED_COLUMNS = ("idea",)

_CELL = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})(\d{1,7})"[^>]*[^/]>')
_ZIP = b"PK\x03\x04"
_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as read: its number in the user's program and its cells by column key."""

    number: int
    cells: dict[str, object]
    is_too_wide: bool = False


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A file as read; warnings about its columns do not stop it."""

    name: str
    rows: tuple[RawRow, ...]
    notes: tuple[Note, ...] = ()


class FileRefused(GiveUpRow):
    """A file that cannot be read at all; `note` holds the sentence in both languages."""

    def __init__(self, note: Note) -> None:
        super().__init__(note.sentence.en)
        self.note = note


def read_sheet(path: Path) -> SheetFile:
    """Read a file from the disk; raises FileRefused with the way out."""
    return read_bytes(path.read_bytes(), path.name)


def read_bytes(content: bytes, name: str) -> SheetFile:
    """Read an uploaded file; its kind is told by its content, not by its name."""
    if len(content) > LARGEST_FILE:
        size = round(len(content) / MEGABYTE, 1)
        raise _refuse("file_too_big", size=size, limit=LARGEST_FILE // MEGABYTE)
    if not content.strip():
        raise _refuse("file_empty")
    grid = _read_xlsx(content) if content.startswith(_ZIP) else _read_csv(content)
    return make_sheet(grid, name)


def make_sheet(grid: Sequence[Sequence[object]], name: str) -> SheetFile:
    """Turn rows of cells into rows by column key; Google Sheets and the page call it too."""
    candidates = [(count_known(cells), -place) for place, cells in enumerate(grid[:HEADER_ROWS])]
    known, place = max(candidates, default=(0, 0))
    if not known:
        raise _refuse("no_headers")
    header_row = -place
    keys, notes = _read_headers(grid[header_row])
    rows = []
    for offset, cells in enumerate(grid[header_row + 1 :], start=header_row + 2):
        if any(clean_text(cell) for cell in cells):
            rows.append(_make_row(offset, cells, keys))
    if not rows:
        raise _refuse("file_empty")
    if len(rows) > MOST_ROWS:
        raise _refuse("file_rows", count=len(rows), limit=MOST_ROWS)
    return SheetFile(name, tuple(rows), tuple(notes))


def _read_headers(headers: Sequence[object]) -> tuple[list[str | None], list[Note]]:
    keys: list[str | None] = []
    notes: list[Note] = []
    for header in headers:
        key = recognise_header(header)
        if key is None and clean_text(header):
            notes.append(warn("", "unknown_column", header=clean_text(header)))
        if key is not None and key in keys:
            raise _refuse("same_header_twice", header=clean_text(header))
        keys.append(None if key in REPORT_COLUMNS else key)
    missing = [COLUMNS[key].ru for key in NEEDED_COLUMNS if key not in keys]
    if missing:
        raise _refuse("missing_columns", names=", ".join(missing))
    return keys, notes


def _make_row(number: int, cells: Sequence[object], keys: Sequence[str | None]) -> RawRow:
    named = {
        key: _without_guard(cell) for key, cell in zip(keys, cells, strict=False) if key is not None
    }
    too_wide = any(clean_text(cell) for cell in cells[len(keys) :])
    return RawRow(number, named, too_wide)


def _without_guard(cell: object) -> object:
    """Take off the apostrophe that our export puts before =, +, - and @."""
    if isinstance(cell, str) and re.match(r"'+[=+\-@\t\r\n＝＋－＠]", cell):
        return cell[1:]
    return cell


def _read_csv(content: bytes) -> list[list[object]]:
    text = _decode(content)
    lines = text.count("\n")
    if lines > MOST_LINES:
        raise _refuse("file_rows", count=lines, limit=MOST_ROWS)
    beginning = "\n".join(text.split("\n", HEADER_ROWS)[:HEADER_ROWS])
    separator = max(_SEPARATORS, key=beginning.count)
    try:
        width = max(len(cells) for cells in csv.reader(io.StringIO(text), delimiter=separator))
        if width > MOST_COLUMNS:
            raise _refuse("file_broken")
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
        raise _refuse("file_broken") from error
    return [[cell if isinstance(cell, str) else "" for cell in row] for row in _rows(frame)]


def _decode(content: bytes) -> str:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16")
    if b"\x00" in content:
        raise _refuse("file_kind")
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            return content.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    raise _refuse("file_encoding")


def _read_xlsx(content: bytes) -> list[list[object]]:
    _check_archive(content)
    try:
        frame = pd.read_excel(
            io.BytesIO(content),
            engine="calamine",
            header=None,
            dtype=object,
            na_filter=False,
            nrows=MOST_ROWS + HEADER_ROWS + 1,
        )
    except Exception as error:
        raise _refuse("file_broken") from error
    return [[_plain(cell) for cell in row] for row in _rows(frame)]


def _check_archive(content: bytes) -> None:
    """Refuse archives that would unpack to far more than a sheet, or that span a whole grid."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            too_big = unpacked > LARGEST_UNPACKED or unpacked > LARGEST_RATIO * len(content)
            if too_big or len(parts) > MOST_PARTS:
                raise _refuse("file_bomb")
            sheets = [part for part in parts if part.filename.startswith("xl/worksheets/sheet")]
            if not sheets:
                raise _refuse("file_kind")
            for part in sheets:
                _check_extent(archive.read(part))
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise _refuse("file_broken") from error


def _check_extent(sheet: bytes) -> None:
    # Readers keep the whole rectangle: one cell in the far corner would take all memory.
    for match in _CELL.finditer(sheet):
        if int(match[2]) > MOST_ROWS + HEADER_ROWS + 1:
            raise _refuse("file_rows", count=int(match[2]), limit=MOST_ROWS)
        if _column_number(match[1]) > MOST_COLUMNS:
            raise _refuse("file_bomb")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


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


def _refuse(code: str, **words: object) -> FileRefused:
    return FileRefused(say("", code, **words))  # type: ignore[arg-type]
