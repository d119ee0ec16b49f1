"""What may go wrong with Google Sheets, by what the caller should do about it."""

from pushline.errors import PushlineError, RetryLater, StopRun


class SheetBusy(RetryLater):
    """Google is busy, away, or the line broke; the same sync may succeed in a while.

    wait_seconds: how long Google asked to wait, None when it did not say.
    """

    def __init__(self, message: str, wait_seconds: float | None = None) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds


class SheetClosed(StopRun):
    """The spreadsheet cannot be opened; a person has to look, the message says at what."""


class SyncRunning(PushlineError):  # noqa: N818 - the name is the state
    """Another sync is under way; its result will do for both."""
