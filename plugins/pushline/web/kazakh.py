"""What the sheet's model says in two languages, for readers of Kazakh: headers and steps.

Only the pages show it. Files and Google's sheet keep the Russian and English names, by which they
are read back.
"""

from pushline.brief.columns import Column
from pushline.brief.status import LABELS, Status

HEADERS = {
    "idea": "Идея",
    "goal_event": "Мақсат",
    "promo_start": "Промо басы",
    "promo_end": "Промо соңы",
    "owner": "Жауапты",
    "title_ru": "Тақырып RU",
    "text_ru": "Мәтін RU",
    "title_kk": "Тақырып KK",
    "text_kk": "Мәтін KK",
    "title_en": "Тақырып EN",
    "text_en": "Мәтін EN",
    "title_b_ru": "B тақырыбы RU",
    "text_b_ru": "B мәтіні RU",
    "title_b_kk": "B тақырыбы KK",
    "text_b_kk": "B мәтіні KK",
    "title_b_en": "B тақырыбы EN",
    "text_b_en": "B мәтіні EN",
    "b_pct": "B үлесі, %",
    "link": "Сілтеме",
    "utm_campaign": "utm_campaign",
    "image_url": "Сурет",
    "send_at": "Қашан",
    "local_time": "Пайдаланушы уақыты",
    "repeat": "Қайталау",
    "ttl_hours": "Өмірі, сағ",
    "kind": "Түрі",
    "service_reason": "Неге сервистік",
    "tags": "Тегтер",
    "audience": "Аудитория",
    "exclude": "Мыналардан басқа",
    "control_pct": "Бақылау тобы, %",
    "priority": "Басымдық",
    "max_users": "Ең көбі",
    "throttle": "Минутына пуш",
    "limit_mode": "Лимит не тыныш уақыт",
}
STEPS: dict[Status, str] = {
    "idea": "идея",
    "texts_ready": "мәтіндер дайын",
    "audience_ready": "аудитория дайын",
    "approved": "келісілді",
    "scheduled": "жоспарланды",
    "sending": "жіберілуде",
    "sent": "жіберілді",
    "cancelled": "тоқтатылды",
}


def name_status(status: Status, language: str) -> str:
    """Return a step of a brief in the reader's language."""
    return STEPS[status] if language == "kk" else LABELS[status].text(language)


def name_column(key: str, column: Column, language: str) -> str:
    """Return the header of a column in the reader's language."""
    if language == "kk":
        return HEADERS.get(key, column.ru)
    return column.en if language == "en" else column.ru
