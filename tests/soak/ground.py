"""Databases for the parts of a soak: the tests' throw-away Postgres with a home of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count

from sqlalchemy import Engine, create_engine

from pushline.database.server import Server, server_home
from pushline.settings import Settings
from tests.conftest import FAST, Databases

_numbers = count(1)


@cache
def soak_server() -> Server:
    """The soak's server, started by whoever asks for a database first."""
    return Server(server_home(Settings(), "postgres-soak"), FAST)


@cache
def soak_databases() -> Databases:
    """Maker of databases on the soak's server, which runs from now on."""
    soak_server().start()
    databases = Databases(soak_server())
    databases.drop_abandoned()
    return databases


@contextmanager
def fresh_database() -> Iterator[Engine]:
    """The owner's engine on a migrated, empty database, dropped at the end.

    `engine.url.set(username=role_name("sender"))` is the same database for another role.
    """
    databases = soak_databases()
    name = f"test_{os.getpid()}_{next(_numbers)}"
    engine = create_engine(databases.clone(databases.template(), name))
    try:
        yield engine
    finally:
        engine.dispose()
        databases.drop(name)
