"""A tab of the stub: what people do in it with their hands, and what requests do to it."""

import copy
from dataclasses import dataclass, field
from typing import Any

Values = list[dict[str, Any]]


class BadRequest(ValueError):  # noqa: N818 - Google's word
    """What Google answers 400 to."""


@dataclass
class Tab:
    """cells: rows of CellData; shorter than the grid where nothing stands."""

    title: str = "Plan"
    tab_id: int = 7
    row_count: int = 1000
    column_count: int = 26
    cells: list[Values] = field(default_factory=list)
    metadata: dict[int, dict[str, Any]] = field(default_factory=dict)
    frozen: int = 0
    is_formatted: bool = False

    # What people do.

    def text(self, row: int, column: int) -> str:
        if row < len(self.cells) and column < len(self.cells[row]):
            return str(self.cells[row][column].get("formattedValue", ""))
        return ""

    def note(self, row: int, column: int) -> str:
        if row < len(self.cells) and column < len(self.cells[row]):
            return str(self.cells[row][column].get("note", ""))
        return ""

    def type(self, row: int, column: int, text: str) -> None:
        cell = self._cell(row, column)
        cell.pop("effectiveValue", None)
        _enter(cell, {"stringValue": text} if text else None)

    def break_formula(self, row: int, column: int) -> None:
        self._cell(row, column).update(
            userEnteredValue={"formulaValue": "=A999999"},
            effectiveValue={"errorValue": {"type": "REF", "message": "gone"}},
            formattedValue="#REF!",
        )

    def texts(self) -> list[list[str]]:
        return [[str(cell.get("formattedValue", "")) for cell in row] for row in self.cells]

    def put(self, rows: list[list[str]]) -> None:
        self.cells = []
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                self.type(row, column, text)

    def insert_row(self, place: int) -> None:
        self._reach(place)
        self.cells.insert(place, [])
        self.row_count += 1

    def delete_row(self, place: int) -> None:
        if place < len(self.cells):
            del self.cells[place]
            self.row_count -= 1

    def swap_rows(self, one: int, other: int) -> None:
        self._reach(max(one, other))
        self.cells[one], self.cells[other] = self.cells[other], self.cells[one]

    def delete_column(self, place: int) -> None:
        for row in self.cells:
            del row[place : place + 1]
        self.column_count -= 1

    def insert_column(self, place: int) -> None:
        for row in self.cells:
            if len(row) > place:
                row.insert(place, {})
        self.column_count += 1

    # What Google answers and applies.

    def show(self) -> dict[str, Any]:
        rows = [{"values": copy.deepcopy(row)} for row in self.cells]
        if self.is_formatted:
            # A formatted cell is told of, although nothing stands in it.
            rows += [{"values": []} for _ in range(self.row_count - len(rows))]
            for row in rows:
                row["values"] += [{} for _ in range(self.column_count - len(row["values"]))]
        size = {"rowCount": self.row_count, "columnCount": self.column_count}
        shown: dict[str, Any] = {
            "properties": {
                "sheetId": self.tab_id,
                "title": self.title,
                "index": 0,
                "sheetType": "GRID",
                "gridProperties": size | ({"frozenRowCount": self.frozen} if self.frozen else {}),
            },
            "data": [{"rowData": rows} if rows else {}],
        }
        if self.metadata:
            shown["developerMetadata"] = list(self.metadata.values())
        return shown

    def apply(self, request: dict[str, Any]) -> dict[str, Any]:
        ((kind, body),) = request.items()
        handler = getattr(self, f"_do_{kind}", None)
        if handler is None:
            raise BadRequest(f"the stub knows no {kind}")
        answer: dict[str, Any] = handler(body)
        return answer

    def _do_appendDimension(self, body: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self._own(body["sheetId"])
        if body["dimension"] == "ROWS":
            self.row_count += body["length"]
        else:
            self.column_count += body["length"]
        return {}

    def _do_updateSheetProperties(self, body: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self._own(body["properties"]["sheetId"])
        if body["fields"] != "gridProperties.frozenRowCount":
            raise BadRequest("the stub freezes rows, no more")
        self.frozen = body["properties"]["gridProperties"]["frozenRowCount"]
        return {}

    def _do_repeatCell(self, body: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self._own(body["range"]["sheetId"])
        if not body["fields"].startswith("userEnteredFormat"):
            raise BadRequest("the stub repeats formats, no more")
        self.is_formatted = True
        return {}

    def _do_updateCells(self, body: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        start = body["start"]
        self._own(start["sheetId"])
        wanted = set(body["fields"].split(","))
        if not wanted <= {"userEnteredValue", "note"}:
            raise BadRequest("the stub writes values and notes, no more")
        for down, line in enumerate(body["rows"]):
            for right, given in enumerate(line["values"]):
                row, column = start["rowIndex"] + down, start["columnIndex"] + right
                if row >= self.row_count or column >= self.column_count:
                    raise BadRequest(f"Attempting to write column: {column}, beyond the last")
                cell = self._cell(row, column)
                if "userEnteredValue" in wanted:
                    cell.pop("effectiveValue", None)
                    _enter(cell, given.get("userEnteredValue"))
                if "note" in wanted:
                    cell.pop("note", None)
                    cell.update({"note": given["note"]} if given.get("note") else {})
        return {}

    def _do_createDeveloperMetadata(self, body: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        made = {"metadataId": 1000 + len(self.metadata)} | body["developerMetadata"]
        self._own(made["location"]["sheetId"])
        made["location"] = {"locationType": "SHEET"} | made["location"]
        self.metadata[made["metadataId"]] = made
        return {"createDeveloperMetadata": {"developerMetadata": made}}

    def _do_updateDeveloperMetadata(self, body: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        changed = []
        for filter_ in body["dataFilters"]:
            number = filter_["developerMetadataLookup"]["metadataId"]
            if number not in self.metadata:
                raise BadRequest(f"No developer metadata {number}")
            self.metadata[number] |= {"metadataValue": body["developerMetadata"]["metadataValue"]}
            changed.append(self.metadata[number])
        return {"updateDeveloperMetadata": {"developerMetadata": changed}}

    def _own(self, tab_id: int) -> None:
        if tab_id != self.tab_id:
            raise BadRequest(f"No grid with id: {tab_id}")

    def _reach(self, row: int) -> None:
        while len(self.cells) <= row:
            self.cells.append([])

    def _cell(self, row: int, column: int) -> dict[str, Any]:
        self._reach(row)
        line = self.cells[row]
        while len(line) <= column:
            line.append({})
        return line[column]


def _enter(cell: dict[str, Any], value: dict[str, Any] | None) -> None:
    """Like Google: a string stays as it is, a number is shown in digits, nothing is empty."""
    cell.pop("userEnteredValue", None)
    cell.pop("formattedValue", None)
    if value:
        ((_, entered),) = value.items()
        if entered != "":
            cell.update(userEnteredValue=value, formattedValue=str(entered))
