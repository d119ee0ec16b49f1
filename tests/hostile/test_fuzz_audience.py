"""Damaged SQL and headers: a verdict in words, and what passes the guard harms nothing."""

from contextlib import suppress
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushline.audience.catalogue import Catalogue
from pushline.audience.guard import check_statement, find_parameters
from pushline.audience.header import parse_file
from pushline.errors import BadQueryFile, PushlineError
from tests.hostile.conftest import HostileWorld
from tests.hostile.mutations import mutate

HEADER_WORDS = ["-- ", "title", "owner", "param", "column", ":", "int", "default", "'", "nullable"]
HEADER_WORDS += [
    "days",
    "now",
    "user_id",
    "\n",
    " ",
    "text[]",
    "30",
    "SELECT 1",
    ";",
    "\ufeff",
    "\0",
]


@pytest.mark.parametrize("seed", range(4))
def test_what_passes_the_guard_is_harmless(hostile: HostileWorld, seed: int):
    rng = Random(seed)  # noqa: S311 - to be repeated, not to be secret
    before = hostile.state()
    passed = 0
    while passed < 8:
        body = mutate(rng).encode()
        try:
            selection = hostile.guarded(body)
        except PushlineError:
            continue
        passed += 1
        with suppress(PushlineError):
            hostile.read(selection)
    hostile.wait_for_the_last_session()
    assert hostile.state() == before
    assert hostile.planner_locks_are_free()


@settings(max_examples=150)
@given(st.randoms(use_true_random=False))
def test_any_statement_gets_a_verdict(rng):
    statement = mutate(rng)
    with suppress(BadQueryFile):
        assert check_statement(statement, "here")
        find_parameters(statement)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(HEADER_WORDS), max_size=30).map("".join))
def test_any_header_gets_a_verdict(text: str):
    with suppress(BadQueryFile):
        assert parse_file("x", "here", text).title


def test_a_folder_of_odd_files_is_listed_and_none_stops_the_others(tmp_path):
    folder = tmp_path / "audiences"
    folder.mkdir()
    (folder / "good.sql").write_text("-- title: a\n-- owner: b\nSELECT 1 AS user_id")
    (folder / "folder.sql").mkdir()
    (folder / "empty.sql").touch()
    (folder / "two-words.sql").write_text("SELECT 1")
    (folder / "gone.sql").symlink_to(tmp_path / "nowhere")
    (folder / "large.sql").write_bytes(b"-" * 300_000)
    (folder / "latin.sql").write_bytes("-- title: ü".encode("latin-1"))
    catalogue = Catalogue(sql_dir=tmp_path)
    assert list(catalogue) == ["good"]
    assert set(catalogue.broken()) == {"folder", "empty", "two-words", "gone", "large", "latin"}
    assert all(sentence.endswith(".") for sentence in catalogue.broken().values())
