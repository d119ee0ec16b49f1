"""The header grammar: what it gives, and the sentence for each way to get it wrong."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pushline.audience.header import Parameter, parse_file
from pushline.errors import BadQueryFile, GiveUpRow

GOOD = """-- title: Buyers of a category
-- owner: data-team
-- param days int default 30: how many days back
-- param category text default 'it''s: music': code of the
--   category
-- param since date: first day
-- column first_name text nullable: name for the texts
-- column spent numeric: how much
SELECT user_id, first_name, spent FROM company.person
"""


def test_header_gives_types_defaults_and_columns():
    file = parse_file("buyers", "here", GOOD)
    assert (file.title, file.owner) == ("Buyers of a category", "data-team")
    assert file.parameters["days"].default == 30
    assert file.parameters["category"].default == "it's: music"
    assert file.parameters["category"].help == "code of the category"
    assert file.parameters["since"].is_required
    card = file.card()
    assert card.columns["first_name"].nullable
    assert not card.columns["spent"].nullable
    assert card.parameters["days"].type == "integer"
    assert card.sql == GOOD.rstrip("\n")


def test_line_ends_do_not_change_the_hash():
    windows = GOOD.replace("\n", "\r\n")
    assert parse_file("b", "here", windows).sha256 == parse_file("b", "here", GOOD).sha256


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("-- owner: me\nSELECT 1", "lacks `-- title: ...`"),
        ("-- title: t\nSELECT 1", "lacks `-- owner: ...`"),
        ("-- hello\n-- title: t\nSELECT 1", "begin the header with `-- title: ...`"),
        ("-- title: t\n-- title: u\n-- owner: me\nSELECT 1", "says title twice"),
        ("-- title: t\n-- owner: me\n-- param days\nSELECT 1", "write `-- param NAME TYPE"),
        ("-- title: t\n-- owner: me\n-- param days uuid: x\nSELECT 1", "'uuid' is no type"),
        ("-- title: t\n-- owner: me\n-- param now int: x\nSELECT 1", ":now is given by Pushline"),
        ("-- title: t\n-- owner: me\n-- param d int default x: y\nSELECT 1", "a whole number"),
        ("-- title: t\n-- owner: me\n-- column city\nSELECT 1", "write `-- column NAME TYPE"),
        ("-- title: t\n-- owner: me\n-- column user_id int: x\nSELECT 1", "user_id is always"),
        ("-- title: t\n-- owner: me\n", "one SELECT must follow"),
    ],
)
def test_wrong_header_is_said_in_words(source: str, sentence: str):
    with pytest.raises(BadQueryFile, match=r"^sql/audiences/x\.sql") as error:
        parse_file("x", "sql/audiences/x.sql", source)
    assert sentence in str(error.value)


def parameter(sql_type: str, kind: Any) -> Parameter:
    return Parameter("p", sql_type, kind, "help")


@pytest.mark.parametrize(
    ("kind", "sql_type", "given", "value"),
    [
        ("integer", "integer", " 7 ", 7),
        ("integer", "bigint", 2**40, 2**40),
        ("integer", "integer", 7.0, 7),
        ("number", "numeric", "9.50", Decimal("9.50")),
        ("date", "date", "2026-02-28", date(2026, 2, 28)),
        ("boolean", "boolean", "Yes", True),
        ("boolean", "boolean", False, False),
        ("list", "text[]", "a, b,,", ["a", "b"]),
        ("list", "text[]", ["a", "b"], ["a", "b"]),
        ("text", "text", "x'; DROP", "x'; DROP"),
    ],
)
def test_values_get_their_type(kind: str, sql_type: str, given: Any, value: Any):
    assert parameter(sql_type, kind).convert(given) == value


@pytest.mark.parametrize(
    ("kind", "sql_type", "given"),
    [
        ("integer", "integer", "seven"),
        ("integer", "integer", 7.5),
        ("integer", "integer", True),
        ("integer", "integer", 2**31),
        ("integer", "integer", None),
        ("number", "numeric", "nan"),
        ("number", "numeric", "1e"),
        ("date", "date", "2026-02-30"),
        ("boolean", "boolean", "maybe"),
        ("list", "text[]", [1, 2]),
        ("list", "text[]", 5),
        ("text", "text", 5),
        ("text", "text", "a\0b"),
    ],
)
def test_value_of_another_type_is_refused(kind: str, sql_type: str, given: Any):
    with pytest.raises(GiveUpRow, match="The parameter p is"):
        parameter(sql_type, kind).convert(given)


def test_unknown_and_missing_parameters_are_refused():
    file = parse_file("buyers", "here", GOOD)
    with pytest.raises(GiveUpRow, match="has no parameter dayz; it has days, category, since"):
        file.values({"dayz": 1, "since": "2026-01-01"})
    with pytest.raises(GiveUpRow, match="needs a value for since"):
        file.values({})
