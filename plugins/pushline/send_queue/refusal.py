"""The queue's refusals as exceptions: SQLSTATE PQ001 to PQ003, each with a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from pushline.errors import GiveUpRow, PushlineError


class StaleFence(GiveUpRow):
    """The batch is no longer the caller's: nothing was changed, drop what is left of it."""


class ContractBreach(PushlineError):  # noqa: N818 - the name is what happened
    """The caller used the queue in a way its contract rules out; a bug of the caller."""


class OfferRefused(PushlineError):  # noqa: N818 - same
    """An offer cannot be taken; the message says what to change."""


_CLASSES = {"PQ001": StaleFence, "PQ002": ContractBreach, "PQ003": OfferRefused}


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the queue's functions raise into our classes; other errors pass unchanged."""
    try:
        yield
    except DBAPIError as error:
        refusal = _CLASSES.get(getattr(error.orig, "sqlstate", None) or "")
        if refusal is None:
            raise
        message = error.orig.diag.message_primary  # type: ignore[union-attr]
        raise refusal(message) from error
