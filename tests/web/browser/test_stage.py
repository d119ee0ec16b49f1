"""Where a campaign is now: its run tells it before the planner moves the brief, here and there."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from pushline.brief.sheet_store import SheetRecord
from pushline.report.brief_results import BriefResult
from pushline.web.live import Numbers
from pushline.web.sheet_view import find_stage
from tests.web.browser.pages import Pages

ROW = SheetRecord(
    code="C-2026-001",
    cells={},
    revisions={},
    revision=1,
    brief_version=None,
    brief_cells={},
    brief_mark=None,
    writers=(),
    problems=(),
    changed_by="mia",
    changed_at=datetime(2026, 11, 21, tzinfo=UTC),
)
# status, stage of the last run, how many were sent, repeat -> what is shown
CASES: list[tuple[str, str | None, int, str, str]] = [
    ("idea", None, 0, "", "idea"),
    ("approved", None, 0, "", "approved"),
    ("scheduled", "waiting", 0, "", "scheduled"),
    ("scheduled", "held", 0, "", "held"),
    ("scheduled", "planning", 0, "", "sending"),
    ("scheduled", "sending", 40, "", "sending"),
    ("approved", "sending", 40, "weekly", "sending"),
    ("scheduled", "sent", 40, "", "sent"),
    ("sending", "sent", 40, "", "sent"),
    ("sending", "sent", 0, "", "sent"),
    ("scheduled", "cancelled", 40, "", "stopped"),
    ("sending", "cancelled", 40, "", "stopped"),
    ("sent", "cancelled", 0, "", "stopped"),
    ("sent", "expired", 0, "", "expired"),
    # Between two occasions: what the last one came to says nothing of the next.
    ("scheduled", "sent", 40, "weekly", "scheduled"),
    ("scheduled", "cancelled", 40, "weekly", "scheduled"),
    ("sending", "sent", 40, "weekly", "sending"),
    # Nothing had left, and it was approved anew: a run of before says nothing.
    ("scheduled", "cancelled", 0, "", "scheduled"),
    # Taken back, edited, given up: the brief tells.
    ("audience_ready", "sending", 40, "", "audience_ready"),
    ("cancelled", "sent", 40, "", "cancelled"),
]


def show_in_grid(case: tuple[str, str | None, int, str, str]) -> dict[str, Any]:
    status, stage, sent, repeat, _ = case
    run = {"run_id": 1, "status": stage} if stage else None
    return {"status": status, "run": run, "sent": sent, "cells": {"repeat": repeat}}


@pytest.mark.parametrize("case", CASES)
def test_the_server_names_where_a_campaign_is(case: tuple[str, str | None, int, str, str]):
    status, stage, sent, repeat, shown = case
    record = replace(ROW, status=status, cells={"repeat": repeat})
    result = None
    if stage:
        result = BriefResult(
            code=record.code,
            sent=sent,
            opened="nothing_back",
            uplift="one_variant",
            compared_at=None,
            run_id=1,
            stage=stage,
            is_final=False,
        )
    assert find_stage(record, Numbers(result=result)) == shown


def test_the_grid_names_it_alike(page_of: Pages, configured_db: Engine):
    page = page_of("viewer")
    page.wait_for_selector("body[data-ready]")
    ask = """async (script, rows) => {
      const { stageOf } = await import(script.src.replace("main.js", "results.js"));
      return rows.map((row) => stageOf(row));
    }"""
    script = page.locator("script[src$='grid/main.js']")
    stages = script.evaluate(ask, [show_in_grid(case) for case in CASES])
    assert stages == [case[-1] for case in CASES]
