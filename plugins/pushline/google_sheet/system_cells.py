"""What Pushline says of a campaign in the tab: status, problems, reach and results."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from pushline.brief.sheet_store import SheetRecord
from pushline.brief.status import LABELS
from pushline.database.sql import Query
from pushline.google_sheet.table import ALL_COLUMNS, ID
from pushline.report.brief_results import BriefResult, list_brief_results
from pushline.report.uplift import Uplift
from pushline.sentence import Sentence, pick_wording

LIST_RESULTS = Query("google_sheet/list_results")

GOOD = "✔"
WARNING = "⚠ "
# Older runs are told from their kept totals.
RECENT = dt.timedelta(days=14)
LONGEST_PROBLEMS = 2_000
SYSTEM = (ID, "status", "problems", "reach", "capped", "sent", "clicks", "uplift")
UPLIFTS = {
    "clear": ("B {points} pp", "B {points} п.п.", "B {points} п.т."),
    "unclear": ("not clear yet", "пока не ясно", "әзірге белгісіз"),
}


@dataclass(frozen=True, slots=True)
class Results:
    """What became of one campaign; None for what is not known."""

    reach: int | None = None
    capped: int | None = None
    runs: BriefResult | None = None


def read_results(
    conn: Connection, records: Collection[SheetRecord], now: dt.datetime
) -> Mapping[str, Results]:
    """Return what became of campaigns, by code; of those that are briefs."""
    codes = [record.code for record in records]
    briefs = [record.brief_id for record in records if record.brief_id is not None]
    runs = {found.code: found for found in list_brief_results(conn, briefs).values()}
    return {
        row.campaign_code: Results(row.reach, row.capped, runs.get(row.campaign_code))
        for row in LIST_RESULTS.all(conn, codes=codes, from_day=(now - RECENT).date())
    }


def write_system(
    record: SheetRecord, own: Iterable[Sentence], results: Results, language: str
) -> dict[str, str | int]:
    """Return the system's cells of a row; `own`: what the sync itself has to say about it."""
    cells: dict[str, str | int] = {
        ID: record.code,
        "status": LABELS[record.status].text(language),
        "problems": write_problems(record.problems, own, language),
    }
    reach = results.reach if results.reach is not None else record.reach_expected
    numbers = {"reach": reach, "capped": results.capped}
    if results.runs and results.runs.has_begun:
        numbers["sent"] = results.runs.sent
        if isinstance(results.runs.opened, int):
            numbers["clicks"] = results.runs.opened
        if isinstance(results.runs.uplift, Uplift):
            cells["uplift"] = write_uplift(results.runs.uplift).text(language)
    cells.update({key: number for key, number in numbers.items() if number is not None})
    return cells


def write_uplift(uplift: Uplift) -> Sentence:
    """Return how much more B was opened than A, in percentage points; or that it may be chance."""
    if not uplift.is_clear:
        return Sentence.say(UPLIFTS, "unclear")
    points = f"{100 * uplift.difference:+.1f}".replace("-", "−")
    decimal = points.replace(".", ",")
    return Sentence.say(UPLIFTS, "clear", points=Sentence(points, decimal, decimal))


def write_problems(
    problems: Sequence[Mapping[str, Any]], own: Iterable[Sentence], language: str
) -> str:
    """Return all sentences, a line each: the sync's, then errors, then warnings."""
    lines = [sentence.text(language) for sentence in own]
    for severity, sign in (("error", ""), ("warning", WARNING)):
        lines += [
            f"{sign}{name_column(problem['column'], language)}{pick_wording(problem, language)}"
            for problem in problems
            if problem["severity"] == severity
        ]
    text = "\n".join(dict.fromkeys(lines)) or GOOD
    return text if len(text) <= LONGEST_PROBLEMS else text[: LONGEST_PROBLEMS - 1] + "…"


def name_column(key: str, language: str) -> str:
    """Return the header of a column and a colon; nothing for a problem of the whole row."""
    if key not in ALL_COLUMNS:
        return ""
    return f"{header_of(key, language)}: "


def header_of(key: str, language: str) -> str:
    """Return the header of a column in a language of the sheet."""
    return ALL_COLUMNS[key].header.text(language)
