"""THE row of the campaign sheet: one model for grid, CSV, XLSX, Google Sheets, API and DAG.

Each field carries its column: who fills it, how it is read; its words stand in `column_words`.
Cells are parsed by `cells`; what depends on other cells, the clock or the audiences stands in
`check_row`.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict

from pushline.brief.audience_cell import AudienceCall, parse_audience, parse_audiences
from pushline.brief.cells import (
    choice_cell,
    clean_text,
    fail,
    parse_date,
    parse_moment,
    parse_yes_no,
    split_list,
)
from pushline.brief.columns import (
    REPORT_COLUMNS,
    Column,
    body_column,
    name_column,
    number_column,
    text_column,
    title_column,
)
from pushline.brief.status import LABELS, STATUSES, Status
from pushline.model import LANGUAGES, Language

Variant = Literal["", "b_"]

_CODE = re.compile(r"C-\d{4}-\d{3,}")
_SLUG = re.compile(r"[a-z0-9_]{3,40}")
_TAG = re.compile(r"[\w-]{1,40}")

KINDS = {
    "promo": ("промо", "реклама", "жарнама"),
    "service": ("сервис", "сервисный", "сервисное", "сервистік"),
}
LIMIT_MODES = {
    "drop": ("отбросить", "не отправлять", "жібермеу"),
    "defer": ("перенести", "отложить", "кейінге қалдыру", "delay"),
}
_STATUS_NAMES = {name: tuple(LABELS[name].as_dict().values()) for name in STATUSES}


def _parse_code(value: object) -> str | None:
    text = clean_text(value)
    if text is not None and not _CODE.fullmatch(text.upper()):
        raise fail("bad_campaign_id")
    return text.upper() if text else None


def _parse_slug(value: object) -> str | None:
    text = clean_text(value)
    if text is not None and not _SLUG.fullmatch(text):
        raise fail("utm_slug", hint="")
    return text


def _parse_tags(value: object) -> tuple[str, ...]:
    tags = split_list(value)
    for tag in tags:
        if not _TAG.fullmatch(tag) or tag != tag.casefold():
            raise fail("bad_tag", value=tag)
    return tuple(dict.fromkeys(tags))


class SheetRow(BaseModel):
    """One brief as people write it. None is an empty cell; times are the project's wall clock."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    campaign_id: Annotated[
        str | None,
        Column("system", parse=_parse_code),
    ] = None
    status: Annotated[
        Status | None,
        Column("system", parse=choice_cell(_STATUS_NAMES)),
    ] = None
    idea: Annotated[
        str | None,
        text_column(Column("business", width=40), 200, 2),
    ] = None
    goal_event: Annotated[
        str | None,
        text_column(Column("business"), 60),
    ] = None
    promo_start: Annotated[
        dt.date | None,
        Column("business", shape="date", parse=parse_date),
    ] = None
    promo_end: Annotated[
        dt.date | None,
        Column("business", shape="date", parse=parse_date),
    ] = None
    owner: Annotated[
        str | None,
        text_column(Column("business"), 80),
    ] = None
    title_ru: Annotated[str | None, title_column()] = None
    text_ru: Annotated[str | None, body_column()] = None
    title_kk: Annotated[str | None, title_column()] = None
    text_kk: Annotated[str | None, body_column()] = None
    title_en: Annotated[str | None, title_column()] = None
    text_en: Annotated[str | None, body_column()] = None
    title_b_ru: Annotated[str | None, title_column()] = None
    text_b_ru: Annotated[str | None, body_column()] = None
    title_b_kk: Annotated[str | None, title_column()] = None
    text_b_kk: Annotated[str | None, body_column()] = None
    title_b_en: Annotated[str | None, title_column()] = None
    text_b_en: Annotated[str | None, body_column()] = None
    b_pct: Annotated[
        int | None,
        number_column(
            Column("marketing"),
            1,
            99,
        ),
    ] = None
    link: Annotated[
        str | None,
        text_column(Column("marketing", width=36), 2_000),
    ] = None
    utm_campaign: Annotated[
        str | None,
        Column("marketing", width=20, parse=_parse_slug),
    ] = None
    image_url: Annotated[
        str | None,
        text_column(Column("marketing", width=30), 2_000),
    ] = None
    send_at: Annotated[
        dt.datetime | None,
        Column("marketing", width=18, shape="moment", parse=parse_moment),
    ] = None
    local_time: Annotated[
        bool | None,
        Column("marketing", choices=("yes", "no"), shape="yes_no", parse=parse_yes_no),
    ] = None
    repeat: Annotated[
        str | None,
        text_column(
            Column("marketing", width=22),
            200,
        ),
    ] = None
    ttl_hours: Annotated[
        int | None,
        number_column(
            Column("marketing"),
            1,
            672,
        ),
    ] = None
    kind: Annotated[
        str | None,
        Column("marketing", choices=tuple(KINDS), parse=choice_cell(KINDS)),
    ] = None
    service_reason: Annotated[
        str | None,
        text_column(
            Column("marketing", width=24),
            200,
        ),
    ] = None
    tags: Annotated[
        tuple[str, ...],
        Column("marketing", shape="list", parse=_parse_tags),
    ] = ()
    audience: Annotated[
        AudienceCall | None,
        Column("data", width=36, parse=parse_audience),
    ] = None
    exclude: Annotated[
        tuple[AudienceCall, ...],
        Column("data", width=30, shape="list", parse=parse_audiences),
    ] = ()
    control_pct: Annotated[
        int | None,
        number_column(
            Column("data"),
            0,
            50,
        ),
    ] = None
    priority: Annotated[
        int | None,
        number_column(
            Column("data"),
            1,
            9,
        ),
    ] = None
    max_users: Annotated[
        int | None,
        number_column(Column("data"), 1, 100_000_000),
    ] = None
    throttle: Annotated[
        int | None,
        number_column(
            Column("data"),
            1,
            10_000_000,
        ),
    ] = None
    limit_mode: Annotated[
        str | None,
        Column("data", choices=tuple(LIMIT_MODES), parse=choice_cell(LIMIT_MODES)),
    ] = None

    def text(self, language: Language, variant: Variant = "") -> tuple[str | None, str | None]:
        """Return (title, body) of a language and variant."""
        title: str | None = getattr(self, f"title_{variant}{language}")
        body: str | None = getattr(self, f"text_{variant}{language}")
        return title, body

    def languages(self, variant: Variant = "") -> tuple[Language, ...]:
        """Return the languages in which both title and text are filled."""
        return tuple(language for language in LANGUAGES if all(self.text(language, variant)))


COLUMNS: dict[str, Column] = {
    name: name_column(name, next(part for part in field.metadata if isinstance(part, Column)))
    for name, field in SheetRow.model_fields.items()
}


def _normal_header(header: object) -> str:
    text = (clean_text(header) or "").casefold()
    # «Когда (Алматы)» is «Когда»: the zone in brackets is for people.
    return re.sub(r"\s*\([^)]*\)$", "", re.sub(r"[\s_]+", " ", text)).rstrip(" *:")


_BY_HEADER: dict[str, str] = {
    _normal_header(header): key
    for key, column in {**COLUMNS, **REPORT_COLUMNS}.items()
    for header in (key, column.header.ru, column.header.en, column.header.kk)
} | {"title": "title_en", "text": "text_en", "promo start": "promo_start"}


def recognise_header(header: object) -> str | None:
    """Return the key of a column from its key or its header in any language, or None."""
    return _BY_HEADER.get(_normal_header(header))


def count_known(headers: Iterable[object]) -> int:
    """Return how many headers of a row are known; the header row is the one with most."""
    return sum(recognise_header(header) is not None for header in headers)


def write_cells(row: SheetRow) -> Mapping[str, str]:
    """Return the row as texts that read back to the same row."""
    return {key: _write(getattr(row, key)) for key in COLUMNS}


def _write(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value)
    return str(value)
