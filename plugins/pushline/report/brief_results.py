"""What became of briefs over all their runs: sent, opened, and B beside A."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import Connection, Row

from pushline.database.sql import Query
from pushline.report.uplift import Uplift, compare

LIST_BRIEF_RESULTS = Query("report/list_brief_results")

# Why there is no number: nothing left yet; providers report nothing back; too old to be known;
# there is no B; A and B are still leaving, so that one was opened for longer than the other.
Missing = Literal["not_sent", "nothing_back", "dropped", "one_variant", "under_way"]


@dataclass(frozen=True, slots=True)
class BriefResult:
    """Numbers of users over all runs of a brief; the run is the one that was made last.

    opened: who opened it, also called clicks. uplift: how much more B was opened than A in the
    latest run that can tell, of the occasion `compared_at`. A Missing says why there is none.
    is_final: the numbers will not change any more.
    """

    code: str
    sent: int
    opened: int | Missing
    uplift: Uplift | Missing
    compared_at: datetime | None
    run_id: int
    stage: str
    is_final: bool

    @property
    def has_begun(self) -> bool:
        """Whether anything may have left; before that there is nothing to show."""
        return self.sent > 0 or self.stage not in {"waiting", "held", "planning"}


def list_brief_results(
    conn: Connection, brief_ids: Sequence[int] | None = None, *, only_open: bool = False
) -> dict[int, BriefResult]:
    """Return brief_id -> what became of its runs, for those that have any; None: of all briefs.

    only_open: leave out briefs whose numbers are final.
    """
    rows = LIST_BRIEF_RESULTS.all(
        conn, brief_ids=None if brief_ids is None else list(brief_ids), only_open=only_open
    )
    return {
        brief_id: _sum_up(list(of_brief))
        for brief_id, of_brief in groupby(rows, key=lambda row: int(row.brief_id))
    }


def _sum_up(rows: Sequence[Row[Any]]) -> BriefResult:
    last = rows[-1]
    uplift, compared_at = _compare(rows)
    return BriefResult(
        code=last.campaign_code,
        sent=sum(row.accepted for row in rows),
        opened=_count_opened(rows),
        uplift=uplift,
        compared_at=compared_at,
        run_id=last.run_id,
        stage=last.stage,
        is_final=all(row.is_final for row in rows),
    )


def _count_opened(rows: Sequence[Row[Any]]) -> int | Missing:
    left = [row for row in rows if row.accepted or row.has_receipts]
    if not left:
        return "not_sent"
    if any(row.opened is None for row in left):
        return "dropped"
    if not any(row.has_receipts for row in left):
        return "nothing_back"
    return sum(int(row.opened) for row in left)


def _compare(rows: Sequence[Row[Any]]) -> tuple[Uplift | Missing, datetime | None]:
    """Return how B did beside A in the latest run that can tell; the same people are in each."""
    runs = [_by_variant(of_run) for _, of_run in groupby(rows, key=lambda row: row.run_id)]
    pairs = [run for run in runs if run.keys() >= {"A", "B"}]
    if not pairs:
        counted = _count_opened(rows)
        return (counted if counted == "not_sent" or counted == "dropped" else "one_variant"), None
    for run in reversed(pairs):
        if run["A"].stage == "sending" or not any(row.has_receipts for row in run.values()):
            continue
        arms = [(int(run[key].accepted), int(run[key].opened)) for key in "AB"]
        found = compare(arms[0], arms[1])
        if found:
            return found, run["A"].occasion
    return ("under_way" if pairs[-1]["A"].stage == "sending" else "nothing_back"), None


def _by_variant(rows: Iterable[Row[Any]]) -> Mapping[str, Row[Any]]:
    return {row.variant: row for row in rows if row.variant is not None}
