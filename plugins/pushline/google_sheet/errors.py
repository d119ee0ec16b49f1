"""What may go wrong with Google Sheets, by what the caller should do about it."""

from pushline.errors import PushlineError, RetryLater, StopRun
from pushline.google_sheet.sentences import say
from pushline.sentence import Sentence


class SheetBusy(RetryLater):
    """Google is busy, away, or the line broke; the same sync may succeed in a while.

    wait_seconds: how long Google asked to wait, None when it did not say.
    """

    def __init__(self, sentence: Sentence, wait_seconds: float | None = None) -> None:
        super().__init__(sentence=sentence)
        self.wait_seconds = wait_seconds


class SheetClosed(StopRun):
    """The spreadsheet cannot be opened; a person has to look, the sentence says at what."""

    sentence: Sentence

    def __init__(self, code: str, /, **words: object) -> None:
        super().__init__(sentence=say(code, **words))


class SyncRunning(PushlineError):  # noqa: N818 - the name is the state
    """Another sync is under way; its result will do for both."""

    def __init__(self) -> None:
        super().__init__(sentence=say("sync_running"))
