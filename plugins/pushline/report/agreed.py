"""What was agreed to for a run: the number that its approver saw."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from pushline.database.sql import Query

LIST_AGREED_REACHES = Query("report/list_agreed_reaches")


@dataclass(frozen=True, slots=True)
class AgreedReach:
    """A reach in users, the band in which its run leaves by itself, and who agreed to it."""

    expected: int
    low: int
    high: int
    approved_by: str


def list_agreed_reaches(conn: Connection, run_ids: Sequence[int]) -> dict[int, AgreedReach]:
    """Return run_id -> what was agreed to; runs that needed no approval are missing."""
    rows = LIST_AGREED_REACHES.all(conn, run_ids=list(run_ids))
    return {
        row.run_id: AgreedReach(row.expected, row.low, row.high, row.approved_by) for row in rows
    }
