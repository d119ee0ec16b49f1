import json
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from pushline.database.engine import make_engine
from pushline.database.roles import owner_url, set_passwords, url_for
from pushline.settings import ROLES, get_settings, parse_url


@pytest.fixture
def environment(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PUSHLINE_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("PUSHLINE_DATABASE_URL", engine.url.render_as_string())
    get_settings.cache_clear()
    yield monkeypatch
    get_settings.cache_clear()


def test_passwords_are_made_once_and_closed_to_others(environment, engine: Engine, tmp_path: Path):
    for _ in range(2):
        with engine.begin() as conn:
            assert set_passwords(conn)
        file = tmp_path / "credentials.json"
        stored = json.loads(file.read_text())
        assert url_for("sender").password == stored["sender"]
    assert set(stored) == set(ROLES)
    assert len(set(stored.values())) == len(ROLES)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_password_from_the_environment_wins_and_is_not_written_down(
    environment, engine: Engine, tmp_path: Path
):
    environment.setenv("PUSHLINE_BI_PASSWORD", "from outside")
    get_settings.cache_clear()
    with engine.begin() as conn:
        set_passwords(conn)
    assert url_for("bi").password == "from outside"
    assert "bi" not in json.loads((tmp_path / "credentials.json").read_text())


def test_the_server_knows_the_password(environment, engine: Engine, databases):
    environment.setenv("PUSHLINE_BI_PASSWORD", "secret")
    get_settings.cache_clear()
    with databases.connect() as conn:
        before = conn.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname = 'pushline_bi'"
        ).fetchone()[0]
    with engine.begin() as conn:
        set_passwords(conn)
    with databases.connect() as conn:
        after = conn.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname = 'pushline_bi'"
        ).fetchone()[0]
    assert after.startswith("SCRAM-SHA-256$")
    assert after != before


def test_a_role_s_own_address_wins(environment):
    environment.setenv("PUSHLINE_AUDIENCE_URL", "postgres://reader:x@replica:5433/copy")
    get_settings.cache_clear()
    url = url_for("audience")
    assert (url.username, url.host, url.port, url.database) == ("reader", "replica", 5433, "copy")
    assert url_for("owner") == owner_url()


def test_an_installation_without_a_login_of_the_page_goes_on(environment):
    """It was set up before the page had a role: only the owner's password is known."""
    environment.setenv("PUSHLINE_DATABASE_URL", "postgres://owner:secret@db/pushline")
    get_settings.cache_clear()
    url = url_for("page")
    assert (url.username, url.password) == ("owner", "secret")
    assert "-c role=pushline_page" in url.query["options"]
    assert make_engine(url, "page").url == url
    assert (url_for("planner").username, url_for("planner").password) == ("pushline_planner", None)
    environment.setenv("PUSHLINE_PAGE_PASSWORD", "its own")
    get_settings.cache_clear()
    url = url_for("page")
    assert (url.username, url.password, url.query) == ("pushline_page", "its own", {})


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_spelling_of_an_address_uses_one_driver(scheme: str):
    assert parse_url(f"{scheme}://a:b@c/d").drivername == "postgresql+psycopg"


def test_an_unknown_time_zone_is_refused(environment):
    environment.setenv("PUSHLINE_TIME_ZONE", "Asia/Alma-Ata-2")
    with pytest.raises(ValueError, match="use a name like Asia/Almaty"):
        get_settings()


# The audience reader is read-only before it is unprivileged.
REFUSED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)


def test_roles_cannot_make_or_drop_anything(engine: Engine):
    for role in ROLES:
        url = engine.url.set(drivername="postgresql", username=f"pushline_{role}")
        with psycopg.connect(url.render_as_string()) as conn:
            with pytest.raises(REFUSED):
                conn.execute("CREATE TABLE push.mine (a int)")
            conn.rollback()
            with pytest.raises(REFUSED):
                conn.execute("CREATE TABLE public.mine (a int)")
