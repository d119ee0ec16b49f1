import json
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.__main__ import BENCHES, choose_benches, read_size
from bench.figures import Figure, write_results
from bench.report import describe_commits, meets_bound, write_report

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


def test_several_figures_may_be_named_and_none_means_all():
    chosen = choose_benches("begin, plan_vs,recipient_upkeep")
    assert [bench.names[0] for bench in chosen] == [
        "plan_vs_bare_insert_1m",
        "claim_us_per_push",
        "recipient_upkeep_us",
    ]
    assert choose_benches("") == list(BENCHES)
    assert choose_benches("nothing_like_it") == []


def test_results_keep_what_was_not_measured_now_and_say_of_which_run_each_is(tmp_path: Path):
    results = tmp_path / "bench" / "results.json"
    old, new = datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC)
    write_results([Figure("a", "ms", [1.0]), Figure("b", "ms", [2.0])], old, 1_000_000, results)
    write_results([Figure("b", "ms", [3.0])], new, 5_000_000, results)
    written = json.loads(results.read_text())
    figures = written["figures"]
    assert {name: figure["value"] for name, figure in figures.items()} == {"a": 1.0, "b": 3.0}
    assert [figures[name]["users"] for name in "ab"] == [1_000_000, 5_000_000]
    assert figures["a"]["started_at"].startswith("2026-11-21")
    assert written["meta"]["started_at"].startswith("2026-11-22")
    assert set(written["meta"]) == {"commit", "dirty", "started_at", "machine"}


def test_the_report_names_figures_of_other_commits():
    results = json.loads(json.dumps(RESULTS))
    earlier = {"commit": "fedcba9876543210", "dirty": True, "started_at": "2026-11-20T00:00:00"}
    results["figures"]["begin_us_per_push"] |= earlier
    assert describe_commits(results) == (
        "2026-11-22, commit 0123456789; "
        "`begin_us_per_push`: 2026-11-20, commit fedcba9876, with changes on top"
    )


def test_no_two_benches_have_a_figure_of_the_same_name():
    names = [name for bench in BENCHES for name in bench.names]
    assert len(names) == len(set(names))
