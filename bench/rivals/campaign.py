"""What both rivals know of the campaign: their queries, the policy, the texts. No import of ours.

The queries do what a careful author leaves to the database: the last consent, the live devices,
the variant and the control group (which no other language computes alike). The job leaves what
Pushline leaves: a rendered push for each device, and of everybody else the reason why not.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PROJECT_ZONE = "Asia/Almaty"
QUIET_FROM, QUIET_UNTIL = time(23), time(8)
GAP, WEEK, MONTH = timedelta(hours=2), timedelta(days=7), timedelta(days=30)
PER_DAY, PER_WEEK, MARKETING_PER_WEEK, PER_MONTH, SALES_PER_WEEK = 3, 6, 4, 18, 2
RESERVED_FOR_TRIGGERS = 2
LINK = (
    "https://shop.example.kz/sale?utm_source=pushline&utm_medium=push"
    "&utm_campaign=week&utm_content="
)
# By language: what follows the name, and what stands before and after the city.
TEXTS = {
    "ru": (
        ", всё для дома сегодня дешевле",
        "В городе ",
        " скидки до конца недели, выберите своё",
    ),
    "kk": (
        ", бүгін үйге бәрі арзанырақ",
        "",
        " қаласында апта соңына дейін жеңілдік, өзіңізге таңдаңыз",
    ),
}

PEOPLE = """
SELECT
    p.user_id,
    CASE WHEN p.language ILIKE 'kk%' THEN 'kk' ELSE 'ru' END AS language,
    coalesce(p.zone, 'Asia/Almaty') AS zone,
    p.weekly_limit,
    push.variant_of(p.user_id, 42, ARRAY[5000, 10000]) AS variant,
    push.is_in_campaign_control(p.user_id, 42, 500) AS is_held_out,
    coalesce(c.first_name, '') AS first_name,
    CASE
        WHEN c.locale ILIKE 'kk%' THEN city.name_kk
        WHEN c.locale ILIKE 'en%' THEN city.name_en
        ELSE city.name_ru
    END AS city
FROM push.person AS p
INNER JOIN shop.customer AS c ON p.user_id = c.customer_id
INNER JOIN shop.city ON c.city_id = city.city_id
WHERE NOT p.is_erased AND c.erased_at IS NULL
"""
CONSENTS = """
SELECT user_id
FROM (
    SELECT DISTINCT ON (user_id) user_id, is_granted
    FROM push.consent
    WHERE purpose = 'marketing'
    ORDER BY user_id, changed_at DESC
) AS latest
WHERE is_granted
"""
DEVICES = """
SELECT user_id, installation_id, address
FROM push.installation
WHERE is_active AND user_id IS NOT NULL
"""
CONTROL = "SELECT DISTINCT user_id FROM push.control_member WHERE member_until IS NULL"
SENT = """
SELECT l.user_id, l.sent_at, l.class = 'marketing' AS is_marketing, l.is_sale
FROM rival.send_log AS l
CROSS JOIN rival.campaign AS c
WHERE l.sent_at > c.at - interval '720 hours'
"""


# Why somebody gets none, the first that holds; a cap's rule by its number.
REASONS = (
    "no_consent",
    "unreachable",
    "control_global",
    "quiet_hours",
    "minimum_gap",
    "own_limit",
    *["capped"] * 5,
    "control_campaign",
)
RULES = (0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 0)


def is_quiet(zone: str, at: datetime) -> bool:
    """Whether it is quiet time in a zone."""
    local = at.astimezone(_zone(zone)).time()
    return local >= QUIET_FROM or local < QUIET_UNTIL


def day_start(at: datetime) -> datetime:
    """Return when the day began where the project is."""
    today: date = at.astimezone(ZoneInfo(PROJECT_ZONE)).date()
    return datetime.combine(today, time(0), ZoneInfo(PROJECT_ZONE)).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return ZoneInfo(PROJECT_ZONE)
