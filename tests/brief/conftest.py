"""Fixtures of the brief room: a fixed clock, two audiences, and a row that is good."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pushline.brief.check_row import CheckedRow, check_row
from pushline.brief.notes import Rules
from pushline.message.checks import MessageChecks
from pushline.model import AudienceCard, AudienceColumn, AudienceParameter

# Noon of a Saturday in Almaty.
NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
ALMATY = ZoneInfo("Asia/Almaty")

AUDIENCES = {
    "buyers": AudienceCard(
        "buyers",
        columns={
            "first_name": AudienceColumn("first_name", nullable=True, empty_share=0.29),
            "city": AudienceColumn("city"),
        },
        sql="SELECT 1 AS user_id",
    ),
    "by_category": AudienceCard(
        "by_category",
        parameters={
            "category": AudienceParameter("category", "text", choices=("music", "books")),
            "days": AudienceParameter("days", "int", 30),
            "since": AudienceParameter("since", "date", required=False),
            "floor": AudienceParameter("floor", "int", required=False),
        },
        sql="SELECT 2 AS user_id",
    ),
    "needs_city": AudienceCard(
        "needs_city",
        parameters={"city": AudienceParameter("city", required=True)},
        sql="SELECT 3 AS user_id",
    ),
}

GOOD = {
    "idea": "Скидка на музыку",
    "title_ru": "Музыка −20%",
    "text_ru": "До воскресенья дешевле.",
    "title_kk": "Музыка −20%",
    "text_kk": "Жексенбіге дейін арзан.",
    "link": "https://shop.example.kz/music",
    "utm_campaign": "music_week",
    "send_at": "2026-11-25 12:00",
    "audience": "buyers",
}

Check = Callable[..., CheckedRow]


@pytest.fixture
def check() -> Check:
    """Check the good row with some cells changed; None takes a cell away."""

    def run(now: datetime = NOW, rules: Rules | None = None, **cells: object) -> CheckedRow:
        row: Mapping[str, object] = {**GOOD, **cells}
        return check_row(
            {key: cell for key, cell in row.items() if cell is not None},
            now=now,
            rules=rules or Rules(zone=ALMATY),
            audiences=AUDIENCES,
            texts=MessageChecks(),
            number=2,
        )

    return run
