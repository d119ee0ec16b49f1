"""The funnel of a run: its audience, every reason, what was enqueued, what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from pushline.database.sql import Query
from pushline.errors import PushlineError
from pushline.report.run_sentences import RUN_SENTENCES
from pushline.report.sentences import ENDS, REASONS, name_end, name_reason, name_withheld
from pushline.sentence import Sentence

LIST_FUNNELS = Query("report/list_funnels")
LIST_RUN_REASONS = Query("report/list_run_reasons")
LIST_WITHHELD_REASONS = Query("report/list_withheld_reasons")
LIST_RUNS = Query("report/list_runs")


class UnknownRun(PushlineError):  # noqa: N818 - the name is the state
    """There is no such run."""


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many users one reason left out; a cap rule has a row of its own, by its title."""

    code: str
    users: int
    rule_title: str = ""

    def name(self, language: str = "en") -> str:
        """Return the reason in words, with the title of the cap rule."""
        return name_reason(self.code, self.rule_title, language)


@dataclass(frozen=True, slots=True)
class Funnel:
    """One run in numbers of users; every user of the audience is in exactly one of them.

    `status` is the planner's word, `stage` the reader's: a planned run is sending or sent.
    `ends` has the eight states of pushes in their fixed order; `withheld` says by the sender's
    reasons why pushes were withheld. `kept_at` is set when rows were dropped and the numbers are
    those kept at that time.
    """

    run_id: int
    title: str
    source_kind: str
    source_id: int
    campaign_code: str | None
    status: str
    stage: str
    status_note: str
    occasion: datetime
    zone: str
    audience_rows: int
    audience: int
    reasons: tuple[ReasonCount, ...]
    enqueued: int
    ends: Mapping[str, int]
    not_planned_yet: int
    withheld: Mapping[str, int]
    planned_at: datetime | None = None
    kept_at: datetime | None = None

    @property
    def left_out(self) -> int:
        """Users who got one of the reasons."""
        return sum(reason.users for reason in self.reasons)

    @property
    def duplicates(self) -> int:
        """Rows of the audience SQL that named a user again."""
        return max(0, self.audience_rows - self.audience)

    @property
    def faults(self) -> tuple[Sentence, ...]:
        """Which of the two sums do not hold, in words; empty for a funnel that adds up."""
        decided = self.enqueued + self.left_out + self.not_planned_yet
        ended = sum(self.ends.values())
        sums = (("parts", self.audience, decided), ("states", self.enqueued, ended))
        return tuple(
            Sentence.say(RUN_SENTENCES, code, whole=whole, sum=found)
            for code, whole, found in sums
            if whole != found
        )

    @property
    def adds_up(self) -> bool:
        """Whether both sums hold."""
        return not self.faults

    def steps(self, language: str = "en") -> list[tuple[str, int, int]]:
        """Return (words, users, depth) from the audience down, without empty reasons and states."""
        rows = [(name_end("audience", language), self.audience, 0)]
        rows += [(reason.name(language), reason.users, 1) for reason in self.reasons]
        if self.not_planned_yet:
            rows.append((name_end("not_planned_yet", language), self.not_planned_yet, 1))
        rows.append((name_end("enqueued", language), self.enqueued, 0))
        for end, pushes in self.ends.items():
            if pushes:
                rows.append((name_end(end, language), pushes, 1))
            if end == "withheld":
                rows += [
                    (name_withheld(why, language), count, 2) for why, count in self.withheld.items()
                ]
        return rows

    def as_dict(self) -> dict[str, Any]:
        """Return the counts alone, for a task's return value or JSON; no titles, no users."""
        reasons: dict[str, int] = {}
        for reason in self.reasons:
            reasons[reason.code] = reasons.get(reason.code, 0) + reason.users
        return {
            "run_id": self.run_id,
            "audience": self.audience,
            "duplicates": self.duplicates,
            "reasons": reasons,
            "caps": {
                reason.rule_title: reason.users for reason in self.reasons if reason.rule_title
            },
            "enqueued": self.enqueued,
            "ends": dict(self.ends),
            "withheld": dict(self.withheld),
            "not_planned_yet": self.not_planned_yet,
            "adds_up": self.adds_up,
        }

    def as_table(self, language: str = "en") -> str:
        """Return a plain text table for a log."""
        when = f"{self.occasion.astimezone(ZoneInfo(self.zone)):%Y-%m-%d %H:%M} {self.zone}"
        head = f"Run {self.run_id}: {self.title}, {when}, {self.status}"
        if self.status_note:
            head += f" ({self.status_note})"
        rows = [
            ("  " * depth + words, f"{users:,}") for words, users, depth in self.steps(language)
        ]
        wide = max(len(words) for words, _ in rows)
        digits = max(len(users) for _, users in rows)
        lines = [head, *(f"  {words:<{wide}}  {users:>{digits}}" for words, users in rows)]
        if self.duplicates:
            lines.append(f"  ({self.duplicates:,} rows of the audience named a user again)")
        if self.kept_at:
            kept = f"{self.kept_at:%Y-%m-%d %H:%M %Z}"
            lines.append(f"  (as kept at {kept}: the rows are older than retention)")
        lines += [
            f"  DOES NOT ADD UP: {fault.text(language)}. Run: pushline check run"
            for fault in self.faults
        ]
        return "\n".join(lines)


def funnel(conn: Connection, run_id: int) -> Funnel:
    """Return the funnel of a run. Raises UnknownRun when there is none."""
    return list_funnels(conn, [run_id])[0]


def list_funnels(conn: Connection, run_ids: Sequence[int]) -> list[Funnel]:
    """Return the funnels of some runs in their order, each statement once for all of them.

    Audience, marks, decisions and batches are read from tables of their own; when retention has
    dropped rows, the numbers are those of push.run_total. Raises UnknownRun for one there is not.
    """
    rows = {row.run_id: row for row in LIST_FUNNELS.all(conn, run_ids=list(run_ids))}
    for run_id in run_ids:
        if run_id not in rows:
            message = f"There is no run {run_id}. See the runs there are: pushline run list"
            raise UnknownRun(message, Sentence.say(RUN_SENTENCES, "unknown_run", run=str(run_id)))
    live = [run_id for run_id, row in rows.items() if not (row.is_dropped and row.kept_at)]
    reasons: dict[int, list[ReasonCount]] = {run_id: [] for run_id in live}
    for reason in LIST_RUN_REASONS.all(conn, run_ids=live):
        counted = ReasonCount(reason.code, reason.users, reason.rule_title)
        reasons[reason.run_id].append(counted)
    withheld: dict[int, dict[str, int]] = {run_id: {} for run_id in live}
    has_withheld = [run_id for run_id in live if rows[run_id].withheld]
    if has_withheld:
        for why in LIST_WITHHELD_REASONS.all(conn, run_ids=has_withheld):
            withheld[why.run_id][why.reason] = why.pushes
    return [
        _live_funnel(rows[run_id], reasons[run_id], withheld[run_id])
        if run_id in reasons
        else _kept_funnel(rows[run_id])
        for run_id in run_ids
    ]


def _live_funnel(
    row: Row[Any], reasons: Sequence[ReasonCount], withheld: Mapping[str, int]
) -> Funnel:
    return Funnel(
        **_facts(row),
        audience=row.audience_users,
        reasons=tuple(reasons),
        enqueued=row.enqueued,
        ends={end: getattr(row, end) for end in ENDS},
        not_planned_yet=row.undone_users,
        withheld=withheld,
    )


def _facts(row: Row[Any]) -> dict[str, Any]:
    """Return what is the same for a live and a kept funnel."""
    return {
        "run_id": row.run_id,
        "title": row.title,
        "source_kind": row.source_kind,
        "source_id": row.source_id,
        "campaign_code": row.campaign_code,
        "status": row.status,
        "stage": row.stage,
        "status_note": row.status_note,
        "occasion": row.occasion,
        "zone": row.project_zone,
        "audience_rows": row.audience_rows or 0,
        "planned_at": row.planned_at,
    }


def _kept_funnel(row: Row[Any]) -> Funnel:
    """Return the funnel of a run whose rows were dropped, from push.run_total."""
    order = list(REASONS)
    reasons = [ReasonCount(**reason) for reason in row.kept_reasons]
    reasons.sort(key=lambda reason: (order.index(reason.code), reason.rule_title))
    return Funnel(
        **_facts(row),
        audience=row.kept_audience,
        reasons=tuple(reasons),
        enqueued=row.kept_enqueued,
        ends={end: row.kept_ends[end] for end in ENDS},
        not_planned_yet=row.kept_not_planned,
        withheld={},
        kept_at=row.kept_at,
    )


def list_runs(
    conn: Connection,
    *,
    statuses: Sequence[str] | None = None,
    occasion_from: datetime | None = None,
    occasion_until: datetime | None = None,
    source_kind: str | None = None,
    source_id: int | None = None,
    most: int = 50,
) -> Sequence[Row[Any]]:
    """Return runs with their numbers, the latest occasion first; None for a filter means any.

    Columns: those of sql/report/list_runs.sql.
    """
    return LIST_RUNS.all(
        conn,
        statuses=list(statuses) if statuses else None,
        occasion_from=occasion_from,
        occasion_until=occasion_until,
        source_kind=source_kind,
        source_id=source_id,
        most=most,
    )
