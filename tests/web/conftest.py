"""Fixtures of the pages' tests: clients of people with a role, under the demo's auth manager."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import Request
from fastapi.testclient import TestClient

from pushline.database.engine import get_engine
from pushline.settings import ROLES, get_settings

# What a browser sends with a change that a page of ours asks for.
FROM_US = {"sec-fetch-site": "same-origin"}

SignIn = Callable[..., TestClient]


# What the page may log in as: itself, and whom audiences are read by.
LOGINS = ("page", "audience")
NOBODY = "postgresql://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def page_logins(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave the settings no other login than the page's: whatever its role lacks fails the test."""
    if "configured_db" in request.fixturenames:
        request.getfixturevalue("configured_db")
        monkeypatch.setenv("PUSHLINE_DATABASE_URL", NOBODY)
        for role in set(ROLES) - set(LOGINS):
            monkeypatch.setenv(f"PUSHLINE_{role.upper()}_URL", NOBODY)
    for cache in (get_settings, get_engine):
        cache.cache_clear()
    yield
    for cache in (get_settings, get_engine):
        cache.cache_clear()


@pytest.fixture
def sign_in(page_logins: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[SignIn]:
    """`sign_in("viewer")` is a client of that role; signing in again changes the person of all."""
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    from pushline.web.app import app
    from pushline.web.auth import PushlineAuthManager

    monkeypatch.setattr("pushline.web.guard.get_auth_manager", PushlineAuthManager)

    def client(role: str | None, name: str = "someone", root_path: str = "") -> TestClient:
        person = SimpleAuthManagerUser(username=name, role=role)

        async def who_asks(_: Request) -> SimpleAuthManagerUser:
            return person

        app.state.find_user = who_asks
        return TestClient(app, root_path=root_path, headers=FROM_US)

    yield client
    if hasattr(app.state, "find_user"):
        del app.state.find_user
