"""Puts what a sync wants to write into the one request that Google applies whole."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from pushline.google_sheet.grid import MARK, Grid

Value = str | int


@dataclass(slots=True)
class Updates:
    """Cells and notes to write, by place; is_fresh: the tab was blank and is laid out."""

    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    is_fresh: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the tab already says everything."""
        return not self.cells and not self.notes


def make_requests(updates: Updates, grid: Grid, token: int) -> list[dict[str, Any]]:
    """Return the requests of one batchUpdate; the last one leaves the mark of this write."""
    places = [*updates.cells, *updates.notes]
    requests = _grow(grid, max(row for row, _ in places), max(column for _, column in places))
    if updates.is_fresh:
        requests += _lay_out(grid)
    requests += [
        _update_cells(grid.tab_id, start, values)
        for start, values in _find_runs(updates.cells.items())
    ]
    requests += [_update_note(grid.tab_id, *item) for item in sorted(updates.notes.items())]
    requests.append(_leave_mark(grid, token))
    return requests


def _grow(grid: Grid, last_row: int, last_column: int) -> list[dict[str, Any]]:
    wanted = (
        ("ROWS", last_row + 1 - grid.row_count),
        ("COLUMNS", last_column + 1 - grid.column_count),
    )
    return [
        {
            "appendDimension": {
                "sheetId": grid.tab_id,
                "dimension": dimension,
                "length": length,
            }
        }
        for dimension, length in wanted
        if length > 0
    ]


def _lay_out(grid: Grid) -> list[dict[str, Any]]:
    """Headers bold and frozen, every cell plain text: Google guesses no dates then."""
    tab = {"sheetId": grid.tab_id}
    frozen = {"gridProperties": {"frozenRowCount": 1}}
    return [
        {
            "updateSheetProperties": {
                "properties": tab | frozen,
                "fields": "gridProperties.frozenRowCount",
            }
        },
        {
            "repeatCell": {
                "range": tab,
                "cell": {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}},
                "fields": "userEnteredFormat.numberFormat",
            }
        },
        {
            "repeatCell": {
                "range": tab | {"startRowIndex": 0, "endRowIndex": 1},
                "cell": {"userEnteredFormat": {"textFormat": {"bold": True}}},
                "fields": "userEnteredFormat.textFormat.bold",
            }
        },
    ]


def _find_runs(
    cells: Iterable[tuple[tuple[int, int], Value]],
) -> Iterator[tuple[tuple[int, int], list[Value]]]:
    """Yield (start, values) of cells that stand side by side."""
    placed = sorted(cells)
    numbered = ((place[0], place[1] - at, place, value) for at, (place, value) in enumerate(placed))
    for _, run in groupby(numbered, key=lambda item: item[:2]):
        items = list(run)
        yield items[0][2], [value for *_, value in items]


def _update_cells(tab: int, start: tuple[int, int], values: list[Value]) -> dict[str, Any]:
    return {
        "updateCells": {
            "start": _coordinate(tab, start),
            "rows": [{"values": [_as_entered(value) for value in values]}],
            "fields": "userEnteredValue",
        }
    }


def _as_entered(value: Value) -> Mapping[str, Any]:
    """A stringValue is never parsed: what begins with = stays a text, 15.08 no date."""
    if isinstance(value, int):
        return {"userEnteredValue": {"numberValue": value}}
    return {"userEnteredValue": {"stringValue": value}} if value else {}


def _update_note(tab: int, place: tuple[int, int], note: str) -> dict[str, Any]:
    return {
        "updateCells": {
            "start": _coordinate(tab, place),
            "rows": [{"values": [{"note": note}]}],
            "fields": "note",
        }
    }


def _coordinate(tab: int, place: tuple[int, int]) -> dict[str, int]:
    return {"sheetId": tab, "rowIndex": place[0], "columnIndex": place[1]}


def _leave_mark(grid: Grid, token: int) -> dict[str, Any]:
    if grid.mark is None:
        return {
            "createDeveloperMetadata": {
                "developerMetadata": {
                    "metadataKey": MARK,
                    "metadataValue": str(token),
                    "location": {"sheetId": grid.tab_id},
                    "visibility": "DOCUMENT",
                }
            }
        }
    return {
        "updateDeveloperMetadata": {
            "dataFilters": [{"developerMetadataLookup": {"metadataId": grid.mark.metadata_id}}],
            "developerMetadata": {"metadataValue": str(token)},
            "fields": "metadataValue",
        }
    }
