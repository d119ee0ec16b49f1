"""Every attack of corpus/audience is refused or ended with its sentence, and leaves nothing."""

import re
import threading
from pathlib import Path

import psutil
import pytest

from pushline.audience.grants import list_reader_risks
from pushline.audience.header import AudienceFile, Column
from pushline.audience.reader import Limits, RetryLater, StopRun
from pushline.audience.reading import read_audience
from pushline.audience.statement import Selection
from pushline.errors import PushlineError
from tests.factories import NOON
from tests.hostile.conftest import ATTACKS, LIMITS, MEGABYTES, Attack, HostileWorld
from tests.oracle.model import Enqueued
from tests.plan.scene import Scene

PLAIN = b"SELECT user_id FROM company.person"


def answer(world: HostileWorld, selection: Selection) -> str:
    try:
        return f"rows {world.read(selection)}"
    except PushlineError as error:
        return str(error)


def assert_answered(said: str, expected: str) -> None:
    assert re.search(expected, said, re.IGNORECASE), said
    assert len(said) < 1_000
    assert said.startswith("rows ") or said.endswith((".", ")")) or ". " in said


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack_is_answered_and_leaves_nothing(hostile: HostileWorld, attack: Attack):
    before = hostile.state()
    if attack.passes_guard:
        assert_answered(answer(hostile, hostile.guarded(attack.body)), attack.server)
    else:
        with pytest.raises(PushlineError) as refused:
            hostile.guarded(attack.body)
        assert_answered(str(refused.value), attack.guard)
        if attack.server != "none":
            assert_answered(answer(hostile, hostile.unguarded(attack.body)), attack.server)
    hostile.wait_for_the_last_session()
    assert hostile.state() == before
    assert hostile.planner_locks_are_free()
    assert hostile.read(hostile.guarded(PLAIN)) == 2


LONG = {
    "list": b"SELECT 1 AS user_id WHERE 1 IN ("
    + b",".join(b"%d" % n for n in range(90_000))
    + b")",
    "letters": PLAIN + b" WHERE city <> '" + b"x" * 60_000 + b"'",
    "parentheses": b"SELECT " + b"(" * 5_000 + b"1" + b")" * 5_000 + b" AS user_id",
    "arrays": b"SELECT " + b"ARRAY[" * 40 + b"1" + b"]" * 40 + b" AS user_id",
    "joins": b"SELECT user_id FROM a" + b" JOIN a" * 60,
    "cases": b"SELECT " + b"CASE WHEN true THEN " * 900 + b"1" + b" END" * 900 + b" AS user_id",
    "minuses": b"SELECT " + b"- " * 4_000 + b"1 AS user_id",
    "subqueries": b"SELECT user_id FROM " + b"(SELECT user_id FROM " * 300 + b"a" + b") AS q" * 300,
}


@pytest.mark.parametrize("name", LONG)
def test_text_that_would_keep_the_parser_busy_is_refused(hostile: HostileWorld, name: str):
    with pytest.raises(PushlineError, match=r"nested too deep|characters|bigger than"):
        hostile.guarded(LONG[name])


def test_planner_goes_on_while_an_attack_runs(hostile: HostileWorld):
    endless = next(attack for attack in ATTACKS if attack.name == "cross_join_hidden")
    said: list[str] = []
    selection = hostile.guarded(endless.body)
    running = threading.Thread(target=lambda: said.append(answer(hostile, selection)))
    running.start()
    with hostile.owner.connect() as conn:
        assert Scene(conn).decide() == Enqueued(0, "ru", NOON)
    while running.is_alive():
        assert hostile.planner_locks_are_free()
    assert "ran longer" in said[0]


def test_wide_fields_are_measured_and_not_gathered(hostile: HostileWorld):
    statement = "SELECT user_id, repeat(name, 20000) AS name FROM company.many"
    wide = AudienceFile(
        "wide",
        "wide.sql",
        statement,
        statement,
        "t",
        "o",
        columns={"name": Column("name", "text", "")},
    )
    limits = Limits(seconds=20, work_mem="4MB")
    with pytest.raises(StopRun, match=r"wide.sql returns 200,\d+ bytes of texts for one person"):
        read_audience(
            hostile.reader,
            hostile.planner,
            Selection(wide, {"now": NOON}),
            bucket_count=64,
            field_names=["name"],
            limits=limits,
        )


def test_the_role_can_create_nothing_anywhere(hostile: HostileWorld):
    with hostile.owner.connect() as conn:
        assert list_reader_risks(conn) == []


def test_no_process_of_the_server_gets_more_memory_than_it_was_given(hostile: HostileWorld):
    postmaster = int((hostile.server.data / "postmaster.pid").read_text().split()[0])
    for process in [psutil.Process(postmaster), *psutil.Process(postmaster).children()]:
        limits = Path(f"/proc/{process.pid}/limits").read_text().splitlines()
        [line] = [line for line in limits if line.startswith("Max data size")]
        assert int(line.split()[3]) == MEGABYTES * 2**20


def test_no_session_left_for_the_role_is_a_reason_to_try_later(hostile: HostileWorld):
    connections = [hostile.reader.raw_connection() for _ in range(5)]
    connections += [hostile.reader.connect() for _ in range(3)]
    try:
        with pytest.raises(RetryLater, match="No session for audiences"):
            hostile.read(hostile.guarded(PLAIN), LIMITS)
    finally:
        for connection in connections:
            connection.close()
        hostile.reader.dispose()
