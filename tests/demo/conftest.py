"""One demo company for the whole session, and clones of it for tests that change it."""

import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine

from pushline.database.roles import role_name
from pushline.demo.company import seed

# A Saturday, 17:00 in Almaty.
SHOP_NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def now() -> datetime:
    return SHOP_NOW


@pytest.fixture(scope="session")
def shop_template(databases: Any, template: str) -> Iterator[str]:
    """Name of a seeded database that nobody connects to."""
    name = f"test_{os.getpid()}_shop_template"
    engine = create_engine(databases.clone(template, name))
    assert seed(engine, SHOP_NOW)
    engine.dispose()
    yield name
    databases.drop(name)


@pytest.fixture(scope="session")
def shop_engine(databases: Any, shop_template: str) -> Iterator[Engine]:
    """The owner's engine on a seeded database that no test changes."""
    name = f"test_{os.getpid()}_shop"
    engine = create_engine(databases.clone(shop_template, name))
    yield engine
    engine.dispose()
    databases.drop(name)


@pytest.fixture
def shop(shop_engine: Engine) -> Iterator[Connection]:
    with shop_engine.connect() as conn:
        yield conn


@pytest.fixture
def shop_as_audience(shop_engine: Engine) -> Iterator[Connection]:
    """The shop as the audience role sees it."""
    engine = create_engine(shop_engine.url.set(username=role_name("audience")))
    with engine.connect() as conn:
        yield conn
    engine.dispose()


@pytest.fixture
def clone_shop(
    databases: Any, shop_template: str, request: pytest.FixtureRequest
) -> Iterator[Callable[[], Engine]]:
    """`clone_shop()` is a seeded database of this test's own."""
    digest = hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:10]
    engines: dict[str, Engine] = {}

    def make() -> Engine:
        name = f"test_{os.getpid()}_{digest}_{len(engines)}"
        engines[name] = create_engine(databases.clone(shop_template, name))
        return engines[name]

    yield make
    for name, engine in engines.items():
        engine.dispose()
        databases.drop(name)
