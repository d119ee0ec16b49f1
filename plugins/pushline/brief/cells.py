"""How one cell becomes a value: never guessed, always cleaned the same way.

Each parser takes what a grid, CSV, XLSX or JSON gives (text, number, date, bool or None) and
returns a value or None for empty; a problem is a PydanticCustomError whose type is a key of
`sentences.SENTENCES`, with the words for it as context.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import PydanticCustomError

_HIDDEN = {0x200B, 0x200C, 0x2060, 0xFEFF, 0x00AD, 0x200E, 0x200F, 0x061C} | {
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
}
_ZERO_WIDTH_JOINER = 0x200D  # glues emoji together: kept
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOT_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?")
_DOT_CLOCK = re.compile(r"(\d{1,2})\.(\d{2})")
_SHORT_YEAR = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{2})(?!\d)")
_SLASHED = re.compile(r"\d{1,4}[/-]\d{1,2}[/-]\d{1,4}|\d{1,2}\.\d{1,2}(\.\d{2})?")
_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
_YES = {"yes", "y", "true", "1", "да", "иә", "+"}
_NO = {"no", "n", "false", "0", "нет", "жоқ", "-"}


def fail(code: str, fix: str | None = None, **words: object) -> PydanticCustomError:
    """Return the error for a sentence of the catalogue; fix: what may be put there instead."""
    return PydanticCustomError(code, code, {"words": words, "fix": fix})


def clean_text(value: object) -> str | None:
    """Return NFC text without zero-width, direction and control marks, outer spaces cut.

    Line breaks inside stay, as \\n. Numbers keep the digits that were seen.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = (
        letter
        for letter in unicodedata.normalize("NFC", text)
        if ord(letter) not in _HIDDEN
        and (letter == "\n" or unicodedata.category(letter) not in {"Cc", "Cs", "Co", "Cn"})
    )
    lines = "".join(kept).replace("\u00a0", " ").split("\n")
    cleaned = "\n".join(line.strip() for line in lines).strip()
    return cleaned.strip(chr(_ZERO_WIDTH_JOINER)) or None


def text_cell(limit: int, breaks: int = 0) -> Callable[[object], str | None]:
    """Return a parser of texts of at most `limit` code points and `breaks` line breaks."""

    def parse(value: object) -> str | None:
        text = clean_text(value)
        if text is None:
            return None
        if len(text) > limit:
            raise fail("too_long", count=len(text), limit=limit, extra=len(text) - limit)
        count = text.count("\n")
        if count > breaks:
            raise fail("line_breaks", count=count, limit=breaks, extra=count - breaks)
        return text

    return parse


def parse_date(value: object) -> dt.date | None:
    """Read a date: ISO, dd.mm.yyyy or a date cell of Excel."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = clean_text(value)
    if text is None:
        return None
    day, rest = _split_date(text)
    if rest and not re.fullmatch(r"[T ]?0{1,2}:00(:00)?", rest):
        raise fail("not_a_date")
    return day


def parse_moment(value: object) -> dt.datetime | None:
    """Read a local wall-clock time to the minute; zones are refused, the hour is needed."""
    if isinstance(value, dt.datetime):
        if value.tzinfo:
            raise fail("time_with_offset")
        return value.replace(second=0, microsecond=0)
    if isinstance(value, dt.date):
        raise _miss_hour(value)
    text = clean_text(value)
    return None if text is None else _read_moment(text)


def _read_moment(text: str) -> dt.datetime:
    if _CLOCK.search(text) and _OFFSET.search(text):
        raise fail("time_with_offset")
    day, rest = _split_date(text, "not_a_time")
    if not rest:
        raise _miss_hour(day)
    written = rest.lstrip("T ,").strip()
    clock = _CLOCK.fullmatch(written)
    if not clock:
        raise _doubt_clock(day, written)
    try:
        return dt.datetime.combine(day, dt.time(int(clock[1]), int(clock[2])))
    except ValueError:
        raise fail("not_a_time") from None


def integer_cell(low: int, high: int) -> Callable[[object], int | None]:
    """Return a parser of whole numbers; thousands may be parted by spaces."""

    def parse(value: object) -> int | None:
        text = clean_text(value)
        if text is None:
            return None
        digits = re.sub(r"[\s\u202f%]", "", text)
        if not re.fullmatch(r"-?\d{1,12}", digits):
            raise fail("not_a_number", low=low, high=high)
        if not low <= int(digits) <= high:
            raise fail("out_of_range", low=low, high=high)
        return int(digits)

    return parse


def parse_yes_no(value: object) -> bool | None:
    """Read yes or no in three languages."""
    if isinstance(value, bool):
        return value
    text = clean_text(value)
    if text is None:
        return None
    if text.casefold() in _YES:
        return True
    if text.casefold() in _NO:
        return False
    raise fail("not_yes_no")


def choice_cell(choices: Mapping[str, tuple[str, ...]]) -> Callable[[object], str | None]:
    """Return a parser of a list cell: key -> other spellings of it."""
    spellings = {
        spelling.casefold(): key for key, others in choices.items() for spelling in (key, *others)
    }

    def parse(value: object) -> str | None:
        text = clean_text(value)
        if text is None:
            return None
        key = spellings.get(text.casefold())
        if key is None:
            raise fail("not_a_choice", value=text, choices=", ".join(choices))
        return key

    return parse


def split_list(value: object, separators: str = ",;\n") -> list[str]:
    """Split a cell of many values; separators inside brackets and quotes do not count."""
    if isinstance(value, list | tuple):
        return [part for part in (clean_text(item) for item in value) if part]
    parts, depth, quote, part = [], 0, "", ""
    for letter in clean_text(value) or "":
        quote = ("" if letter == quote else quote) if quote else letter if letter in "\"'" else ""
        depth += (letter in "([") - (letter in ")]") if not quote else 0
        if letter in separators and depth <= 0 and not quote:
            parts.append(part)
            part = ""
        else:
            part += letter
    return [text for text in (piece.strip() for piece in [*parts, part]) if text]


def _split_date(text: str, code: str = "not_a_date") -> tuple[dt.date, str]:
    for pattern, order in ((_ISO_DATE, (1, 2, 3)), (_DOT_DATE, (3, 2, 1))):
        match = pattern.match(text)
        if match:
            try:
                year, month, day = (int(match[place]) for place in order)
                return dt.date(year, month, day), text[match.end() :]
            except ValueError:
                raise fail(code) from None
    short = _SHORT_YEAR.match(text)
    if short:
        raise _lengthen_year(short, text[short.end() :], code)
    if _SLASHED.match(text):
        raise fail("unclear_date")
    raise fail(code)


def _miss_hour(day: dt.date) -> PydanticCustomError:
    example = f"{day.isoformat()} 11:00"
    return fail("time_missing", fix=example, example=example)


def _doubt_clock(day: dt.date, written: str) -> PydanticCustomError:
    """Return what to say of hours as they were written after a date; 12.00 is nearly right."""
    dotted = _DOT_CLOCK.fullmatch(written)
    if not dotted or int(dotted[1]) > 23 or int(dotted[2]) > 59:
        return fail("not_a_time")
    meant = f"{day.isoformat()} {int(dotted[1]):02}:{dotted[2]}"
    return fail("clock_with_dot", fix=meant, example=meant)


def _lengthen_year(short: re.Match[str], rest: str, code: str) -> PydanticCustomError:
    """Return what to say of 05.12.26: dots write the day first, only the century is missing."""
    try:
        day = dt.date(2000 + int(short[3]), int(short[2]), int(short[1]))
    except ValueError:
        return fail(code)
    meant = f"{day.isoformat()}{rest}"
    return fail("short_year", fix=meant, example=meant)


Parser = Callable[[Any], Any]
