"""Whom two briefs have in common: their audiences as they are now, exclusions taken off."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from pushline.audience.catalogue import Catalogue
from pushline.audience.reader import Limits
from pushline.audience.snapshot import FoundAudience
from pushline.errors import PushlineError, RetryLater, StopRun
from pushline.plan.reach_trial import read_brief_audience
from pushline.plan.reach_watch import CannotBeCounted, ReachVoid, Watch

# For each of the two: somebody waits for it at the page.
SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Overlap:
    """People of two audiences: only in the first, in both, only in the second."""

    only_first: int
    both: int
    only_second: int


class CannotBeCompared(StopRun):
    """One of the briefs has no audience that can be read; `fault_code` names the sentence."""

    def __init__(self, code: str, error: PushlineError) -> None:
        super().__init__(error)
        self.campaign_code = code
        self.fault_code = error.code if isinstance(error, CannotBeCounted) else "audience"


def compare_audiences(
    engine: Engine,
    reader_engine: Engine,
    first: str,
    second: str,
    now: datetime,
    *,
    watch: Watch | None = None,
    audiences: Catalogue | None = None,
) -> Overlap:
    """Read both briefs' audiences and compare them; nothing stays behind.

    Raises CannotBeCompared when one has none that can be read, RetryLater when the server is away,
    ReachVoid when `watch` was stopped.
    """
    usual = Limits.from_settings()
    limits = Limits(
        seconds=min(SECONDS, usual.seconds), row_cap=usual.row_cap, cost_cap=usual.cost_cap
    )
    watch = watch or Watch()
    found = []
    for code in (first, second):
        watch.refuse_stopped()
        try:
            trial = read_brief_audience(
                engine, reader_engine, code, now, watch, audiences=audiences, limits=limits
            )
        except (ReachVoid, RetryLater):
            raise
        except PushlineError as error:
            watch.refuse_stopped()
            raise CannotBeCompared(code, error) from error
        found.append(_list_users(trial.found))
    one, other = found
    both = int(np.isin(one, other, assume_unique=True).sum())
    return Overlap(len(one) - both, both, len(other) - both)


def _list_users(found: FoundAudience) -> NDArray[np.int64]:
    users = _distinct([block.ids() for block in found.audience.blocks])
    for exclusion in found.exclusions:
        left_out = _distinct([block.ids() for block in exclusion.blocks])
        users = np.setdiff1d(users, left_out, assume_unique=True)
    return users


def _distinct(blocks: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.unique(np.concatenate(blocks)) if blocks else np.empty(0, dtype=np.int64)
