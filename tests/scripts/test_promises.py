"""The table of promises names only what is there."""

import re

import pytest

from pushline.settings import CHECKOUT

PAGE = (CHECKOUT / "docs" / "promises.md").read_text(encoding="utf-8")
FILES = sorted(set(re.findall(r"`(tests/[\w/.]+)`", PAGE)))
ROWS = [line for line in PAGE.splitlines() if line.startswith("| **")]


@pytest.mark.parametrize("named", FILES)
def test_what_a_promise_names_exists_and_tests_something(named: str):
    place = CHECKOUT / named
    assert place.exists()
    files = [place] if place.is_file() else list(place.glob("test_*.py"))
    assert any("assert " in file.read_text(encoding="utf-8") for file in files) or "oracle" in named


def test_every_promise_names_how_it_is_tested():
    assert len(ROWS) >= 12
    for row in ROWS:
        _, promise, tested, *_ = row.split("|")
        assert "`tests/" in tested or "tests/faults" in tested or "performance.md" in tested, (
            promise
        )
