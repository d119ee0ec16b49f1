"""Two briefs with one utm_campaign: both rows say so, while one types and while it is true."""

from typing import Any

import pytest
from sqlalchemy import Engine, text

from pushline.brief.sheet_store import list_records
from pushline.brief.utm_twins import find_twins, twins_among

from .conftest import SignIn
from .test_sheet_api import CELLS, Desk


@pytest.fixture
def desk(sign_in: SignIn, configured_db: Engine) -> Desk:
    assert configured_db
    return Desk(sign_in)


def twins(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Code -> the brief that its row's warning is about."""
    return {
        row["code"]: problem["brief"]
        for row in rows
        for problem in row["problems"]
        if problem["code"] == "same_utm_twice"
    }


def all_twins(desk: Desk) -> dict[str, str]:
    return twins(desk.get("viewer", "sheet")["rows"])


def test_the_warning_comes_and_goes_in_both_rows(desk: Desk, configured_db: Engine):
    one, other = desk.make(), desk.make(utm_campaign="other")
    a, b = one["code"], other["code"]
    assert all_twins(desk) == {}
    since = desk.get("viewer", "sheet")["revision"]

    saved = desk.save("marketer", other, utm_campaign="music_week ")
    assert twins(saved["rows"]) == {b: a}
    # The same for somebody who only asks what is new, in the row that nobody touched, too.
    news = desk.get("viewer", f"changes?since={since}")
    assert twins(news["rows"]) == all_twins(desk) == {a: b, b: a}
    (problem,) = (it for it in saved["rows"][0]["problems"] if it["code"] == "same_utm_twice")
    assert problem["severity"] == "warning"
    assert problem["sentence"].startswith(f"Row {a} has the same utm_campaign")
    _, russian = desk.ask("viewer", "GET", "sheet", language="ru")
    assert "тот же utm_campaign" in str(russian["rows"][1]["problems"])
    # It blocks nothing, and is not kept with the row.
    assert saved["rows"][0]["is_in_step"]
    with configured_db.connect() as conn:
        kept = conn.execute(text("SELECT problems::text FROM push.sheet_row")).scalars().all()
    assert not any("same_utm_twice" in problems for problems in kept)

    third = desk.make()["code"]
    assert all_twins(desk) == {a: b, b: a, third: a}
    since = news["revision"]
    desk.post("marketer", f"briefs/{third}/remove")
    assert twins(desk.get("viewer", f"changes?since={since}")["rows"]) == {a: b, b: a}
    assert all_twins(desk) == {a: b, b: a}
    since = desk.get("viewer", "sheet")["revision"]
    desk.post("marketer", f"briefs/{a}/move", {"to": "cancelled"})
    rows = desk.get("viewer", f"changes?since={since}")["rows"]
    assert (twins(rows), {row["code"] for row in rows}) == ({}, {a, b})


def test_a_row_is_told_when_the_other_takes_another_name(desk: Desk):
    one, other = desk.make(), desk.make()
    assert all_twins(desk) == {one["code"]: other["code"], other["code"]: one["code"]}
    since = desk.get("viewer", "sheet")["revision"]
    desk.save("marketer", one, utm_campaign="another")
    rows = desk.get("viewer", f"changes?since={since}")["rows"]
    assert {row["code"] for row in rows} == {one["code"], other["code"]}
    assert twins(rows) == {}


def test_it_is_said_while_one_types(desk: Desk):
    one = desk.make()["code"]
    mine = desk.make(utm_campaign="mine")["code"]

    def check(code: str | None, name: str) -> list[str]:
        body = {"code": code, "cells": {**CELLS, "utm_campaign": name}}
        problems = desk.post("marketer", "check", body)["problems"]
        return [it["brief"] for it in problems if it["code"] == "same_utm_twice"]

    assert check(mine, "music_week") == [one]
    assert check(None, " music_week") == [one]
    assert check(one, "music_week") == []
    assert check(mine, "music_wee") == []
    assert check(mine, "") == []


def test_few_rows_and_all_rows_find_the_same(desk: Desk, configured_db: Engine):
    names = ["week", "day", "week ", "year", "", "day", "week", "Week"]
    codes = [desk.make(utm_campaign=name)["code"] for name in names]
    desk.post("marketer", f"briefs/{codes[1]}/move", {"to": "cancelled"})
    with configured_db.connect() as conn:
        records = list_records(conn)
        found = twins_among(records)
        alone = [find_twins(conn, [record]) for record in records]
    assert found == {codes[0]: codes[2], codes[2]: codes[0], codes[6]: codes[0]}
    assert {code: twin for part in alone for code, twin in part.items()} == found
