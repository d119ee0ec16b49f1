"""SQL between honest and hostile: pieces that are put together and damaged at random."""

from random import Random

HONEST = (
    "SELECT user_id FROM company.person",
    "SELECT user_id FROM company.person WHERE city = 'b' AND user_id IN (1, 2, 3)",
    "WITH a AS (SELECT user_id FROM company.person) SELECT user_id FROM a UNION SELECT 5",
    "SELECT p.user_id, count(*) AS n FROM company.person AS p INNER JOIN company.many AS m "
    "USING (user_id) GROUP BY p.user_id HAVING count(*) > 0 ORDER BY n LIMIT 10",
    "SELECT user_id FROM company.many WHERE name ILIKE '%7' -- why not",
)
PIECES = (
    *("SELECT", "FROM", "WHERE", "WITH", "RECURSIVE", "AS", "(", ")", "[", "]", ",", ";", ".", "'"),
    *('"', "--", "/*", "*/", "$$", "\\", "::", ":", "||", "E'", "U&'", "\n", "\t", "JOIN a", "%"),
    *("user_id", "company.person", "company.many", "push.person", "pg_authid", "1", "NULL", "-1"),
    *("DELETE FROM company.person", "DROP TABLE company.person", "FOR UPDATE", "INTO x", "LIMIT"),
    *("pg_sleep(9)", "set_config('a.b', 'c', false)", "nextval('company.counter')", "UNION ALL"),
    *("pg_advisory_lock(1)", "lo_create(0)", "company.open_door(9)", "company.lift_limits()"),
    *("ARRAY[", "CASE WHEN", "END", "CAST(", "LATERAL", "VALUES (1)", "TABLE company.person"),
    *(
        "repeat('x', 9999999)",
        "generate_series(1, 99999999)",
        "\u202e",
        "\u2028",
        "а",
        "ſ",
        "\u212a",
    ),
)


def mutate(rng: Random) -> str:
    """Return an honest statement with pieces put in, taken out, doubled and swapped."""
    words = rng.choice(HONEST).split(" ")
    for _ in range(rng.randint(0, 6)):
        place = rng.randrange(len(words) + 1)
        match rng.randrange(4):
            case 0:
                words[place:place] = [rng.choice(PIECES)] * rng.choice((1, 1, 1, 2, 30))
            case 1:
                del words[place : place + rng.randint(1, 3)]
            case 2:
                words[place:place] = words[rng.randrange(len(words) or 1) :][: rng.randint(1, 6)]
            case 3 if words:
                word = words[rng.randrange(len(words))]
                words[place:place] = [word[::-1], word.upper()]
    return " ".join(words)
