"""Text fit: graphemes as a person counts, widths as a phone draws, verdicts with the cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushline.message.language import choose_language
from pushline.message.text_fit import (
    MEASURES,
    fit,
    measure_width,
    split_graphemes,
    wrap_lines,
)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Скидка", 6),
        ("👨‍👩‍👧", 1),
        ("🇰🇿", 1),
        ("👍🏽", 1),
        ("e\u0301", 1),
        ("1️⃣", 1),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 1),
        ("क्षि", 1),
        ("a\r\nb", 3),
        ("Қазақстан", 9),
        ("", 0),
    ],
)
def test_graphemes_are_what_people_count(text, count):
    assert len(split_graphemes(text)) == count


# Measured in Chromium with the same fonts at 14 px (reference: 0.3 px).
@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("20% off for school 🎒", "green"),
        ("Скидка 20% к школе 🎒", "green"),
        ("Мектепке 20% жеңілдік", "green"),
        ("Желтоқсанның жаңа кітабы", "yellow"),
        ("Скидка 20% на школу, всё", "yellow"),
        ("24 часа: до −50% на кроссовки Nike", "orange"),
        ("x" * 66, "red"),
    ],
)
def test_verdicts_of_titles(text, colour):
    assert fit(text, "title").colour == colour


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("Рюкзаки и форма дешевле", "green"),
        ("Выберите размер, пока он ещё есть", "yellow"),
        ("Рюкзаки и форма — до 31 августа. Выберите размер.", "orange"),
        ("а" * 241, "red"),
    ],
)
def test_verdicts_of_bodies(text, colour):
    assert fit(text, "body").colour == colour


def test_the_sentence_shows_the_cut():
    found = fit("24 часа: до −50% на кроссовки Nike", "title")
    assert found.head == "24 часа: до −50% на кр"
    assert "«24 часа: до −50% на кр»" in found.findings[0].sentence.ru
    assert found.findings[0].severity == "warning"
    assert found.extra == 12


def test_too_long_says_how_much_too_long():
    found = fit("x" * 70, "title")
    assert found.findings[0].severity == "error"
    assert "Уберите 5" in found.findings[0].sentence.ru


def test_cyrillic_is_about_a_fifth_wider_than_latin():
    english = "Everything for school is twenty percent off until August"
    russian = "Рюкзаки и форма для школы до тридцать первого августа вот"
    per_letter = [measure_width(text, "android_body") / len(text) for text in (english, russian)]
    assert 1.1 < per_letter[1] / per_letter[0] < 1.35


def test_four_lines_of_an_iphone_hold_what_the_reference_says():
    text = "Рюкзаки и форма для школы до конца августа выберите размер пока есть " * 4
    shown = "".join(wrap_lines(text, MEASURES["places"]["body"]["ios"]["width"], "ios_body")[:4])
    assert 125 <= len(shown) <= 150


def test_an_iphone_draws_its_own_letters_wider_per_alphabet():
    """Inter beside Roboto, from text_fit.json: 15 to 14 in size, and so much more of its own."""
    for text, widening in [("Sale", 1.067), ("Скидка", 1.032)]:
        android, ios = (measure_width(text, font) for font in ("android_body", "ios_body"))
        assert ios / android == pytest.approx(15 / 14 * widening, rel=0.01)


@pytest.mark.parametrize(("lines", "codes"), [(4, set()), (5, {"fit_ios_lines"})])
def test_an_iphone_shows_four_lines(lines, codes):
    found = fit("\n".join("Рюкзаки" for _ in range(lines)), "body").findings
    assert {it.code for it in found if it.code == "fit_ios_lines"} == codes


def test_an_emoji_is_drawn_one_and_a_quarter_em_wide():
    assert measure_width("🎒", "android_body") == pytest.approx(14 * 1.248)
    assert measure_width("👨‍👩‍👧", "android_body") == pytest.approx(14 * 1.248)
    assert measure_width("1 ₸ № ©", "android_body") < 60


@given(st.text(max_size=80), st.sampled_from(["title", "body"]))
def test_what_is_shown_is_the_beginning_and_fits(text, place):
    found = fit(text, place)
    line = " ".join(text.split())
    assert line.startswith(found.head)
    rules = MEASURES["places"][place]["narrow"]
    if found.head != line and found.head:
        assert measure_width(found.head + "…", rules["font"]) <= rules["width"]
    assert (found.colour == "red") == (found.graphemes > found.limit)


@given(st.text("абв г\nwi👍", max_size=120))
def test_wrapping_loses_no_letter(text):
    joined = "".join(wrap_lines(text, 100, "android_body"))
    assert joined.replace(" ", "") == text.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize(
    ("locale", "filled", "chosen"),
    [
        ("kk-KZ", ("ru", "kk"), "kk"),
        ("kk_KZ", ("ru", "kk"), "kk"),
        ("KK", ("ru", "kk"), "kk"),
        ("en", ("ru", "kk"), "ru"),
        ("uz-UZ", ("kk", "en"), "kk"),
        (None, ("kk", "ru"), "ru"),
        ("", ("en",), "en"),
        ("zh-Hans-CN", ("en", "zh-hans-cn"), "zh-hans-cn"),
        ("ru", (), None),
    ],
)
def test_language_falls_back_step_by_step(locale, filled, chosen):
    assert choose_language(locale, filled, "ru") == chosen
