"""The guard in front: one plain SELECT passes, whatever else is refused in words."""

import pytest

from pushline.audience.guard import check_statement, find_parameters
from pushline.errors import BadQueryFile

HARMLESS = [
    "SELECT user_id FROM shop.customer",
    "SELECT c.customer_id AS user_id FROM shop.customer AS c -- a comment; with a semicolon",
    "/* why; */ SELECT user_id FROM shop.customer WHERE name = 'DROP TABLE x; --'",
    "WITH a AS (SELECT user_id FROM shop.a) SELECT user_id FROM a",
    "WITH RECURSIVE a AS (SELECT 1 AS user_id UNION ALL SELECT user_id + 1 FROM a "
    "WHERE user_id < 9) SELECT user_id FROM a",
    "SELECT user_id FROM shop.a UNION SELECT user_id FROM shop.b",
    "SELECT user_id FROM shop.a EXCEPT SELECT user_id FROM shop.b",
    "SELECT DISTINCT ON (user_id) user_id, city FROM shop.a ORDER BY user_id, seen_at DESC",
    "SELECT user_id, row_number() OVER (PARTITION BY city ORDER BY spent DESC) AS r FROM shop.a",
    "SELECT user_id FROM shop.a WHERE seen_at > :now - :days * interval '1 day'",
    "SELECT * FROM shop.a",
    "SELECT user_id FROM shop.a CROSS JOIN LATERAL (SELECT 1 FROM shop.b WHERE b.x = a.x) AS l",
    "SELECT user_id FROM shop.a WHERE name ILIKE '%a%' AND tags @> ARRAY['x'] AND data->>'k' = 'v'",
    "SELECT user_id, pg_typeof(user_id)::text AS kind FROM shop.a",
]
HARMFUL = [
    ("SELECT user_id FROM a; DROP TABLE b", "one SELECT only"),
    ("SELECT user_id FROM a;;SELECT 1", "one SELECT only"),
    ("DELETE FROM shop.customer", "one SELECT"),
    ("WITH a AS (SELECT user_id FROM b) a UNION SELECT 5", "must begin with a SELECT"),
    ("UPDATE a SET b = 1 RETURNING user_id", "one SELECT"),
    ("INSERT INTO a SELECT 1 RETURNING user_id", "one SELECT"),
    ("WITH gone AS (DELETE FROM a RETURNING user_id) SELECT user_id FROM gone", "DELETE"),
    ("WITH new AS (INSERT INTO a VALUES (1) RETURNING user_id) SELECT user_id FROM new", "INSERT"),
    ("WITH c AS (UPDATE a SET b = 1 RETURNING user_id) SELECT user_id FROM c", "UPDATE"),
    ("SELECT user_id INTO stolen FROM a", "INTO"),
    ("SELECT user_id FROM a FOR UPDATE", "FOR UPDATE"),
    ("SELECT user_id FROM a FOR NO KEY UPDATE", ""),
    ("SELECT user_id FROM (SELECT user_id FROM a FOR SHARE) AS b", "FOR"),
    ("SELECT set_config('statement_timeout', '0', false) AS user_id", "set_config"),
    ("SELECT pg_catalog.set_config('statement_timeout', '0', false) AS user_id", "set_config"),
    ("SELECT \"set_config\"('a.b', '0', false) AS user_id", "set_config"),
    ("SELECT SET_CONFIG /* hm */ ('a.b', '0', false) AS user_id", "set_config"),
    ("SELECT user_id FROM a WHERE pg_try_advisory_lock(user_id)", "pg_try_advisory_lock"),
    ("SELECT user_id FROM a WHERE pg_advisory_xact_lock(1) IS NOT NULL", "pg_advisory_xact_lock"),
    ("SELECT user_id, pg_sleep(1000) FROM a", "pg_sleep"),
    ("SELECT user_id, pg_sleep_for('1 hour') FROM a", "pg_sleep_for"),
    ("SELECT user_id, pg_terminate_backend(user_id::int) FROM a", "pg_terminate_backend"),
    ("SELECT user_id, pg_notify('x', 'y') FROM a", "pg_notify"),
    ("SELECT user_id, query_to_xml('DELETE FROM a', true, true, '') FROM a", "query_to_xml"),
    ("SELECT user_id, nextval('s') FROM a", "nextval"),
    ("SELECT user_id, lo_create(0) FROM a", "lo_create"),
    ("SELECT user_id, pg_read_file('/etc/passwd') FROM a", "pg_read_file"),
    ("SELECT user_id FROM dblink('host=x', 'SELECT 1') AS t (user_id int)", "dblink"),
    ("SELECT pid AS user_id FROM pg_stat_activity", "server's own tables"),
    ("SELECT oid AS user_id FROM pg_catalog.pg_authid", "server's own tables"),
    ("SELECT 1 AS user_id FROM information_schema.tables", "server's own tables"),
    ("COPY shop.customer TO '/tmp/x'", "one SELECT"),
    ("DO $$ BEGIN END $$", "$$ string"),
    ("SELECT $tag$a$tag$ AS user_id", "$$ string"),
    ("EXPLAIN ANALYZE SELECT 1 AS user_id", "one SELECT"),
    ("SET statement_timeout = 0", "one SELECT"),
    ("BEGIN", "one SELECT"),
    ("TABLE shop.customer", ""),
    ("VALUES (1)", "one SELECT"),
    ("CALL shop.work()", "one SELECT"),
    ("LOCK TABLE shop.customer", "one SELECT"),
    ("SELECT user_id FROM a /* /* */ ; DROP TABLE b; -- */", "a comment inside a comment"),
    ("SELECT E'\\'' AS x, user_id FROM a; DELETE FROM b --'", "string"),
    ("SELECT U&'d\\0061t' AS x, user_id FROM a", "U& string"),
    ("SELECT user_id FROM a WHERE x = $1", "numbered parameter"),
    ("SELECT user_id FROM a)", ""),
    ("SELECT 1) AS x; DROP TABLE b; SELECT (1", ""),
    ("SELECT city FROM shop.customer", "must return a column user_id"),
    ("", "one SELECT"),
    ("-- nothing", "one SELECT"),
]


@pytest.mark.parametrize("statement", HARMLESS)
def test_plain_select_passes(statement: str):
    assert check_statement(statement, "here")


@pytest.mark.parametrize(("statement", "sentence"), HARMFUL)
def test_anything_else_is_refused(statement: str, sentence: str):
    with pytest.raises(BadQueryFile) as error:
        check_statement(statement, "sql/audiences/x.sql")
    assert sentence in str(error.value)
    assert str(error.value).startswith("sql/audiences/x.sql")


def test_parameters_are_found_where_they_are_parameters():
    statement = "SELECT ':no', x::int, :yes, a[1:2], '10:30' -- :never\nFROM t WHERE y=:also"
    assert [name for _, _, name in find_parameters(statement)] == ["yes", "also"]
    for start, end, name in find_parameters(statement):
        assert statement[start:end] == f":{name}"
