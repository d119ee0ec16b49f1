"""Finds the table in a tab: its header row by name, its columns in any order, its rows by ID."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pushline.brief.cells import clean_text
from pushline.brief.columns import REPORT_COLUMNS, Column
from pushline.brief.read_sheet import HEADER_ROWS, LONGEST_CELL
from pushline.brief.sheet import COLUMNS, count_known, recognise_header
from pushline.brief.sheet_store import EDITABLE
from pushline.google_sheet.grid import Grid

# A row of headers knows at least so many of ours; one could be a word in a title.
FEWEST_HEADERS = 2
ID = "campaign_id"
CODE = re.compile(r"C-\d{4}-\d{3,}")
ALL_COLUMNS: Mapping[str, Column] = {**COLUMNS, **REPORT_COLUMNS}


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the tab. place: 0 is the tab's first row; cells: by column key, compared as `plain`.

    typed: the same as people typed it. unreadable: column -> the sentence that says why.
    """

    place: int
    code: str
    cells: Mapping[str, str]
    typed: Mapping[str, str]
    unreadable: Mapping[str, str] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        """What people wrote into the row, empty cells left out."""
        return {key: self.cells[key] for key in EDITABLE if self.cells.get(key)}


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a tab. columns: key -> place; unknown: place -> header of somebody's own column.

    header_row is None when there is none. next_row: the first row below everything.
    """

    header_row: int | None
    columns: Mapping[str, int]
    unknown: Mapping[int, str]
    doubled: frozenset[str]
    rows: Sequence[TableRow]
    next_row: int
    next_column: int

    @property
    def is_empty(self) -> bool:
        """Whether the tab is blank, so that Pushline may lay out its table."""
        return self.next_row == 0

    @property
    def is_lost(self) -> bool:
        """Whether rows cannot be told apart: nothing of the tab may be read or written then."""
        return not self.is_empty and (self.header_row is None or ID in self.doubled)


def plain(text: str) -> str:
    """Return a text as it is compared: what nobody can see does not count."""
    return clean_text(text) or ""


def read_table(grid: Grid) -> Table:
    """Find headers and rows."""
    filled = [place for place, cells in enumerate(grid.cells) if any(map(plain, cells))]
    next_row = filled[-1] + 1 if filled else 0
    header_row = _find_header_row(grid)
    if header_row is None:
        return Table(None, {}, {}, frozenset(), (), next_row, 0)
    columns: dict[str, int] = {}
    doubled: set[str] = set()
    unknown: dict[int, str] = {}
    headers = grid.cells[header_row]
    for place, header in enumerate(headers):
        key = recognise_header(header)
        if key is None:
            if plain(header):
                unknown[place] = plain(header)
        elif key in columns:
            doubled.add(key)
        else:
            columns[key] = place
    columns = {key: place for key, place in columns.items() if key not in doubled}
    rows = [_make_row(grid, place, columns) for place in filled if place > header_row]
    # Formatted cells are told of, too, though nothing stands in them.
    width = max(
        place + 1 for row in filled for place, text in enumerate(grid.cells[row]) if plain(text)
    )
    return Table(header_row, columns, unknown, frozenset(doubled), rows, next_row, width)


def _find_header_row(grid: Grid) -> int | None:
    best = max(
        ((count_known(cells), -place) for place, cells in enumerate(grid.cells[:HEADER_ROWS])),
        default=(0, 0),
    )
    return -best[1] if best[0] >= FEWEST_HEADERS else None


def _make_row(grid: Grid, place: int, columns: Mapping[str, int]) -> TableRow:
    typed = {key: grid.at(place, column) for key, column in columns.items()}
    unreadable = {}
    for key in EDITABLE:
        if key not in columns:
            continue
        if (place, columns[key]) in grid.errors:
            unreadable[key] = "formula_error"
        elif len(typed[key]) > LONGEST_CELL:
            unreadable[key] = "too_long"
    cells = {
        key: "" if key in unreadable else plain(text[: LONGEST_CELL + 1])
        for key, text in typed.items()
    }
    return TableRow(place, cells.get(ID, "").upper(), cells, typed, unreadable)
