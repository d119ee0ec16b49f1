"""Columns that were removed, renamed or doubled: a sentence in the tab, and no text is lost."""

from tests.google.scene import GOOD, World


def make_one(world: World) -> str:
    code = world.add_on_page(**GOOD)
    world.sync()
    return code


def problems_header(world: World) -> tuple[str, str]:
    place = world.column("Problems")
    return world.tab.text(0, place), world.tab.note(0, place)


def test_a_removed_column_is_missed_and_its_texts_stay(world: World):
    code = make_one(world)
    world.tab.delete_column(world.column("Text RU"))
    report = world.sync()
    header, note = problems_header(world)
    assert header == "Problems («Text RU»: see the note here)"
    assert "The column “Text RU” is missing" in note
    assert world.page()[code].cells["text_ru"] == GOOD["text_ru"]
    assert [said.sentence.en for said in report.problems] == [note.removeprefix("Pushline: ")]
    # Put back, it is filled again, and the sentence goes.
    world.tab.type(0, world.tab.column_count - 1, "Text RU")
    world.sync()
    assert world.read(code, "Text RU") == GOOD["text_ru"]
    assert problems_header(world) == ("Problems", "")


def test_a_column_that_was_made_anew_between_two_syncs_is_filled_again(world: World):
    codes = [make_one(world), world.add_on_page(**GOOD | {"utm_campaign": "second"})]
    world.sync()
    for code in codes:
        world.type_in_tab(code, Text_RU="")
    world.sync()
    assert "vanished at once" in problems_header(world)[1]
    for code in codes:
        assert world.read(code, "Text RU") == GOOD["text_ru"]
        assert world.page()[code].cells["text_ru"] == GOOD["text_ru"]
    world.type_in_tab(codes[0], Text_RU="")
    world.sync()
    assert "text_ru" not in world.page()[codes[0]].cells
    assert problems_header(world) == ("Problems", "")


def test_a_renamed_header_is_told_by_its_new_name(world: World):
    code = make_one(world)
    world.tab.type(0, world.column("Text RU"), "Наш текст")
    world.sync()
    assert "“Text RU” is now called “Наш текст”" in problems_header(world)[1]
    assert world.read(code, "Наш текст") == GOOD["text_ru"]
    world.tab.type(0, world.column("Наш текст"), "Текст RU (до 240)")
    world.sync()
    assert problems_header(world) == ("Problems", "")


def test_a_doubled_header_is_not_synced(world: World):
    code = make_one(world)
    world.tab.type(0, world.column("My notes"), "Title RU")
    world.type_on_page(code, title_ru="Со страницы")
    world.sync()
    assert "stands here twice" in problems_header(world)[1]
    assert world.read(code, "Title RU") == GOOD["title_ru"]


def test_two_columns_of_ids_stop_everything(world: World):
    code = make_one(world)
    world.tab.type(0, world.column("My notes"), "ID")
    world.type_in_tab(code, Title_RU="Из таблицы")
    report = world.sync()
    assert "“ID” stands here twice" in world.tab.note(0, 0)
    assert report.counts.read == 0
    assert world.page()[code].cells["title_ru"] == GOOD["title_ru"]


def test_without_headers_nothing_is_touched(world: World):
    code = make_one(world)
    world.tab.delete_row(0)
    before = world.tab.texts()
    world.sync()
    assert world.tab.texts() == before
    assert "row with the headers" in world.tab.note(0, 0)
    assert world.sync().counts.written == 0
    assert world.page()[code].cells["title_ru"] == GOOD["title_ru"]


def test_columns_of_ours_are_put_back_at_the_right(world: World):
    code = make_one(world)
    world.tab.delete_column(world.column("Problems"))
    world.sync()
    assert world.tab.texts()[0].count("Problems") == 1
    assert world.problems(code).startswith("✔")
    assert world.tab.texts()[0][-2:] == ["My notes", "Problems"]
