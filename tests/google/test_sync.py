"""Two-way: what is typed in the tab is on the page, and the other way round."""

from collections.abc import Callable

from pushline.brief.versions import get_brief
from tests.factories import create_batch, create_run, users_of_bucket
from tests.google.scene import GOOD, HEADERS, World
from tests.report.test_brief_results import end, receive

NEW = ["", "", "", "Back to school", "=1+1 на рюкзаки", "", "", "", "15.08.2026 11:00", "call Mia"]


def test_a_new_row_gets_its_id_in_the_same_sync(make_world: Callable[..., World]):
    world = make_world(["", "", "", *NEW[3:9], "", NEW[9]])
    report = world.sync()
    assert (report.counts.read, report.counts.created) == (1, 1)
    assert (world.stub.reads, world.stub.writes) == (1, 1)
    row = world.tab.texts()[1]
    assert row[:2] == ["C-2026-001", "idea"]
    assert "title but no text" in row[2]
    assert row[3:] == ["Back to school", "=1+1 на рюкзаки", "", "", "", NEW[8], "", "call Mia"]
    page = world.page()["C-2026-001"]
    assert page.cells["title_ru"] == "=1+1 на рюкзаки"
    assert page.cells["send_at"] == "15.08.2026 11:00"
    assert page.changed_by == "google sheet"


def test_both_sides_get_what_the_other_changed(world: World):
    code = world.add_on_page(**GOOD)
    world.sync()
    assert world.read(code, "Title RU") == GOOD["title_ru"]
    assert world.read(code, "Problems").startswith("✔")
    world.type_in_tab(code, Text_RU="Рюкзаки до воскресенья.")
    world.type_on_page(code, title_ru="Скидка 30% к школе")
    report = world.sync()
    assert (report.counts.taken, report.counts.conflicts) == (1, 0)
    assert world.read(code, "Title RU") == "Скидка 30% к школе"
    assert world.page()[code].cells["text_ru"] == "Рюкзаки до воскресенья."
    with world.engine.connect() as conn:
        brief = get_brief(conn, code)
    assert set(brief.edited_by) == {"mia", "google sheet"}
    assert "Рюкзаки до воскресенья." in str(brief.content["texts"])


def test_without_news_nothing_is_written(world: World):
    world.add_on_page(**GOOD)
    world.sync()
    writes = world.stub.writes
    assert world.sync().counts.written == 0
    assert world.stub.writes == writes


def test_texts_stay_letter_by_letter(world: World):
    texts = ("007", "1e5", "15.08", "'quoted", "+7 на всё", "=SUM(A1)", "две\nстроки", "TRUE")
    codes = {world.add_on_page(idea=text): text for text in texts}
    world.sync()
    for code, text in codes.items():
        cell = world.tab.cells[world.row_of(code)][world.column("Message idea")]
        assert cell["userEnteredValue"] == {"stringValue": text}
        world.type_in_tab(code, Message_idea=f"{text}!")
    world.sync()
    page = world.page()
    assert {code: page[code].cells["idea"] for code in codes} == {
        code: f"{text}!" for code, text in codes.items()
    }


def test_an_unclear_date_is_not_guessed(world: World):
    code = world.add_on_page(**GOOD)
    world.sync()
    world.type_in_tab(code, Send_at="08/09/2026 11:00")
    world.sync()
    assert "day and the month" in world.problems(code)
    assert world.page()[code].cells["send_at"] == "08/09/2026 11:00"
    with world.engine.connect() as conn:
        assert get_brief(conn, code).content["send_at"] == "2026-08-15T11:00"


def test_a_blank_tab_is_laid_out(world: World):
    world.tab.put([])
    world.tab.row_count = 2
    code = world.add_on_page(**GOOD)
    world.add_on_page(**GOOD | {"idea": "Second", "utm_campaign": "second"})
    world.sync(language="ru")
    headers = world.tab.texts()[0]
    assert headers[:4] == ["ID", "Статус", "Проблемы", "Идея"]
    assert world.tab.frozen == 1
    assert world.tab.row_count == 3
    assert len(headers) == world.tab.column_count == 43
    assert world.tab.text(world.row_of(code), headers.index("Ссылка")) == GOOD["link"]
    assert world.sync().counts.written == 0


def test_what_became_of_a_campaign_is_written_back(world: World):
    headers = [*HEADERS, "Sent", "Clicks", "Uplift"]
    world.tab.put([headers])
    code, waiting = world.add_on_page(**GOOD), world.add_on_page(**GOOD | {"idea": "Second"})
    with world.engine.begin() as conn:
        users = users_of_bucket(conn, 0, 400)
        pair = [get_brief(conn, it).brief_id for it in (code, waiting)]
        run_id = create_run(conn, source_id=pair[0], variant_shares=[5000, 10000])
        create_batch(conn, create_run(conn, source_id=pair[1], status="waiting"))
        for variant, opened in enumerate((20, 80)):
            users_of_variant = users[variant * 200 : variant * 200 + 200]
            batch_id = create_batch(conn, run_id, users=users_of_variant, variant=variant)
            end(conn, batch_id)
            receive(conn, batch_id, "opened", opened)
    world.sync()
    rows = {row[headers.index("ID")]: row for row in world.tab.texts()}
    assert rows[code][-3:] == ["400", "100", "B +30.0 pp"]
    assert not any(rows[waiting][headers.index("Sent") :])
    assert world.sync().counts.written == 0


def test_sentences_follow_the_language_of_the_headers(make_world: Callable[..., World]):
    world = make_world(
        ["", "", "", "Снова в школу", "Скидка", ""],
        headers=["ID", "Статус", "Проблемы", "Идея", "Заголовок RU", "Текст RU (до 240)"],
    )
    world.sync()
    assert world.tab.text(1, 1) == "идея"
    assert "есть заголовок, но нет текста" in world.tab.text(1, 2)


def test_a_dry_run_changes_nothing(make_world: Callable[..., World]):
    world = make_world(["", "", "", *NEW[3:9], "", NEW[9]])
    report = world.sync(dry_run=True)
    assert report.is_dry_run
    assert (report.counts.read, report.counts.written) == (1, 3)
    assert world.stub.writes == 0
    assert world.page() == {}
    assert world.sync().counts.created == 1
    assert world.tab.text(1, 0) == "C-2026-001"


def test_a_tab_above_which_people_wrote_a_title(make_world: Callable[..., World]):
    world = make_world(HEADERS, ["", "", "", "Idea"], headers=["Plan of August"])
    world.sync()
    assert world.tab.texts()[0][:1] == ["Plan of August"]
    assert world.tab.texts()[2][:1] == ["C-2026-001"]
