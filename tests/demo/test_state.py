import socket
from pathlib import Path

import pytest

from pushline.demo import preflight, state
from pushline.demo.steps import Steps
from pushline.errors import PushlineError
from pushline.settings import get_settings


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PUSHLINE_STATE_DIR", str(tmp_path / "state"))
    get_settings.cache_clear()
    yield tmp_path / "state"
    get_settings.cache_clear()


def test_a_port_is_remembered_until_somebody_else_has_it():
    port = state.remembered_port("airflow", in_use_by_us=False)
    assert state.remembered_port("airflow", in_use_by_us=False) == port
    with socket.create_server(("127.0.0.1", port)):
        assert state.remembered_port("airflow", in_use_by_us=True) == port
        assert state.remembered_port("airflow", in_use_by_us=False) != port


def test_secrets_are_made_once_and_closed_to_others(own_state: Path):
    first = state.demo_secrets()
    assert state.demo_secrets() == first
    assert len(first["jwt"]) >= 64
    assert (own_state / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_state_folder_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PUSHLINE_STATE_DIR", str(tmp_path / "file" / "state"))
    get_settings.cache_clear()
    with pytest.raises(PushlineError, match="PUSHLINE_STATE_DIR=/some/folder"):
        state.state_dir()


def test_preflight_says_everything_that_is_missing_at_once(monkeypatch):
    monkeypatch.setattr(preflight, "DISK_GB", 1e9)
    monkeypatch.setattr(preflight, "MEMORY_GB", 1e9)
    with pytest.raises(PushlineError) as caught:
        preflight.check()
    assert "make room" in str(caught.value)
    assert "close something" in str(caught.value)


def test_this_machine_is_enough():
    assert preflight.faults() == []


def test_steps_are_numbered_and_say_what_came_out(capsys):
    steps = Steps(2)
    with steps.step("Postgres") as said:
        said.append("Postgres answers")
    with steps.step("Airflow"):
        pass
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("[1/2] Postgres answers")
    assert second.startswith("[2/2] Airflow")
    assert first.endswith(" s")
