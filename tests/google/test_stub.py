"""The stub says no to what Google's own schema does not know."""

from pathlib import Path

import pytest
import requests

from pushline.google_sheet.grid import FIELDS
from tests.google.scene import GOOD, World
from tests.google.schema import read_mask
from tests.google.stub import SPREADSHEET, Stub, keep_in_file

UPDATE = {"updateCells": {"start": {"sheetId": 7, "rowIndex": 0}, "fields": "note", "rows": []}}


def ask(stub: Stub, path: str = "", json: object = None, **params: str) -> requests.Response:
    url = f"{stub.url}/v4/spreadsheets/{SPREADSHEET}{path}"
    method = "GET" if json is None else "POST"
    return requests.request(method, url, params=params, json=json, timeout=30)


def test_what_google_does_not_know_is_refused(stub: Stub):
    assert ask(stub).status_code == 200
    assert ask(stub, ":batchUpdate", {"requests": [UPDATE]}).status_code == 200
    assert stub.violations == []
    for body in (
        {"requests": [{"updateCell": {}}]},
        {"requests": [UPDATE], "valueInputOption": "RAW"},
        {"requests": [{"updateCells": {"start": {"rowIndex": "first"}}}]},
    ):
        assert ask(stub, ":batchUpdate", body).status_code == 400
    assert ask(stub, majorDimension="ROWS").status_code == 400
    assert ask(stub, fields="sheets(cells)").status_code == 400
    assert len(stub.violations) >= 5


def test_a_refused_part_leaves_the_whole_undone(stub: Stub):
    cell = {"rows": [{"values": [{"userEnteredValue": {"stringValue": "x"}}]}]}
    good = cell | {"start": {"sheetId": 7, "rowIndex": 0, "columnIndex": 0}}
    far = cell | {"start": {"sheetId": 7, "rowIndex": 5000, "columnIndex": 0}}
    requests_ = [{"updateCells": it | {"fields": "userEnteredValue"}} for it in (good, far)]
    assert ask(stub, ":batchUpdate", {"requests": requests_}).status_code == 400
    assert stub.tab.texts() == []


def test_our_field_mask_is_googles():
    assert set(read_mask(FIELDS, "Spreadsheet")["sheets"]) == {
        "properties",
        "developerMetadata",
        "data",
    }
    with pytest.raises(ValueError, match="Google does not have"):
        read_mask("sheets(data(rowData(cells)))", "Spreadsheet")


def test_a_file_may_be_the_tab(world: World, tmp_path: Path):
    """What docs/google-sheet.md offers for trying the sync without Google."""
    plan = tmp_path / "plan.csv"
    keep_in_file(world.stub, plan)
    world.tab.put([])
    world.add_on_page(**GOOD)
    world.sync(language="en")
    written = plan.read_text(encoding="utf-8")
    assert GOOD["title_ru"] in written
    plan.write_text(written.replace(GOOD["title_ru"], "Из файла"), encoding="utf-8")
    assert world.sync().counts.taken == 1
    assert [record.cells["title_ru"] for record in world.page().values()] == ["Из файла"]
