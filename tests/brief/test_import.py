"""Importing sheets: partial success, updates, repeats, the example month, the commands."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine
from typer.testing import CliRunner

from pushline.brief.approval import approve_brief
from pushline.brief.examples import EXAMPLES
from pushline.brief.import_briefs import ImportReport, import_sheet
from pushline.brief.notes import Rules
from pushline.brief.read_sheet import make_sheet, read_sheet
from pushline.brief.sheet import COLUMNS
from pushline.brief.versions import get_brief, list_briefs
from pushline.cli import build
from pushline.desk import open_desk
from pushline.message.checks import MessageChecks

from .conftest import ALMATY, AUDIENCES, GOOD, NOW

RULES = Rules(zone=ALMATY)


def bring(db: Connection, *rows: dict[str, str], by: str = "writer", dry_run: bool = False):
    keys = list(COLUMNS)
    grid = [keys, *([row.get(key, "") for key in keys] for row in rows)]
    return bring_grid(db, grid, by=by, dry_run=dry_run)


def bring_grid(
    db: Connection, grid: list[list[str]], by: str = "writer", dry_run: bool = False
) -> ImportReport:
    return import_sheet(
        db,
        make_sheet(grid, "sheet.csv"),
        by=by,
        now=NOW,
        rules=RULES,
        audiences=AUDIENCES,
        texts=MessageChecks(),
        dry_run=dry_run,
    )


def actions(report: ImportReport) -> list[tuple[int, str]]:
    return [(row.row, row.action) for row in report.imported]


def test_good_rows_go_on_and_bad_ones_come_back(db: Connection):
    report = bring(db, GOOD, {**GOOD, "link": "evil", "utm_campaign": "b_1"}, {"idea": "only"})
    assert actions(report) == [(2, "created"), (4, "created")]
    assert report.bad_rows == (3,)
    assert report.row_count == 3
    assert "2 rows went in, 1 did not. You need to:" in report.heading.en
    assert [problem.column for problem in report.errors] == ["link"]
    brief = get_brief(db, report.imported[0].code)
    assert (brief.status, brief.created_by, brief.edited_by) == (
        "audience_ready",
        "writer",
        ("writer",),
    )
    assert get_brief(db, report.imported[1].code).status == "idea"


def test_a_dry_run_writes_nothing(db: Connection):
    before = len(list_briefs(db))
    report = bring(db, GOOD, dry_run=True)
    assert actions(report) == [(2, "created")]
    assert report.imported[0].code == ""
    assert len(list_briefs(db)) == before


def test_the_same_file_twice_adds_nothing(db: Connection):
    first = bring(db, GOOD, {"idea": "one"}, {"idea": "two"})
    again = bring(db, GOOD, {"idea": "one"}, {"idea": "two"})
    assert [action for _, action in actions(again)] == ["unchanged"] * 3
    assert [row.code for row in again.imported] == [row.code for row in first.imported]


def test_a_row_with_its_id_updates_the_brief(db: Connection):
    code = bring(db, GOOD).imported[0].code
    report = bring(db, {**GOOD, "campaign_id": code, "priority": "1"}, by="second")
    assert actions(report) == [(2, "updated")]
    assert get_brief(db, code).edited_by == ("writer", "second")


def test_columns_that_the_file_lacks_stay_as_they_are(db: Connection):
    """As an upload at the page: only what stands in the file is said."""
    before = {**GOOD, "max_users": "500", "priority": "2", "status": "texts_ready"}
    code = bring(db, before).imported[0].code
    grid = [["campaign_id", "idea", "title_ru", "priority"], [code, "Зима", "Скидка −30%", ""]]
    bring_grid(db, grid)
    brief = get_brief(db, code)
    row = brief.row
    assert (row.idea, row.title_ru, row.max_users) == ("Зима", "Скидка −30%", 500)
    # A column that is there and empty empties; for a priority that is the usual one.
    assert row.priority == 5
    assert (brief.status, brief.content["audience"]["name"]) == ("texts_ready", GOOD["audience"])
    assert brief.content["texts"]["0"]["ru"]["body"] == GOOD["text_ru"]


def test_an_unknown_id_is_an_error(db: Connection):
    report = bring(db, {**GOOD, "campaign_id": "C-2020-999"})
    assert [(p.column, p.code) for p in report.errors] == [("campaign_id", "unknown_campaign")]


def test_after_approval_a_file_changes_nothing(db: Connection):
    code = bring(db, GOOD).imported[0].code
    approve_brief(db, code, by="boss", now=NOW, expected_reach=5, audiences=AUDIENCES)
    same = bring(db, {**GOOD, "campaign_id": code})
    assert actions(same) == [(2, "unchanged")]
    report = bring(db, {**GOOD, "campaign_id": code, "priority": "1"})
    assert [problem.code for problem in report.errors] == ["changed_after_approval"]
    assert get_brief(db, code).version == 1


def test_rows_are_compared_with_each_other(db: Connection):
    code = bring(db, GOOD).imported[0].code
    other = {**GOOD, "idea": "Другая", "send_at": "2026-11-26 12:00"}
    report = bring(
        db,
        GOOD,
        GOOD,
        other,
        {**GOOD, "campaign_id": code, "utm_campaign": "x_1"},
        {**other, "campaign_id": code, "utm_campaign": "x_2"},
    )
    found = {(p.row, p.code, p.severity) for p in report.problems}
    assert found == {
        (3, "same_row_twice", "error"),
        (4, "same_utm_twice", "warning"),
        (6, "same_id_twice", "error"),
    }


def test_the_report_is_plain_json(db: Connection):
    report = bring(db, GOOD, {**GOOD, "utm_campaign": "Flash Sale"})
    found = json.loads(json.dumps(report.as_dict("ru")))
    assert found["imported"][0]["action"] == "created"
    problem = found["problems"][0]
    assert (problem["row"], problem["column"], problem["value"], problem["fix"]) == (
        3,
        "utm_campaign",
        "Flash Sale",
        "flash_sale",
    )


def cell_of(key: str, cell: object) -> object:
    """What a cell means, or the mistake that it holds."""
    try:
        return COLUMNS[key].parse(cell)
    except ValueError as error:
        return str(error)


class TestExamples:
    def test_both_files_hold_the_same_rows(self):
        csv, xlsx = read_sheet(EXAMPLES), read_sheet(EXAMPLES.with_suffix(".xlsx"))
        assert len(csv.rows) == len(xlsx.rows) == 32
        for one, two in zip(csv.rows, xlsx.rows, strict=True):
            for key in COLUMNS:
                meant = cell_of(key, one.cells[key]), cell_of(key, two.cells[key])
                assert meant[0] == meant[1], (one.number, key)

    @pytest.mark.parametrize("hours", [0, 7, 11, 16, 19, 23])
    def test_the_month_loads_at_any_hour(self, db: Connection, hours):
        now = NOW.replace(hour=0) + timedelta(hours=hours, minutes=hours)
        loaded = open_desk(db, now).load_examples(db, now, "demo.marketer")
        assert len(loaded.report.imported) == 26
        assert len(loaded.report.bad_rows) == 6
        briefs = [get_brief(db, code) for code in loaded.to_approve]
        assert len(briefs) >= 20
        moments = sorted(brief.content["send_at"] for brief in briefs)
        here = now.astimezone(ALMATY).replace(tzinfo=None)
        soon = [m for m in moments if m <= (here + timedelta(hours=1)).isoformat()]
        assert len(soon) >= 6
        assert moments[0] > here.isoformat(timespec="minutes")

    def test_the_month_shows_every_kind(self, db: Connection):
        loaded = open_desk(db, NOW).load_examples(db, NOW, "demo.marketer")
        contents = [get_brief(db, row.code).content for row in loaded.report.imported]
        assert any(content["local_time"] for content in contents)
        assert any(len(content["variant_shares"]) > 1 for content in contents)
        assert {content["limit_mode"] for content in contents} == {"drop", "defer"}
        assert {content["class"] for content in contents} == {"marketing", "transactional"}
        for key in ("repeat", "throttle", "max_users", "exclude", "image_url", "promo_end"):
            assert any(content[key] for content in contents), key
        statuses = {get_brief(db, row.code).status for row in loaded.report.imported}
        assert statuses == {"idea", "texts_ready", "audience_ready"}

    def test_loading_again_makes_no_second_month(self, db: Connection):
        open_desk(db, NOW).load_examples(db, NOW, "demo.marketer")
        count = len(list_briefs(db))
        again = open_desk(db, NOW).load_examples(db, NOW, "demo.marketer")
        assert len(list_briefs(db)) == count
        assert again.to_approve == ()


class TestCommands:
    def run(self, *arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(build(), ["brief", *arguments], env={"COLUMNS": "200"})
        assert result.exit_code == code, (result.output, result.exception)
        return result.stdout

    def test_from_file_to_approval(self, configured_db: Engine, tmp_path: Path):
        assert configured_db
        # Dates of the file are at the demo's anchor; a far future keeps the test valid.
        file = tmp_path / "sheet.csv"
        header = "idea,title_ru,text_ru,link,utm_campaign,send_at,audience"
        good = "Идея,Заголовок,Текст,https://shop.example.kz/,one,2035-05-15 12:00,rfm_champions"
        file.write_text(f"{header}\n{good}\n{good.replace('/,', '//,')}\n", encoding="utf-8")
        checked = json.loads(self.run("check", str(file), "--json", code=1))
        assert checked["dry_run"] is True
        output = self.run("import", str(file), "--by", "writer", "--language", "ru", code=1)
        assert "есть проблемы" in output
        assert "Оставьте одну черту" in output
        [brief] = json.loads(self.run("list", "--json"))
        name = brief["code"]
        assert name in self.run("list", "--status", "audience_ready")
        assert "Заголовок" in self.run("show", name)
        self.run("submit", name, "--to", "texts_ready", "--by", "writer")
        self.run("submit", name, "--by", "writer")
        refused = CliRunner().invoke(
            build(), ["brief", "approve", name, "--by", "writer", "--expected-reach", "500"]
        )
        assert "ask somebody else" in str(refused.exception)
        approved = self.run("approve", name, "--by", "boss", "--expected-reach", "500")
        assert "400-600" in approved
        assert json.loads(self.run("show", name, "--json"))["approved_by"] == "boss"
        self.run("withdraw", name, "--by", "boss")
        copied = self.run("copy", name, "--by", "writer").split()[0]
        assert json.loads(self.run("show", copied, "--json"))["status"] == "texts_ready"
        self.run("cancel", name, "--by", "boss")
        assert json.loads(self.run("show", name, "--json"))["status"] == "cancelled"

    def test_template_and_export_can_be_read(self, configured_db: Engine, tmp_path: Path):
        assert configured_db
        template = tmp_path / "template.xlsx"
        self.run("template", str(template))
        assert template.read_bytes().startswith(b"PK")
        output = self.run("export", str(tmp_path / "all.csv"))
        assert "0 briefs" in output
        assert (tmp_path / "all.csv").read_text(encoding="utf-8-sig").startswith("ID,")
