"""Routes of the sync with Google Sheets: how the last one went, and start one now."""

import threading
from datetime import UTC, datetime
from typing import Any

import structlog
from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException
from fastapi import APIRouter, Depends, HTTPException, status
from sqlalchemy import Engine

from pushline.errors import PushlineError
from pushline.google_sheet.connect import SheetAccess, read_access
from pushline.google_sheet.errors import SheetClosed
from pushline.google_sheet.sync import is_running, read_last_sync, sync_sheet
from pushline.sentence import pick_wording
from pushline.web.auth import AUDIENCES, CAMPAIGNS
from pushline.web.context import Language, page_engine, reading, say
from pushline.web.guard import Asking, requires

router = APIRouter(prefix="/api", dependencies=[Depends(requires("GET", CAMPAIGNS))])
_syncs = [Depends(requires("PUT", CAMPAIGNS, AUDIENCES))]

CONNECTION = "pushline_google"
# Somebody waits in front of the page; the DAG has more. Seconds.
PATIENCE = 90.0

log = structlog.get_logger()


class Worker:
    """Syncs in a thread, one at a time in this process; the database sees to the others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        """Whether this process syncs now."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, engine: Engine, access: SheetAccess) -> None:
        """Begin a sync unless one is under way; what goes wrong is told by the last sync."""
        door = access.open()
        with self._lock:
            if self.is_running:
                return
            self._thread = threading.Thread(
                target=self._run, args=(engine, access, door), name="google-sync", daemon=True
            )
            self._thread.start()

    def wait(self, seconds: float) -> None:
        """Wait until the sync under way has ended."""
        if self._thread is not None:
            self._thread.join(seconds)

    @staticmethod
    def _run(engine: Engine, access: SheetAccess, door: Any) -> None:
        try:
            sync_sheet(
                engine,
                door,
                clock=lambda: datetime.now(UTC),
                patience=PATIENCE,
                language=access.language,
            )
        except PushlineError as error:
            log.warning("google_sync_stopped", error=type(error).__name__)
        except Exception:
            log.exception("google_sync_failed")


WORKER = Worker()


def find_access() -> SheetAccess | None:
    """Return what the connection says, None without one; SheetClosed when it lacks a part."""
    try:
        connection = Connection.get(CONNECTION)
    except AirflowNotFoundException:
        return None
    return read_access(connection.extra_dejson)


@router.get("/google")
def look_at_sync(person: Asking, language: Language) -> dict[str, Any]:
    """Return whether a tab is set up, whether a sync is under way, and what the last one did."""
    try:
        access = find_access()
    except SheetClosed as error:
        broken = {"error": error.sentence.text(language), "problems": []}
        return _show(True, person.may_sync, False, broken)
    if access is None:
        return _show(False, False, False, None)
    with reading() as conn:
        last = read_last_sync(conn, access.spreadsheet, access.worksheet)
        running = WORKER.is_running or is_running(conn)
    return _show(True, person.may_sync, running, _translate(last, language))


@router.post("/google/sync", dependencies=_syncs, status_code=status.HTTP_202_ACCEPTED)
def start_sync(person: Asking, language: Language) -> dict[str, Any]:
    """Begin a sync in the background; ask GET api/google how it goes."""
    try:
        access = find_access()
        if access is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND, say(language, "google.not_set_up"))
        WORKER.start(page_engine(), access)
    except SheetClosed as error:
        detail = error.sentence.text(language)
        raise HTTPException(status.HTTP_409_CONFLICT, detail) from error
    return _show(True, person.may_sync, True, None)


def _show(
    is_set_up: bool, may_sync: bool, running: bool, last: dict[str, Any] | None
) -> dict[str, Any]:
    return {
        "is_set_up": is_set_up,
        "may_sync": may_sync,
        "running": running,
        "last_sync": last,
    }


def _translate(last: dict[str, Any] | None, language: str) -> dict[str, Any] | None:
    if last is None:
        return None
    problems = [
        {"code": it["code"], "row": it["row"], "sentence": pick_wording(it, language)}
        for it in last["problems"]
    ]
    error = pick_wording(last["error"], language) if last["error"] else None
    return last | {"problems": problems, "error": error}
