"""Files at the page: an upload shows only its bad rows, an export is what the grid shows."""

from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from pushline.brief.read_sheet import read_bytes
from pushline.brief.write_sheet import write_csv
from tests.web.browser.pages import Pages, find_barriers
from tests.web.browser.sheet import GOOD, Sheet, add_rows

ROW = {**GOOD, "audience": "big_spenders", "utm_campaign": "from_file"}
HOSTILE = '<img src=x onerror="alert(1)">'


def make_file(folder: Path, *rows: dict[str, str], name: str = "plan.csv") -> Path:
    file = folder / name
    file.write_bytes(write_csv(rows, "en"))
    return file


def choose(page: Page, file: Path) -> None:
    page.get_by_label("Drop a file here").set_input_files(file)


def test_a_file_is_looked_at_first_and_its_bad_rows_come_in_as_drafts(
    page_of: Pages, configured_db: Engine, tmp_path: Path
):
    assert configured_db
    bad = {**ROW, "idea": HOSTILE, "link": HOSTILE, "control_pct": "80", "utm_campaign": "bad_one"}
    sheet = Sheet(page_of("admin"))
    page = sheet.page
    page.locator("#upload").click()
    assert find_barriers(page) == []
    choose(page, make_file(tmp_path, bad, ROW))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("There are some problems with plan.csv. You need to:")
    expect(dialog).to_contain_text("New: 1, changed: 0, the same as before: 0.")
    table = dialog.get_by_role("table")
    expect(table.locator("tbody tr")).to_have_count(1)
    wrong = table.locator("tbody td.wrong").filter(has_text=HOSTILE)
    expect(wrong.locator(".cell-error")).not_to_be_empty()
    expect(wrong.locator(".cell-value")).to_have_text(HOSTILE)
    assert find_barriers(page) == []
    assert sheet.rows() == {}

    # Mended and uploaded again; now everything is taken, the second bad row as a draft.
    dialog.get_by_role("button", name="Upload your file again").click()
    still = {**ROW, "idea": "Later", "utm_campaign": "later", "send_at": "08/09"}
    choose(page, make_file(tmp_path, {**bad, "link": GOOD["link"], "control_pct": "8"}, ROW, still))
    expect(dialog).to_contain_text("New: 2")
    dialog.get_by_role("button", name="Take all: 1 bad row comes in as a draft to mend").click()
    expect(page.locator(".toast.good")).to_have_text(
        "plan.csv: new 2, changed 0, drafts to mend 1.×"
    )
    draft = page.locator('[data-code="C-2026-003"], [data-code$="-003"]').first
    expect(draft).to_be_visible()
    rows = sheet.rows()
    assert sorted(row["cells"]["idea"] for row in rows.values()) == sorted(
        [HOSTILE, "Later", ROW["idea"]]
    )
    red = next(row for row in rows.values() if row["cells"]["idea"] == "Later")
    assert red["cells"]["send_at"] == "08/09"
    assert red["version"] is None


def test_a_marketers_file_takes_only_their_columns_and_refusals_are_said(
    page_of: Pages, configured_db: Engine, tmp_path: Path
):
    assert configured_db
    page_of.allowed.append(r"422 \(Unprocessable")
    sheet = Sheet(page_of("marketer"))
    page = sheet.page
    page.locator("#upload").click()
    picture = tmp_path / "photo.xlsx"
    picture.write_bytes(b"%PDF-1.7 no sheet at all")
    choose(page, picture)
    expect(page.locator(".toast.error")).to_contain_text("photo.xlsx:")
    choose(page, make_file(tmp_path, ROW))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("plan.csv: all rows are good.")
    dialog.get_by_text("To know (stops nothing)").click()
    expect(dialog).to_contain_text("Others fill these columns")
    dialog.get_by_role("button", name="Take the 1 good row").click()
    expect(page.locator('[data-code$="-001"]').first).to_be_visible()
    (row,) = sheet.rows().values()
    assert "audience" not in row["cells"]
    assert row["cells"]["title_ru"] == ROW["title_ru"]


def test_an_export_is_what_the_grid_shows_and_no_formula(page_of: Pages, configured_db: Engine):
    codes = add_rows(
        configured_db,
        [{"idea": "=HYPERLINK(1)"}, {"idea": "other"}, {**ROW, "idea": "=2+2 kept"}],
    )
    sheet = Sheet(page_of("viewer"))
    page = sheet.page
    expect(page.locator("#upload")).to_have_count(0)
    page.locator("#search").fill("=")
    expect(page.locator(f'[data-code="{codes[1]}"]')).to_have_count(0)
    taken = {}
    for kind in ("CSV", "XLSX", "template"):
        page.locator("#toolbar-files summary").click()
        if kind == "CSV":
            assert find_barriers(page) == []
        with page.expect_download() as download:
            page.locator("#toolbar-files").get_by_role("link", name=kind).first.click()
        taken[kind] = Path(download.value.path()).read_bytes()
    assert taken["CSV"].startswith(b"\xef\xbb\xbf")
    assert b"\r\n=" not in taken["CSV"]
    for kind in ("CSV", "XLSX"):
        rows = read_bytes(taken[kind], kind).rows
        assert [row.cells["campaign_id"] for row in rows] == [codes[0], codes[2]]
        assert rows[1].cells["idea"] == "=2+2 kept"
    assert taken["template"].startswith(b"PK")
