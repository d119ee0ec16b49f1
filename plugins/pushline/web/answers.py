"""Answers to what went wrong: one shape, {"detail": a sentence in the reader's language}."""

from typing import Any

import structlog
from fastapi import FastAPI, Request, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import InterfaceError, OperationalError

from pushline.brief.sheet_refusals import RowRefused
from pushline.brief.sheet_steps import RowNotReady
from pushline.brief.versions import UnknownBrief
from pushline.errors import PendingMigrations, PushlineError, RetryLater, StopRun
from pushline.report.funnel import UnknownRun
from pushline.web.context import choose_language, say
from pushline.web.sheet_view import show_problem

log = structlog.get_logger()

_KEYS: tuple[tuple[type[Exception], str], ...] = (
    (PendingMigrations, "shell.database_behind"),
    (RetryLater, "shell.busy"),
    (StopRun, "shell.stopped"),
    (Exception, "shell.refused_other"),
)


def refuse_row(request: Request, error: Exception) -> JSONResponse:
    """404 for a row that is not there, 422 for one with errors, else 409; with what to mend."""
    if not isinstance(error, RowRefused):
        raise error
    language = choose_language(request)
    body: dict[str, Any] = {"detail": error.sentence.text(language), "kind": error.key}
    code = status.HTTP_409_CONFLICT
    if error.key == "unknown_row":
        code = status.HTTP_404_NOT_FOUND
    elif error.key == "step_of_others":
        code = status.HTTP_403_FORBIDDEN
    elif isinstance(error, RowNotReady):
        code = status.HTTP_422_UNPROCESSABLE_CONTENT
        body["problems"] = [show_problem(problem, language) for problem in error.problems]
    return JSONResponse(body, code)


def refuse(request: Request, error: Exception) -> JSONResponse:
    """404, 409 or 503 for what a room refused, in the reader's language."""
    code = status.HTTP_409_CONFLICT
    if isinstance(error, UnknownBrief | UnknownRun):
        code = status.HTTP_404_NOT_FOUND
    elif isinstance(error, RetryLater | PendingMigrations):
        code = status.HTTP_503_SERVICE_UNAVAILABLE
    return JSONResponse({"detail": tell_error(error, choose_language(request))}, code)


def tell_error(error: Exception, language: str) -> str:
    """Return what went wrong for a reader of the page.

    Messages without a sentence are written in English for who runs Pushline: other readers are told
    whom to ask, and the log keeps what was said.
    """
    if isinstance(error, PushlineError) and error.sentence:
        return error.sentence.text(language)
    if language == "en":
        return str(error)
    log.warning("page_refused", error=type(error).__name__, told=str(error))
    key = next(key for kind, key in _KEYS if isinstance(error, kind))
    return say(language, key)


def refuse_body(request: Request, error: Exception) -> JSONResponse:
    """422 for a request that does not have the form that the page sends."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    places = [".".join(str(part) for part in fault["loc"]) for fault in faults][:5]
    detail = say(choose_language(request), "shell.bad_request", places=", ".join(places))
    return JSONResponse({"detail": detail}, status.HTTP_422_UNPROCESSABLE_CONTENT)


def lost_database(request: Request, error: Exception) -> JSONResponse:
    """503 while the database is away or two changes stand in each other's way; nothing is lost."""
    log.warning("page_without_database", path=request.url.path, error=type(error).__name__)
    detail = say(choose_language(request), "shell.busy")
    return JSONResponse({"detail": detail}, status.HTTP_503_SERVICE_UNAVAILABLE)


def add_answers(app: FastAPI) -> None:
    """Let an application answer like this."""
    app.add_exception_handler(RowRefused, refuse_row)
    app.add_exception_handler(PushlineError, refuse)
    app.add_exception_handler(RequestValidationError, refuse_body)
    app.add_exception_handler(OperationalError, lost_database)
    app.add_exception_handler(InterfaceError, lost_database)
