"""A question that many ask: worked out once, one of its kind in an installation at a time."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text

from pushline.plan.one_question import MOST_WAITING, NotAnsweredYet, Questions
from pushline.plan.reach_watch import Watch

WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


class Work:
    """Something that takes until it is let go."""

    def __init__(self) -> None:
        self.begun, self.goes_on = threading.Event(), threading.Event()
        self.times = 0
        self.watch = Watch()

    def __call__(self, watch: Watch) -> dict[str, Any]:
        self.times, self.watch = self.times + 1, watch
        self.begun.set()
        assert self.goes_on.wait(60)
        watch.refuse_stopped()
        return {"times": self.times}


Ask = Callable[..., Any]


@pytest.fixture
def works() -> Iterator[list[Work]]:
    found = [Work() for _ in range(MOST_WAITING + 2)]
    yield found
    for work in found:
        work.goes_on.set()


@pytest.fixture
def desks(committed_db: Engine, works: list[Work]) -> Iterator[tuple[Questions, Questions]]:
    """Those of two processes."""
    found = Questions(), Questions()
    yield found
    for work in works:
        work.goes_on.set()
    assert all(desk.wait(60) for desk in found)


def ask(engine: Engine, desk: Questions, about: str, work: Work, by: str = "ana") -> Any:
    """Ask without waiting: None while it is worked on."""
    try:
        return desk.ask(engine, "week", (about,), work, by=by, patience=0)
    except NotAnsweredYet as told:
        return told.sentence and told.sentence.en.split()[0]


def test_who_asks_the_same_joins_and_gets_the_one_answer(
    committed_db: Engine, desks: tuple[Questions, Questions], works: list[Work]
):
    desk = desks[0]
    for by in ("ana", "bek", "ana"):
        assert ask(committed_db, desk, "monday", works[0], by) == "This"
    works[0].goes_on.set()
    assert desk.wait(60)
    assert ask(committed_db, desk, "monday", works[0]) == {"times": 1}


def test_who_asks_anew_gives_up_the_older_unless_others_wait_for_it(
    committed_db: Engine, desks: tuple[Questions, Questions], works: list[Work]
):
    desk = desks[0]
    ask(committed_db, desk, "first", works[0], "ana")
    ask(committed_db, desk, "first", works[0], "bek")
    assert works[0].begun.wait(60)
    ask(committed_db, desk, "second", works[1], "ana")
    assert not works[0].watch.is_stopped
    ask(committed_db, desk, "third", works[2], "bek")
    assert works[0].watch.is_stopped
    for work in works:
        work.goes_on.set()
    assert desk.wait(60)
    assert [work.times for work in works[:3]] == [1, 1, 1]
    # What was given up is asked again like new.
    assert ask(committed_db, desk, "first", works[3], "ana") == "This"


def test_another_process_waits_for_its_turn(
    committed_db: Engine, desks: tuple[Questions, Questions], works: list[Work]
):
    ask(committed_db, desks[0], "monday", works[0])
    assert works[0].begun.wait(60)
    ask(committed_db, desks[1], "monday", works[1])
    with committed_db.connect() as conn:
        while not conn.execute(text(WAITING)).scalar():
            assert not works[1].begun.is_set()
    works[0].goes_on.set()
    assert works[1].begun.wait(60)
    assert desks[0].wait(60)
    assert works[0].times == 1


def test_so_many_may_wait_and_no_more(
    committed_db: Engine, desks: tuple[Questions, Questions], works: list[Work]
):
    said = [
        ask(committed_db, desks[0], str(number), work, f"person {number}")
        for number, work in enumerate(works[: MOST_WAITING + 1])
    ]
    assert said == ["This"] * MOST_WAITING + ["Many"]


def test_a_fault_is_told_to_who_asked_and_not_kept(
    committed_db: Engine, desks: tuple[Questions, Questions], works: list[Work]
):
    def broken(_watch: Watch) -> dict[str, Any]:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        desks[0].ask(committed_db, "week", ("x",), broken, by="ana", patience=60)
    works[0].goes_on.set()
    answer = desks[0].ask(committed_db, "week", ("x",), works[0], by="ana", patience=60)
    assert answer == {"times": 1}
