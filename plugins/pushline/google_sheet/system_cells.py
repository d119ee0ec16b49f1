"""What Pushline says of a campaign in the tab: status, problems, reach and results."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from pushline.brief.sheet_store import SheetRecord
from pushline.brief.status import LABELS
from pushline.database.sql import Query
from pushline.google_sheet.table import ALL_COLUMNS, ID
from pushline.sentence import Sentence, pick_wording

LIST_RESULTS = Query("google_sheet/list_results")

GOOD = "✔"
WARNING = "⚠ "
# Older runs are told from their kept totals.
RECENT = dt.timedelta(days=14)
LONGEST_PROBLEMS = 2_000
SYSTEM = (ID, "status", "problems", "reach", "capped", "sent")


@dataclass(frozen=True, slots=True)
class Results:
    """Numbers of one campaign; None for what is not known."""

    reach: int | None = None
    sent: int | None = None
    capped: int | None = None


def read_results(conn: Connection, codes: Sequence[str], now: dt.datetime) -> Mapping[str, Results]:
    """Return the numbers of campaigns that have any."""
    rows = LIST_RESULTS.all(conn, codes=list(codes), from_day=(now - RECENT).date())
    return {row.campaign_code: Results(row.reach, row.sent, row.capped) for row in rows}


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
    numbers = {"reach": reach, "sent": results.sent, "capped": results.capped}
    cells.update({key: number for key, number in numbers.items() if number is not None})
    return cells


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
