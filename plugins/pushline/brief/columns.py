"""What a person sees of a field of the sheet: headers, who fills it, a hint, how it is read."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from pushline.brief.cells import clean_text, integer_cell, text_cell

Group = Literal["system", "business", "marketing", "data"]


@dataclass(frozen=True, slots=True)
class Column:
    """What a person sees of a field."""

    ru: str
    en: str
    group: Group
    hint: str
    hint_ru: str
    width: int = 14
    choices: tuple[str, ...] = ()
    shape: Literal["text", "date", "moment", "number", "yes_no", "list"] = "text"
    parse: Callable[[Any], Any] = clean_text
    # Longest text in code points, or smallest and largest number; None: not limited.
    limit: int | None = None
    lowest: int | None = None
    highest: int | None = None

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Parse the cell before pydantic looks at its type."""
        return core_schema.no_info_before_validator_function(self.parse, handler(source))


def text_column(column: Column, limit: int, breaks: int = 0) -> Column:
    """Return the column with texts of at most `limit` code points."""
    return replace(column, parse=text_cell(limit, breaks), limit=limit)


def number_column(column: Column, low: int, high: int) -> Column:
    """Return the column with whole numbers from `low` to `high`."""
    parse = integer_cell(low, high)
    return replace(column, parse=parse, shape="number", lowest=low, highest=high)


def title_column(ru: str, en: str) -> Column:
    """Return the column of a title."""
    hint, hint_ru = "One line; Android shows about 23 letters", "Одна строка; видно около 23 букв"
    return text_column(Column(ru, en, "marketing", hint, hint_ru, 32), 2_000)


def body_column(ru: str, en: str) -> Column:
    """Return the column of a text."""
    hint, hint_ru = "The offer in the first words", "Предложение в первых словах"
    return text_column(Column(ru, en, "marketing", hint, hint_ru, 48), 2_000, breaks=2)


# Written back by Pushline, ignored when read.
REPORT_COLUMNS: dict[str, Column] = {
    "problems": Column("Проблемы", "Problems", "system", "", "", 40),
    "reach": Column("Дойдёт", "Reach", "system", "", ""),
    "capped": Column("Срезано лимитом", "Capped", "system", "", ""),
    "sent": Column("Отправлено", "Sent", "system", "", ""),
    "clicks": Column("Клики", "Clicks", "system", "", ""),
    "uplift": Column("Прирост", "Uplift", "system", "", ""),
}
