"""Broken sheets: each gets its sentence, the good rows go on, time and memory have an end."""

import io
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from pushline.brief.check_row import check_row
from pushline.brief.import_briefs import import_sheet
from pushline.brief.notes import Rules
from pushline.brief.read_sheet import FileRefused, make_sheet, read_bytes
from pushline.brief.sheet import COLUMNS
from pushline.message.checks import MessageChecks
from tests.hostile.sheets import PLAIN, READ, REFUSED

NOW = datetime(2026, 8, 1, 6, tzinfo=UTC)
# One process reads all files: 700 MB with all that it imports, a minute of the processor.
CHILD = """
import resource, sys
from pathlib import Path
from pushline.brief.read_sheet import FileRefused, read_sheet
resource.setrlimit(resource.RLIMIT_DATA, (700 * 2**20, 700 * 2**20))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        answer = read_sheet(path).rows[0].cells["idea"]
    except FileRefused as error:
        answer = error.note.code
    print(repr(answer), flush=True)
"""


def test_every_file_gets_its_answer_within_700_megabytes(tmp_path: Path):
    expected = {**REFUSED, **READ}
    for number, (content, _) in enumerate(expected.values()):
        (tmp_path / f"{number:03}.xlsx").write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path)], capture_output=True, text=True, check=False
    )
    answers = done.stdout.splitlines()
    names = list(expected)
    assert done.returncode == 0, (names[len(answers)], done.stderr[-800:])
    found = dict(zip(names, answers, strict=True))
    assert found == {name: repr(answer) for name, (_, answer) in expected.items()}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_say_the_way_out(name: str):
    content, _ = REFUSED[name]
    with pytest.raises(FileRefused) as refused:
        read_bytes(content, "a.xlsx")
    sentence = refused.value.note.sentence
    assert sentence.en.endswith(".")
    assert sentence.ru != sentence.en


def test_the_visible_sheet_is_read():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        hidden = book.add_worksheet("Old")
        hidden.write_column(0, 0, ["idea", "secret"])
        seen = book.add_worksheet("New")
        seen.write_column(0, 0, ["idea", "seen"])
        seen.activate()
        seen.set_first_sheet()
        hidden.hide()
    assert read_bytes(buffer.getvalue(), "a.xlsx").rows[0].cells["idea"] == "seen"


BAD_CELLS = [
    ("idea", "x" * 10_000, "too_long"),
    ("idea", "x" * 9_000_000, "cell_too_long"),
    ("idea", "\u200b" * 40_000, "cell_too_long"),
    ("promo_end", 46_249, "not_a_date"),
    ("promo_end", "08/15/2026", "unclear_date"),
    ("promo_end", "15 августа", "not_a_date"),
    ("promo_end", "31.12.9999", "date_out_of_bounds"),
    ("promo_start", "0001-01-01", "date_out_of_bounds"),
    ("send_at", "9999-12-31 23:59", "date_out_of_bounds"),
    ("send_at", "01.01.0001 00:00", "date_out_of_bounds"),
    ("repeat", "FREQ=DAILY;UNTIL=99991231T235959Z", "bad_repeat"),
    ("repeat", "FREQ=YEARLY;INTERVAL=366;COUNT=1000", None),
    ("send_at", "15.08.2026 11:00 +06:00", "time_with_offset"),
    ("send_at", "2026-08-15T25:00", "not_a_time"),
    ("max_users", "1e9", "not_a_number"),
    ("max_users", "1,000", "not_a_number"),
    ("max_users", float("inf"), "not_a_number"),
    ("max_users", "٣", None),
    ("control_pct", "-1", "out_of_range"),
    ("utm_campaign", "=HYPERLINK(1)", "utm_slug"),
    ("campaign_id", "C-2026-999", "unknown_campaign"),
    ("campaign_id", "'; DROP TABLE push.brief; --", "bad_campaign_id"),
    ("audience", "nobody(", "bad_audience_cell"),
    ("audience", "((((" * 5_000, "bad_audience_cell"),
    ("link", "javascript:alert(1)", "link_scheme"),
    ("text_ru", "{% for i in (1..999999999) reversed %}{% endfor %}", "text_liquid_syntax"),
    ("title_ru", "a\u0301" * 900, "fit_too_long"),
    ("tags", "<script>", "bad_tag"),
    ("repeat", "FREQ=SECONDLY", "bad_repeat"),
    ("kind", "\0promo", None),
    ("idea", "\u202e\u200bx\u2066\ufeff\x07", None),
]


def test_bad_rows_are_told_at_their_cell_and_the_good_ones_go_on(db: Connection):
    rows: list[dict[str, object]] = [
        {"idea": "good one"},
        *({"idea": f"row {n}", column: cell} for n, (column, cell, _) in enumerate(BAD_CELLS)),
        {"idea": "good two"},
    ]
    grid = [list(COLUMNS), *([row.get(column, "") for column in COLUMNS] for row in rows)]
    report = import_sheet(
        db,
        make_sheet(grid, "a\u202e.xlsx"),
        by="asem",
        now=NOW,
        rules=Rules(),
        audiences={},
        texts=MessageChecks(),
    )
    for number, (column, _, code) in enumerate(BAD_CELLS, start=3):
        found = {
            (problem.column, problem.code) for problem in report.problems if problem.row == number
        }
        if code:
            assert (column, code) in found, (column, number, found)
    ideas = [row.idea for row in report.imported]
    assert ideas[0] == "good one"
    assert ideas[-1] == "good two"
    assert all(
        len(str(problem.sentence.en)) < 600 and len(str(problem.value)) < 100
        for problem in report.problems
    )
    assert report.file == "a.xlsx"


def test_same_id_and_same_row_twice(db: Connection):
    sheet = read_bytes(b"id,idea\nC-2026-001,a\nC-2026-001,b\n,c\n,c\n", "a.csv")
    report = import_sheet(
        db, sheet, by="asem", now=NOW, rules=Rules(), audiences={}, texts=MessageChecks()
    )
    codes = {(problem.row, problem.code) for problem in report.problems}
    assert {(3, "same_id_twice"), (5, "same_row_twice")} <= codes


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=80),
    st.datetimes(),
    st.dates(),
    st.sampled_from(
        [
            "C-2026-001",
            "weekly",
            "FREQ=DAILY;COUNT=9",
            "a(b=c)",
            "{{ x }}",
            "да",
            "2026-08-15 11:00",
        ]
    ),
)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(list(COLUMNS)), CELLS, max_size=12))
def test_any_row_gets_a_verdict(cells: dict[str, object]):
    checked = check_row(
        cells, now=NOW, rules=Rules(), audiences={}, texts=MessageChecks(), number=2
    )
    assert all(problem.sentence.en and problem.sentence.ru for problem in checked.problems)
    assert checked.is_good == (not [p for p in checked.problems if p.severity == "error"])


@settings(max_examples=60)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda t: f"idea,link\n{t}".encode("utf-8", "surrogatepass")),
    )
)
def test_any_csv_is_read_or_refused(content: bytes):
    with suppress(FileRefused):
        assert read_bytes(content, "a.csv").rows


@settings(max_examples=15)
@given(st.data())
def test_any_damage_to_an_xlsx_is_read_or_refused(data):
    content = bytearray(PLAIN)
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(FileRefused):
        assert read_bytes(bytes(content), "a.xlsx").rows
