"""The pages on a port of this machine, under /pushline as inside Airflow; people sign in by cookie.

Only who a person is comes from the cookie; what they may do is asked of the demo's auth manager.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import uvicorn
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from fastapi import HTTPException, Request
from starlette.applications import Starlette
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from pushline.web.app import app
from pushline.web.auth import PushlineAuthManager
from tests.web.browser.pages import NAMES, PERSON_COOKIE


async def who_asks(request: Request) -> SimpleAuthManagerUser:
    """Return the person of the cookie, `name:role`, in the place of Airflow's session."""
    name, _, role = request.cookies.get(PERSON_COOKIE, "").partition(":")
    if not role:
        raise HTTPException(401, "Not signed in")
    return SimpleAuthManagerUser(username=name, role=role)


def sign_in(request: Request) -> RedirectResponse:
    """`/as/marketer`: set the cookie and open the sheet. For looking by hand."""
    role = request.path_params["role"]
    answer = RedirectResponse("/pushline/")
    answer.set_cookie(PERSON_COOKIE, f"{NAMES[role]}:{role}")
    return answer


def no_icon(_: Request) -> Response:
    """Airflow has an icon of its own."""
    return Response(status_code=204)


def hosted_app() -> Starlette:
    """Return the sub-app as Airflow mounts it."""
    return Starlette(
        routes=[
            Route("/as/{role}", sign_in),
            Route("/favicon.ico", no_icon),
            Mount("/pushline", app),
        ]
    )


@contextmanager
def signing_in_by_cookie() -> Iterator[None]:
    """Let the cookie tell who asks, and the demo's auth manager what they may."""
    app.state.find_user = who_asks
    try:
        with patch("pushline.web.guard.get_auth_manager", PushlineAuthManager):
            yield
    finally:
        del app.state.find_user


@contextmanager
def serving() -> Iterator[str]:
    """Serve the pages from a thread; yields their address, with a slash at the end."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        hosted_app(), log_level="warning", lifespan="off", timeout_graceful_shutdown=20
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    with signing_in_by_cookie():
        thread.start()
        try:
            # Who asks before it listens waits in the socket's queue.
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/pushline/"
        finally:
            # A request that is still answered would read the settings of the next test.
            server.should_exit = True
            thread.join(30)
            listening.close()
            assert not thread.is_alive(), "A page's request did not end."
