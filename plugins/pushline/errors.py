"""Errors whose class is the caller's decision: try later, set one row aside, or stop the run.

Raise the class that says what the caller should do, with a message in the reader's words that
ends with the way out.
"""

from pushline.sentence import Sentence


class PushlineError(Exception):
    """Something that a person can mend; the message says how.

    sentence: the same in the languages of the page, where readers of the page may meet it.
    """

    def __init__(self, message: object = "", sentence: Sentence | None = None) -> None:
        super().__init__(message or (sentence.en if sentence else ""))
        self.sentence = sentence


class RetryLater(PushlineError):  # noqa: N818 - the name is the decision, not a noun
    """The world outside is busy or away; the same call may succeed in a while."""


class GiveUpRow(PushlineError):  # noqa: N818 - same
    """This one row, user or batch cannot be used; set it aside with this reason, go on."""


class StopRun(PushlineError):  # noqa: N818 - same
    """Nothing more may be planned or sent for this run until a person has looked at it."""


class Unapproved(StopRun):
    """The approval was taken back meanwhile: nobody's fault; given again, the run goes on."""


class PendingMigrations(PushlineError):  # noqa: N818 - same
    """The database is behind the code. Run `pushline init` to bring it up to date."""


class DatabaseUnreachable(RetryLater):
    """Postgres does not answer. See `pushline doctor`."""


class BadQueryFile(PushlineError):  # noqa: N818 - same
    """A file in sql/ breaks the header rules, or was called with other parameters than it names."""


class ChecksFailed(PushlineError):  # noqa: N818 - same
    """A promise is broken: sql/checks found rows that must not be. The message names them."""
