"""Sheets in and out: encodings, separators, hostile files, formulas, round trips."""

import datetime as dt
import io
import zipfile

import pandas as pd
import pytest
import xlsxwriter

from pushline.brief import read_sheet as reading
from pushline.brief.read_sheet import FileRefused, make_sheet, read_bytes
from pushline.brief.sheet import COLUMNS, SheetRow, write_cells
from pushline.brief.write_sheet import guard_formula, write_csv, write_xlsx

LINES = [["ID", "Идея", "Когда (Алматы)"], ["", 'Сөмке, "үлкен"', "15.08.2026 11:00"]]


def as_csv(separator: str, encoding: str) -> bytes:
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line] for line in LINES]
    return "\r\n".join(separator.join(line) for line in quoted).encode(encoding)


def as_xlsx(lines: list[list[object]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for y, line in enumerate(lines):
            for x, cell in enumerate(line):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(y, x, cell, day)
                else:
                    sheet.write(y, x, cell)
    return buffer.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_of_any_program_is_read(separator, encoding):
    sheet = read_bytes(as_csv(separator, encoding), "a.csv")
    assert sheet.rows[0].number == 2
    assert sheet.rows[0].cells == {
        "campaign_id": "",
        "idea": 'Сөмке, "үлкен"',
        "send_at": "15.08.2026 11:00",
    }


def test_csv_of_old_excel_is_read():
    sheet = read_bytes("Идея;Ссылка\nСкидки;app://x\n".encode("cp1251"), "a.csv")
    assert sheet.rows[0].cells == {"idea": "Скидки", "link": "app://x"}


def test_a_title_above_the_headers_is_passed_over():
    sheet = read_bytes("Кампании, август\nid;idea;link\n;x;app://a\n".encode(), "a.csv")
    assert sheet.rows[0].number == 3
    assert sheet.rows[0].cells == {"campaign_id": "", "idea": "x", "link": "app://a"}


def test_numbers_in_csv_stay_the_text_they_are():
    sheet = read_bytes(b"idea,title_ru,text_ru\n007,1e5,NA\n", "a.csv")
    assert sheet.rows[0].cells == {"idea": "007", "title_ru": "1e5", "text_ru": "NA"}


def test_lines_inside_a_cell_do_not_make_rows():
    sheet = read_bytes(b'idea,text_ru\nx,"a\nb"\n\ny,c\n', "a.csv")
    assert [row.cells["text_ru"] for row in sheet.rows] == ["a\nb", "c"]


def test_xlsx_gives_dates_numbers_and_texts():
    lines = [
        ["Кампании на август"],
        ["Идея", "Промо по", "Не больше", "Заголовок RU", "Проблемы"],
        ["x", dt.date(2026, 8, 15), 200000, "007", "old"],
    ]
    sheet = read_bytes(as_xlsx(lines), "a.xlsx")
    row = sheet.rows[0]
    assert row.number == 3
    assert "problems" not in row.cells
    parsed = SheetRow(**row.cells)
    assert parsed.promo_end == dt.date(2026, 8, 15)
    assert parsed.max_users == 200_000
    assert parsed.title_ru == "007"


def test_unknown_columns_are_named_and_left_out():
    sheet = read_bytes("idea,Бюджет\nx,5\n".encode(), "a.csv")
    assert sheet.rows[0].cells == {"idea": "x"}
    assert [note.code for note in sheet.notes] == ["unknown_column"]
    assert "Бюджет" in sheet.notes[0].sentence.ru


def bomb(size: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return buffer.getvalue()


def far_corner() -> bytes:
    content = as_xlsx([["idea"], ["x"]])
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.infolist():
            body = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                body = body.replace(b'r="A2"', b'r="XFD1048576"')
            new.writestr(part.filename, body)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"  \n ", "file_empty"),
        (b"idea\n", "file_empty"),
        (b"a,b\n1,2\n", "no_headers"),
        (b"link,text_ru\n1,2\n", "missing_columns"),
        (b"idea,Message idea\n1,2\n", "same_header_twice"),
        (b"\x89PNG\x00\x00", "file_kind"),
        (b"idea\n\x98\xff\n", "file_encoding"),
        (b"PK\x03\x04 not a zip", "file_broken"),
        (as_xlsx([["idea"], ["x"]])[:-200], "file_broken"),
        (bomb(30_000_000), "file_bomb"),
        (far_corner(), "file_rows"),
        (b"idea\n" + b"x\n" * 2001, "file_rows"),
        (b"idea\n" + b"\n" * 50_000, "file_rows"),
        (b"idea" + b"," * 301 + b"\nx\n", "file_broken"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(content, code):
    with pytest.raises(FileRefused) as caught:
        read_bytes(content, "a.csv")
    assert caught.value.note.code == code
    assert caught.value.note.sentence.ru


def test_a_large_file_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "LARGEST_FILE", 10)
    with pytest.raises(FileRefused, match="Split it"):
        read_bytes(b"idea\n" + b"x" * 20, "a.csv")


def test_cells_beyond_the_headers_are_told():
    sheet = make_sheet([["idea", "link"], ["x", "app://a", "lost"]], "a")
    assert sheet.rows[0].is_too_wide


HOSTILE = ["=1+1", "+7", "-20% сегодня", "@all", "＝1", "'=quoted", "=cmd|'/c calc'!A0"]


@pytest.mark.parametrize("text", HOSTILE)
def test_formulas_are_written_as_texts_and_come_back(text):
    cells = write_cells(SheetRow(idea=text, title_ru="x"))
    csv = write_csv([cells])
    frame = pd.read_csv(io.BytesIO(csv), dtype=str, keep_default_na=False)
    assert not frame.loc[0, "Идея"].startswith(("=", "+", "-", "@", "＝"))
    assert read_bytes(csv, "a.csv").rows[0].cells["idea"] == text
    book = write_xlsx([cells])
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert read_bytes(book, "a.xlsx").rows[0].cells["idea"] == text


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_whatever_a_program_takes_for_a_formula_gets_an_apostrophe(first: str):
    """Tab, return and line feed too: programs pass over them and run what stands behind."""
    assert guard_formula(f"{first}=1+1") == f"'{first}=1+1"
    assert guard_formula(f"'{first}7") == f"''{first}7"


def test_guard_leaves_other_texts_alone():
    assert guard_formula("Скидка −20%") == "Скидка −20%"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_what_is_exported_reads_back_the_same(language):
    row = SheetRow(
        idea="Школа",
        title_ru="Скидка",
        text_ru="Первая\nвторая",
        send_at="2026-08-15 11:00",
        promo_end="2026-08-31",
        local_time="да",
        exclude="a, b(c=1)",
        audience='by_category(category="two words")',
        tags="x, y",
        max_users="5",
        control_pct="0",
        limit_mode="defer",
    )
    for content in (
        write_csv([write_cells(row)], language),
        write_xlsx([write_cells(row)], audiences=["a"] * 100, language=language),
    ):
        cells = read_bytes(content, "a").rows[0].cells
        assert SheetRow(**cells) == row


def test_the_template_has_every_column_with_lists_and_date_pickers():
    book = write_xlsx(audiences=["buyers"], goal_events=["order_paid"])
    with pytest.raises(FileRefused, match="no row"):
        read_bytes(book, "a.xlsx")
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<formula1>"buyers"</formula1>' in sheet
    assert 'type="date"' in sheet
    frame = pd.read_excel(io.BytesIO(book), engine="calamine")
    assert list(frame.columns) == [column.header.ru for column in COLUMNS.values()]
