"""The sync on a real Postgres, gspread as the client, the stub as Google."""

import os
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.conftest import Databases
from tests.google.scene import HEADERS, TRUNCATE, World
from tests.google.stub import Stub, serving


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serving(Stub()) as running:
        yield running


@pytest.fixture(scope="session")
def google_engine(databases: Databases, template: str) -> Iterator[Engine]:
    """One database for all tests of the sync; making one costs more than most of them."""
    name = f"test_{os.getpid()}_google"
    engine = create_engine(databases.clone(template, name))
    yield engine
    engine.dispose()
    databases.drop(name)


@pytest.fixture
def google_db(google_engine: Engine) -> Engine:
    """The owner's engine on a database without campaigns."""
    with google_engine.begin() as conn:
        conn.execute(text(TRUNCATE))
    return google_engine


@pytest.fixture
def make_world(stub: Stub, google_db: Engine) -> Callable[..., World]:
    """`make_world(rows)`: a tab with our headers in an order of somebody's own, and these rows."""

    def make(*rows: list[str], headers: list[str] = HEADERS) -> World:
        stub.tab.put([headers, *rows])
        return World(google_db, stub)

    return make


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """A tab with nothing but headers."""
    return make_world()
