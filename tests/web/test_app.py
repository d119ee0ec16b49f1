"""The pages: guarded, escaped, and alive without the database."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from pushline.plan.dry_runs import keep_dry_run
from pushline.plan.tick import StartedBy
from pushline.sentence import NARROW_SPACE
from pushline.web.context import reading
from tests.factories import NOON, create_batch, create_run


def test_a_viewer_sees_the_funnel_and_no_markup_of_others(sign_in: Any, configured_db: Engine):
    with configured_db.begin() as conn:
        run_id = create_run(conn, title="<script>alert(1)</script>")
        create_batch(conn, run_id)
    answer = sign_in("viewer").get(f"/runs/{run_id}")
    assert answer.status_code == 200
    assert "&lt;script&gt;" in answer.text
    assert "<script>" not in answer.text
    assert "enqueued" in answer.text
    russian = sign_in("viewer").get(f"/runs/{run_id}", headers={"accept-language": "ru-RU"})
    assert "поставлено в очередь" in russian.text


def test_an_airflow_run_leads_to_its_runs(sign_in: Any, configured_db: Engine):
    with configured_db.begin() as conn:
        wave_id = conn.execute(
            text(
                "INSERT INTO push.wave (lane, planned_at, dag_id, dag_run_id)"
                " VALUES ('marketing', now(), 'plan', 'manual+1') RETURNING wave_id"
            )
        ).scalar_one()
        run_id = create_run(conn, wave_id=wave_id, title="Winter sale")
    viewer = sign_in("viewer")
    found = viewer.get("/dag-runs", params={"dag_id": "plan", "run_id": "manual+1"})
    assert "Winter sale" in found.text
    held = viewer.get("/dag-runs", params={"dag_id": "ask", "run_id": f"held-run-{run_id}"})
    assert "Winter sale" in held.text
    nothing = viewer.get("/dag-runs", params={"dag_id": "plan", "run_id": "other"})
    assert (nothing.status_code, "planned nothing" in nothing.text) == (200, True)


def test_the_tab_of_a_dry_run_says_what_it_counted(sign_in: Any, configured_db: Engine):
    reason = {"code": "no_consent", "rule_title": "", "users": 1234}
    counted = {
        "title": "C-2026-007 <Vinyl>",
        "campaign_code": "C-2026-007",
        "audience": 5234,
        "would_reach": 4000,
        "left_out": [reason],
        "fault": "",
    }
    empty = {"title": "Trigger", "campaign_code": "", "audience": 0, "would_reach": 0}
    faulty = empty | {"left_out": [], "fault": "Its people are looked for when it is planned."}
    by = StartedBy("plan_marketing_pushes", "manual+2")
    keep_dry_run(configured_db, by, [counted, faulty], NOON)
    keep_dry_run(configured_db, StartedBy(by.dag_id, "manual+3"), [], NOON)
    viewer = sign_in("viewer")
    asked = {"dag_id": by.dag_id, "run_id": by.dag_run_id}
    page = viewer.get("/dag-runs", params=asked).text
    assert "nothing was planned" in page
    assert "<p>This Airflow run planned nothing" not in page
    assert "C-2026-007 &lt;Vinyl&gt;" in page
    assert f"4{NARROW_SPACE}000" in page
    assert f"−1{NARROW_SPACE}234" in page
    assert faulty["fault"] in page
    russian = viewer.get("/dag-runs", params=asked, headers={"accept-language": "ru-RU"}).text
    assert "Пробный запуск" in russian
    assert "получили бы" in russian
    nothing = viewer.get("/dag-runs", params=asked | {"run_id": "manual+3"}).text
    assert "Nothing is due now" in nothing


def test_an_unknown_run_is_not_found(sign_in: Any, configured_db: Engine):
    assert sign_in("viewer").get("/runs/404404").status_code == 404


@pytest.mark.parametrize(
    ("role", "path", "code", "sentence"),
    [
        ("viewer", "/runs/404404", 404, "404404"),
        ("viewer", "/briefs/C-2026-404", 404, "C-2026-404"),
        ("viewer", "/dag-runs", 422, "query.dag_id"),
        ("viewer", "/nowhere", 404, "There is no such page"),
        ("nobody", "/calendar", 403, "Your role may not open campaigns"),
    ],
)
def test_who_opens_an_address_gets_a_page(
    sign_in: Any, configured_db: Engine, role: str, path: str, code: int, sentence: str
):
    opened = sign_in(role).get(path, headers={"accept": "text/html,*/*"})
    assert opened.status_code == code
    assert opened.headers["content-type"].startswith("text/html")
    assert sentence in opened.text
    assert "<h1>" in opened.text
    asked = sign_in(role).get(path, headers={"accept": "application/json"})
    assert (asked.status_code, sentence in asked.json()["detail"]) == (code, True)


def test_without_a_session_a_page_says_so_without_files_of_ours():
    from pushline.web.app import app

    opened = TestClient(app).get(
        "/calendar", headers={"accept": "text/html", "accept-language": "ru-RU"}
    )
    assert opened.status_code == 401
    assert "войдите в Airflow" in opened.text
    assert "static" not in opened.text


def test_a_reader_sees_one_moment(configured_db: Engine):
    count = text("SELECT count(*) FROM push.run")
    with reading() as conn:
        before = conn.execute(count).scalar_one()
        with configured_db.begin() as other:
            create_run(other)
        assert conn.execute(count).scalar_one() == before


def test_without_the_database_the_page_says_so(
    sign_in: Any, configured_db: Engine, monkeypatch: pytest.MonkeyPatch
):
    from pushline.database.engine import get_engine
    from pushline.settings import get_settings

    nowhere = configured_db.url.set(port=1).render_as_string()
    monkeypatch.setenv("PUSHLINE_PAGE_URL", nowhere)
    get_settings.cache_clear()
    get_engine.cache_clear()
    answer = sign_in("viewer").get("/runs/1")
    assert answer.status_code == 503
    # Where the database is, and how to start it, stands in the log.
    assert answer.json()["detail"].startswith("The database is busy or away.")
