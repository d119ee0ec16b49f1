"""A multiplied world is as sound as one made the honest way."""

from sqlalchemy import text

from bench.making import multiply
from bench.world import copy_world, open_world
from pushline.database.engine import make_engine
from tests.bench.conftest import USERS

MANY = 5_000


def test_people_are_multiplied_with_their_history(small_server: None):
    said: list[str] = []
    with copy_world(open_world(USERS, said.append)) as copy:
        engine = make_engine(copy.server.url(copy.name), "bench")
        multiply(engine, USERS, MANY, said.append)  # raises when a check is not clean
        with engine.connect() as conn:
            people, few, pushed, biggest, beyond = conn.execute(
                text(
                    "SELECT count(*),"
                    " count(*) FILTER (WHERE is_reachable AND user_id <= :base),"
                    " count(*) FILTER (WHERE is_reachable AND user_id > :base),"
                    " (SELECT max(user_count) FROM push.send_batch),"
                    " (SELECT count(*) FROM push.send_batch"
                    "  CROSS JOIN LATERAL unnest(users) AS u (id) WHERE u.id > :base)"
                    " FROM push.recipient"
                ),
                {"base": USERS},
            ).one()
        engine.dispose()
    assert people == MANY
    assert abs(pushed / few - (MANY - USERS) / USERS) < 0.05
    assert biggest <= 1_000
    assert beyond > 0
