"""What waits for an approval, and until when."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pushline.brief.sheet_store import SheetRecord
from pushline.brief.waiting import NEVER, waits_until

ALMATY = ZoneInfo("Asia/Almaty")
NOW = dt.datetime(2026, 8, 10, 12, tzinfo=ALMATY)
PROBLEM = {"column": "title_ru", "severity": "error"}


def make_record(**over: Any) -> SheetRecord:
    content = {"send_at": "2026-08-10T12:01", "repeat": None, "promo_end": None}
    fields: dict[str, Any] = {
        "code": "C-2026-001",
        "cells": {},
        "revisions": {},
        "revision": 1,
        "brief_version": 2,
        "version": 2,
        "brief_cells": {},
        "brief_mark": None,
        "writers": (),
        "problems": [],
        "changed_by": "mia",
        "changed_at": NOW,
        "status": "audience_ready",
        "edited_by": ("Mia ", "dana"),
    }
    content |= {key: over.pop(key) for key in tuple(content) if key in over}
    return SheetRecord(**fields | {"content": content} | over)


@pytest.mark.parametrize(
    ("over", "until"),
    [
        ({}, dt.datetime(2026, 8, 10, 12, 1, tzinfo=ALMATY)),
        ({"send_at": "2026-08-10T12:00"}, None),
        ({"send_at": "2026-08-01T12:00", "repeat": "FREQ=DAILY"}, NEVER),
        (
            {"send_at": "2026-08-01T12:00", "repeat": "FREQ=DAILY", "promo_end": "2026-08-10"},
            dt.datetime(2026, 8, 11, tzinfo=ALMATY),
        ),
        ({"repeat": "FREQ=DAILY", "promo_end": "2026-08-09"}, None),
        ({"status": "texts_ready"}, None),
        ({"status": "approved"}, None),
        ({"brief_version": 1}, None),
        ({"problems": [PROBLEM]}, None),
        ({"edited_by": ("ADAM ",)}, None),
    ],
)
def test_a_row_waits_until_its_time(over: dict[str, Any], until: dt.datetime | None):
    assert waits_until(make_record(**over), " Adam", ALMATY, NOW) == until
