"""Links: the allow-list and the tricks it must see through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushline.message.links import LinkRules, check_image, check_link

RULES = LinkRules(
    hosts=("shop.example.kz", "дүкен.қаз"), app_schemes=("app",), image_hosts=("img.example.kz",)
)

GOOD = [
    "https://shop.example.kz",
    "https://SHOP.example.kz/a/b?x=1&y=%D1%8F#top",
    "https://shop.example.kz./a",
    "https://shop.example.kz/?next=https%3A%2F%2Fshop.example.kz",
    "https://дүкен.қаз/a",
    "app://cart",
    "app://product/15?from=push",
]

BAD = [
    ("", "link_not_parsed"),
    ("shop.example.kz/a", "link_not_parsed"),
    ("//shop.example.kz/a", "link_not_parsed"),
    ("https:///a", "link_not_parsed"),
    ("https://[::1/a", "link_not_parsed"),
    ("https://shop.example.kz:port/", "link_not_parsed"),
    ("app:cart", "link_not_parsed"),
    ("http://shop.example.kz/a", "link_scheme"),
    ("javascript:alert(1)", "link_scheme"),
    ("JavaScript://shop.example.kz/%0aalert(1)", "link_scheme"),
    ("data:text/html,x", "link_scheme"),
    ("htp://shop.example.kz", "link_scheme"),
    ("intent://scan/#Intent;scheme=x;end", "link_scheme"),
    ("https://evil.kz/", "link_host"),
    ("https://shop.example.kz.evil.com/", "link_host"),
    ("https://evilshop.example.kz/", "link_host"),
    ("https://xn--80ak6aa92e.com/", "link_host"),
    ("https://shop.example.kz@evil.kz/", "link_userinfo"),
    ("https://a:b@shop.example.kz/", "link_userinfo"),
    ("https://shop.example.kz:8443/", "link_port"),
    ("https://shop.exаmple.kz/", "link_mixed_scripts"),
    ("https://shop.example.kz//evil.kz", "link_double_slash"),
    ("https://shop.example.kz/%2f%2fevil.kz", "link_double_slash"),
    ("https:\\\\shop.example.kz\\a", "link_has_backslash"),
    ("https://shop.example.kz/%5Cevil.kz", "link_has_backslash"),
    ("https://shop.example.kz/a b", "link_has_space"),
    ("https://shop.example.kz/a\u200b", "link_has_space"),
    ("https://shop.example.kz/\u202egpj.exe", "link_has_space"),
    ("https://shop.example.kz/\x00", "link_has_space"),
    ("https://shop.example.kz/\n", "link_has_space"),
    ("https://shop.example.kz/{{ id }}", "link_liquid"),
    ("https://shop.example.kz/?utm_source=x", "link_utm"),
]


@pytest.mark.parametrize("link", GOOD)
def test_good_links_pass(link):
    assert check_link(link, RULES) == []


@pytest.mark.parametrize(("link", "code"), BAD)
def test_each_trick_has_its_sentence(link, code):
    [finding] = check_link(link, RULES)
    assert finding.code == code
    assert finding.severity == "error"
    assert finding.sentence.en != finding.sentence.ru


@pytest.mark.parametrize(
    ("link", "fix"),
    [
        ("http://shop.example.kz/a?b=1#c", "https://shop.example.kz/a?b=1#c"),
        ("https://shop.example.kz/?utm_source=x&b=1#c", "https://shop.example.kz/?b=1#c"),
    ],
)
def test_the_fix_passes(link, fix):
    [finding] = check_link(link, RULES)
    assert finding.fix == fix
    assert check_link(fix, RULES) == []


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("https://img.example.kz/a.jpg", None),
        ("https://shop.example.kz/a.jpg", None),
        ("http://img.example.kz/a.jpg", "image_https"),
        ("app://picture", "link_scheme"),
        ("https://evil.kz/a.jpg", "link_host"),
    ],
)
def test_pictures(link, code):
    assert [finding.code for finding in check_image(link, RULES)] == ([code] if code else [])


@given(st.text(max_size=40))
def test_no_text_breaks_the_check_and_only_our_places_pass(text):
    for link in (text, f"https://{text}", f"https://shop.example.kz/{text}", f"app://{text}"):
        if not check_link(link, RULES):
            assert link.casefold().startswith(("https://", "app://"))
