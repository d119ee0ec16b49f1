"""Before every page and route, whatever its address: who asks, and how much they send.

FastAPI reads and parses a body before it asks any dependency, and answers addresses without a route
by itself; here nobody without a session is told anything, and no byte of theirs is read.
"""

from collections.abc import Awaitable, Callable

from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.core_api.security import bearer_scheme, get_user
from fastapi import HTTPException, Request, status
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pushline.web.answers import refuse_visit
from pushline.web.asked import LARGEST_BODY, MEGABYTE
from pushline.web.context import choose_language, say

# Returns who asks; raises HTTPException for somebody whom nobody knows.
FindUser = Callable[[Request], Awaitable[BaseUser]]


async def ask_airflow(request: Request) -> BaseUser:
    """Return who asks, found as for Airflow's own pages: by the token, else by the cookie."""
    return await get_user(request, None, await bearer_scheme(request))


class Door:
    """ASGI middleware: 401 without a valid session, 413 for too large a body.

    Routes read whom it let in with `guard.known_user`. Who asks is told by `find_user` of the
    application's state, where there is one: for applications that are hosted elsewhere.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            find_user: FindUser = getattr(request.app.state, "find_user", ask_airflow)
            request.state.pushline_user = await find_user(request)
        except HTTPException as error:
            nobody = HTTPException(status.HTTP_401_UNAUTHORIZED, headers=error.headers)
            await refuse_visit(request, nobody)(scope, receive, send)
            return
        length = request.headers.get("content-length", "")
        if length.isdecimal() and (len(length) > 20 or int(length) > LARGEST_BODY):
            await refuse_visit(request, _too_large(request))(scope, receive, send)
            return
        received = 0

        async def receive_some() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > LARGEST_BODY:
                raise _too_large(request)
            return message

        await self.app(scope, receive_some, send)


def _too_large(request: Request) -> HTTPException:
    sentence = say(choose_language(request), "shell.too_large", limit=LARGEST_BODY // MEGABYTE)
    return HTTPException(status.HTTP_413_CONTENT_TOO_LARGE, sentence)
