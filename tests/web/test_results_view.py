"""Results tell of A and B what the sheet tells, and what was agreed to beside what was planned."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, text

from pushline.report.brief_results import list_brief_results
from pushline.report.uplift import Uplift
from tests.factories import NOON, create_batch
from tests.report.test_brief_results import add_brief, add_pair, end, receive
from tests.web.conftest import SignIn

_ADD_APPROVAL = """
    INSERT INTO push.approval (source_kind, source_id, version, content_hash, approved_by,
        approved_at, reach_expected, reach_low, reach_high)
    SELECT r.source_kind, r.source_id, r.version, r.content_hash, 'adam', :at, 750, 600, 900
    FROM push.run AS r WHERE r.run_id = :run_id
"""


def send_pair(conn: Connection) -> int:
    """A run of 600 of which 400 were accepted; 12 of A's 300 and 20 of B's 100 were opened."""
    run_id, one, other = add_pair(conn, add_brief(conn, 71))
    end(conn, one)
    states = [2] * 100 + [3] * 200
    conn.execute(
        text("UPDATE push.send_batch SET status = 'done', states = :it WHERE batch_id = :batch"),
        {"it": states, "batch": other},
    )
    receive(conn, one, "opened", 12)
    receive(conn, other, "opened", 20)
    return run_id


def cells_of(row: dict[str, Any]) -> list[tuple[int | None, str]]:
    return [(cell["users"], cell["share"]) for cell in row["cells"]]


def test_shares_are_those_of_the_sheet(configured_db: Engine, sign_in: SignIn):
    with configured_db.begin() as conn:
        run_id = send_pair(conn)
        [result] = list_brief_results(conn).values()
    assert isinstance(result.uplift, Uplift)
    assert (result.uplift.base_share, result.uplift.share) == (0.04, 0.2)
    client = sign_in("viewer")
    table = client.get(f"/api/results/{run_id}").json()["variants"]
    assert cells_of(table["rows"][0]) == [
        (300, ""), (300, "100%"), (None, ""), (12, "4%"), (None, ""), (None, ""),
    ]  # fmt: skip
    assert cells_of(table["rows"][1]) == [
        (300, ""), (100, "33.3%"), (None, ""), (20, "20%"), (None, ""), (None, ""),
    ]  # fmt: skip
    *_, silent, uplift = table["notes"]
    assert silent.endswith("Delivered, Reached the goal, Unsubscribed.")
    assert "B was opened by 20%, A by 4%" in uplift
    page = client.get(f"/runs/{run_id}").text
    for words in ("20%", "4%", "33.3%", uplift, silent, "—"):
        assert words in page, words


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_numbers_are_written_as_the_language_does(
    configured_db: Engine, sign_in: SignIn, language: str
):
    with configured_db.begin() as conn:
        run_id = send_pair(conn)
    headers = {"accept-language": language}
    table = sign_in("viewer").get(f"/api/results/{run_id}", headers=headers).json()["variants"]
    assert cells_of(table["rows"][1])[1] == (100, "33,3\u00a0%")
    assert re.search(r"\+\d+,\d", table["notes"][-1])


def test_what_was_agreed_to_stands_beside_what_was_planned(configured_db: Engine, sign_in: SignIn):
    with configured_db.begin() as conn:
        run_id = send_pair(conn)
    client: TestClient = sign_in("viewer")
    assert client.get(f"/api/results/{run_id}").json()["agreed"] == ""
    with configured_db.begin() as conn:
        conn.execute(text(_ADD_APPROVAL), {"run_id": run_id, "at": NOON})
    said = "Approved for 750 (600 to 900) by adam; 600 were enqueued."
    assert client.get(f"/api/results/{run_id}").json()["agreed"] == said
    assert said in client.get(f"/runs/{run_id}").text


def test_variants_are_not_compared_while_one_is_still_leaving(
    configured_db: Engine, sign_in: SignIn
):
    with configured_db.begin() as conn:
        run_id = send_pair(conn)
        create_batch(conn, run_id, users=[1_000_001])
    table = sign_in("viewer").get(f"/api/results/{run_id}").json()["variants"]
    assert table["notes"][-1] == "A and B are compared when everything has left."
