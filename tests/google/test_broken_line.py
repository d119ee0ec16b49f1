"""Busy Google, lost answers, dead processes: no edit lost, no row doubled."""

import threading
from collections.abc import Callable

import pytest

from pushline.google_sheet.connect import SheetAccess, read_access
from pushline.google_sheet.door import read_retry_after
from pushline.google_sheet.errors import SheetBusy, SheetClosed, SyncRunning
from pushline.google_sheet.sync import is_running, read_last_sync
from tests.google.crashes import CRASHES, Crash, dying
from tests.google.scene import GOOD, World
from tests.google.stub import SPREADSHEET

ROWS = (["", "", "", "First"], ["", "", "", "Second", "Скидка"])


def check(world: World, codes: int) -> None:
    """Every row of the tab has one campaign, with its text, and nothing is left to do."""
    page = world.page()
    ids = [row[0] for row in world.tab.texts()[1:] if row]
    assert sorted(ids) == sorted(page)
    assert len(ids) == codes
    for code in page:
        assert world.read(code, "Message idea") == page[code].cells["idea"]
    assert world.sync().counts.written == 0


@pytest.mark.parametrize("where", CRASHES)
def test_a_process_may_die_anywhere(make_world: Callable[..., World], where: str):
    world = make_world(*ROWS)
    on_page = world.add_on_page(idea="On the page")
    with dying(world.door, where) as door, pytest.raises(Crash):
        world.sync(door=door)
    # People go on meanwhile: one row is moved and changed, whether or not it has its ID.
    world.tab.swap_rows(1, 2)
    world.tab.type(2, world.column("Message idea"), "First, changed")
    world.type_on_page(on_page, idea="On the page, changed")
    world.sync()
    world.sync()
    check(world, 3)
    ideas = {record.cells["idea"] for record in world.page().values()}
    changed = {"First, changed", "Second", "On the page, changed"}
    assert ideas == changed


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "garbage"])
def test_a_lost_answer_to_the_write_doubles_nothing(make_world: Callable[..., World], fault: str):
    world = make_world(*ROWS)
    world.stub.faults.extend([None, fault])
    with pytest.raises(SheetBusy):
        world.sync(patience=0.0)
    assert world.stub.writes == (0 if fault == "drop_before" else 1)
    # The rows are rewritten before the next sync; only their place in the story is the same.
    world.tab.type(1, world.column("Message idea"), "Quite another idea")
    world.tab.type(2, world.column("Message idea"), "And here as well")
    world.tab.insert_row(1)
    world.sync()
    check(world, 2)


def test_an_answer_lost_on_the_way_back_is_no_edit_of_people(world: World):
    """What we wrote is put back by a person before we learn that it had arrived."""
    code = world.add_on_page(**GOOD)
    world.sync()
    world.type_on_page(code, title_ru="Со страницы")
    world.stub.faults.extend([None, "drop_after"])
    with pytest.raises(SheetBusy):
        world.sync(patience=0.0)
    world.type_in_tab(code, Title_RU=GOOD["title_ru"])
    assert world.sync().counts.conflicts == 1
    assert world.read(code, "Title RU") == GOOD["title_ru"]
    assert world.page()[code].cells["title_ru"] == "Со страницы"


def test_waits_as_long_as_google_asks_and_goes_on(make_world: Callable[..., World]):
    world = make_world(*ROWS)
    world.stub.faults.extend(["429", "500", "drop_before", None, "503", "429", None, "drop_after"])
    report = world.sync()
    assert report.waits == 6
    # Retry-After said one second where there was an answer; else the waits grow.
    assert [round(wait) for wait in world.slept][:2] == [1, 1]
    assert world.slept[2] >= 4
    check(world, 2)


def test_gives_up_after_its_patience_and_says_so(world: World):
    world.stub.faults.extend(["429"] * 3)
    with pytest.raises(SheetBusy, match="busy"):
        world.sync(patience=0.0)
    with world.engine.connect() as conn:
        last = read_last_sync(conn, SPREADSHEET, "Plan")
    assert last is not None
    assert "заняты" in last["error"]["ru"]


def test_what_nobody_foresaw_is_told_as_well(world: World):
    ticks = iter([world.now])
    with pytest.raises(StopIteration):
        world.sync(clock=lambda: next(ticks))
    with world.engine.connect() as conn:
        last = read_last_sync(conn, SPREADSHEET, "Plan")
    assert last is not None
    assert last["error"]["en"] == "The sync stopped: StopIteration"


def test_one_sync_at_a_time(world: World):
    world.add_on_page(**GOOD)
    inside, go_on = threading.Event(), threading.Event()

    def hold(_: object) -> None:
        inside.set()
        assert go_on.wait(60)

    world.stub.before_write = hold
    other = threading.Thread(target=world.sync)
    other.start()
    try:
        assert inside.wait(60)
        with world.engine.connect() as conn:
            assert is_running(conn)
        with pytest.raises(SyncRunning):
            world.sync()
    finally:
        go_on.set()
        other.join()
    with world.engine.connect() as conn:
        assert not is_running(conn)
    assert world.sync().counts.written == 0


@pytest.mark.parametrize(
    ("spreadsheet", "worksheet", "words"),
    [("nobodys", "Plan", "no spreadsheet"), (SPREADSHEET, "It's gone", "no tab “It's gone”")],
)
def test_says_what_a_person_has_to_mend(world: World, spreadsheet: str, worksheet: str, words: str):
    door = SheetAccess(spreadsheet, worksheet, endpoint=world.stub.url).open()
    with pytest.raises(SheetClosed, match=words):
        world.sync(door=door)


def test_says_when_google_does_not_let_us_in(world: World):
    world.stub.faults.append("403")
    world.stub.refusal = "The caller does not have permission"
    with pytest.raises(SheetClosed, match="Share the spreadsheet"):
        world.sync()


def test_a_quota_told_as_403_is_waited_for(world: World):
    world.stub.faults.append("403")
    world.stub.refusal = "User Rate Limit Exceeded"
    assert world.sync().waits == 1


def test_rows_cut_away_under_the_write_are_read_again(world: World):
    code = world.add_on_page(**GOOD)
    world.tab.row_count = 4
    world.stub.before_write = lambda tab: setattr(tab, "row_count", 1)
    report = world.sync()
    assert report.waits == 1
    assert world.read(code, "Title RU") == GOOD["title_ru"]


@pytest.mark.parametrize(
    ("header", "seconds"), [(None, None), ("7", 7.0), ("soon", None), ("", None)]
)
def test_reads_how_long_to_wait(header: str | None, seconds: float | None):
    assert read_retry_after(header) == seconds
    assert read_retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0


def test_reads_the_connection():
    address = "https://docs.google.com/spreadsheets/d/1AbC-d_e/edit#gid=0"
    key = '{"type": "service_account"}'
    access = read_access({"spreadsheet": address, "worksheet": " Plan ", "keyfile_dict": key})
    assert (access.spreadsheet, access.worksheet, access.language) == ("1AbC-d_e", "Plan", None)
    with pytest.raises(SheetClosed, match="not the key of a service account"):
        access.open()
    with pytest.raises(SheetClosed, match="lacks spreadsheet, worksheet, keyfile_dict"):
        read_access({})
    with pytest.raises(SheetClosed, match="not the key"):
        read_access({"spreadsheet": "1", "worksheet": "Plan", "keyfile_dict": "{"})
