"""What a person sees of a field of the sheet: headers, who fills it, a hint, how it is read."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from pushline.brief.cells import clean_text, integer_cell, text_cell
from pushline.brief.column_words import COLUMN_WORDS, REPORT_WORDS
from pushline.sentence import Sentence

NO_WORDS = Sentence.same("")

Group = Literal["system", "business", "marketing", "data"]


@dataclass(frozen=True, slots=True)
class Column:
    """What a person sees of a field."""

    group: Group
    width: int = 14
    choices: tuple[str, ...] = ()
    shape: Literal["text", "date", "moment", "number", "yes_no", "list"] = "text"
    parse: Callable[[Any], Any] = clean_text
    # Longest text in code points, or smallest and largest number; None: not limited.
    limit: int | None = None
    lowest: int | None = None
    highest: int | None = None
    header: Sentence = NO_WORDS
    hint: Sentence = NO_WORDS

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


def title_column() -> Column:
    """Return the column of a title."""
    return text_column(Column("marketing", width=32), 2_000)


def body_column() -> Column:
    """Return the column of a text."""
    return text_column(Column("marketing", width=48), 2_000, breaks=2)


def name_column(key: str, column: Column) -> Column:
    """Return the column with its header and its hint."""
    header, hint = COLUMN_WORDS[key]
    return replace(column, header=header, hint=hint)


# Written back by Pushline, ignored when read.
REPORT_COLUMNS: dict[str, Column] = {
    key: Column("system", width=40 if key == "problems" else 14, header=header)
    for key, header in REPORT_WORDS.items()
}
