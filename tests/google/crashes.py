"""A process that dies in the middle of a sync, as an exception that nobody catches."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pushline import kill_points
from pushline.google_sheet.door import Door
from pushline.google_sheet.grid import Grid

# The n-th commit is not reached; 1: what the tab changed, 2: what the write did.
CRASHES = ("after_read", "commit_1", "before_write", "after_write", "commit_2")


class Crash(BaseException):
    """The process ends here."""


class CrashingDoor:
    """A door at which the process dies."""

    def __init__(self, door: Door, where: str) -> None:
        self._door, self._where = door, where
        self.spreadsheet, self.worksheet = door.spreadsheet, door.worksheet

    def read(self) -> Grid:
        grid = self._door.read()
        if self._where == "after_read":
            raise Crash
        return grid

    def write(self, updates: Sequence[Any]) -> Grid:
        if self._where == "before_write":
            raise Crash
        grid = self._door.write(updates)
        if self._where == "after_write":
            raise Crash
        return grid


class CrashAtCommit:
    """Dies before the n-th commit: what stands in `pushline.kill_points` while a test armed it."""

    def __init__(self, times: int) -> None:
        self.left = times

    def arrive(self, point: str) -> None:
        self.left -= point == "transaction.before_commit"
        if not self.left:
            raise Crash


@contextmanager
def dying(door: Door, where: str) -> Iterator[Door]:
    """A sync through this door dies at a place of CRASHES."""
    if where.startswith("commit"):
        kill_points._armed = CrashAtCommit(int(where[-1]))  # type: ignore[assignment]
    try:
        yield CrashingDoor(door, where)
    finally:
        kill_points.arm("")
