"""UTM laws: our five once, everything else byte for byte."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushline.message.utm import (
    UTM_NAMES,
    UTM_SLUG,
    make_slug,
    remove_utm,
    tag_link,
    typed_utm_names,
)

TAGS = {
    "source": "pushline",
    "campaign": "music_week",
    "variant": "b",
    "campaign_code": "C-2026-118",
}
QUERY = (
    "utm_source=pushline&utm_medium=push&utm_campaign=music_week&utm_content=b&utm_id=C-2026-118"
)

word = st.text("abcXYZ019-._~%20ёқ+", max_size=8)
pair = st.builds("{}={}".format, word.filter(lambda w: not w.lower().startswith("utm")), word)
link = st.builds(
    lambda start, path, pairs, fragment: (
        start + path + ("?" + "&".join(pairs) if pairs else "") + fragment
    ),
    st.sampled_from(["https://shop.example.kz", "app://cart", "myapp:open", "https://почта.kz"]),
    st.sampled_from(["", "/", "/a/b", "/%D1%8F/c;d=1", "/a@b"]),
    st.lists(pair, max_size=4),
    st.sampled_from(["", "#", "#top", "#/route?x=1", "#a=b&c"]),
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://shop.example.kz/a", f"https://shop.example.kz/a?{QUERY}"),
        ("https://shop.example.kz", f"https://shop.example.kz?{QUERY}"),
        ("https://shop.example.kz/?", f"https://shop.example.kz/?{QUERY}"),
        ("https://shop.example.kz/a?x=1&x=2", f"https://shop.example.kz/a?x=1&x=2&{QUERY}"),
        (
            "https://shop.example.kz/a?x=%D1%8F+b#top",
            f"https://shop.example.kz/a?x=%D1%8F+b&{QUERY}#top",
        ),
        ("https://shop.example.kz/#/r?x=1", f"https://shop.example.kz/?{QUERY}#/r?x=1"),
        ("app://cart", f"app://cart?{QUERY}"),
        ("app://cart?id=5#x", f"app://cart?id=5&{QUERY}#x"),
        ("https://shop.example.kz/a?UTM_Source=old&x=1", f"https://shop.example.kz/a?x=1&{QUERY}"),
    ],
)
def test_worked_examples(before, after):
    assert tag_link(before, **TAGS) == after


@given(link)
def test_tagging_twice_is_tagging_once(url):
    once = tag_link(url, **TAGS)
    assert tag_link(once, **TAGS) == once


@given(link)
def test_everything_else_is_kept(url):
    before, after = urlsplit(url), urlsplit(tag_link(url, **TAGS))
    assert (after.scheme, after.netloc, after.path, after.fragment) == (
        before.scheme,
        before.netloc,
        before.path,
        before.fragment,
    )
    pairs = parse_qsl(after.query, keep_blank_values=True)
    assert pairs[:-5] == parse_qsl(before.query, keep_blank_values=True)
    assert tuple(name for name, _ in pairs[-5:]) == UTM_NAMES
    assert after.query.startswith(before.query)


@given(link)
def test_taking_the_tags_off_gives_the_link_back(url):
    bare = remove_utm(tag_link(url, **TAGS))
    # Only an empty query or fragment sign may be lost with them.
    assert bare.replace("?", "") == url.replace("?", "")


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_values_come_back_whatever_they_hold(campaign, variant):
    tags = {**TAGS, "campaign": campaign, "variant": variant}
    url = tag_link("https://shop.example.kz/a?x=1", **tags)
    found = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    assert (found["utm_campaign"], found["utm_content"]) == (campaign, variant)


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("https://a.kz/?utm_source=x", ("utm_source",)),
        ("https://a.kz/?UTM_Medium=x&b=1&%75tm_id=2", ("UTM_Medium", "utm_id")),
        ("https://a.kz/?b=1&amp;utm_id=2", ("amp;utm_id",)),  # copied out of HTML
        ("https://a.kz/?b=1&+utm_id=2", ("+utm_id",)),
        ("https://a.kz/?autm_source=x", ()),
        ("https://a.kz/#utm_source=x", ()),
        ("https://a.kz/utm_source=x", ()),
    ],
)
def test_typed_utm_is_seen_in_any_case(url, names):
    assert typed_utm_names(url) == names


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Flash Sale", "flash_sale"),
        ("Скидка к школе — 20%", "skidka_k_shkole_20"),
        ("Жеңілдік", "zhenildik"),
        ("!!", None),
        ("ab", None),
    ],
)
def test_slug_is_the_nearest_allowed_name(text, slug):
    assert make_slug(text) == slug


@given(st.text())
def test_slug_is_always_allowed(text):
    slug = make_slug(text)
    assert slug is None or UTM_SLUG.fullmatch(slug)
