"""Writes the campaign sheet: an XLSX with lists and date pickers, a CSV that Excel opens right."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from pushline.brief.columns import Column
from pushline.brief.sheet import COLUMNS
from pushline.brief.status import WRITABLE

# Rows of a template that get lists and date pickers.
PREPARED_ROWS = 500
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_GROUP_COLOURS = {
    "system": "#E8EAED",
    "business": "#FFF3DA",
    "marketing": "#E4EDFD",
    "data": "#E3F4E8",
}
_LONGEST_LIST = 255  # Excel takes no longer list inside a rule; longer ones stand in a sheet.


def write_csv(rows: Iterable[Mapping[str, str]], language: str = "ru") -> bytes:
    """Return rows of cells (`sheet.write_cells`) as CSV.

    UTF-8 with BOM, so that Excel opens it right; no cell that a program would run as a formula.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(_headers(language))
    for row in rows:
        writer.writerow([guard_formula(row.get(key, "")) for key in COLUMNS])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def guard_formula(cell: str) -> str:
    """Put an apostrophe before what a program would run; reading takes it off again."""
    # An own apostrophe of such a text gets one more, so that it comes back.
    return f"'{cell}" if cell.lstrip("'").startswith(_DANGEROUS) else cell


def write_xlsx(
    rows: Sequence[Mapping[str, str]] = (),
    *,
    audiences: Sequence[str] = (),
    goal_events: Sequence[str] = (),
    language: str = "ru",
) -> bytes:
    """Return the rows as XLSX, or a template without rows; cells of text are never formulas."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet("Campaigns")
        lists = book.add_worksheet("Lists")
        lists.hide()
        formats = _Formats(book)
        sheet.freeze_panes(1, 3)
        sheet.set_row(0, 32)
        for place, (key, column) in enumerate(COLUMNS.items()):
            header = column.header.text(language)
            sheet.write_string(0, place, header, formats.header(column))
            sheet.set_column(place, place, column.width, formats.cell(column))
            hint = column.hint.text(language)
            sheet.write_comment(0, place, f"{key}\n{hint}", {"x_scale": 1.5})
            choices = _choices(key, column, audiences, goal_events)
            rule = _validation(choices, column, lists, place)
            if rule:
                last = max(PREPARED_ROWS, len(rows))
                sheet.data_validation(1, place, last, place, rule)
        for number, row in enumerate(rows, start=1):
            _write_row(sheet, number, row, formats)
    return buffer.getvalue()


class _Formats:
    """The few formats of the workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._make: Callable[[dict[str, Any]], Any] = book.add_format
        self._made: dict[str, Any] = {}

    def _get(self, name: str, properties: Mapping[str, Any]) -> Any:
        if name not in self._made:
            self._made[name] = self._make({**properties, "valign": "top"})
        return self._made[name]

    def header(self, column: Column) -> Any:
        colour = _GROUP_COLOURS[column.group]
        properties = {"bold": True, "bg_color": colour, "text_wrap": True, "border": 1}
        return self._get(f"header {column.group}", properties)

    def cell(self, column: Column) -> Any:
        if column.shape == "date":
            return self._get("date", {"num_format": "yyyy-mm-dd"})
        if column.shape == "moment":
            return self._get("moment", {"num_format": "yyyy-mm-dd hh:mm"})
        if column.shape == "number":
            return self._get("number", {"num_format": "0"})
        # A text column keeps 007, 1e5 and 15.08 as they are typed; quote_prefix keeps = a text.
        return self._get("text", {"num_format": "@", "text_wrap": True})

    def quoted(self) -> Any:
        return self._get("quoted", {"num_format": "@", "text_wrap": True, "quote_prefix": True})


def _write_row(sheet: Any, number: int, row: Mapping[str, str], formats: _Formats) -> None:
    for place, (key, column) in enumerate(COLUMNS.items()):
        text = row.get(key, "")
        value = _typed(text, column)
        if isinstance(value, dt.datetime | dt.date):
            sheet.write_datetime(number, place, value, formats.cell(column))
        elif isinstance(value, int):
            sheet.write_number(number, place, value, formats.cell(column))
        elif text.startswith(_DANGEROUS):
            sheet.write_string(number, place, text, formats.quoted())
        elif text.startswith("'"):
            sheet.write_string(number, place, guard_formula(text), formats.cell(column))
        elif text:
            sheet.write_string(number, place, text, formats.cell(column))


def _typed(text: str, column: Column) -> object:
    """Return a date or a number where the cell is a good one; anything else stays a text."""
    if column.shape not in {"date", "moment", "number"}:
        return None
    try:
        return column.parse(text)
    except ValueError:
        return None


def _choices(
    key: str, column: Column, audiences: Sequence[str], goal_events: Sequence[str]
) -> Sequence[str]:
    special = {"audience": audiences, "goal_event": goal_events, "status": WRITABLE}
    return special.get(key, column.choices)


def _validation(
    choices: Sequence[str], column: Column, lists: Any, place: int
) -> dict[str, Any] | None:
    if choices:
        source: Any = list(choices)
        if len(",".join(choices)) > _LONGEST_LIST:
            lists.write_column(0, place, choices)
            letter = xlsxwriter.utility.xl_col_to_name(place)
            source = f"=Lists!${letter}$1:${letter}${len(choices)}"
        # A warning, not a stop: an audience may carry parameters in brackets.
        return {"validate": "list", "source": source, "error_type": "warning"}
    if column.shape in {"date", "moment"}:
        first = dt.date(2020, 1, 1) if column.shape == "date" else dt.datetime(2020, 1, 1)  # noqa: DTZ001
        return {"validate": "date", "criteria": ">=", "value": first, "error_type": "warning"}
    if column.shape == "number":
        return {"validate": "integer", "criteria": ">=", "value": 0, "error_type": "warning"}
    return None


def _headers(language: str) -> list[str]:
    return [column.header.text(language) for column in COLUMNS.values()]
