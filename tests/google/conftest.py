"""The sync on a real Postgres, gspread as the client, the stub as Google."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from tests.google.scene import HEADERS, World
from tests.google.stub import Stub, serving


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serving(Stub()) as running:
        yield running


@pytest.fixture
def make_world(stub: Stub, committed_db: Engine) -> Callable[..., World]:
    """`make_world(rows)`: a tab with our headers in an order of somebody's own, and these rows."""

    def make(*rows: list[str], headers: list[str] = HEADERS) -> World:
        stub.tab.put([headers, *rows])
        return World(committed_db, stub)

    return make


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """A tab with nothing but headers."""
    return make_world()
