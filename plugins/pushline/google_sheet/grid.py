"""A tab of Google Sheets as one request reads it: what people see in its cells, and our mark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# Rides in the tab, where nobody sees it: which of our writes was the last that Google took.
MARK = "pushline_sync"
FIELDS = (
    "sheets("
    "properties(sheetId,title,gridProperties(rowCount,columnCount)),"
    "developerMetadata(metadataId,metadataKey,metadataValue),"
    "data(startRow,startColumn,rowData(values(formattedValue,note,effectiveValue(errorValue)))))"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """The number of the last write that the tab has taken, and where it is kept."""

    metadata_id: int
    token: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A tab at one moment.

    cells: rows of texts as people see them, 15.08 as 15.08 and 50 % as 50%; rows may differ in
    length. row_count and column_count: how far the tab reaches. errors: places of broken formulas.
    """

    tab_id: int
    cells: Sequence[Sequence[str]]
    row_count: int
    column_count: int
    mark: Mark | None = None
    errors: frozenset[tuple[int, int]] = frozenset()
    notes: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def at(self, row: int, column: int) -> str:
        """Return the text of a cell; empty beyond the last filled one."""
        if row < len(self.cells) and column < len(self.cells[row]):
            return self.cells[row][column]
        return ""


def make_grid(spreadsheet: Mapping[str, Any], worksheet: str) -> Grid:
    """Turn Google's answer into a grid. Raises KeyError when it lacks the tab."""
    sheets = spreadsheet.get("sheets", [])
    found = {sheet["properties"]["title"]: sheet for sheet in sheets}
    sheet = found[worksheet]
    size = sheet["properties"].get("gridProperties", {})
    rows: list[list[str]] = []
    errors: set[tuple[int, int]] = set()
    notes: dict[tuple[int, int], str] = {}
    data = (sheet.get("data") or [{}])[0]
    for row, line in enumerate(data.get("rowData", [])):
        texts = []
        for column, cell in enumerate(line.get("values", [])):
            texts.append(str(cell.get("formattedValue", "")))
            if "errorValue" in cell.get("effectiveValue", {}):
                errors.add((row, column))
            if cell.get("note"):
                notes[row, column] = str(cell["note"])
        rows.append(texts)
    return Grid(
        tab_id=int(sheet["properties"].get("sheetId", 0)),
        cells=rows,
        row_count=int(size.get("rowCount", len(rows))),
        column_count=int(size.get("columnCount", max(map(len, rows), default=0))),
        mark=_find_mark(sheet.get("developerMetadata", [])),
        errors=frozenset(errors),
        notes=notes,
    )


def _find_mark(metadata: Sequence[Mapping[str, Any]]) -> Mark | None:
    for item in metadata:
        if item.get("metadataKey") == MARK and str(item.get("metadataValue", "")).isdecimal():
            return Mark(int(item["metadataId"]), int(item["metadataValue"]))
    return None
