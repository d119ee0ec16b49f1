"""The seeded shop: it holds the real orders, keeps its laws and has the odd rows of real life."""

from datetime import datetime, timedelta
from zoneinfo import available_timezones

import pytest
from sqlalchemy import Connection, text

from pushline.demo.company import BLOCK, is_seeded, past_pushes
from pushline.demo.company.people import cdnow_orders
from tests.demo.shop_laws import LAWS

CDNOW_ORDERS = 69_659


@pytest.mark.parametrize("law", LAWS)
def test_shop_keeps(shop: Connection, now: datetime, law: str):
    parameters = {"now": now} if ":now" in LAWS[law] else {}
    assert shop.execute(text(f"{LAWS[law]} LIMIT 5"), parameters).all() == []


def test_every_cdnow_order_is_there_with_its_gaps_and_sums(shop: Connection):
    rows = shop.execute(
        text("""
            SELECT order_id, customer_id,
                CAST(ordered_at AT TIME ZONE 'Asia/Almaty' AS date) AS day, pieces, total
            FROM shop.customer_order WHERE order_id <= :last ORDER BY order_id
        """),
        {"last": CDNOW_ORDERS},
    ).all()
    original = list(cdnow_orders())
    assert len(rows) == len(original) == CDNOW_ORDERS
    days = [datetime.strptime(day, "%Y%m%d").date() for _, _, day, _, _ in original]  # noqa: DTZ007
    shifts = {row.day - day for row, day in zip(rows, days, strict=True)}
    assert len(shifts) == 1
    assert [(r.order_id, r.customer_id, r.pieces) for r in rows] == [
        (number, person, pieces) for number, person, _, pieces, _ in original
    ]
    assert all(
        abs(row.total - 500 * float(dollars)) <= 0.5
        for row, (*_, dollars) in zip(rows, original, strict=True)
    )


def test_last_order_was_yesterday(shop: Connection, now: datetime):
    last = shop.scalar(
        text("""
            SELECT max(CAST(ordered_at AT TIME ZONE 'Asia/Almaty' AS date)) FROM shop.customer_order
        """)
    )
    assert last == now.date() - timedelta(days=1)


def test_people_are_cdnow_newcomers_and_registered(shop: Connection):
    people, without_order = shop.execute(
        text("""
            SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (
                SELECT FROM shop.customer_order AS o WHERE o.customer_id = c.customer_id))
            FROM shop.customer AS c
        """)
    ).one()
    assert (people, without_order) == (BLOCK, 1500)


def test_zones_are_mostly_right_some_missing_few_wrong(shop: Connection):
    zones = dict(
        shop.execute(text("SELECT time_zone, count(*) FROM shop.customer GROUP BY 1")).all()
    )
    missing = zones.pop(None) / BLOCK
    known = available_timezones()
    wrong = {zone: count for zone, count in zones.items() if zone not in known}
    assert 0.015 < missing < 0.025
    assert 0.003 < sum(wrong.values()) / BLOCK < 0.007
    assert set(wrong) == {"Mars/Olympus", "UTC+25", ""}
    kazakhstan = ("Almaty", "Aqtau", "Aqtobe", "Atyrau", "Oral", "Qostanay", "Qyzylorda")
    assert sum(zones[f"Asia/{city}"] for city in kazakhstan) / BLOCK > 0.85
    assert {"Europe/Moscow", "Asia/Tashkent", "Europe/Berlin", "America/New_York"} <= set(zones)
    assert zones["Asia/Kathmandu"] > 0


def test_locales_have_variants_and_unknown_ones(shop: Connection):
    locales = set(shop.scalars(text("SELECT DISTINCT locale FROM shop.customer")))
    assert {"ru", "kk", "en", "ru-KZ", "kk_KZ", "en-US", "xx", "", None} <= locales


def test_people_have_from_none_to_three_installs_and_some_belong_to_nobody(shop: Connection):
    devices = dict(
        shop.execute(
            text("""
                SELECT devices, count(*) FROM (
                    SELECT count(i.installation_id) AS devices
                    FROM shop.customer AS c LEFT JOIN shop.installation AS i USING (customer_id)
                    GROUP BY c.customer_id) AS counted
                GROUP BY 1
            """)
        ).all()
    )
    anonymous, addresses, installs = shop.execute(
        text("""
            SELECT count(*) FILTER (WHERE customer_id IS NULL), count(DISTINCT push_address),
                count(*)
            FROM shop.installation
        """)
    ).one()
    assert set(devices) == {0, 1, 2, 3}
    assert devices[0] / BLOCK == pytest.approx(0.12, abs=0.02)
    assert anonymous > 500
    assert addresses == installs


def test_address_kind_fits_provider_and_platform(shop: Connection):
    kinds = set(
        shop.execute(
            text("SELECT DISTINCT platform, provider, address_kind FROM shop.installation")
        ).all()
    )
    assert kinds == {
        ("android", "fcm", "fcm_token"),
        ("ios", "apns", "apns"),
        ("huawei", "hms", "hms"),
        ("web", "webpush", "webpush"),
    }


def test_some_withdrew_consent_and_some_granted_it_again(shop: Connection):
    paths = dict(
        shop.execute(
            text("""
                SELECT path, count(*) FROM (
                    SELECT string_agg(
                        CASE WHEN granted THEN '+' ELSE '-' END, '' ORDER BY changed_at) AS path
                    FROM shop.consent_change WHERE purpose = 'marketing' GROUP BY customer_id) AS p
                GROUP BY 1
            """)
        ).all()
    )
    assert {"+", "-", "-+", "+-", "+-+"} <= set(paths)
    assert paths["+"] > 15_000
    assert min(paths["+-"], paths["+-+"], paths["-"]) > 300


def test_prices_fell_lately_and_go_on_falling(shop: Connection, now: datetime):
    changes = text("""
        SELECT count(*) FROM (
            SELECT valid_from, price,
                lag(price) OVER (PARTITION BY product_id ORDER BY valid_from) AS before
            FROM shop.price_change) AS change
        WHERE price < before AND valid_from > :since AND valid_from <= :until
    """)
    day = timedelta(days=1)
    assert shop.scalar(changes, {"since": now - day, "until": now}) > 5
    assert shop.scalar(changes, {"since": now, "until": now + day}) > 30


def test_past_pushes_span_60_days_and_some_were_opened(shop: Connection, now: datetime):
    pushes = list(past_pushes(shop, now - timedelta(days=60)))
    sent = [push.sent_at for push in pushes]
    opened = [push for push in pushes if push.opened_at]
    assert len(pushes) > 100_000
    assert sent == sorted(sent)
    assert now - timedelta(days=60) < sent[0] < now - timedelta(days=50)
    assert now - timedelta(days=2) < sent[-1] < now
    assert 0.05 < len(opened) / len(pushes) < 0.3
    assert all(push.opened_at > push.sent_at for push in opened)
    assert len({push.campaign_code for push in pushes}) == len(set(sent)) > 20


def test_planner_role_reads_what_it_must_and_the_audience_role_no_addresses(shop: Connection):
    question = text("SELECT has_column_privilege(:role, 'shop.installation', :column, 'SELECT')")

    def may_read(role: str, column: str) -> bool:
        return shop.scalar(question, {"role": f"pushline_{role}", "column": column})

    assert may_read("planner", "push_address")
    assert may_read("audience", "last_seen_at")
    assert not may_read("audience", "push_address")


def test_is_seeded_says_so(shop: Connection, db: Connection):
    assert is_seeded(shop)
    assert not is_seeded(db)
