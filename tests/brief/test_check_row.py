"""The list of a row's errors and warnings, each with its column, code and sentence."""
# ruff: noqa: DTZ001 - wall clocks of a brief have no zone

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushline.brief.cells import clean_text, parse_date, parse_moment, split_list
from pushline.brief.notes import Rules
from pushline.brief.sheet import COLUMNS, SheetRow, recognise_header, write_cells
from pushline.model import Problem
from tests.languages import LATIN, find_foreign

from .conftest import ALMATY, Check

LONG_TITLE = "Очень длинный заголовок, которого не покажет ни один телефон в мире!"

# Names that the sentences quote: of audiences, fields, rules, addresses and zones.
NAMES = frozenset(
    (
        *("buyers", "city", "music", "books", "category", "days", "since", "floor"),
        *("DAILY", "WEEKLY", "MONTHLY", "YEARLY", "shop", "example", "kz", "app", "Asia", "Almaty"),
    )
)

# cells that differ from the good row, column, code, error or warning
CASES = [
    ({"idea": None}, "idea", "required", "error"),
    ({"idea": "x" * 201}, "idea", "too_long", "error"),
    ({"idea": "a\nb\nc\nd"}, "idea", "line_breaks", "error"),
    ({"title_ru": None, "text_ru": None}, "title_ru", "required", "error"),
    ({"text_ru": None}, "text_ru", "required", "error"),
    ({"title_ru": None}, "title_ru", "text_without_title", "error"),
    ({"title_en": "Music"}, "text_en", "title_without_text", "error"),
    ({"text_en": "Music"}, "title_en", "text_without_title", "error"),
    ({"title_ru": LONG_TITLE}, "title_ru", "fit_too_long", "error"),
    ({"title_ru": "Музыка дешевле, чем вы думаете"}, "title_ru", "fit_cut_everywhere", "warning"),
    ({"title_ru": "Музыка дешевле всего весь"}, "title_ru", "fit_cut_360", "warning"),
    ({"text_ru": "слово " * 45}, "text_ru", "fit_too_long", "error"),
    ({"text_ru": "слово " * 35}, "text_ru", "fit_ios_lines", "warning"),
    ({"text_ru": "a\nb\nc\nd"}, "text_ru", "line_breaks", "error"),
    ({"text_ru": "Скидка {20%}"}, "text_ru", "text_raw_brace", "error"),
    ({"text_ru": "{{ nope }}"}, "text_ru", "text_unknown_field", "error"),
    ({"text_ru": "{{ first_name }}"}, "text_ru", "text_nullable_field", "error"),
    ({"text_ru": "{{ first_name | defalut: 'x' }}"}, "text_ru", "text_unknown_filter", "error"),
    ({"text_ru": "{% include 'x' %}"}, "text_ru", "text_liquid_syntax", "error"),
    ({"text_ru": "{{ city }}" + " " * 2000 + "x"}, "text_ru", "too_long", "error"),
    ({"text_ru": "СКИДКИ НА МУЗЫКУ"}, "text_ru", "capitals", "warning"),
    ({"text_ru": "Скидки 🎧🎧🎧🎧"}, "text_ru", "many_emoji", "warning"),
    ({"title_kk": None, "text_kk": None}, "title_kk", "kk_gets_default", "warning"),
    ({"title_kk": "Музыка", "text_kk": "скидки"}, "text_kk", "kk_letters", "warning"),
    ({"title_b_ru": "Б", "text_b_ru": "Б"}, "title_b_kk", "b_other_languages", "error"),
    (
        {
            "title_b_ru": "Музыка −20%",
            "text_b_ru": "До воскресенья дешевле.",
            "title_b_kk": "Басқа",
            "text_b_kk": "Мәтін",
        },
        "title_b_ru",
        "b_equals_a",
        "error",
    ),
    ({"b_pct": "30"}, "b_pct", "b_share_without_b", "warning"),
    ({"b_pct": "100"}, "b_pct", "out_of_range", "error"),
    ({"link": None}, "link", "required", "error"),
    ({"link": "shop.example.kz"}, "link", "link_not_parsed", "error"),
    ({"link": "javascript:alert(1)"}, "link", "link_scheme", "error"),
    ({"link": "https://evil.kz/"}, "link", "link_host", "error"),
    ({"link": "https://shop.example.kz/?UTM_Source=x"}, "link", "link_utm", "error"),
    ({"image_url": "http://shop.example.kz/a.jpg"}, "image_url", "image_https", "error"),
    ({"image_url": "app://picture"}, "image_url", "link_scheme", "error"),
    ({"utm_campaign": "Flash Sale"}, "utm_campaign", "utm_slug", "error"),
    ({"utm_campaign": None}, "utm_campaign", "required", "error"),
    ({"send_at": None}, "send_at", "required", "error"),
    ({"send_at": "завтра"}, "send_at", "not_a_time", "error"),
    ({"send_at": "08/09/2026 11:00"}, "send_at", "unclear_date", "error"),
    ({"send_at": "2026-11-25"}, "send_at", "time_missing", "error"),
    ({"send_at": "2026-11-25T12:00+05:00"}, "send_at", "time_with_offset", "error"),
    ({"send_at": "2026-11-25 25:00"}, "send_at", "not_a_time", "error"),
    ({"send_at": "2026-02-30 11:00"}, "send_at", "not_a_time", "error"),
    ({"send_at": "2026-11-21 11:59"}, "send_at", "send_in_past", "error"),
    ({"send_at": "2026-11-21 13:59"}, "send_at", "send_soon", "warning"),
    ({"send_at": "2026-11-25 23:00"}, "send_at", "quiet_hours", "warning"),
    ({"send_at": "2026-11-25 08:59"}, "send_at", "quiet_hours", "warning"),
    ({"send_at": "2026-12-16 12:00"}, "send_at", "holiday", "warning"),
    ({"promo_end": "31.12.26"}, "promo_end", "short_year", "error"),
    ({"promo_end": "31.13.26"}, "promo_end", "not_a_date", "error"),
    ({"send_at": "2026-11-25 12.00"}, "send_at", "clock_with_dot", "error"),
    ({"send_at": "2026-11-25 12.75"}, "send_at", "not_a_time", "error"),
    ({"promo_end": "2026-11-32"}, "promo_end", "not_a_date", "error"),
    ({"promo_start": "2026-12-02", "promo_end": "2026-12-01"}, "promo_end", "promo_order", "error"),
    ({"promo_end": "2026-11-24"}, "send_at", "send_outside_promo", "error"),
    ({"promo_start": "2026-11-26"}, "send_at", "send_outside_promo", "error"),
    ({"promo_end": "2026-11-25"}, "send_at", "promo_ends_soon", "warning"),
    ({"promo_end": "2026-11-26", "ttl_hours": "48"}, "ttl_hours", "ttl_after_promo", "warning"),
    ({"ttl_hours": "673"}, "ttl_hours", "out_of_range", "error"),
    ({"ttl_hours": "a day"}, "ttl_hours", "not_a_number", "error"),
    ({"repeat": "FREQ=HOURLY"}, "repeat", "bad_repeat", "error"),
    ({"repeat": "each Monday"}, "repeat", "bad_repeat", "error"),
    ({"repeat": "weekly"}, "repeat", "repeat_endless", "warning"),
    (
        {"repeat": "FREQ=DAILY;COUNT=2", "send_at": "2026-11-01 12:00"},
        "repeat",
        "repeat_no_future",
        "error",
    ),
    ({"repeat": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}, "repeat", "bad_repeat", "error"),
    ({"repeat": "FREQ=WEEKLY;BYDAY=MO;COUNT=4"}, "send_at", "send_not_in_repeat", "error"),
    (
        {"repeat": "FREQ=MONTHLY;COUNT=4", "send_at": "2026-12-31 12:00"},
        "repeat",
        "repeat_skips_months",
        "warning",
    ),
    ({"local_time": "maybe"}, "local_time", "not_yes_no", "error"),
    ({"kind": "spam"}, "kind", "not_a_choice", "error"),
    ({"kind": "service"}, "service_reason", "service_reason", "error"),
    (
        {"kind": "service", "service_reason": "x", "promo_end": "2026-12-01"},
        "kind",
        "service_looks_promo",
        "warning",
    ),
    ({"tags": "Big Sale"}, "tags", "bad_tag", "error"),
    ({"audience": "Buyers!"}, "audience", "bad_audience_cell", "error"),
    ({"audience": "byers"}, "audience", "unknown_audience", "error"),
    ({"audience": "by_category(months=3)"}, "audience", "unknown_parameter", "error"),
    ({"audience": "by_category(days=many)"}, "audience", "bad_parameter", "error"),
    ({"audience": "by_category(since=1.2.26)"}, "audience", "bad_parameter", "error"),
    ({"audience": "by_category(category=cars)"}, "audience", "parameter_choice", "error"),
    ({"audience": "needs_city"}, "audience", "missing_parameter", "error"),
    ({"exclude": "buyers"}, "exclude", "excludes_itself", "error"),
    ({"exclude": "nobody"}, "exclude", "unknown_audience", "error"),
    ({"control_pct": "51"}, "control_pct", "out_of_range", "error"),
    ({"priority": "0"}, "priority", "out_of_range", "error"),
    ({"max_users": "0"}, "max_users", "out_of_range", "error"),
    ({"throttle": "fast"}, "throttle", "not_a_number", "error"),
    ({"limit_mode": "later"}, "limit_mode", "not_a_choice", "error"),
    ({"status": "approved"}, "status", "status_by_import", "warning"),
    ({"status": "audience_ready", "audience": None}, "audience", "required", "error"),
    ({"campaign_id": "118"}, "campaign_id", "bad_campaign_id", "error"),
]


@pytest.mark.parametrize(("cells", "column", "code", "severity"), CASES)
def test_each_mistake_is_found_at_its_column(check: Check, cells, column, code, severity):
    checked = check(**cells)
    found = {(p.column, p.code): p for p in checked.problems}
    assert (column, code) in found, checked.problems
    problem = found[column, code]
    assert problem.severity == severity
    assert problem.row == 2
    assert checked.is_good == all(p.severity == "warning" for p in checked.problems)
    typed = {*LATIN.findall(str(cells)), *NAMES}
    for language in ("ru", "kk"):
        if code not in {"text_unknown_filter", "kk_letters"}:
            assert set(find_foreign(problem.sentence.text(language), "kk")) <= typed, code
    assert problem.sentence.kk != problem.sentence.ru
    for text in problem.sentence.as_dict().values():
        assert text.strip().endswith(".")
        assert "{" not in text.replace("{{", "").replace("{ ", "") or "Liquid" in text


def test_good_row_has_no_problem(check: Check):
    checked = check()
    assert checked.problems == ()
    assert checked.landing == "audience_ready"


def test_unknown_goal_needs_a_dictionary(check: Check):
    rules = Rules(zone=ALMATY, goal_events=("order_paid",))
    assert check(goal_event="clicked").is_good
    problems = check(rules=rules, goal_event="clicked").problems
    assert [problem.code for problem in problems] == ["unknown_goal"]
    assert check(rules=rules, goal_event="order_paid").is_good


def test_all_problems_of_a_row_come_at_once(check: Check):
    checked = check(link="evil", utm_campaign="A B", send_at="soon", audience="nobody")
    columns = [problem.column for problem in checked.problems if problem.severity == "error"]
    assert columns == ["link", "utm_campaign", "send_at", "audience"]


def test_rules_stay_silent_about_cells_that_cannot_be_read(check: Check):
    checked = check(send_at="08/09/2026", promo_end="2026-11-24")
    assert [problem.code for problem in checked.problems] == ["unclear_date"]


@pytest.mark.parametrize(
    ("cells", "column", "fix"),
    [
        ({"utm_campaign": "Flash Sale"}, "utm_campaign", "flash_sale"),
        ({"utm_campaign": "Скидки к школе"}, "utm_campaign", "skidki_k_shkole"),
        ({"audience": "buyer"}, "audience", "buyers"),
        ({"send_at": "2026-11-25"}, "send_at", "2026-11-25 11:00"),
        ({"send_at": "25.11.26 12:00"}, "send_at", "2026-11-25 12:00"),
        ({"send_at": "25.11.2026 9.30"}, "send_at", "2026-11-25 09:30"),
        (
            {"link": "https://shop.example.kz/a?utm_id=1&b=2#c"},
            "link",
            "https://shop.example.kz/a?b=2#c",
        ),
        ({"link": "http://shop.example.kz/a"}, "link", "https://shop.example.kz/a"),
        ({"promo_end": "2026-11-26", "ttl_hours": "48"}, "ttl_hours", "36"),
    ],
)
def test_a_fix_is_one_click_and_passes(check: Check, cells, column, fix):
    problem = next(p for p in check(**cells).problems if p.column == column)
    assert problem.fix == fix
    again = check(**{**cells, column: fix})
    assert not [p for p in again.problems if p.column == column]


@pytest.mark.parametrize(
    ("cells", "landing"),
    [
        ({"idea": "x"}, "idea"),
        ({"idea": "x", "title_ru": "Т"}, "texts_ready"),
        ({"idea": "x", "audience": "buyers"}, "audience_ready"),
        ({"idea": "x", "audience": "buyers", "status": "идея"}, "idea"),
    ],
)
def test_a_row_lands_as_far_as_it_is_filled(check: Check, cells, landing):
    empty = dict.fromkeys(COLUMNS)
    assert check(**{**empty, **cells}).landing == landing


class TestCells:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("  a\u200b b\ufeff ", "a b"),
            ("e\u0301", "é"),
            ("a\r\nb", "a\nb"),
            ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
            ("\u202eevil", "evil"),
            ("a\x00b", "ab"),
            ("007", "007"),
            (5.0, "5"),
            (1.5, "1.5"),
            (True, "yes"),
            ("   ", None),
            (None, None),
        ],
    )
    def test_text_is_cleaned(self, value, expected):
        assert clean_text(value) == expected

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("2026-08-15", dt.date(2026, 8, 15)),
            ("15.08.2026", dt.date(2026, 8, 15)),
            ("2026-8-5", dt.date(2026, 8, 5)),
            ("2026-08-15 00:00:00", dt.date(2026, 8, 15)),
            (dt.datetime(2026, 8, 15, 11), dt.date(2026, 8, 15)),
            (dt.date(2026, 8, 15), dt.date(2026, 8, 15)),
            ("", None),
        ],
    )
    def test_dates_are_read(self, value, expected):
        assert parse_date(value) == expected

    @pytest.mark.parametrize("value", ["08/09/2026", "8-9-2026", "15.08", "45000", "Aug 15", "1"])
    def test_dates_are_never_guessed(self, value):
        with pytest.raises(ValueError, match="date"):
            parse_date(value)

    @pytest.mark.parametrize(
        "value",
        [
            "2026-08-15 11:00",
            "2026-08-15T11:00",
            "15.08.2026 11:00",
            "15.08.2026, 11:00",
            "2026-08-15 11:00:00",
            dt.datetime(2026, 8, 15, 11, 0, 40),
        ],
    )
    def test_moments_are_read(self, value):
        assert parse_moment(value) == dt.datetime(2026, 8, 15, 11)

    def test_lists_keep_brackets_and_quotes_whole(self):
        assert split_list('a(x=1, y="b, c"); d\n e,') == ['a(x=1, y="b, c")', "d", "e"]

    @given(st.text())
    def test_cleaning_twice_changes_nothing(self, text):
        once = clean_text(text)
        assert clean_text(once) == once


class TestSheet:
    def test_headers_are_known_by_key_and_in_every_language(self):
        for key, column in COLUMNS.items():
            assert recognise_header(key) == key
            assert recognise_header(column.header.ru) == key
            assert recognise_header(column.header.en.upper()) == key
            assert recognise_header(column.header.kk) == key
        assert recognise_header("Когда (Алматы)") == "send_at"
        assert recognise_header("Бюджет") is None

    def test_a_row_survives_being_written_and_read(self):
        row = SheetRow(
            idea="x",
            send_at="15.08.2026 11:00",
            exclude='buyers, by_category(category="two words", days=3)',
            kind="Промо",
            local_time=True,
            tags="a, b",
            limit_mode="перенести",
            promo_end="31.08.2026",
            max_users="200 000",
        )
        assert SheetRow(**write_cells(row)) == row
        assert SheetRow(**row.model_dump(mode="json")) == row
        assert row.max_users == 200_000


def find(problems: tuple[Problem, ...], code: str) -> Problem:
    return next(it for it in problems if it.code == code)


@pytest.mark.parametrize(
    ("repeat", "more", "fix"),
    [
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=4", {}, "2026-11-30 12:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=1", {"promo_end": "2027-02-01"}, "2026-12-01 12:00"),
        # Farther than anybody means by this date, or after the promo.
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8;COUNT=2", {}, None),
        ("FREQ=WEEKLY;BYDAY=MO", {"promo_end": "2026-11-28"}, None),
    ],
)
def test_the_first_date_of_a_series_is_the_one_that_is_sent(
    check: Check, repeat: str, more: dict[str, str], fix: str | None
):
    problem = find(check(repeat=repeat, **more).problems, "send_not_in_repeat")
    assert (problem.column, problem.fix) == ("send_at", fix)
    assert "2026-11-25" in problem.sentence.kk
    assert "“Repeat”" in problem.sentence.en
    if fix:
        mended = check(repeat=repeat, **more | {"send_at": fix})
        assert mended.is_good
        assert fix in problem.sentence.ru


@pytest.mark.parametrize(
    ("repeat", "send_at", "more", "months", "fix"),
    [
        (
            "monthly",
            "2026-12-31 12:00",
            {"promo_end": "2027-12-31"},
            "February, April, June, September, November",
            "FREQ=MONTHLY;BYMONTHDAY=-1",
        ),
        (
            "FREQ=MONTHLY;COUNT=4",
            "2026-12-31 12:00",
            {},
            "February, April",
            "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=4",
        ),
        ("FREQ=MONTHLY;UNTIL=20270301", "2026-12-29 12:00", {}, "February", None),
        ("FREQ=MONTHLY;INTERVAL=2;COUNT=3", "2026-12-30 12:00", {}, "February", None),
    ],
)
def test_months_without_the_day_are_named(
    check: Check, repeat: str, send_at: str, more: dict[str, str], months: str, fix: str | None
):
    problem = find(check(repeat=repeat, send_at=send_at, **more).problems, "repeat_skips_months")
    assert (problem.column, problem.severity, problem.fix) == ("repeat", "warning", fix)
    assert problem.sentence.en.startswith(f"Nothing is sent in {months}:")
    assert "февраль" in problem.sentence.ru
    assert "ақпан" in problem.sentence.kk.casefold()
    if fix:
        codes = {it.code for it in check(repeat=fix, send_at=send_at, **more).problems}
        assert not codes & {"repeat_skips_months", "send_not_in_repeat"}


@pytest.mark.parametrize(
    ("repeat", "send_at"),
    [
        ("FREQ=MONTHLY;COUNT=9", "2026-12-28 12:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=9", "2026-12-31 12:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=15,31;COUNT=9", "2026-12-31 12:00"),
        ("FREQ=MONTHLY;BYMONTH=1,12;COUNT=9", "2026-12-31 12:00"),
        ("FREQ=MONTHLY;UNTIL=20270131", "2026-12-31 12:00"),
        ("FREQ=WEEKLY;COUNT=9", "2026-12-31 12:00"),
        ("FREQ=MONTHLY;BYDAY=5TH;COUNT=3", "2026-12-31 12:00"),
    ],
)
def test_a_series_that_skips_no_month_is_told_of_none(check: Check, repeat: str, send_at: str):
    checked = check(repeat=repeat, send_at=send_at)
    assert checked.is_good
    assert "repeat_skips_months" not in {it.code for it in checked.problems}
