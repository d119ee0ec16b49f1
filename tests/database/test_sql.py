from pathlib import Path

import pytest
from sqlalchemy import Connection

from pushline.database.sql import Query
from pushline.errors import BadQueryFile

GOOD = """\
-- count_up: numbers from one.
-- params: last bigint, label text,
--   price numeric(10, 2)
-- returns: many (number bigint, label text, price numeric)
-- writes: nothing
-- why: 100 % of a reason: measured.
SELECT
    number,
    CAST(:label AS text) AS label, -- 50 %
    CAST(:price AS numeric(10, 2)) AS price
FROM generate_series(1, CAST(:last AS bigint)) AS number
WHERE '12:30' LIKE '12%';
"""


@pytest.fixture
def make(tmp_path: Path):
    def write(source: str, name: str = "count_up") -> Query:
        (tmp_path / f"{name}.sql").write_text(source, encoding="utf-8")
        query = Query(name, tmp_path)
        Query.known.pop(name)
        return query

    return write


def test_constants_stand_in_the_text_and_are_no_parameters(db: Connection, make, tmp_path: Path):
    make(GOOD.replace("AS number\nWHERE", "AS number\nWHERE CAST(:label AS text) IS NULL AND"))
    query = Query("count_up", tmp_path, constants=(("label", None),))
    Query.known.pop("count_up")
    assert [row.number for row in query.all(db, last=2, price=1)] == [1, 2]
    assert "CAST(null AS text) IS NULL" in str(query.clause)
    with pytest.raises(BadQueryFile, match="with the unknown label"):
        query.all(db, last=2, price=1, label="a")


def test_rows_come_back_with_bound_parameters(db: Connection, make):
    rows = make(GOOD).all(db, last=2, label="50% off", price=1)
    assert [(row.number, row.label) for row in rows] == [(1, "50% off"), (2, "50% off")]


def test_header_is_read(make):
    header = make(GOOD).header
    assert header.parameters == {"last": "bigint", "label": "text", "price": "numeric(10, 2)"}
    assert header.columns == {"number": "bigint", "label": "text", "price": "numeric"}
    assert (header.cardinality, header.writes) == ("many", [])
    assert header.why == "100 % of a reason: measured."


def test_header_is_not_sent(make):
    assert make(GOOD).sql_text.startswith("SELECT")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"last": 1, "label": "a"}, "without price"),
        ({"last": 1, "label": "a", "price": 1, "now": 2}, "with the unknown now"),
    ],
)
def test_other_parameters_than_the_header_are_refused(db: Connection, make, given, sentence):
    with pytest.raises(BadQueryFile, match=rf"sql/count_up.sql was called {sentence}"):
        make(GOOD).all(db, **given)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("-- count_up:", "-- count:", "the header says 'count'; write `-- count_up: ...`"),
        ("-- writes: nothing\n", "", "the header lacks `-- writes: ...`"),
        ("many (", "several (", "write `-- returns: one|many|none"),
        ("last bigint, ", "", "the header names .* the statement uses"),
        ("last bigint", "last", "write `name type`"),
        ("-- writes: nothing", "-- writes: nothing\n-- writes: a", "stands twice"),
    ],
)
def test_broken_headers_say_what_to_write(make, old: str, new: str, sentence: str):
    with pytest.raises(BadQueryFile, match=sentence):
        _ = make(GOOD.replace(old, new)).header


def test_missing_file_is_named():
    query = Query("nowhere/at_all")
    Query.known.pop("nowhere/at_all")
    with pytest.raises(BadQueryFile, match=r"at_all\.sql does not exist"):
        _ = query.sql_text
