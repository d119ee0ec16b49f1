"""How many statements a page costs does not depend on how many campaigns there are."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import Engine, event, text

from pushline.plan.one_question import QUESTIONS
from pushline.plan.reach_worker import WORKER
from pushline.web import live
from pushline.web.app import app
from tests.factories import create_batch, create_run, users_of_bucket
from tests.report.factories import enqueue, leave_out

from .conftest import SignIn
from .test_sheet_api import CELLS, Desk

FEW, MANY = 3, 30
# A path that may ask more for more rows, and why. None does.
EXCEPTIONS: dict[str, str] = {}
# Files of ours: no database behind them.
FILES = ("/static/", "/fonts/")
TODAY = datetime.now(UTC)
WORDS = {
    "kind": "csv",
    "lane": "marketing",
    "since": "0",
    "week": f"{TODAY:%Y-%m-%d}",
    "from": f"{TODAY - timedelta(days=20):%Y-%m-%d}",
    "to": f"{TODAY + timedelta(days=40):%Y-%m-%d}",
    "send_at": f"{TODAY + timedelta(days=9):%Y-%m-%d} 12:00",
    "dag_id": "plan_marketing_pushes",
}


class Installation:
    """Campaigns with all that belongs to them, as many as wanted."""

    def __init__(self, desk: Desk, engine: Engine) -> None:
        self.desk, self.engine = desk, engine
        self.codes: list[str] = []
        self.runs: list[int] = []
        with engine.begin() as conn:
            statement = text(
                "INSERT INTO push.wave (lane, planned_at, dag_id, dag_run_id)"
                " VALUES ('marketing', now(), 'plan_marketing_pushes', 'tick') RETURNING wave_id"
            )
            self.wave_id = conn.execute(statement).scalar_one()

    def grow(self, count: int) -> None:
        """Campaigns with a run each, in one wave; the first one has a run more for each of them."""
        cells = [
            CELLS | {"utm_campaign": f"sale_{number}"} for number in range(len(self.codes), count)
        ]
        rows = self.desk.post("marketer", "rows", {"cells": cells})["rows"]
        self.codes += [row["code"] for row in rows]
        changes = [
            {"code": row["code"], "column": "idea", "value": "Иначе"}
            | {"base": row["revisions"]["idea"]}
            for row in rows
        ]
        self.desk.post("marketer", "cells", {"changes": changes})
        with self.engine.begin() as conn:
            for code in self.codes[len(self.runs) // 2 :]:
                self._run(conn, code)
                self._run(conn, self.codes[0])
            conn.execute(text("UPDATE push.run SET wave_id = :wave"), {"wave": self.wave_id})
            conn.execute(text(_ESTIMATES))

    def _run(self, conn: Any, code: str) -> None:
        brief_id = conn.execute(
            text("SELECT brief_id FROM push.brief WHERE campaign_code = :code"), {"code": code}
        ).scalar_one()
        users = users_of_bucket(conn, 0, 9)
        at = TODAY - timedelta(minutes=len(self.runs))
        run_id = create_run(
            conn, source_id=brief_id, audience=users, occasion=at, variant_shares=[5000, 10000]
        )
        leave_out(conn, run_id, users[:3], "no_consent")
        enqueue(conn, run_id, users[3:9], states=[2, 2, 3, 5, 5, 2])
        create_batch(conn, run_id, bucket=1, variant=1)
        conn.execute(
            text("UPDATE push.run SET status = 'planned' WHERE run_id = :r"), {"r": run_id}
        )
        self.runs.append(run_id)

    def address(self, route: APIRoute) -> str:
        """A route's address about the first campaign and its first run."""
        words = WORDS | {"code": self.codes[0], "a": self.codes[0], "b": self.codes[1]}
        words |= {"run_id": str(self.runs[0])}
        path = re.sub(r"\{(\w+)[^}]*\}", lambda found: words[found[1]], route.path)
        if route.path == "/dag-runs":
            words["run_id"] = "tick"
        asked = [it for it in route.dependant.query_params if it.field_info.is_required()]
        if route.path.startswith("/api/results"):
            asked = []
        return path + "?" + "&".join(f"{it.alias}={words[it.alias]}" for it in asked)


_PLANNED = "UPDATE push.run SET status = 'planned' WHERE run_id = :r"
_ESTIMATES = """
    INSERT INTO push.reach_estimate (campaign_code, request_no, requested_by, requested_at, state)
    SELECT campaign_code, 1, 'ana', now(), 'cancelled' FROM push.brief
    ON CONFLICT (campaign_code) DO NOTHING
"""


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that any engine runs."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def count_all(
    installation: Installation, sign_in: SignIn, statements: list[str]
) -> dict[str, list[str]]:
    """What each route that only shows something runs, once it knows every campaign."""
    client = sign_in("admin")
    client.get("/api/sheet")
    found: dict[str, list[str]] = {}
    for route in app.routes:
        assert isinstance(route, APIRoute)
        if "GET" not in route.methods or route.path.startswith(FILES):
            continue
        live.live_numbers().forget()
        QUESTIONS.forget()
        statements.clear()
        answer = client.get(installation.address(route))
        assert WORKER.wait(60)
        assert QUESTIONS.wait(60)
        assert answer.status_code in {200, 409}, (route.path, answer.text)
        found[route.path] = list(statements)
    return found


def test_no_page_costs_more_statements_for_more_campaigns(
    sign_in: SignIn, configured_db: Engine, statements: list[str]
):
    installation = Installation(Desk(sign_in), configured_db)
    installation.grow(FEW)
    few = count_all(installation, sign_in, statements)
    installation.grow(MANY)
    many = count_all(installation, sign_in, statements)
    assert {"/api/sheet", "/dag-runs", "/briefs", "/api/results"} <= few.keys()
    grown = {
        path: [len(few[path]), len(many[path])]
        for path in few
        if len(many[path]) > len(few[path]) and path not in EXCEPTIONS
    }
    assert grown == {}
