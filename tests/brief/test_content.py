"""What an approval binds to: the content, its hash, and the row that comes back from it."""

from dataclasses import replace

import pytest

from pushline.brief.content import NOTES, hash_content, make_content, restore_row
from pushline.brief.sheet import COLUMNS, SheetRow

from .conftest import AUDIENCES, GOOD
from .writing import RULES, content_of, notes_of

CHANGES = {
    "promo_end": "2026-12-01",
    "title_ru": "Другой",
    "text_kk": "Басқаша",
    "title_en,text_en": "Other",
    "title_b_ru,text_b_ru,title_b_kk,text_b_kk": "B",
    "link": "https://shop.example.kz/other",
    "utm_campaign": "other_name",
    "image_url": "https://shop.example.kz/i.jpg",
    "send_at": "2026-11-25 12:01",
    "local_time": "yes",
    "repeat": "FREQ=DAILY;COUNT=2",
    "ttl_hours": "23",
    "kind": "service",
    "tags": "sale",
    "audience": "by_category(category=music)",
    "exclude": "by_category",
    "control_pct": "6",
    "priority": "1",
    "max_users": "10",
    "throttle": "10",
    "limit_mode": "defer",
}
# b_pct changes something only where there is a B.
NO_CHANGE = {*NOTES, "campaign_id", "status", "b_pct"}


class TestContent:
    @pytest.mark.parametrize("keys", CHANGES)
    def test_hash_changes_with_each_field_of_the_list(self, keys):
        changed = content_of(**dict.fromkeys(keys.split(","), CHANGES[keys]))
        assert hash_content(changed) != hash_content(content_of())

    def test_every_column_is_either_in_the_hash_or_a_note(self):
        covered = {key for keys in CHANGES for key in keys.split(",")} | NO_CHANGE
        assert {"title_kk", "text_ru"} | covered | {"title_b_en", "text_b_en"} == set(COLUMNS)

    def test_notes_and_spelling_do_not_change_the_hash(self):
        same = content_of(
            idea="Другая идея",
            goal_event="clicked",
            owner="z",
            promo_start="2026-11-01",
            send_at="25.11.2026 12:00",
            ttl_hours="24",
            control_pct="5",
            priority="5",
            limit_mode="drop",
            kind="promo",
            local_time="no",
            b_pct="30",
        )
        assert hash_content(same) == hash_content(content_of())

    def test_order_of_exclusions_and_tags_does_not_matter(self):
        one = content_of(exclude="by_category(days=3), needs_city(city=A)", tags="b, a")
        two = content_of(exclude="needs_city(city=A); by_category(days=3)", tags="a, b")
        assert hash_content(one) == hash_content(two)

    @pytest.mark.parametrize("name", ["buyers", "by_category"])
    def test_sql_of_audience_and_exclusion_is_bound(self, name):
        row = SheetRow(**{**GOOD, "exclude": "by_category"})
        other = {**AUDIENCES, name: replace(AUDIENCES[name], sql="SELECT 9 AS user_id")}
        assert make_content(row, RULES, other) != make_content(row, RULES, AUDIENCES)
        unrelated = {**AUDIENCES, "needs_city": replace(AUDIENCES["needs_city"], sql="SELECT 9")}
        assert make_content(row, RULES, unrelated) == make_content(row, RULES, AUDIENCES)

    def test_share_of_b_is_bound_where_there_is_a_b(self):
        b = dict.fromkeys(("title_b_ru", "text_b_ru", "title_b_kk", "text_b_kk"), "B")
        assert content_of(**b)["variant_shares"] == [5000, 10000]
        assert content_of(**b, b_pct="30")["variant_shares"] == [7000, 10000]
        assert content_of(b_pct="30")["variant_shares"] == [10000]

    def test_parameters_become_the_types_of_the_audience(self):
        content = content_of(audience="by_category(category=music, days=7, since=2026-01-02)")
        assert content["audience"]["parameters"] == {
            "category": "music",
            "days": 7,
            "since": "2026-01-02",
        }

    @pytest.mark.parametrize(
        ("cells", "hours"),
        [
            ({}, 24),
            ({"promo_end": "2026-11-25"}, 12),
            ({"promo_end": "2026-12-25"}, 24),
            ({"promo_end": "2026-11-25", "send_at": "2026-11-25 23:30"}, 1),
            ({"ttl_hours": "100"}, 100),
        ],
    )
    def test_ttl_ends_with_the_promo(self, cells, hours):
        assert content_of(**cells)["ttl_hours"] == hours

    @pytest.mark.parametrize("keys", CHANGES)
    def test_a_row_comes_back_from_its_content(self, keys):
        cells = dict.fromkeys(keys.split(","), CHANGES[keys])
        row = restore_row(content_of(**cells), notes_of(), "C-2026-001", "idea")
        assert make_content(row, RULES, AUDIENCES) == content_of(**cells)
        assert row.campaign_id == "C-2026-001"
        assert row.idea == GOOD["idea"]
