"""Dates that nobody means: told at their cell, and harmless where they are stored already."""

import datetime as dt
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from pushline.brief.notes import Rules
from pushline.brief.occasions import (
    BadRepeat,
    list_occasions,
    next_occasion,
    parse_repeat,
    start_of_day_after,
)
from pushline.brief.sheet_rows import CellChange, create_rows, read_sheet_rows, save_cells
from pushline.brief.sheet_store import SheetRules
from pushline.brief.slots import PlannedRow, make_calendar
from pushline.message.checks import MessageChecks

from .conftest import ALMATY, AUDIENCES, GOOD, NOW, Check

PARTS = SheetRules(Rules(zone=ALMATY), AUDIENCES, MessageChecks(), "as today")
ZONES = (ALMATY, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Etc/GMT+12"))
FAR = ("0001-01-01", "1999-12-31", "2036-11-22", "9999-12-31")
REPEATS = (None, "daily", "FREQ=YEARLY;INTERVAL=366", "FREQ=YEARLY;COUNT=1000;INTERVAL=366")


@pytest.mark.parametrize(("day", "repeat"), list(product(FAR, (None, REPEATS[-1]))))
@pytest.mark.parametrize("column", ["promo_start", "promo_end", "send_at"])
def test_a_date_out_of_bounds_is_told_at_its_cell(
    check: Check, column: str, day: str, repeat: str | None
):
    value = f"{day} 23:59" if column == "send_at" else day
    errors = [
        it for it in check(repeat=repeat, **{column: value}).problems if it.severity == "error"
    ]
    assert [(it.column, it.code) for it in errors] == [(column, "date_out_of_bounds")]
    assert "2000-01-01" in errors[0].sentence.ru
    assert "2036-11-21" in errors[0].sentence.en


@pytest.mark.parametrize("day", ["2000-01-01", "2036-11-21"])
def test_the_bounds_themselves_are_dates(check: Check, day: str):
    codes = {it.code for it in check(promo_start=day, promo_end=day).problems}
    assert "date_out_of_bounds" not in codes


def test_one_such_row_keeps_no_other_from_being_saved_or_read(db: Connection):
    made = create_rows(db, PARTS, [GOOD, {**GOOD, "idea": "other"}], by="mia", now=NOW).rows
    changes = [
        CellChange(made[0].code, "promo_end", "31.12.9999"),
        CellChange(made[1].code, "owner", "mia"),
    ]
    groups = ("business", "marketing")
    saved = save_cells(db, PARTS, changes, by="mia", groups=groups, now=NOW)
    assert [row.cells.get("owner") for row in saved.rows] == [None, "mia"]
    assert [it["column"] for it in saved.rows[0].problems] == ["promo_end"]
    again = SheetRules(PARTS.rules, AUDIENCES, PARTS.texts, "other rules")
    assert len(read_sheet_rows(db, again, now=NOW)[1]) == 2


@pytest.mark.parametrize(
    ("day", "repeat", "zone"), list(product((*FAR, "9999-01-01"), REPEATS, ZONES))
)
def test_what_is_stored_already_stops_nobody(day: str, repeat: str | None, zone: ZoneInfo):
    date = dt.date.fromisoformat(day)
    for clock in (dt.time(), dt.time(23, 59)):
        at = dt.datetime.combine(date, clock)
        for is_local in (True, False):
            span = {"after": NOW - dt.timedelta(days=28), "until": NOW}
            found = list_occasions(at, repeat, zone, last_day=date, local_time=is_local, **span)
            assert found == []
            next_occasion(at, repeat, zone, NOW, last_day=date, local_time=is_local)
        row = PlannedRow("C-2026-001", "idea", {"send_at": f"{at}"[:16], "repeat": repeat or ""})
        make_calendar(
            [row],
            Rules(zone=zone),
            first=dt.date(2026, 11, 1),
            after=dt.date(2026, 12, 1),
            minimum_gap=None,
        )
    assert start_of_day_after(date, zone).tzinfo is dt.UTC


@pytest.mark.parametrize("until", ["00010101", "99991231T235959Z", "00010101T000000Z"])
def test_a_repeat_ends_in_a_year_that_can_be_meant(until: str):
    for zone in ZONES:
        with pytest.raises(BadRepeat):
            parse_repeat(f"FREQ=DAILY;UNTIL={until}", zone)
