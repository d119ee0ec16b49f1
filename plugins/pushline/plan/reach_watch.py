"""Lets somebody look at a count that is under way, and stop it with the SQL that is running."""

import threading
from contextlib import suppress
from typing import Any

import psycopg
from sqlalchemy import Connection

from pushline.errors import StopRun


class ReachVoid(StopRun):
    """The count is not wanted any more: somebody asked anew, or cancelled."""


class CannotBeCounted(StopRun):
    """A brief whose reach cannot be counted now; `code` names the sentence for the page."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Watch:
    """Progress and end of one count; the counting threads tell it of every session."""

    def __init__(self) -> None:
        self.buckets_done = 0
        self.buckets_total = 0
        self._sessions: list[psycopg.Connection[Any]] = []
        self._stopped = threading.Event()
        self._lock = threading.Lock()

    @property
    def is_stopped(self) -> bool:
        """Whether the count was stopped."""
        return self._stopped.is_set()

    def see_session(self, session: "psycopg.Connection[Any]") -> None:
        """Remember a session whose statements stop() cancels."""
        with self._lock:
            self._sessions.append(session)
        self.refuse_stopped()

    def see(self, conn: Connection) -> None:
        """The same for a connection of SQLAlchemy."""
        driver = conn.connection.driver_connection
        if not isinstance(driver, psycopg.Connection):
            raise TypeError("expected psycopg")
        self.see_session(driver)

    def bucket_done(self) -> None:
        """Count one bucket; raises ReachVoid when the count was stopped."""
        with self._lock:
            self.buckets_done += 1
        self.refuse_stopped()

    def refuse_stopped(self) -> None:
        """Raise ReachVoid when the count was stopped."""
        if self._stopped.is_set():
            raise ReachVoid("The count was stopped.")

    def stop(self) -> None:
        """End the count: no further statement starts, and those that run are cancelled."""
        self._stopped.set()
        with self._lock:
            sessions = list(self._sessions)
        for session in sessions:
            with suppress(psycopg.Error):
                session.cancel_safe(timeout=5)
