"""Whose row it is: by the ID, never by the place; and what becomes of rows that lost it."""

from collections.abc import Callable

from pushline.brief.sheet_removal import remove_rows
from pushline.brief.versions import move_brief
from tests.google.scene import GOOD, World


def make_three(world: World) -> list[str]:
    codes = [
        world.add_on_page(**GOOD | {"idea": f"Idea {name}", "utm_campaign": f"utm_{name}"})
        for name in ("one", "two", "three")
    ]
    world.sync()
    return codes


def test_rows_may_be_moved_and_columns_too(world: World):
    one, two, three = make_three(world)
    world.tab.swap_rows(world.row_of(one), world.row_of(three))
    world.tab.insert_row(1)
    world.tab.insert_column(0)
    world.type_in_tab(three, Message_idea="Moved and changed")
    report = world.sync()
    assert report.counts.taken == 1
    assert report.counts.created == 0
    ideas = {code: record.cells["idea"] for code, record in world.page().items()}
    assert ideas == {one: "Idea one", two: "Idea two", three: "Moved and changed"}


def test_a_cleared_id_is_given_back(world: World):
    one, two, _ = make_three(world)
    place = world.row_of(one)
    world.tab.type(place, world.column("ID"), "")
    world.sync()
    assert world.row_of(one) == place
    # Overwritten by another campaign's ID, as a careless paste does.
    world.tab.type(place, world.column("ID"), two)
    world.sync()
    assert world.row_of(one) == place
    assert len(world.page()) == 3


def test_the_column_of_ids_may_be_deleted_while_people_edit(world: World):
    codes = make_three(world)
    place = world.row_of(codes[0])
    world.type_in_tab(codes[0], Title_RU="Изменено")
    world.tab.delete_column(world.column("ID"))
    world.sync()
    assert len(world.page()) == 3
    assert world.row_of(codes[0]) == place
    assert world.page()[codes[0]].cells["title_ru"] == "Изменено"


def test_a_copied_row_asks_for_its_own_id(world: World):
    one, *_ = make_three(world)
    copied = world.tab.texts()[world.row_of(one)]
    for column, text in enumerate(copied):
        world.tab.type(10, column, text)
    world.tab.type(10, world.column("Message idea"), "Next week")
    report = world.sync()
    assert report.counts.not_taken == 1
    assert f"{one} stands in row 2 already" in world.tab.text(10, world.column("Problems"))
    assert world.page()[one].cells["idea"] == "Idea one"
    world.tab.type(10, world.column("ID"), "")
    world.sync()
    assert world.page()[world.tab.text(10, world.column("ID"))].cells["idea"] == "Next week"
    assert len(world.page()) == 4


def test_ids_of_nobody_are_refused(make_world: Callable[..., World]):
    world = make_world(["C-2031-777", "", "", "From elsewhere"], ["next one", "", "", "Draft"])
    report = world.sync()
    assert report.counts.not_taken == 2
    assert "There is no campaign C-2031-777" in world.tab.text(1, 2)
    assert "made by Pushline" in world.tab.text(2, 2)
    assert world.page() == {}


def test_a_deleted_row_comes_back_unless_it_has_ended(world: World):
    one, two, _ = make_three(world)
    with world.engine.begin() as conn:
        move_brief(conn, two, "cancelled", by="mia", now=world.now)
    world.sync()
    for code in (one, two):
        world.tab.delete_row(world.row_of(code))
    world.sync()
    ids = [row[0] for row in world.tab.texts() if row]
    assert one in ids
    assert two not in ids
    assert "was deleted here" in world.problems(one)


def test_a_row_removed_on_the_page_stays_until_people_delete_it(world: World):
    one, *_ = make_three(world)
    with world.engine.begin() as conn:
        remove_rows(conn, [one], by="mia", now=world.now)
    world.type_in_tab(one, Message_idea="Too late")
    world.sync()
    assert "removed on the page" in world.problems(one)
    assert world.read(one, "Message idea") == "Too late"


def test_rows_of_remarks_are_nobodys_campaign(make_world: Callable[..., World]):
    world = make_world([], [""] * 10 + ["— September —"], ["", "", "", "  "])
    assert world.sync().counts.created == 0
    assert world.page() == {}


def test_rows_that_were_moved_under_the_write_are_put_right(world: World):
    """People cut in a row in the second between reading and writing."""
    codes = make_three(world)
    texts = {code: dict(world.page()[code].cells) for code in codes}
    world.tab.type(4, world.column("Message idea"), "Fresh and nameless")
    world.type_on_page(codes[1], title_ru="Со страницы", text_ru="Новый текст со страницы.")
    world.stub.before_write = lambda tab: tab.insert_row(1)
    world.sync()
    assert world.stub.writes == 3  # the first, the one that missed, the one that mended
    for code, title in zip(codes, [None, "Со страницы", None], strict=True):
        expected = texts[code] | ({"title_ru": title} if title else {})
        if title:
            expected["text_ru"] = "Новый текст со страницы."
        assert world.page()[code].cells == expected
        assert world.read(code, "Title RU") == expected["title_ru"]
        assert world.read(code, "Text RU") == expected["text_ru"]
    assert len(world.page()) == 4
    ideas = [record.cells["idea"] for record in world.page().values()]
    assert sorted(ideas) == ["Fresh and nameless", "Idea one", "Idea three", "Idea two"]


def test_a_column_cut_in_under_the_write_is_put_right(world: World):
    code, *_ = make_three(world)
    before = dict(world.page()[code].cells)
    world.type_on_page(code, title_ru="Со страницы")
    world.stub.before_write = lambda tab: tab.insert_column(2)
    world.sync()
    world.sync()
    assert world.page()[code].cells == before | {"title_ru": "Со страницы"}
    assert world.read(code, "Title RU") == "Со страницы"
    assert world.read(code, "Message idea") == before["idea"]
