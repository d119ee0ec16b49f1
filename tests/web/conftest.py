"""Fixtures of the pages' tests: clients of people with a role, under the demo's auth manager."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

# What a browser sends with a change that a page of ours asks for.
FROM_US = {"sec-fetch-site": "same-origin"}

SignIn = Callable[..., TestClient]


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[SignIn]:
    """`sign_in("viewer")` is a client of that role; signing in again changes the person of all."""
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from airflow.api_fastapi.core_api.security import get_user

    from pushline.web.app import app
    from pushline.web.auth import PushlineAuthManager

    monkeypatch.setattr("pushline.web.guard.get_auth_manager", PushlineAuthManager)

    def client(role: str | None, name: str = "someone", root_path: str = "") -> TestClient:
        person = SimpleAuthManagerUser(username=name, role=role)
        app.dependency_overrides[get_user] = lambda: person
        return TestClient(app, root_path=root_path, headers=FROM_US)

    yield client
    app.dependency_overrides.clear()
