"""`pushline audience` as an analyst meets it."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from pushline.audience import grant_audience_reader
from pushline.commands.audience import app
from pushline.errors import BadQueryFile, GiveUpRow
from pushline.settings import get_settings
from tests.audience.conftest import COMPANY

FILE = """-- title: Lives in a city
-- owner: tests
-- param city text default 'Almaty': name of the city
-- column first_name text: name for the texts
SELECT user_id, first_name FROM company.person WHERE city = :city
"""


@pytest.fixture
def company(configured_db: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A company in the configured database; returns the folder sql/ of the settings."""
    folder = tmp_path / "sql"
    real = get_settings().sql_dir
    folder.mkdir()
    for path in real.iterdir():
        if path.name not in ("audiences", "triggers"):
            (folder / path.name).symlink_to(path)
    (folder / "audiences").mkdir()
    (folder / "audiences" / "city.sql").write_text(FILE)
    monkeypatch.setenv("PUSHLINE_SQL_DIR", str(folder))
    get_settings.cache_clear()
    with configured_db.begin() as conn:
        conn.exec_driver_sql(COMPANY)
        conn.execute(
            text(
                "INSERT INTO company.person VALUES (1, 'Ann', 'Almaty'), (2, NULL, 'Almaty'),"
                " (2, 'Bo', 'Almaty'), (3, 'Cy', 'Astana')"
            )
        )
        grant_audience_reader(conn, ["company"])
    return folder


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_list_shows_files_and_parameters(company: Path):
    listed = json.loads(run("list", "--json"))
    assert listed["broken"] == {}
    assert listed["audiences"][0]["name"] == "city"
    assert listed["audiences"][0]["parameters"] == {"city": "Almaty"}
    assert "Lives in a city" in run("list")


def test_list_names_what_is_broken(company: Path):
    (company / "audiences" / "bad.sql").write_text("SELECT 1")
    result = CliRunner().invoke(app, ["list"], catch_exceptions=False)
    assert result.exit_code == 1
    assert "sql/audiences/bad.sql" in result.stdout
    assert "city" in result.stdout


def test_check_counts_and_finds_what_to_mend(company: Path):
    report = json.loads(run("check", "city", "--json"))
    assert (report["rows"], report["users"]) == (3, 2)
    assert report["empty_values"] == {"first_name": 1}
    assert any("name a user again" in sentence for sentence in report["findings"])
    assert any("does not say nullable" in sentence for sentence in report["findings"])


def test_check_takes_parameters_and_exclusions(company: Path):
    (company / "audiences" / "ann.sql").write_text(
        "-- title: Ann\n-- owner: tests\nSELECT 1 AS user_id"
    )
    report = json.loads(run("check", "city", "--exclude", "ann", "--json"))
    assert report["overlaps"] == [{"name": "ann", "users": 1, "taken_away": 1}]
    assert report["users_left"] == 1
    assert json.loads(run("check", "city", "--param", "city=Astana", "--json"))["users"] == 1
    assert "without ann" in run("check", "city", "--exclude", "ann")


def test_preview_shows_rows(company: Path):
    assert json.loads(run("preview", "city", "--param", "city=Astana", "--json")) == [
        {"user_id": 3, "first_name": "Cy"}
    ]
    assert "first_name" in run("preview", "city")


def test_mistakes_are_sentences(company: Path):
    with pytest.raises(GiveUpRow, match=r"There is no sql/audiences/town\.sql"):
        run("check", "town")
    with pytest.raises(GiveUpRow, match="Write --param KEY=VALUE"):
        run("check", "city", "--param", "city")
    (company / "audiences" / "bad.sql").write_text("-- title: x\n-- owner: y\nDROP TABLE x")
    with pytest.raises(BadQueryFile, match="one SELECT"):
        run("preview", "bad")
