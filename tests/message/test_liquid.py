"""Personal texts: fields, nullable fields, and templates that try to take the sender down."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushline.errors import GiveUpRow
from pushline.message.checks import MessageChecks, fill_with_longest
from pushline.message.liquid import (
    LONGEST_OUTPUT,
    TextNotRendered,
    check_template,
    list_fields,
    render,
    render_all,
)
from pushline.model import AudienceColumn

COLUMNS = {
    "first_name": AudienceColumn("first_name", nullable=True, empty_share=0.29),
    "top_item": AudienceColumn("top_item", nullable=True),
    "city": AudienceColumn("city", longest="Усть-Каменогорск"),
    "price": AudienceColumn("price", type="int"),
}


@pytest.mark.parametrize(
    "text",
    [
        "Без полей, 100 %",
        "{{ city }}",
        "{{ first_name | default: 'друг' | upcase }}",
        "{% if first_name %}{{ first_name }}, {% endif %}скидки",
        "{% if first_name != blank %}{{ first_name }}{% else %}Друг{% endif %}",
        "{% unless city == 'Алматы' %}доставка{% endunless %}",
        "{% for n in (1..3) %}!{% endfor %}",
        "{% case city %}{% when 'A' %}a{% else %}b{% endcase %}",
    ],
)
def test_good_texts_pass(text):
    assert check_template(text, COLUMNS) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("{{ nickname }}", ["text_unknown_field"]),
        ("{{ city }} {{ a }} {{ b }}", ["text_unknown_field"] * 2),
        ("{{ first_name }}", ["text_nullable_field"]),
        ("{{ first_name | upcase }}", ["text_nullable_field"]),
        ("{% if first_name == blank %}{{ first_name }}{% endif %}", ["text_nullable_field"]),
        ("{% if city or first_name %}{{ first_name }}{% endif %}", ["text_nullable_field"]),
        ("{% if first_name %}{% else %}{{ first_name }}{% endif %}", ["text_nullable_field"]),
        ("{% assign x = first_name %}{{ x }}", ["text_nullable_field"]),
        ("{{ city | shout }}", ["text_unknown_filter"]),
        ("{{ city", ["text_raw_brace"]),
        ("{ city }", ["text_raw_brace"]),
        ("{% if city %}", ["text_liquid_syntax"]),
        ("{% include 'secrets' %}", ["text_liquid_syntax"]),
        ("{% render 'secrets' %}", ["text_liquid_syntax"]),
        ("{{ (1..9) | join }}", ["text_liquid_syntax"]),
        ("x" * 2001, ["text_too_long"]),
    ],
)
def test_mistakes_are_named(text, codes):
    assert [finding.code for finding in check_template(text, COLUMNS)] == codes


def test_sentences_name_fields_and_shares():
    [unknown] = check_template("{{ nickname }}", COLUMNS)
    assert "city, first_name, price, top_item" in unknown.sentence.en
    [nullable] = check_template("{{ first_name }}", COLUMNS)
    assert "29 %" in nullable.sentence.ru
    assert "{{ first_name | default: 'друг' }}" in nullable.sentence.ru
    [unsure] = check_template("{{ top_item }}", COLUMNS)
    assert unsure.sentence.en.startswith("Some people have no top_item")


def test_without_an_audience_only_the_grammar_is_checked():
    assert check_template("{{ anything }}", None) == []
    assert check_template("{{ anything | nope }}", None)[0].code == "text_unknown_filter"


@pytest.mark.parametrize(
    ("text", "fields", "filled"),
    [
        ("{{ a }}", {"a": "<b>&"}, "<b>&"),
        ("{{ a | default: 'x' }}", {"a": None}, "x"),
        ("{{ a }}!", {"a": None}, "!"),
        ("{{ a }}", {"a": Decimal("9.50")}, "9.50"),
        ("{{ a | date: '%d.%m' }}", {"a": date(2026, 8, 15)}, "15.08"),
        ("{{ a | times: 2 }}", {"a": 21}, "42"),
        ("{{ a.b }}", {"a": {"b": 1}}, None),
        ("{{ a.__class__ }}", {"a": "x"}, None),
    ],
)
def test_rendering(text, fields, filled):
    if filled is None:
        with pytest.raises(TextNotRendered):
            render(text, fields)
    else:
        assert render(text, fields) == filled


def test_a_missing_field_is_an_error_with_the_way_out():
    with pytest.raises(GiveUpRow, match="or the column in the audience's SQL"):
        render("{{ city }}", {})


BOMBS = [
    "{% for i in (1..100000000) %}x{% endfor %}",
    "{% for i in (1..99999999999999999999999) %}x{% endfor %}",
    "{% for a in (1..200) %}{% for b in (1..200) %}xx{% endfor %}{% endfor %}",
    "{% assign x = 'aaaaaaaa' %}{% for i in (1..100) %}{% assign x = x | append: x %}{% endfor %}",
    "{% assign x = 9999999 %}{% for i in (1..100) %}{% assign x = x | times: x %}{% endfor %}",
    "{% for i in (1..150) %}" + "0123456789" * 10 + "{% endfor %}",
    "{{ (1..1000000000) | join: 'x' }}",
    "{{ (1..1000000000) }}",
    "{% assign r = (1..1000000000) %}{{ r | size }}",
    "{% if city %}" * 150,
    "{{ city | replace: 'a', 'aaaaaaaaaaaaaaaaaaaa' }}",
    "{% capture x %}{{ city }}{% endcapture %}",
    "{% tablerow i in (1..100) %}x{% endtablerow %}",
    "{{ 5 | divided_by: 0 }}",
    "{{ city | round: -1000000000 }}",
]


@pytest.mark.parametrize("text", BOMBS)
def test_bombs_end_with_a_sentence(text):
    with pytest.raises(TextNotRendered, match="cannot be filled"):
        render(text, {"city": "a"})


@given(st.text("{}%| abif()'.:=endassign0", max_size=60))
def test_any_text_is_filled_or_refused(text):
    filled = [""]
    if not check_template(text, None):
        filled = render_all(text, [{"a": "1", "b": None}])
    assert isinstance(filled[0], TextNotRendered) or len(filled[0]) <= LONGEST_OUTPUT


def test_many_people_cost_one_rendering_per_distinct_text():
    rows = [{"city": "Алматы", "id": 1}, {"city": "Астана", "id": 2}, {"city": "Алматы", "id": 3}]
    filled = render_all("Привет, {{ city }}", rows)
    assert filled == ["Привет, Алматы", "Привет, Астана", "Привет, Алматы"]
    assert filled[0] is filled[2]
    assert list_fields("{{ b }}{{ a }}{{ b }}") == ("b", "a")


def test_values_that_only_look_alike_are_rendered_apart():
    filled = render_all("{% if a == 1 %}one{% else %}other{% endif %}", [{"a": 1}, {"a": "1"}])
    assert filled == ["one", "other"]
    assert render_all("{{ a | default: 'друг' }}", [{"a": "None"}, {"a": None}]) == ["None", "друг"]


def test_one_bad_row_does_not_stop_the_others():
    good, bad, none = render_all("{{ a | upcase }}", [{"a": "x"}, {}, {"a": None}])
    assert (good, none) == ("X", "")
    assert isinstance(bad, TextNotRendered)


def test_longest_values_fill_the_preview():
    assert fill_with_longest("{{ city }}", COLUMNS) == "Усть-Каменогорск"
    assert fill_with_longest("{{ price }}", COLUMNS) == "12500"
    assert fill_with_longest("{{ first_name | default: 'x' }}", COLUMNS) == "Александра"
    assert MessageChecks().check_fit("{% broken", "title", COLUMNS) == []
