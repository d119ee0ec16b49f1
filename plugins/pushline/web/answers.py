"""Answers to what went wrong, in the reader's language.

Scripts get one shape, {"detail": a sentence}; who opened an address gets a page with the sentence
and the way back.
"""

from typing import Any

import structlog
from fastapi import FastAPI, Request, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy import exc
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pushline.brief.sheet_refusals import RowRefused
from pushline.brief.sheet_steps import RowNotReady
from pushline.brief.versions import UnknownBrief
from pushline.errors import (
    DatabaseUnreachable,
    PendingMigrations,
    PushlineError,
    RetryLater,
    StopRun,
)
from pushline.report.funnel import UnknownRun
from pushline.web.context import choose_language, render, say
from pushline.web.sheet_view import show_problem

log = structlog.get_logger()

# No room on the disk, in memory, or by temp_file_limit: waiting does not help.
FULL = {"53100", "53200", "53400"}

_KEYS: tuple[tuple[type[Exception], str], ...] = (
    (PendingMigrations, "shell.database_behind"),
    (RetryLater, "shell.busy"),
    (StopRun, "shell.stopped"),
    (Exception, "shell.refused_other"),
)


def answer(request: Request, code: int, detail: str, **more: Any) -> Response:
    """Return the sentence as a page to a reader, as JSON to a script."""
    is_opened = "text/html" in request.headers.get("accept", "")
    if is_opened and "/api/" not in request.url.path:
        is_outside = code in {status.HTTP_401_UNAUTHORIZED, status.HTTP_403_FORBIDDEN}
        template = "outside.html" if is_outside else "trouble.html"
        return render(request, template, status_code=code, tab="", detail=detail)
    return JSONResponse({"detail": detail, **more}, code)


def refuse_row(request: Request, error: Exception) -> Response:
    """404 for a row that is not there, 422 for one with errors, else 409; with what to mend."""
    if not isinstance(error, RowRefused):
        raise error
    language = choose_language(request)
    more: dict[str, Any] = {"kind": error.key}
    code = status.HTTP_409_CONFLICT
    if error.key == "unknown_row":
        code = status.HTTP_404_NOT_FOUND
    elif error.key == "step_of_others":
        code = status.HTTP_403_FORBIDDEN
    elif isinstance(error, RowNotReady):
        code = status.HTTP_422_UNPROCESSABLE_CONTENT
        more["problems"] = [show_problem(problem, language) for problem in error.problems]
    return answer(request, code, error.sentence.text(language), **more)


def refuse(request: Request, error: Exception) -> Response:
    """404, 409 or 503 for what a room refused, in the reader's language."""
    code = status.HTTP_409_CONFLICT
    if isinstance(error, UnknownBrief | UnknownRun):
        code = status.HTTP_404_NOT_FOUND
    elif isinstance(error, RetryLater | PendingMigrations):
        code = status.HTTP_503_SERVICE_UNAVAILABLE
    return answer(request, code, tell_error(error, choose_language(request)))


def tell_error(error: Exception, language: str) -> str:
    """Return what went wrong for a reader of the page.

    Messages without a sentence are written in English for who runs Pushline: other readers are told
    whom to ask, and the log keeps what was said.
    """
    if isinstance(error, PushlineError) and error.sentence:
        return error.sentence.text(language)
    if isinstance(error, DatabaseUnreachable):
        # It names the address of the server.
        log.warning("page_without_database", told=str(error))
        return say(language, "shell.busy")
    if language == "en":
        return str(error)
    log.warning("page_refused", error=type(error).__name__, told=str(error))
    key = next(key for kind, key in _KEYS if isinstance(error, kind))
    return say(language, key)


def refuse_body(request: Request, error: Exception) -> Response:
    """422 for a request that does not have the form that the page sends."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    places = [".".join(str(part) for part in fault["loc"]) for fault in faults][:5]
    detail = say(choose_language(request), "shell.bad_request", places=", ".join(places))
    return answer(request, status.HTTP_422_UNPROCESSABLE_CONTENT, detail)


def refuse_text(request: Request, error: Exception) -> Response:
    """422 for what the database cannot hold; routes should have said so before."""
    cause = getattr(error, "orig", None)
    log.error("page_data_refused", path=request.url.path, error=type(cause or error).__name__)
    detail = say(choose_language(request), "shell.bad_request", places=request.url.path)
    return answer(request, status.HTTP_422_UNPROCESSABLE_CONTENT, detail)


def lost_database(request: Request, error: Exception) -> Response:
    """503 while the database is away, full, or somebody is in the way; nothing is lost."""
    cause = getattr(error, "orig", None)
    state = getattr(cause, "sqlstate", None)
    log.warning("page_without_database", path=request.url.path, error=type(cause or error).__name__)
    detail = say(choose_language(request), "shell.full" if state in FULL else "shell.busy")
    return answer(request, status.HTTP_503_SERVICE_UNAVAILABLE, detail)


def refuse_visit(request: Request, error: Exception) -> Response:
    """401 without a session, 403 without the right, 404 without such a page."""
    if not isinstance(error, HTTPException):
        raise error
    detail = str(error.detail)
    if error.status_code == status.HTTP_401_UNAUTHORIZED:
        detail = say(choose_language(request), "shell.signed_out")
    elif error.status_code == status.HTTP_404_NOT_FOUND and detail == "Not Found":
        detail = say(choose_language(request), "shell.no_page")
    said = answer(request, error.status_code, detail)
    said.headers.update(error.headers or {})
    return said


class Catch:
    """ASGI middleware: what nobody foresaw is logged whole, and told in one sentence."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 500 in the shape that scripts and readers know."""
        is_begun = False

        async def send_on(message: Message) -> None:
            nonlocal is_begun
            is_begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        except Exception:
            if is_begun or scope["type"] != "http":
                raise
            log.exception("page_failed", method=scope["method"], path=scope["path"])
            request = Request(scope, receive)
            code = status.HTTP_500_INTERNAL_SERVER_ERROR
            detail = say(choose_language(request), "shell.failed", status=code)
            await answer(request, code, detail)(scope, receive, send)


def add_answers(app: FastAPI) -> None:
    """Let an application answer like this."""
    app.add_exception_handler(HTTPException, refuse_visit)
    app.add_exception_handler(RowRefused, refuse_row)
    app.add_exception_handler(PushlineError, refuse)
    app.add_exception_handler(RequestValidationError, refuse_body)
    app.add_exception_handler(DataError, refuse_text)
    app.add_exception_handler(OperationalError, lost_database)
    app.add_exception_handler(InterfaceError, lost_database)
    app.add_exception_handler(exc.TimeoutError, lost_database)
