"""A file of an audience that cannot be used is told as what it is; no other one is offered."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from pushline.brief.notes import Rules
from pushline.desk import open_desk
from pushline.settings import CHECKOUT, get_settings
from tests.brief.conftest import ALMATY, Check

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
GOOD = """-- title: Lovers of music
-- owner: data-team
SELECT CAST(1 AS bigint) AS user_id
"""


@pytest.fixture
def audiences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of audiences of an installation that has none yet."""
    for room in (CHECKOUT / "sql").iterdir():
        if room.name != "audiences":
            (tmp_path / room.name).symlink_to(room)
    monkeypatch.setenv("PUSHLINE_SQL_DIR", str(tmp_path))
    get_settings.cache_clear()
    (tmp_path / "audiences").mkdir()
    yield tmp_path / "audiences"
    get_settings.cache_clear()


def test_a_broken_file_is_no_typing_mistake(check: Check):
    broken = {"buyers_vip": "sql/audiences/buyers_vip.sql must return a column user_id."}
    checked = check(rules=Rules(zone=ALMATY, broken_audiences=broken), audience="buyers_vip")
    [problem] = [problem for problem in checked.problems if problem.column == "audience"]
    assert (problem.code, problem.severity, problem.fix) == ("broken_audience", "error", None)
    for sentence in problem.sentence.as_dict().values():
        assert broken["buyers_vip"] in sentence
        assert "buyers_vip" in sentence


def test_the_desk_knows_why_until_the_file_is_mended(db: Connection, audiences: Path):
    (audiences / "lovers.sql").write_text(GOOD)
    other = audiences / "lovers_all.sql"
    other.write_text(GOOD.replace("SELECT CAST(1 AS bigint) AS user_id", "DELETE FROM push.brief"))
    desk = open_desk(db, NOW)
    assert set(desk.audiences) == {"lovers"}
    assert "this must be one SELECT" in desk.rules.broken_audiences["lovers_all"]
    other.write_text(GOOD)
    # A file system may tell two writes of one moment by nothing but this.
    os.utime(other, ns=(1, 1))
    mended = open_desk(db, NOW)
    assert set(mended.audiences) == {"lovers", "lovers_all"}
    assert not mended.rules.broken_audiences
    assert mended.mark != desk.mark, "rows would not be checked again"
