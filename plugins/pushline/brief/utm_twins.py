"""Briefs of the sheet with one utm_campaign: reports cannot tell them apart.

The warning is worked out when a row is shown and is never kept with it: it is about another row,
and goes when that one is changed, cancelled or removed. It is the sentence that an import says of
two rows of a file.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from pushline.brief.check_row import make_problem
from pushline.brief.notes import warn
from pushline.brief.sheet_checks import keep_problem
from pushline.brief.sheet_store import SheetRecord
from pushline.brief.status import APPROVED, WRITABLE
from pushline.database.sql import Query

LIST_SAME_UTM = Query("brief/list_same_utm")
LIST_ROWS_OF_UTM = Query("brief/list_rows_of_utm")

COLUMN = "utm_campaign"
# What leaves or has left cannot be named anew.
_TOLD = (*WRITABLE, *APPROVED)


def twins_among(records: Iterable[SheetRecord]) -> dict[str, str]:
    """Return code -> another brief of the same name, where these are all rows of the sheet."""
    kept = [record for record in records if not record.is_removed]
    by_name: dict[str, list[str]] = {}
    for record in kept:
        if record.status != "cancelled":
            by_name.setdefault(_name(record.cells), []).append(record.code)
    by_name.pop("", None)
    found = {}
    for record in kept:
        others = [code for code in by_name.get(_name(record.cells), ()) if code != record.code]
        if others and record.status in _TOLD:
            found[record.code] = min(others)
    return found


def find_twins(conn: Connection, records: Sequence[SheetRecord]) -> dict[str, str]:
    """Return code -> another brief of the sheet with the same name, for a few rows."""
    told = [it for it in records if not it.is_removed and it.status in _TOLD and _name(it.cells)]
    if not told:
        return {}
    names = {record.code: _name(record.cells) for record in told}
    codes: dict[str, list[str]] = {}
    for row in LIST_SAME_UTM.all(conn, names=sorted(set(names.values()))):
        codes.setdefault(row.name, []).append(row.campaign_code)
    others = {
        code: [other for other in codes.get(name, ()) if other != code]
        for code, name in names.items()
    }
    return {code: min(found) for code, found in others.items() if found}


def find_twin(conn: Connection, cells: Mapping[str, object], code: str | None) -> str | None:
    """Return a brief of the sheet with the name that these cells have, other than `code`."""
    name = _name(cells)
    rows = LIST_SAME_UTM.all(conn, names=[name]) if name else ()
    return min((row.campaign_code for row in rows if row.campaign_code != code), default=None)


def list_touched(conn: Connection, records: Sequence[SheetRecord], since: int) -> list[str]:
    """Return codes of other rows whose warning may have come or gone by what changed since.

    records: the rows that changed since that revision, removed ones included.
    """
    if not records:
        return []
    changed = [record.code for record in records]
    names = {_name(record.cells) for record in records} - {""}
    rows = LIST_ROWS_OF_UTM.all(conn, names=sorted(names), codes=changed, since=since)
    return sorted({row.campaign_code for row in rows} - set(changed))


def tell_twin(other: str, cells: Mapping[str, object]) -> dict[str, Any]:
    """Return the warning as a row's problems are kept, and under `brief` whom it is about."""
    note = warn(COLUMN, "same_utm_twice", other=other)
    return {**keep_problem(make_problem(note, cells.get(COLUMN), None)), "brief": other}


def _name(cells: Mapping[str, object]) -> str:
    return str(cells.get(COLUMN) or "").strip(" ")
