import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from bench.__main__ import BENCHES, read_size
from bench.figures import Figure
from bench.report import meets_bound, write_report

RESULTS = {
    "meta": {
        "commit": "0123456789abcdef",
        "dirty": False,
        "started_at": "2026-11-22T02:00:00+00:00",
        "machine": "2 cores, 23 GiB, Linux x86_64",
    },
    "figures": {
        figure.name: figure.as_dict()
        for figure in (
            Figure("finish_us_per_push", "us", [6.1, 6.4, 7.0], "an outcome a push", 10),
            Figure("polars_over_plan", "ratio", [3.1, 3.5, 3.4], "polars", 4, is_least=True),
            Figure("planner_memory_growth_mb", "MB", [-3.0, 2.0], "it may shrink", 200),
            Figure("begin_us_per_push", "us", [1.5], "no bound"),
        )
    },
}


def test_the_report_says_what_was_kept_and_what_was_missed(tmp_path: Path):
    page, plot = tmp_path / "performance.md", tmp_path / "pictures" / "performance.svg"
    page.write_text("before\n<!-- figures -->\nold\n<!-- /figures -->\nafter\n")
    write_report(json.loads(json.dumps(RESULTS)), page, plot)
    written = page.read_text()
    assert written.startswith("before\n<!-- figures -->")
    assert written.endswith("<!-- /figures -->\nafter\n")
    assert "old" not in written
    assert "| `finish_us_per_push` | 6.4 us | ≤ 10 | 6.1 to 7 | 3 | an outcome a push |" in written
    assert "| `polars_over_plan` | 3.4 ratio | ≥ 4 (missed) |" in written
    assert "| `begin_us_per_push` | 1.5 us |  |" in written
    texts = [node.text for node in ElementTree.parse(plot).iter() if node.tag.endswith("text")]  # noqa: S314
    assert "finish_us_per_push" in texts
    assert "begin_us_per_push" not in texts


@pytest.mark.parametrize(
    ("value", "is_least", "is_kept"), [(4, False, True), (5, False, False), (3, True, False)]
)
def test_a_bound_is_the_most_or_the_least(value: float, is_least: bool, is_kept: bool):
    figure = Figure("any", "ratio", [value], bound=4, is_least=is_least)
    assert meets_bound(figure.as_dict()) is is_kept


@pytest.mark.parametrize(("size", "users"), [("50k", 50_000), ("5m", 5_000_000), ("1234", 1234)])
def test_a_size_may_be_written_short(size: str, users: int):
    assert read_size(size) == users


def test_no_two_benches_have_a_figure_of_the_same_name():
    names = [name for bench in BENCHES for name in bench.names]
    assert len(names) == len(set(names))
