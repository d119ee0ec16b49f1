"""THE row of the campaign sheet: one model for grid, CSV, XLSX, Google Sheets, API and DAG.

Each field carries its column: headers in Russian and English, who fills it, a hint. Cells are
parsed by `cells`; what depends on other cells, the clock or the audiences stands in `check_row`.
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

KINDS = {"promo": ("промо", "реклама"), "service": ("сервис", "сервисный", "сервисное")}
LIMIT_MODES = {
    "drop": ("отбросить", "не отправлять"),
    "defer": ("перенести", "отложить", "delay"),
}
_STATUS_NAMES = {name: (LABELS[name].en, LABELS[name].ru) for name in STATUSES}


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
        Column("ID", "ID", "system", "Made by us", "Создаёт система", parse=_parse_code),
    ] = None
    status: Annotated[
        Status | None,
        Column(
            "Статус",
            "Status",
            "system",
            "Where it stands",
            "Где бриф сейчас",
            parse=choice_cell(_STATUS_NAMES),
        ),
    ] = None
    idea: Annotated[
        str | None,
        text_column(
            Column("Идея", "Message idea", "business", "What and why", "Что и зачем", 40), 200, 2
        ),
    ] = None
    goal_event: Annotated[
        str | None,
        text_column(Column("Цель", "Goal", "business", "Event to reach", "Целевое событие"), 60),
    ] = None
    promo_start: Annotated[
        dt.date | None,
        Column(
            "Промо с",
            "Promo from",
            "business",
            "First day",
            "Первый день",
            shape="date",
            parse=parse_date,
        ),
    ] = None
    promo_end: Annotated[
        dt.date | None,
        Column(
            "Промо по",
            "Promo to",
            "business",
            "Last day",
            "Последний день",
            shape="date",
            parse=parse_date,
        ),
    ] = None
    owner: Annotated[
        str | None,
        text_column(
            Column("Ответственный", "Owner", "business", "Who answers for it", "Кто отвечает"), 80
        ),
    ] = None
    title_ru: Annotated[str | None, title_column("Заголовок RU", "Title RU")] = None
    text_ru: Annotated[str | None, body_column("Текст RU", "Text RU")] = None
    title_kk: Annotated[str | None, title_column("Тақырып KK", "Title KK")] = None
    text_kk: Annotated[str | None, body_column("Мәтін KK", "Text KK")] = None
    title_en: Annotated[str | None, title_column("Заголовок EN", "Title EN")] = None
    text_en: Annotated[str | None, body_column("Текст EN", "Text EN")] = None
    title_b_ru: Annotated[str | None, title_column("Заголовок B RU", "Title B RU")] = None
    text_b_ru: Annotated[str | None, body_column("Текст B RU", "Text B RU")] = None
    title_b_kk: Annotated[str | None, title_column("Тақырып B KK", "Title B KK")] = None
    text_b_kk: Annotated[str | None, body_column("Мәтін B KK", "Text B KK")] = None
    title_b_en: Annotated[str | None, title_column("Заголовок B EN", "Title B EN")] = None
    text_b_en: Annotated[str | None, body_column("Текст B EN", "Text B EN")] = None
    b_pct: Annotated[
        int | None,
        number_column(
            Column("Доля B, %", "Share of B, %", "marketing", "50 if empty", "50, если пусто"),
            1,
            99,
        ),
    ] = None
    link: Annotated[
        str | None,
        text_column(Column("Ссылка", "Link", "marketing", "Without utm_", "Без utm_", 36), 2_000),
    ] = None
    utm_campaign: Annotated[
        str | None,
        Column(
            "utm_campaign",
            "utm_campaign",
            "marketing",
            "school_2026",
            "school_2026",
            20,
            parse=_parse_slug,
        ),
    ] = None
    image_url: Annotated[
        str | None,
        text_column(
            Column("Картинка", "Picture", "marketing", "https, 2:1", "https, 2:1", 30), 2_000
        ),
    ] = None
    send_at: Annotated[
        dt.datetime | None,
        Column(
            "Когда",
            "Send at",
            "marketing",
            "2026-08-15 11:00",
            "2026-08-15 11:00",
            18,
            shape="moment",
            parse=parse_moment,
        ),
    ] = None
    local_time: Annotated[
        bool | None,
        Column(
            "По времени пользователя",
            "User's local time",
            "marketing",
            "yes: at that hour where each user lives",
            "да: в этот час у каждого",
            choices=("yes", "no"),
            shape="yes_no",
            parse=parse_yes_no,
        ),
    ] = None
    repeat: Annotated[
        str | None,
        text_column(
            Column(
                "Повтор",
                "Repeat",
                "marketing",
                "weekly or FREQ=WEEKLY;COUNT=4",
                "weekly или FREQ=WEEKLY;COUNT=4",
                22,
            ),
            200,
        ),
    ] = None
    ttl_hours: Annotated[
        int | None,
        number_column(
            Column(
                "Живёт, ч",
                "Lives, h",
                "marketing",
                "24 or till the promo ends",
                "24 или до конца промо",
            ),
            1,
            672,
        ),
    ] = None
    kind: Annotated[
        str | None,
        Column(
            "Тип",
            "Kind",
            "marketing",
            "promo if empty",
            "промо, если пусто",
            choices=tuple(KINDS),
            parse=choice_cell(KINDS),
        ),
    ] = None
    service_reason: Annotated[
        str | None,
        text_column(
            Column(
                "Почему сервисный",
                "Why service",
                "marketing",
                "Needed for service",
                "Нужно для сервисных",
                24,
            ),
            200,
        ),
    ] = None
    tags: Annotated[
        tuple[str, ...],
        Column(
            "Теги",
            "Tags",
            "marketing",
            "sale, shoes",
            "sale, shoes",
            shape="list",
            parse=_parse_tags,
        ),
    ] = ()
    audience: Annotated[
        AudienceCall | None,
        Column(
            "Аудитория",
            "Audience",
            "data",
            "A file of sql/audiences",
            "Файл из sql/audiences",
            36,
            parse=parse_audience,
        ),
    ] = None
    exclude: Annotated[
        tuple[AudienceCall, ...],
        Column(
            "Кроме",
            "Except",
            "data",
            "Audiences, by commas",
            "Аудитории через запятую",
            30,
            shape="list",
            parse=parse_audiences,
        ),
    ] = ()
    control_pct: Annotated[
        int | None,
        number_column(
            Column("Контроль, %", "Control, %", "data", "5 if empty", "5, если пусто"),
            0,
            50,
        ),
    ] = None
    priority: Annotated[
        int | None,
        number_column(
            Column(
                "Приоритет",
                "Priority",
                "data",
                "1 is first; 5 if empty",
                "1 — первый; 5, если пусто",
            ),
            1,
            9,
        ),
    ] = None
    max_users: Annotated[
        int | None,
        number_column(Column("Не больше", "At most", "data", "Users", "Людей"), 1, 100_000_000),
    ] = None
    throttle: Annotated[
        int | None,
        number_column(
            Column(
                "Пушей в минуту",
                "Pushes a minute",
                "data",
                "Empty: all at once",
                "Пусто: сразу все",
            ),
            1,
            10_000_000,
        ),
    ] = None
    limit_mode: Annotated[
        str | None,
        Column(
            "Если лимит/тихие часы",
            "If capped or quiet",
            "data",
            "drop if empty",
            "drop, если пусто",
            choices=tuple(LIMIT_MODES),
            parse=choice_cell(LIMIT_MODES),
        ),
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
    name: next(part for part in field.metadata if isinstance(part, Column))
    for name, field in SheetRow.model_fields.items()
}


def _normal_header(header: object) -> str:
    text = (clean_text(header) or "").casefold()
    # «Когда (Алматы)» is «Когда»: the zone in brackets is for people.
    return re.sub(r"\s*\([^)]*\)$", "", re.sub(r"[\s_]+", " ", text)).rstrip(" *:")


_BY_HEADER: dict[str, str] = {
    _normal_header(header): key
    for key, column in {**COLUMNS, **REPORT_COLUMNS}.items()
    for header in (key, column.ru, column.en)
} | {"title": "title_en", "text": "text_en", "promo start": "promo_start"}


def recognise_header(header: object) -> str | None:
    """Return the key of a column from its key or its Russian or English header, or None."""
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
