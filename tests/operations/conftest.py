"""Databases by the handful, for stories told twice and databases that are dumped and restored."""

import os
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from pushline.send_queue.closing import expire_batches
from tests.operations.story import MIDDLE, tell_story

_number = count(1)


@pytest.fixture(scope="session")
def make_database(databases: Any, template: str) -> Iterator[Callable[[], Engine]]:
    """`make_database()` is the owner's engine on a fresh, migrated database of eight buckets."""
    made: dict[str, Engine] = {}

    def make() -> Engine:
        name = f"test_{os.getpid()}_operations_{next(_number)}"
        made[name] = create_engine(databases.clone(template, name))
        with made[name].begin() as conn:
            # Eight buckets tell a story as well as 64 do, eight times as fast.
            conn.execute(text("SELECT push.rebucket(8, now())"))
        return made[name]

    yield make
    for name, engine in made.items():
        engine.dispose()
        databases.drop(name)


@pytest.fixture(scope="session")
def undisturbed(make_database: Callable[[], Engine]) -> dict[str, Any]:
    """The story with nothing but housekeeping in the middle."""
    return tell_story(make_database(), lambda company: expire_batches(company.engine, MIDDLE))
