"""The numbers of open pages: counted once for all, told only where they differ."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, text

from pushline.report.totals import KEEP_TOTALS
from pushline.web.live import NONE, LiveNumbers, Snapshot
from tests.factories import NOON, create_batch, create_run
from tests.report.test_brief_results import add_brief, end, receive


class Clock:
    """A clock that goes on when it is told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Pages:
    """Pages that look at the numbers of one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.clock = Clock()
        self.live = LiveNumbers(self.clock)
        self.counts = 0
        self.lock_timeout = "1min"

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        self.counts += 1
        with self.engine.connect() as conn:
            conn.execute(text(f"SET LOCAL lock_timeout = '{self.lock_timeout}'"))
            yield conn

    def look(self, seconds: float = 0.0) -> Snapshot:
        self.clock.now += seconds
        return self.live.look(self.connect, NOON)


@pytest.fixture
def pages(committed_db: Engine) -> Pages:
    return Pages(committed_db)


def test_all_pages_together_count_once_and_hear_what_is_new(pages: Pages):
    with pages.engine.begin() as conn:
        first, second = add_brief(conn, 71), add_brief(conn, 72)
        batch_id = create_batch(conn, create_run(conn, source_id=first))
        create_batch(conn, create_run(conn, source_id=second))
    before = pages.look()
    assert set(before.by_code) == {"C-2026-071", "C-2026-072"}
    assert pages.live.since(before, "of another process") == before.by_code
    with pages.engine.begin() as conn:
        end(conn, batch_id)
    assert pages.look(1.9) is before
    assert pages.counts == 1
    after = pages.look(0.2)
    assert pages.counts == 2
    news = pages.live.since(after, before.mark)
    assert set(news) == {"C-2026-071"}
    assert news["C-2026-071"].result
    assert (news["C-2026-071"].result.sent, news["C-2026-071"].result.stage) == (3, "sent")
    assert pages.live.since(after, after.mark) == {}

    # Nothing new: the same mark, so that pages are told nothing; also by another process.
    assert pages.look(3).mark == after.mark
    assert Pages(pages.engine).look().mark == after.mark
    with pages.engine.begin() as conn:
        receive(conn, batch_id, "opened", 2)
        conn.execute(text("DELETE FROM push.send_batch WHERE batch_id <> :it"), {"it": batch_id})
        conn.execute(text("DELETE FROM push.run_bucket"))
        conn.execute(text("DELETE FROM push.audience_block"))
        conn.execute(text("DELETE FROM push.run_text"))
        conn.execute(text("DELETE FROM push.run WHERE source_id = 72"))
    later = pages.look(400)
    gone = pages.live.since(later, after.mark)
    assert gone["C-2026-072"] == NONE
    assert gone["C-2026-071"].result
    assert gone["C-2026-071"].result.opened == 2


def test_numbers_that_are_final_stay_beside_those_that_grow(pages: Pages):
    """The final ones are counted every five minutes only: between, they are remembered."""
    with pages.engine.begin() as conn:
        end(conn, create_batch(conn, create_run(conn, source_id=add_brief(conn, 71))))
        KEEP_TOTALS.execute(conn, now=NOON + timedelta(days=4))
        open_batch = create_batch(conn, create_run(conn, source_id=add_brief(conn, 72)))
    before = pages.look()
    with pages.engine.begin() as conn:
        end(conn, open_batch)
    after = pages.look(3)
    assert after.by_code["C-2026-071"] == before.by_code["C-2026-071"]
    assert set(pages.live.since(after, before.mark)) == {"C-2026-072"}


def test_counting_that_takes_long_is_done_less_often(pages: Pages):
    tick = pages.connect

    @contextmanager
    def slow() -> Iterator[Connection]:
        with tick() as conn:
            yield conn
        pages.clock.now += 1.0

    first = pages.live.look(slow, NOON)
    assert pages.look(19) is first
    assert pages.counts == 1
    pages.look(2)
    assert pages.counts == 2


def test_what_is_in_the_way_of_the_numbers_leaves_the_last_ones(pages: Pages):
    with pages.engine.begin() as conn:
        create_batch(conn, create_run(conn, source_id=add_brief(conn, 71)))

    def look_past(seconds: float) -> Snapshot:
        with pages.engine.connect() as other, other.begin():
            other.execute(text("LOCK TABLE push.send_batch"))
            return pages.look(seconds)

    pages.lock_timeout = "20ms"
    nothing = look_past(0)
    assert (nothing.mark, nothing.by_code) == ("", {})
    assert pages.look(29) is nothing
    found = pages.look(2)
    assert set(found.by_code) == {"C-2026-071"}
    assert look_past(60) is found
