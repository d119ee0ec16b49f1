"""The DAG that keeps the campaign sheet in step with Google, against the stub."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from tests.dags.conftest import RunDag, returned, task_states
from tests.google.stub import SPREADSHEET, Stub, serving


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    """A tab that is set up, with one new row."""
    with serving(Stub()) as stub:
        stub.tab.put([["ID", "Message idea"], ["", "From Google"]])
        extra = {"spreadsheet": SPREADSHEET, "worksheet": "Plan", "endpoint": stub.url}
        connection = json.dumps({"conn_type": "generic", "extra": extra})
        monkeypatch.setenv("AIRFLOW_CONN_PUSHLINE_GOOGLE", connection)
        yield stub


def test_without_a_connection_there_is_nothing_to_sync(run_dag: RunDag):
    run = run_dag("sync_campaign_sheet")
    assert run.state == "success"
    assert task_states(run) == {"sync": "skipped"}


def test_tab_and_page_come_in_step(run_dag: RunDag, google: Stub, configured_db: Engine):
    looked = returned(run_dag("sync_campaign_sheet", dry_run=True), "sync")
    assert (looked["read"], looked["dry_run"], google.writes) == (1, True, 0)
    run = run_dag("sync_campaign_sheet")
    assert run.state == "success"
    counts = returned(run, "sync")
    assert (counts["created"], counts["dry_run"]) == (1, False)
    assert google.tab.text(1, 0).startswith("C-")
    assert google.violations == []
    with configured_db.connect() as conn:
        ideas = conn.execute(text("SELECT cells ->> 'idea' FROM push.sheet_row")).scalars().all()
    assert ideas == ["From Google"]
    assert "From Google" not in json.dumps(counts)


def test_what_a_person_has_to_mend_fails_at_once(run_dag: RunDag, google: Stub):
    google.tab.title = "Renamed"
    run = run_dag("sync_campaign_sheet")
    assert task_states(run) == {"sync": "failed"}
    assert google.writes == 0
