"""The pages: guarded, escaped, and alive without the database."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from pushline.web.context import reading
from tests.factories import create_batch, create_run


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
